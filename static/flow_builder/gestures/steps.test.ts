// Gestures that add, reorder and remove environments: the diff is what a careful colleague would have typed.
import { describe, expect, test } from "vitest";
import { readFlow } from "../model/flow";
import { diff } from "./diff.fixture";
import { PARALLEL } from "./flows.fixture";
import { perform, type Gesture } from "./gesture";
import { GestureRefused } from "./refused";

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

  test("each list of a new step is written as that list is beside it", () => {
    const wide = PARALLEL.replaceAll("    - environment", "    -   environment").replaceAll(/^ {6}(?=\S)/gm, "        ");
    const mixed = wide.replace("dependsOn: [qa]", "dependsOn:\n        - qa").replace("policy: {action: pr}", "policy:\n            action: pr");
    expect(diff(mixed, { kind: "add", after: "qa", environments: ["prod-eu"] })).toEqual([
      "+    -   environment: prod-eu",
      "+        dependsOn:",
      "+        - qa",
      "+        policy:",
      "+            action: pr",
    ]);
    const [narrow, far] = [mixed.replace("        - qa", "          - qa"), mixed.replace("        - qa", "        -   qa")];
    expect(diff(narrow, { kind: "depend", environment: "prod", on: "dev" })).toEqual(["+          - dev"]);
    expect(diff(far, { kind: "depend", environment: "prod", on: "dev" })).toEqual(["+        -   dev"]);
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

describe("adding before an environment", () => {
  test("the new ones wait for what it waited for, and it waits for them alone", () => {
    expect(diff(PARALLEL, { kind: "addBefore", before: "prod", environments: ["perf", "staging"] })).toEqual([
      "+    - environment: perf",
      "+      dependsOn: [qa]",
      "+      policy: {action: commit}",
      "+    - environment: staging",
      "+      dependsOn: [qa]",
      "+      policy: {action: commit}",
      "-      dependsOn: [qa]",
      "+      dependsOn: [perf, staging]",
    ]);
  });

  test("several dependencies give way to one, with what was said about them", () => {
    const block = PARALLEL.replace("dependsOn: [qa]", "dependsOn: # after\n        - qa # first\n        # and\n        - dev # second");
    expect(diff(block, { kind: "addBefore", before: "prod", environments: ["staging"] })).toEqual([
      "+    - environment: staging",
      "+      dependsOn:",
      "+        - qa",
      "+        - dev",
      "+      policy: {action: commit}",
      "-        - qa # first",
      "-        # and",
      "-        - dev # second",
      "+        - staging # first",
    ]);
  });

  test("steps that wait for the same show what is done there", () => {
    const two = perform(PARALLEL, { kind: "add", after: "qa", environments: ["prod-eu"] }).source;
    expect(diff(two, { kind: "addBefore", before: "prod", environments: ["staging"] })).toContain("+      policy: {action: pr}");
  });

  test("nothing comes before the trigger environment, nor twice", () => {
    expect(() => perform(PARALLEL, { kind: "addBefore", before: "dev", environments: ["perf"] })).toThrow("dev starts the flow, so nothing comes before it.");
    expect(() => perform(PARALLEL, { kind: "addBefore", before: "prod", environments: ["qa"] })).toThrow("qa is in this flow already.");
    expect(() => perform(PARALLEL, { kind: "addBefore", before: "prod", environments: [] })).toThrow("Choose at least one environment.");
  });
});

describe("reordering", () => {
  const three = perform(PARALLEL, { kind: "add", after: "qa", environments: ["prod-eu"] }).source;

  test("a step takes its comments along, and what stands between two places stays there", () => {
    const spaced = three.replace("    # the regions", "\n    # ---\n\n    # the regions").replace("{action: pr}\n", "{action: pr} # soon\n      # enough\n");
    expect(perform(spaced, { kind: "reorder", environment: "prod", to: 0 }).source).toContain(`  steps:
    # the regions go out together, after qa
    - environment: prod
      dependsOn: [qa]
      policy: {action: pr} # soon
      # enough

    # ---

    - environment: qa
      dependsOn: [dev]
      policy:
        action: commit
        preAction: pre-action   # smoke first
    - environment: prod-eu
`);
  });

  test("there and back again are the very bytes, at the end of an unended text too", () => {
    for (const source of [three, three.replaceAll("\n", "\r\n"), three.slice(0, three.indexOf("  hooks:")).trimEnd()]) {
      for (const [environment, from] of [["qa", 0], ["prod", 1], ["prod-eu", 2]] as const) {
        for (const to of [0, 1, 2]) {
          const there = perform(source, { kind: "reorder", environment, to }).source;
          expect(readFlow(there).flow?.steps.findIndex((step) => step.environment === environment)).toBe(to);
          expect(perform(there, { kind: "reorder", environment, to: from }).source).toBe(source);
        }
      }
    }
  });

  test("no further than the first and the last place", () => {
    expect(perform(three, { kind: "reorder", environment: "qa", to: 0 }).edits).toEqual([]);
    expect(() => perform(three, { kind: "reorder", environment: "qa", to: -1 })).toThrow("qa is the first in the text already.");
    expect(() => perform(three, { kind: "reorder", environment: "prod-eu", to: 3 })).toThrow("prod-eu is the last in the text already.");
  });

  test("steps in brackets change places, unless comments between them say something of one", () => {
    const line = "spec: {triggerEnvironment: dev, steps: [{environment: qa, dependsOn: [dev]}, {environment: b, dependsOn: [qa]}]}\n";
    expect(perform(line, { kind: "reorder", environment: "b", to: 0 }).source).toBe(
      "spec: {triggerEnvironment: dev, steps: [{environment: b, dependsOn: [qa]}, {environment: qa, dependsOn: [dev]}]}\n",
    );
    const told = line.replace("}, {", "}, # one\n  {");
    expect(() => perform(told, { kind: "reorder", environment: "b", to: 0 })).toThrow("Edit it in the text.");
  });
});

describe("removing environments", () => {
  const four = perform(PARALLEL, { kind: "add", after: "prod", environments: ["prod-eu", "prod-asia"] }).source;

  test("dependents are reconnected, and the comment over the step goes with it", () => {
    expect(diff(four, { kind: "remove", environment: "prod", dependents: { become: "reconnected", to: "qa" } })).toEqual([
      "-    # the regions go out together, after qa",
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
    expect(after).toContain("  steps: []\n  hooks:");
    expect(readFlow(after).flow?.steps).toEqual([]);
  });

  test("several go at once, and each one left waits for the nearest that stay", () => {
    const after = perform(four, { kind: "remove", environment: ["qa", "prod"], dependents: { become: "reconnected" } }).source;
    expect(readFlow(after).flow?.steps.map((step) => [step.environment, step.dependsOn])).toEqual([["prod-asia", ["dev"]], ["prod-eu", ["dev"]]].reverse());
    const both = perform(four, { kind: "depend", environment: "prod-asia", on: "qa" }).source;
    expect(diff(both, { kind: "remove", environment: ["prod", "prod-eu"], dependents: { become: "reconnected" } })).toEqual([
      "-    # the regions go out together, after qa",
      "-    - environment: prod",
      "-      dependsOn: [qa]",
      "-      policy: {action: pr}",
      "-    - environment: prod-eu",
      "-      dependsOn: [prod]",
      "-      policy: {action: commit}",
      "-      dependsOn: [prod, qa]",
      "+      dependsOn: [qa]",
    ]);
    const none = perform(four, { kind: "remove", environment: ["prod", "prod-eu"], dependents: { become: "removed" } }).source;
    expect(readFlow(none).flow?.steps.map((step) => step.environment)).toEqual(["qa"]);
    expect(() => perform(four, { kind: "remove", environment: ["qa", "prod"], dependents: { become: "reconnected", to: "qa" } })).toThrow(
      "qa is removed, so nothing can be reconnected to it.",
    );
    expect(() => perform(four, { kind: "remove", environment: ["qa", "dev"], dependents: { become: "removed" } })).toThrow("dev starts the flow.");
  });

  test("the blank lines that set a step apart go with it", () => {
    const spaced = PARALLEL.replace("    # the regions", "\n    # the regions");
    const gone = (environment: string): string =>
      perform(spaced, { kind: "remove", environment, dependents: { become: "reconnected" } }).source;
    expect(gone("prod")).toContain("# smoke first\n  hooks:");
    expect(gone("qa")).toContain("  steps:\n    # the regions");
    const three = perform(spaced, { kind: "insert", from: "qa", to: "prod", environments: ["perf"] }).source;
    expect(three).toContain("# smoke first\n\n    - environment: perf\n      dependsOn: [qa]\n      policy: {action: commit}\n\n    # the regions");
    expect(perform(three, { kind: "remove", environment: "perf", dependents: { become: "reconnected" } }).source).toBe(spaced);
  });

  test("a comment that stands by itself stays, and keeps apart from what comes next", () => {
    const section = PARALLEL.replace("    # the regions go out together, after qa\n", "\n    # --- production ---\n\n    # all at once\n");
    const after = perform(section, { kind: "remove", environment: "prod", dependents: { become: "removed" } }).source;
    expect(after).toContain("# smoke first\n\n    # --- production ---\n\n  hooks:");
  });

  test("a flow that is emptied and filled again keeps the comment at the head of its steps", () => {
    const headed = PARALLEL.replace("steps:\n", "steps:\n    # in order of risk\n\n");
    const empty = perform(headed, { kind: "remove", environment: "qa", dependents: { become: "removed" } }).source;
    expect(empty).toContain("  steps: []\n    # in order of risk\n\n  hooks:");
    expect(perform(empty, { kind: "add", after: "dev", environments: ["perf"] }).source).toContain(
      "  steps:\n    # in order of risk\n\n    - environment: perf\n      dependsOn:\n",
    );
  });

  test("nothing is reconnected to what comes after, and the trigger is not deleted", () => {
    expect(() => perform(four, { kind: "remove", environment: "qa", dependents: { become: "reconnected", to: "prod" } })).toThrow(
      "prod comes after qa, so nothing can be reconnected to it.",
    );
    expect(() => perform(four, { kind: "remove", environment: "dev", dependents: { become: "removed" } })).toThrow("dev starts the flow.");
  });

  test("a step that the chart does not show, for it names the same environment, is not lost", () => {
    const twice = PARALLEL.replace("environment: prod", "environment: qa");
    expect(() => perform(twice, { kind: "remove", environment: "qa", dependents: { become: "removed" } })).toThrow(
      "qa is the environment of two steps. Remove one of them in the text first, the second is on line 17.",
    );
    const behind = twice.replace("  hooks:", "    - environment: prod\n      dependsOn: [dev]\n  hooks:");
    expect(readFlow(perform(behind, { kind: "remove", environment: "prod", dependents: { become: "removed" } }).source).flow?.steps).toHaveLength(2);
  });

  test("nothing is made to depend on a trigger environment that is not chosen yet", () => {
    const nowhere = PARALLEL.replace("triggerEnvironment: dev", "triggerEnvironment:").replace("dependsOn: [dev]", "dependsOn: []");
    const refused = "The flow starts nowhere yet. Choose its trigger environment in the settings first.";
    expect(() => perform(nowhere, { kind: "addBefore", before: "qa", environments: ["int"] })).toThrow(refused);
    expect(() => perform(nowhere, { kind: "remove", environment: "qa", dependents: { become: "reconnected" } })).toThrow(refused);
    expect(perform(nowhere, { kind: "remove", environment: "qa", dependents: { become: "removed" } }).source).toContain("steps: []");
  });
});

const JSON_FLOW = {
  apiVersion: "codefresh.io/v1beta1",
  kind: "PromotionFlow",
  metadata: { name: "as-json", annotations: { description: null } },
  spec: {
    triggerEnvironment: "dev",
    steps: [
      { environment: "qa", dependsOn: ["dev"], policy: { action: "commit" } },
      { environment: "prod", dependsOn: ["qa", "dev"] },
    ],
  },
};

describe.each([undefined, 2])("JSON, indented by %s", (indent) => {
  const source = `${JSON.stringify(JSON_FLOW, null, indent)}\n`;

  test.each<Gesture>([
    { kind: "add", after: "qa", environments: ["prod-eu", "no"] },
    { kind: "addBefore", before: "qa", environments: ["int"] },
    { kind: "insert", from: "qa", to: "prod", environments: ["int"] },
    { kind: "remove", environment: "prod", dependents: { become: "removed" } },
    { kind: "remove", environment: ["qa", "prod"], dependents: { become: "removed" } },
    { kind: "undepend", environment: "prod", on: "dev" },
    { kind: "reorder", environment: "prod", to: 0 },
    { kind: "trigger", environment: "test" },
    { kind: "policy", environment: "prod", key: "action", value: "pr" },
    { kind: "policy", environment: "qa", key: "action", value: undefined },
    { kind: "policy", environment: "qa", key: "postAction", value: "report" },
    { kind: "hook", environment: "qa", hook: "onFail", workflow: "page" },
    { kind: "postTrigger", workflow: "smoke" },
    { kind: "name", value: "other" },
    { kind: "description", value: "why" },
    { kind: "version", value: "1.00" },
    { kind: "timeout", minutes: 5 },
    { kind: "onFailure", value: "halt" },
  ])("is JSON still after %j", (gesture) => {
    const after = perform(source, gesture).source;
    expect(after).not.toBe(source);
    expect(() => JSON.parse(after) as unknown).not.toThrow();
  });

  test("is left as it was by a step that comes and goes", () => {
    const added = perform(source, { kind: "add", after: "prod", environments: ["prod-eu"] }).source;
    expect(added).toContain('{"environment": "prod-eu", "dependsOn": ["prod"], "policy": {"action": "commit"}}');
    expect(perform(added, { kind: "remove", environment: "prod-eu", dependents: { become: "removed" } }).source).toBe(source);
  });
});

test("braces that quote their keys in single quotes get single ones", () => {
  const single = PARALLEL.replace("policy: {action: pr}", "policy: {'action': 'pr'}");
  expect(diff(single, { kind: "policy", environment: "prod", key: "postAction", value: "report" })).toContain("+      policy: {'action': 'pr', 'postAction': 'report'}");
});
