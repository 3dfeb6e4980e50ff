// Gestures on settings and dependencies, in texts as people write them: the diff is what a careful colleague would have typed.
import { describe, expect, test } from "vitest";
import flowSchema from "../../../promotions/manifests/schemas/PromotionFlow.json";
import { readFlow } from "../model/flow";
import { flowProblems } from "../problems/problems";
import { diff } from "./diff.fixture";
import { PARALLEL } from "./flows.fixture";
import { perform, type Gesture } from "./gesture";
import { GestureRefused } from "./refused";

describe("settings", () => {
  test("a name, description and version change in place", () => {
    expect(diff(PARALLEL, { kind: "name", value: "multi-env-parallel-promotion" })).toEqual([
      "-  name: multi-env-sequential-promotion",
      "+  name: multi-env-parallel-promotion",
    ]);
    expect(diff(PARALLEL, { kind: "description", value: "Regions: together # now" })).toEqual([
      "-    description: Sequential promotion flow",
      '+    description: "Regions: together # now"',
    ]);
    expect(diff(PARALLEL, { kind: "version", value: "2.0" })).toEqual(['-    version: "1.00"', '+    version: "2.0"']);
  });

  test("a version is always quoted, also where the text had it bare", () => {
    const bare = PARALLEL.replace('"1.00"', "1.00");
    expect(readFlow(bare).flow?.version).toBe("1.00");
    expect(diff(bare, { kind: "version", value: "1.10" })).toEqual(["-    version: 1.00", '+    version: "1.10"']);
    expect(diff(bare, { kind: "version", value: "v2" })).toEqual(["-    version: 1.00", '+    version: "v2"']);
  });

  test("a value keeps its kind of quotes wherever they can hold the new one; double ones that it needed go with it", () => {
    const single = PARALLEL.replace('"1.00"', "'1.00'").replace("triggerEnvironment: dev", 'triggerEnvironment: "dev"').replace("[dev]", "['dev']");
    expect(diff(single, { kind: "version", value: "1.01" })).toEqual(["-    version: '1.00'", "+    version: '1.01'"]);
    expect(diff(single, { kind: "version", value: "it's" })).toEqual(["-    version: '1.00'", "+    version: 'it''s'"]);
    expect(diff(single, { kind: "version", value: "a\nb" })).toEqual(["-    version: '1.00'", '+    version: "a\\nb"']);
    expect(diff(single, { kind: "trigger", environment: "int" })).toEqual([
      '-  triggerEnvironment: "dev"',
      '+  triggerEnvironment: "int"',
      "-      dependsOn: ['dev']",
      "+      dependsOn: ['int']",
    ]);
    const needed = PARALLEL.replace("triggerEnvironment: dev", 'triggerEnvironment: "no"');
    expect(diff(needed, { kind: "trigger", environment: "int" })).toContain("+  triggerEnvironment: int");
  });

  test("a flow without annotations gets them, and the last one takes the block with it", () => {
    const none = PARALLEL.replace(/ {2}annotations:\n.*\n.*\n/, "");
    expect(diff(none, { kind: "version", value: "v1" })).toEqual(["+  annotations:", '+    version: "v1"']);
    const one = perform(none, { kind: "version", value: "v1" }).source;
    expect(perform(one, { kind: "version", value: "" }).source).toBe(none);
  });

  test("a foreign annotation keeps its block", () => {
    const foreign = PARALLEL.replace('version: "1.00"', "team: payments");
    expect(diff(foreign, { kind: "description", value: "" })).toEqual(["-    description: Sequential promotion flow"]);
  });

  test("a description of several lines keeps the block that it had", () => {
    const literal = PARALLEL.replace("Sequential promotion flow", "|\n      one\n      two");
    expect(diff(literal, { kind: "description", value: "one\nthree\n" })).toEqual(["-      two", "+      three"]);
    expect(diff(literal, { kind: "description", value: "short" })).toEqual([
      "-    description: |",
      "-      one",
      "-      two",
      "+    description: |-",
      "+      short",
    ]);
    expect(diff(literal, { kind: "description", value: "one\n\ntwo: # \u{1f600} \n" })).toEqual(["-      two", "+", "+      two: # \u{1f600} "]);
    expect(diff(literal, { kind: "description", value: "one\ntwo\n\n" })).toEqual(["-    description: |", "+    description: |+", "+"]);
    expect(diff(literal, { kind: "description", value: "  one\ntwo\n" })).toEqual([
      "-    description: |",
      "-      one",
      "+    description: |2",
      "+        one",
    ]);
  });

  test("a folded description keeps its line breaks around the words that change", () => {
    const folded = PARALLEL.replace("Sequential promotion flow", ">-\n        One region\n        after the\n        other\n\n        Ask Rhea");
    expect(readFlow(folded).flow?.description).toBe("One region after the other\nAsk Rhea");
    expect(diff(folded, { kind: "description", value: "One region before the other\nAsk Rhea" })).toEqual([
      "-        after the",
      "+        before the",
    ]);
    expect(diff(folded, { kind: "description", value: "One region after the other\nAsk Rhea: # \u{1f600}" })).toEqual([
      "-        Ask Rhea",
      "+        Ask Rhea: # \u{1f600}",
    ]);
    expect(diff(folded, { kind: "description", value: "One region after the other\n\nAsk Rhea" })).toEqual(["+"]);
    expect(diff(folded, { kind: "description", value: "One region after the other\n  Ask Rhea" })).toEqual([
      "-    description: >-",
      "-        One region",
      "-        after the",
      "-        other",
      "-",
      "-        Ask Rhea",
      "+    description: |-",
      "+        One region after the other",
      "+          Ask Rhea",
    ]);
  });

  test("blank lines below a block become its own where it asks for them", () => {
    const spaced = PARALLEL.replace("Sequential promotion flow", "|\n      one\n");
    expect(diff(spaced, { kind: "description", value: "one\n\n" })).toEqual(["-    description: |", "+    description: |+"]);
  });

  test.each(["plain", "'in quotes'", "|\n      one\n      two\n"])("what no manifest may hold is escaped in the place of %j", (old) => {
    const source = PARALLEL.replace("Sequential promotion flow", old);
    for (const pasted of ["one\u2028two", "one\u000btwo", "one\u0085two\nthree", "a\ufeffb\u007f", "\u0007 \u{1f600} é"]) {
      const after = perform(source, { kind: "description", value: pasted }).source;
      expect(readFlow(after).flow?.description).toBe(pasted);
      expect(flowProblems(after, { environments: undefined, workflows: undefined })).toEqual([]);
    }
    expect(perform(source, { kind: "description", value: "one\u2028two" }).source).toContain('description: "one\\u2028two"');
  });

  test("what no setting can mean goes when the setting is put back", () => {
    const odd = `${PARALLEL.replace(/\n +promotionTimeoutLimit: 60/, '\n  promotionTimeoutLimit: "60"').trimEnd()}\n  onFailure: foo\n  postTrigger:\n`;
    expect(diff(odd, { kind: "timeout", minutes: undefined })).toEqual(['-  promotionTimeoutLimit: "60"']);
    expect(diff(odd, { kind: "onFailure", value: "continue" })).toEqual(["-  onFailure: foo"]);
    expect(diff(odd, { kind: "postTrigger", workflow: undefined })).toEqual(["-  postTrigger:"]);
  });

  test("the timeout is a number of minutes and goes when emptied", () => {
    expect(diff(PARALLEL, { kind: "timeout", minutes: 2 })).toEqual([
      "-  promotionTimeoutLimit: 60",
      "+  promotionTimeoutLimit: 2",
    ]);
    expect(diff(PARALLEL, { kind: "timeout", minutes: undefined })).toEqual(["-  promotionTimeoutLimit: 60"]);
  });

  test("an extension changes the API version, its default asks for nothing", () => {
    const after = perform(PARALLEL, { kind: "onFailure", value: "halt" }).source;
    expect(after).toContain("apiVersion: lockstep.dev/v1\n");
    expect(after).toContain("  promotionTimeoutLimit: 60\n  onFailure: halt\n");
    expect(perform(PARALLEL, { kind: "onFailure", value: "continue" }).edits).toEqual([]);
  });

  test("the default chosen again gives back what stood before the extension", () => {
    const after = perform(PARALLEL, { kind: "onFailure", value: "halt" }).source;
    expect(perform(after, { kind: "onFailure", value: "continue" }).source).toBe(PARALLEL);
    const unasked = PARALLEL.replace("codefresh.io/v1beta1", "lockstep.dev/v1");
    expect(perform(unasked, { kind: "onFailure", value: "continue" }).edits).toEqual([]);
  });

  test("no other field of a flow needs the extended API version", () => {
    const extended = /"(\w+)": \{[^{}]*"x-extension": true/g;
    expect([...JSON.stringify(flowSchema, null, 1).matchAll(extended)].map(([, key]) => key)).toEqual(["onFailure"]);
    expect(JSON.stringify(flowSchema).match(/x-extension/g)).toHaveLength(1);
  });

  test("another trigger takes its dependents along", () => {
    expect(diff(PARALLEL, { kind: "trigger", environment: "int" })).toEqual([
      "-  triggerEnvironment: dev",
      "+  triggerEnvironment: int",
      "-      dependsOn: [dev]",
      "+      dependsOn: [int]",
    ]);
  });

  test("hooks are added beside the others and the last takes the block with it", () => {
    expect(diff(PARALLEL, { kind: "hook", hook: "onStart", workflow: "announce" })).toEqual(["+    onStart: announce"]);
    expect(diff(PARALLEL, { kind: "hook", hook: "onFail", workflow: undefined })).toEqual(["-  hooks:", "-    onFail: page-on-call"]);
  });
});

describe("dependencies", () => {
  test("are added in the list's own form", () => {
    expect(diff(PARALLEL, { kind: "depend", environment: "prod", on: "dev" })).toEqual([
      "-      dependsOn: [qa]",
      "+      dependsOn: [qa, dev]",
    ]);
    const block = PARALLEL.replace("dependsOn: [qa]", "dependsOn:\n      - qa # because\n");
    expect(diff(block, { kind: "depend", environment: "prod", on: "dev" })).toEqual(["+      - dev"]);
    const both = perform(block, { kind: "depend", environment: "prod", on: "dev" }).source;
    expect(diff(both, { kind: "undepend", environment: "prod", on: "qa" })).toEqual(["-      - qa # because"]);
  });

  test("a list over several lines keeps its lines and comments", () => {
    const lines = PARALLEL.replace("[qa]", "[\n        qa, # first\n        dev,\n      ]");
    expect(diff(lines, { kind: "undepend", environment: "prod", on: "dev" })).toEqual(["-        dev,"]);
    expect(diff(lines, { kind: "undepend", environment: "prod", on: "qa" })).toEqual(["-        qa, # first"]);
  });

  test("a new entry of a list over several lines gets a line of its own", () => {
    const lines = PARALLEL.replace("[qa]", "[\n        qa # first\n      ]");
    expect(diff(lines, { kind: "depend", environment: "prod", on: "dev" })).toEqual(["-        qa # first", "+        qa, # first", "+        dev"]);
    const trailing = PARALLEL.replace("[qa]", "[\n        qa, # first\n      ]");
    expect(diff(trailing, { kind: "depend", environment: "prod", on: "dev" })).toEqual(["+        dev,"]);
  });

  test("a comment that several entries of one line share stays when one of them goes", () => {
    const shared = PARALLEL.replace("[qa]", "[qa, # why\n        dev]");
    expect(diff(shared, { kind: "undepend", environment: "prod", on: "qa" })).toEqual(["-      dependsOn: [qa, # why", "+      dependsOn: [ # why"]);
  });

  test("several environments wait for one at once, or none of them does", () => {
    const open = perform(PARALLEL, { kind: "add", after: "dev", environments: ["perf"] }).source;
    expect(diff(open, { kind: "depend", environment: ["prod", "perf"], on: "dev" })).toEqual(["-      dependsOn: [qa]", "+      dependsOn: [qa, dev]"]);
    const after = perform(open, { kind: "depend", environment: ["prod", "qa"], on: "perf" }).source;
    expect(readFlow(after).flow?.steps.map((step) => step.dependsOn)).toEqual([["dev", "perf"], ["dev"], ["qa", "perf"]]);
    expect(() => perform(open, { kind: "depend", environment: ["perf", "qa"], on: "prod" })).toThrow(
      "qa cannot depend on prod: it would go in a circle, qa → prod → qa.",
    );
    expect(() => perform(open, { kind: "depend", environment: ["perf", "dev"], on: "qa" })).toThrow("dev starts the flow");
    expect(() => perform(open, { kind: "depend", environment: ["qa", "perf"], on: "dev" })).toThrow("qa and perf depend on dev already.");
    expect(() => perform(open, { kind: "depend", environment: [], on: "dev" })).toThrow("Choose at least one environment.");
  });

  test("a circle is refused and spelled out", () => {
    expect(() => perform(PARALLEL, { kind: "depend", environment: "qa", on: "prod" })).toThrow(
      "qa cannot depend on prod: it would go in a circle, qa → prod → qa.",
    );
    expect(() => perform(PARALLEL, { kind: "depend", environment: "dev", on: "prod" })).toThrow("dev starts the flow");
    expect(() => perform(PARALLEL, { kind: "depend", environment: "qa", on: "qa" })).toThrow("qa cannot depend on itself.");
    expect(() => perform(PARALLEL, { kind: "depend", environment: "qa", on: "dev" })).toThrow("qa depends on dev already.");
  });

  test("the last one stays", () => {
    expect(() => perform(PARALLEL, { kind: "undepend", environment: "qa", on: "dev" })).toThrow("dev is all that qa depends on.");
  });

  test("an entry that names nothing yet is in nobody's way", () => {
    const begun = PARALLEL.replace("dependsOn: [qa]", "dependsOn:\n        -\n        - qa\n        - dev");
    expect(diff(begun, { kind: "undepend", environment: "prod", on: "qa" })).toEqual(["-        - qa"]);
    expect(diff(begun, { kind: "undepend", environment: "prod", on: "dev" })).toEqual(["-        - dev"]);
    expect(diff(begun, { kind: "trigger", environment: "test" })).toContain("+        - test");
    expect(diff(begun.replace("        - dev\n", ""), { kind: "depend", environment: "prod", on: "dev" })).toEqual(["+        - dev"]);
  });

  test("one that stands twice goes altogether, and stays where it is all there is", () => {
    const twice = PARALLEL.replace("dependsOn: [qa]", "dependsOn: [qa, dev, qa]");
    expect(diff(twice, { kind: "undepend", environment: "prod", on: "qa" })).toEqual(["-      dependsOn: [qa, dev, qa]", "+      dependsOn: [dev]"]);
    const alone = PARALLEL.replace("dependsOn: [qa]", "dependsOn: [qa, qa]");
    expect(() => perform(alone, { kind: "undepend", environment: "prod", on: "qa" })).toThrow("qa is all that prod depends on.");
  });
});

describe("policies", () => {
  test.each<Gesture>([
    { kind: "policy", environment: "qa", key: "postAction", value: "Smoke Test" },
    { kind: "policy", environment: ["qa", "prod"], key: "preAction", value: "Smoke Test" },
    { kind: "hook", hook: "onStart", workflow: "Smoke Test" },
    { kind: "hook", environment: "qa", hook: "onFail", workflow: "Smoke Test" },
    { kind: "postTrigger", workflow: "Smoke Test" },
  ])("a workflow that nobody could register is refused, with the name that was meant: %j", (gesture) => {
    expect(() => perform(PARALLEL, gesture)).toThrow(/^No workflow can be called "Smoke Test": use lower-case .* Did you mean smoke-test\?$/);
  });

  test("an action changes in place, in a block or in braces", () => {
    expect(diff(PARALLEL, { kind: "policy", environment: "qa", key: "action", value: "pr" })).toEqual([
      "-        action: commit",
      "+        action: pr",
    ]);
    expect(diff(PARALLEL, { kind: "policy", environment: "prod", key: "action", value: "none" })).toEqual([
      "-      policy: {action: pr}",
      "+      policy: {action: none}",
    ]);
  });

  test("account-level policy takes the inline key away, and an empty policy with it", () => {
    expect(diff(PARALLEL, { kind: "policy", environment: "qa", key: "action", value: undefined })).toEqual(["-        action: commit"]);
    expect(diff(PARALLEL, { kind: "policy", environment: "prod", key: "action", value: undefined })).toEqual([
      "-      policy: {action: pr}",
    ]);
  });

  test("a post-action stands behind the pre-action", () => {
    expect(diff(PARALLEL, { kind: "policy", environment: "qa", key: "postAction", value: "report" })).toEqual(["+        postAction: report"]);
    expect(diff(PARALLEL, { kind: "policy", environment: "prod", key: "postAction", value: "report" })).toEqual([
      "-      policy: {action: pr}",
      "+      policy: {action: pr, postAction: report}",
    ]);
  });
});

describe("a setting of several environments", () => {
  test("is one step, and leaves those alone that have it already", () => {
    expect(diff(PARALLEL, { kind: "policy", environment: ["qa", "prod"], key: "action", value: "pr" })).toEqual([
      "-        action: commit",
      "+        action: pr",
    ]);
    expect(diff(PARALLEL, { kind: "policy", environment: ["prod", "qa"], key: "postAction", value: "report" })).toEqual([
      "+        postAction: report",
      "-      policy: {action: pr}",
      "+      policy: {action: pr, postAction: report}",
    ]);
    expect(diff(PARALLEL, { kind: "hook", environment: ["qa", "prod"], hook: "onFail", workflow: "page" })).toEqual([
      "+      hooks:",
      "+        onFail: page",
      "+      hooks:",
      "+        onFail: page",
    ]);
  });

  test("is refused as a whole where one of them is no step", () => {
    expect(() => perform(PARALLEL, { kind: "policy", environment: ["qa", "dev"], key: "action", value: "pr" })).toThrow("dev is no step of this flow.");
  });
});

describe("comments stay with what they describe", () => {
  test("the one over a setting and the ones behind it go with it, the next setting keeps its own", () => {
    const remarked = PARALLEL.replace(
      "      policy: {action: pr}",
      "      # as agreed\n      policy: # with the team\n        action: pr # for now\n        # until autumn\n      # under prod",
    );
    expect(diff(remarked, { kind: "policy", environment: "prod", key: "action", value: undefined })).toEqual([
      "-      # as agreed",
      "-      policy: # with the team",
      "-        action: pr # for now",
      "-        # until autumn",
    ]);
    expect(diff(remarked, { kind: "policy", environment: "prod", key: "action", value: "none" })).toEqual([
      "-        action: pr # for now",
      "+        action: none # for now",
    ]);
  });

  test("a setting beside the dash goes, and the comments of the next one stay over it", () => {
    const first = PARALLEL.replace("- environment: prod\n      dependsOn: [qa]\n      policy: {action: pr}", "- policy: {action: pr}\n      # name\n      environment: prod\n      dependsOn: [qa]");
    expect(diff(first, { kind: "policy", environment: "prod", key: "action", value: undefined })).toEqual(["-    - policy: {action: pr}", "+    -"]);
  });

  test("the one behind the mark of a block of text stays when the text changes", () => {
    const literal = PARALLEL.replace("Sequential promotion flow", "| # for the auditors\n      one\n      two");
    expect(diff(literal, { kind: "description", value: "one\n" })).toEqual(["-      two"]);
    expect(diff(literal, { kind: "description", value: "one\u0007" })).toEqual([
      "-    description: | # for the auditors",
      "-      one",
      "-      two",
      '+    description: "one\\u0007" # for the auditors',
    ]);
    expect(diff(literal, { kind: "description", value: "one\nthree\n" })).toEqual(["-      two", "+      three"]);
  });
});

describe("hooks of an environment and the validation of the trigger", () => {
  test("stand behind the policy, and the last one takes the block with it", () => {
    const added = ["+      hooks: {onFail: page}"];
    const block = PARALLEL.replace("  hooks:\n    onFail: page-on-call\n", "");
    expect(diff(PARALLEL, { kind: "hook", environment: "qa", hook: "onFail", workflow: "page" })).toEqual(["+      hooks:", "+        onFail: page"]);
    const flowStyle = block.replace("promotionTimeoutLimit: 60", "hooks: {onStart: x}");
    expect(diff(flowStyle, { kind: "hook", environment: "prod", hook: "onFail", workflow: "page" })).toEqual(added);
    const { source } = perform(PARALLEL, { kind: "hook", environment: "qa", hook: "onStart", workflow: "open" });
    expect(perform(source, { kind: "hook", environment: "qa", hook: "onStart", workflow: undefined }).source).toBe(PARALLEL);
  });

  test("a hook of the trigger environment is refused: it is no step", () => {
    expect(() => perform(PARALLEL, { kind: "hook", environment: "dev", hook: "onStart", workflow: "x" })).toThrow(GestureRefused);
  });

  test("the validation stands behind the trigger and goes again", () => {
    expect(diff(PARALLEL, { kind: "postTrigger", workflow: "smoke" })).toEqual(["+  postTrigger: smoke"]);
    const { source } = perform(PARALLEL, { kind: "postTrigger", workflow: "smoke" });
    expect(source).toContain("triggerEnvironment: dev\n  postTrigger: smoke\n");
    expect(perform(source, { kind: "postTrigger", workflow: undefined }).source).toBe(PARALLEL);
  });
});

describe("texts that a chart must not touch", () => {
  test("text that is not YAML is refused with its line", () => {
    expect(() => perform("a: [", { kind: "name", value: "x" })).toThrow(/line 1/);
  });

  test("a step written in one line of braces is edited there", () => {
    const flowStyle = "spec: {triggerEnvironment: dev, steps: [{environment: qa, dependsOn: [dev]}]}\n";
    expect(perform(flowStyle, { kind: "add", after: "qa", environments: ["prod"] }).source).toBe(
      "spec: {triggerEnvironment: dev, steps: [{environment: qa, dependsOn: [dev]}, {environment: prod, dependsOn: [qa], policy: {action: commit}}]}\n",
    );
  });

  test("an environment named like a YAML 1.1 boolean is quoted", () => {
    expect(perform(PARALLEL, { kind: "add", after: "qa", environments: ["no"] }).source).toContain('- environment: "no"');
  });

  test("the older form under spec.properties is edited there", () => {
    const older = "kind: PromotionFlow\nspec:\n  properties:\n    triggerEnvironment: dev\n    steps:\n    - environment: qa\n      dependsOn: [dev]\n";
    expect(diff(older, { kind: "add", after: "qa", environments: ["prod"] })).toEqual([
      "+    - environment: prod",
      "+      dependsOn: [qa]",
      "+      policy:",
      "+        action: commit",
    ]);
  });
});
