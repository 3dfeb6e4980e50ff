// Gestures on texts as people write them: the diff is what a careful colleague would have typed.
import { describe, expect, test } from "vitest";
import { readFlow } from "../model/flow";
import { PARALLEL } from "./flows.fixture";
import { perform, type Gesture } from "./gesture";
import { GestureRefused } from "./refused";

/** The lines that a gesture took away (-) and brought (+), in the text's order. */
function diff(source: string, gesture: Gesture): string[] {
  const before = source.split("\n");
  const now = perform(source, gesture).source.split("\n");
  const common = before.map(() => now.map(() => 0));
  const at = (i: number, j: number): number => common[i]?.[j] ?? 0;
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = now.length - 1; j >= 0; j -= 1) {
      (common[i] as number[])[j] = before[i] === now[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: string[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < now.length) {
    if (i < before.length && j < now.length && before[i] === now[j]) [i, j] = [i + 1, j + 1];
    else if (i < before.length && (j >= now.length || at(i + 1, j) >= at(i, j + 1))) lines.push(`-${before[i++]}`);
    else lines.push(`+${now[j++]}`);
  }
  return lines;
}

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

  test("a description of several lines keeps the literal block that it had", () => {
    const literal = PARALLEL.replace("Sequential promotion flow", "|\n      one\n      two");
    expect(diff(literal, { kind: "description", value: "one\nthree\n" })).toEqual(["-      two", "+      three"]);
    expect(diff(literal, { kind: "description", value: "short" })).toEqual([
      "-    description: |",
      "-      one",
      "-      two",
      "+    description: short",
    ]);
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

describe("adding environments", () => {
  test("two in parallel after qa take the inline policy of their sibling and its hand", () => {
    expect(diff(PARALLEL, { kind: "add", after: "qa", environments: ["prod-eu", "prod-asia"] })).toEqual([
      "+    - environment: prod-eu",
      "+      dependsOn: [qa]",
      "+      policy: {action: pr}",
      "+    - environment: prod-asia",
      "+      dependsOn: [qa]",
      "+      policy: {action: pr}",
    ]);
  });

  test("siblings that differ, or none, give a plain commit", () => {
    const two = perform(PARALLEL, { kind: "add", after: "qa", environments: ["prod-eu"] }).source;
    const differ = perform(two, { kind: "policy", environment: "prod-eu", key: "action", value: "commit" }).source;
    expect(diff(differ, { kind: "add", after: "qa", environments: ["prod-us"] }).at(-1)).toBe("+      policy: {action: commit}");
    expect(diff(PARALLEL, { kind: "add", after: "prod", environments: ["prod-us"] })).toContain("+      policy: {action: commit}");
  });

  test("siblings that leave it to account-level policies are followed", () => {
    const open = perform(PARALLEL, { kind: "policy", environment: "prod", key: "action", value: undefined }).source;
    expect(diff(open, { kind: "add", after: "qa", environments: ["prod-us"] })).toEqual([
      "+    - environment: prod-us",
      "+      dependsOn: [qa]",
    ]);
  });

  test("a sibling's policy is copied in the sibling's own hand, whatever the others are written in", () => {
    expect(diff(PARALLEL, { kind: "add", after: "dev", environments: ["perf"] })).toEqual([
      "+    - environment: perf",
      "+      dependsOn: [dev]",
      "+      policy:",
      "+        action: commit",
      "+        preAction: pre-action",
    ]);
  });

  test("the first step of an empty flow", () => {
    const empty = "kind: PromotionFlow\nspec:\n  triggerEnvironment: dev\n  steps: []   # none yet\n";
    expect(perform(empty, { kind: "add", after: "dev", environments: ["qa"] }).source).toBe(
      "kind: PromotionFlow\nspec:\n  triggerEnvironment: dev\n  steps:   # none yet\n    - environment: qa\n      dependsOn:\n        - dev\n      policy:\n        action: commit\n",
    );
  });

  test("insert between keeps the comment over the target with the target", () => {
    const after = perform(PARALLEL, { kind: "insert", from: "qa", to: "prod", environments: ["staging"] }).source;
    expect(after).toContain(`        preAction: pre-action   # smoke first
    - environment: staging
      dependsOn: [qa]
      policy: {action: commit}
    # the regions go out together, after qa
    - environment: prod
      dependsOn: [staging]
      policy: {action: pr}
`);
  });

  test("several inserted between stand in parallel", () => {
    const after = perform(PARALLEL, { kind: "insert", from: "qa", to: "prod", environments: ["perf", "staging"] }).source;
    expect(after).toContain("    - environment: prod\n      dependsOn: [perf, staging]\n");
  });

  test("an environment stands in a flow once", () => {
    expect(() => perform(PARALLEL, { kind: "add", after: "qa", environments: ["prod"] })).toThrow("prod is in this flow already.");
    expect(() => perform(PARALLEL, { kind: "add", after: "qa", environments: ["dev"] })).toThrow(GestureRefused);
  });
});

describe("removing environments", () => {
  const four = perform(PARALLEL, { kind: "add", after: "prod", environments: ["prod-eu", "prod-asia"] }).source;

  test("dependents are reconnected and the comments over the step stay", () => {
    expect(diff(four, { kind: "remove", environment: "prod", dependents: { become: "reconnected", to: "qa" } })).toEqual([
      "-    - environment: prod",
      "-      dependsOn: [qa]",
      "-      policy: {action: pr}",
      "-      dependsOn: [prod]",
      "+      dependsOn: [qa]",
      "-      dependsOn: [prod]",
      "+      dependsOn: [qa]",
    ]);
  });

  test("a dependent that has the new predecessor already only loses the old one", () => {
    const both = perform(four, { kind: "depend", environment: "prod-eu", on: "qa" }).source;
    const after = perform(both, { kind: "remove", environment: "prod", dependents: { become: "reconnected", to: "qa" } }).source;
    expect(readFlow(after).flow?.steps.find((step) => step.environment === "prod-eu")?.dependsOn).toEqual(["qa"]);
  });

  test("or they go too, however far behind", () => {
    const after = perform(four, { kind: "remove", environment: "qa", dependents: { become: "removed" } }).source;
    expect(after).toContain("  steps: []\n    # the regions go out together, after qa\n  hooks:");
    expect(readFlow(after).flow?.steps).toEqual([]);
  });

  test("nothing is reconnected to what comes after, and the trigger is not deleted", () => {
    expect(() => perform(four, { kind: "remove", environment: "qa", dependents: { become: "reconnected", to: "prod" } })).toThrow(
      "prod comes after qa, so nothing can be reconnected to it.",
    );
    expect(() => perform(four, { kind: "remove", environment: "dev", dependents: { become: "removed" } })).toThrow("dev starts the flow.");
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
    expect(diff(lines, { kind: "undepend", environment: "prod", on: "qa" })).toEqual(["-        qa, # first", "+        # first"]);
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
});

describe("policies", () => {
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

  test("an alias is kept: an edit that would change it elsewhere is refused", () => {
    const shared = PARALLEL.replace("{action: pr}", "&p {action: pr}") + "x: *p\n";
    expect(() => perform(shared, { kind: "policy", environment: "prod", key: "action", value: "commit" })).toThrow(
      /Line 19 is written in a way/,
    );
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
