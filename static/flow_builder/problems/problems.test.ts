// Problems stand at the exact characters that are wrong, and say what to write instead.
import { describe, expect, test } from "vitest";
import { readInParts } from "../../shared/manifest/reader/read_parts";
import { LABEL_RULE } from "../../shared/manifest/names";
import { PARALLEL } from "../gestures/flows.fixture";
import { canFix, flowProblems, isBlocking } from "./problems";

const nothing = { environments: undefined, workflows: undefined };

/** `line:column "marked text" code`, one per problem. */
function found(source: string, known = nothing as Parameters<typeof flowProblems>[1]): string[] {
  return flowProblems(source, known).map((p) => `${p.line}:${p.column} "${source.slice(p.from, p.to)}" ${p.code}`);
}

describe("a flow's problems", () => {
  test("there are none in a good flow", () => {
    expect(found(PARALLEL)).toEqual([]);
  });

  test.each([
    ["preAction:", "preActon:", '15:9 "preActon" unknown-field'],
    ["action: commit", "action: comit", '14:17 "comit" not-allowed'],
    ["dependsOn: [qa]", "dependsOn: [qaa]", '18:19 "qaa" unknown-dependency'],
    ["dependsOn: [qa]", "dependsOn: [dev, dev]", '18:24 "dev" duplicate-dependency'],
    ["dependsOn: [qa]", "dependsOn: []", '18:7 "dependsOn" no-dependencies'],
    ["dependsOn: [dev]", "dependsOn: [prod]", '12:19 "prod" cycle'],
    ["environment: prod", "environment: qa", '17:20 "qa" duplicate-environment'],
    ["environment: prod", "environment: dev", '17:20 "dev" trigger-is-step'],
    ["environment: prod", "environment: Prod EU", '17:20 "Prod EU" bad-name'],
    ["promotionTimeoutLimit: 60", "promotionTimeoutLimit: 0", '22:26 "0" out-of-range'],
    ["promotionTimeoutLimit: 60", "onFailure: halt", '22:3 "onFailure" extension'],
    ['version: "1.00"', "version: 1.00", '7:14 "1.00" wrong-type'],
    ["{action: pr}", "{action: none}", '19:24 "none" none-without-pre-action'],
    ["  triggerEnvironment: dev\n", "", '8:1 "spec" missing-field'],
    ["kind: PromotionFlow", "kind: PromotionFlow\nkind: PromotionFlow", '3:1 "kind" duplicate-key'],
  ])("%s written as %s", (good, bad, problem) => {
    expect(found(PARALLEL.replace(good, bad))).toContain(problem);
  });

  test.each([
    ["triggerEnvironment: dev", "triggerEnvironment:", "spec.triggerEnvironment is empty. Name the environment that the promotion starts from."],
    [
      "dependsOn: [dev]",
      "dependsOn:",
      'spec.steps[0].dependsOn is empty. Write it as a list, one environment a line, each after "- ". Name the environments that must succeed first, the trigger environment perhaps.',
    ],
    ["name: multi-env-sequential-promotion", "name:", "metadata.name is empty. Give it a value."],
    ["promotionTimeoutLimit: 60", "promotionTimeoutLimit:", "spec.promotionTimeoutLimit is empty. It counts minutes. Give it a value or remove the line."],
  ])("%s without its value, in the server's words", (good, empty, message) => {
    expect(PARALLEL).toContain(good);
    expect(flowProblems(PARALLEL.replace(good, empty), nothing).map((one) => one.message)).toContain(message);
  });

  test("a dependency that is no name at all is told once, with what a name may be", () => {
    const source = PARALLEL.replace("dependsOn: [qa]", "dependsOn: [Bad_Name!]");
    expect(found(source)).toEqual(['18:19 "Bad_Name!" unknown-dependency']);
    expect(flowProblems(source, nothing)[0]?.message).toContain(`No environment can have that name: ${LABEL_RULE}.`);
  });

  test("steps behind a circle are not blamed, steps that wait for what never starts are", () => {
    const source = PARALLEL.replace("dependsOn: [dev]", "dependsOn: [qa2]").replace(
      "  hooks:",
      "    - {environment: qa2, dependsOn: [qa]}\n  hooks:",
    );
    expect(found(source)).toEqual(['12:19 "qa2" cycle', '18:19 "qa" unreachable']);
    expect(flowProblems(source, nothing)[0]?.message).toContain("qa -> qa2 -> qa");
  });

  test("environments and workflows that do not exist, once it is known which do", () => {
    const known = { environments: ["dev", "qa", "prd"], workflows: ["page-on-call"] };
    expect(found(PARALLEL, known)).toEqual(['15:20 "pre-action" unknown-workflow', '17:20 "prod" unknown-environment']);
    expect(flowProblems(PARALLEL, known)[1]?.suggestion).toBe("prd");
  });

  test("a suggestion that can stand in the range is offered as a fix, a missing field's is not", () => {
    const problems = flowProblems(PARALLEL.replace("preAction:", "preActon:"), nothing);
    expect(problems.map((p) => canFix(p) && p.suggestion)).toEqual(["preAction"]);
    expect(flowProblems(PARALLEL.replace("  triggerEnvironment: dev\n", ""), nothing).some(canFix)).toBe(false);
  });

  test.each([["a", 0], ["a", 1], ["é", 0], ["é", 2]])("a text with a comment of %s is read up to 1 MiB, %d bytes more are too many", (letter, more) => {
    const room = 1024 * 1024 + more - PARALLEL.length - "# ".length;
    const source = `${PARALLEL}# ${letter === "é" ? "é".repeat(room >> 1) + "a".repeat(room & 1) : "a".repeat(room)}`;
    expect(new TextEncoder().encode(source).length).toBe(1024 * 1024 + more);
    expect(flowProblems(source, nothing).map((one) => one.code)).toEqual(more > 0 ? ["too-large"] : []);
  });

  test("no more than a hundred are told, the errors of them first", () => {
    const fields = Array.from({ length: 120 }, (_unused, at) => `  field${at}: x\n`).join("");
    const problems = flowProblems(PARALLEL.replace("dependsOn: [qa]", "dependsOn: [dev, dev]") + fields, nothing);
    expect(problems).toHaveLength(100);
    expect(problems.every(isBlocking)).toBe(true);
  });

  test("a long text that is read in parts is judged like the same text read whole", () => {
    const step = (at: number): string => `    - environment: e${at}\n      dependsOn: [${at ? `e${at - 1}` : "prod"}, e${at}x]\n      polcy: {}\n`;
    const steps = Array.from({ length: 50 }, (_unused, at) => step(at)).join("");
    const source = PARALLEL.replace("  hooks:", `${steps}  hooks:`);
    const whole = `${source}# An alias makes the parts depend on each other: *e\n`;
    expect(readInParts(source)).toBeDefined();
    expect(readInParts(whole)).toBeUndefined();
    expect(found(source)).toHaveLength(100);
    expect(found(source)).toEqual(found(whole));
  });

  test("text that is no YAML has its own sentence and place", () => {
    expect(found(PARALLEL.replace("[dev]", "[dev")).map((one) => one.split(" ").at(-1))).toContain("syntax");
    expect(flowProblems("a:\n\t- b\n", nothing).map((p) => [p.line, p.code])).toContainEqual([2, "tab"]);
  });
});
