// Texts with anchors: what would change in another place as well is refused, with the lines and the way out.
import { describe, expect, test } from "vitest";
import { PARALLEL } from "./flows.fixture";
import { perform, type Gesture } from "./gesture";
import { GestureRefused } from "./refused";

const ANCHORED = PARALLEL.replace("policy:\n        action", "policy: &p\n        action").replace("{action: pr}", "*p");
const SCALAR = PARALLEL.replace("action: commit", "action: &a commit").replace("{action: pr}", "{action: *a}");
const LISTED = PARALLEL.replace("[dev]", "&d [dev]").replace("[qa]", "*d");
const MERGED = PARALLEL.replace("policy:\n        action", "policy: &p\n        action").replace("{action: pr}", "{<<: *p}");

const commit = (environment: string): Gesture => ({ kind: "policy", environment, key: "action", value: "none" });
const remove = (environment: string): Gesture => ({ kind: "remove", environment, dependents: { become: "reconnected" } });

function refusal(source: string, gesture: Gesture): string {
  try {
    return perform(source, gesture).source;
  } catch (error) {
    if (error instanceof GestureRefused) return error.message;
    throw error;
  }
}

describe("what is refused names both lines", () => {
  test.each<[string, string, Gesture, string]>([
    ["the anchored policy goes", ANCHORED, remove("qa"), "Line 13 defines &p, which line 19 uses: change line 19 first."],
    ["the anchored policy changes", ANCHORED, commit("qa"), "Line 13 defines &p, which line 19 uses: change line 19 first."],
    ["the anchored policy comes to stand below", ANCHORED, { kind: "reorder", environment: "qa", to: 1 }, "Line 13 defines &p, which line 19 uses: change line 19 first."],
    ["the alias comes to stand above", ANCHORED, { kind: "reorder", environment: "prod", to: 0 }, "Line 19 is an alias (*p) of line 13: the chart cannot change it exactly. Write its value out in the YAML."],
    ["the alias changes", ANCHORED, commit("prod"), "Line 19 is an alias (*p) of line 13: the chart cannot change it exactly. Write its value out in the YAML."],
    ["both change", ANCHORED, { kind: "policy", environment: ["prod", "qa"], key: "action", value: "none" }, "Line 19 is an alias (*p) of line 13: the chart cannot change it exactly. Write its value out in the YAML."],
    ["an anchored word changes", SCALAR, commit("qa"), "Line 14 defines &a, which line 19 uses: change line 19 first."],
    ["an anchored list grows", LISTED, { kind: "depend", environment: "qa", on: "prod" }, "Line 12 defines &d, which line 18 uses: change line 18 first."],
    ["a merged field goes", MERGED, { kind: "policy", environment: "prod", key: "action", value: undefined }, "Line 19 takes this from elsewhere (<<): the chart cannot change it exactly. Write it out in the YAML."],
  ])("%s", (_what, source, gesture, words) => {
    expect(refusal(source, gesture)).toBe(words);
  });

  test("or all of them", () => {
    const twice = ANCHORED.replace("  hooks:", "    - environment: eu\n      dependsOn: [qa]\n      policy: *p\n  hooks:");
    expect(refusal(twice, commit("qa"))).toBe("Line 13 defines &p, which lines 19 and 22 use: change them first.");
  });
});

describe("what concerns one place alone is done", () => {
  test.each<[string, string, Gesture, string, string]>([
    ["an alias goes with its step", ANCHORED, remove("prod"), "    # the regions go out together, after qa\n    - environment: prod\n      dependsOn: [qa]\n      policy: *p\n", ""],
    ["a word takes the place of an alias", SCALAR, commit("prod"), "*a", "none"],
    ["a field of its own overrules a merged one", MERGED, commit("prod"), "{<<: *p}", "{<<: *p, action: none}"],
    ["anchor and alias go together", ANCHORED, { kind: "remove", environment: ["qa", "prod"], dependents: { become: "removed" } }, ANCHORED.slice(ANCHORED.indexOf("\n    - env"), ANCHORED.indexOf("\n  hooks:")), " []"],
  ])("%s", (_what, source, gesture, gone, come) => {
    expect(source).toContain(gone);
    expect(refusal(source, gesture)).toBe(source.replace(gone, come));
  });
});
