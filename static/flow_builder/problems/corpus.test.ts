// The texts that the server's tests judge, judged by the browser: what is refused here is refused there, at the same line.
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { flowProblems, isBlocking } from "./problems";

interface Expected {
  kind: string;
  verdict: "valid" | "invalid";
  problems: { severity: string; line: number; code: string }[];
  knownEnvironments?: string[];
  knownWorkflows?: string[];
}

const folder = new URL("../../../tests/promotions/manifests/corpus/", import.meta.url);
const expected = JSON.parse(readFileSync(new URL("expected.json", folder), "utf-8")) as Record<string, Expected>;
const flows = Object.entries(expected).filter(([name, one]) => one.kind === "PromotionFlow" && existsSync(new URL(`${name}.yaml`, folder)));

const PARSERS = new Set(["syntax", "alias", "merge", "bad-key", "bad-number", "too-deep", "too-many-nodes", "several-documents", "tab"]);

describe("the corpus of manifests", () => {
  test.each(flows)("%s", (name, told) => {
    const source = readFileSync(new URL(`${name}.yaml`, folder), "utf-8");
    const problems = flowProblems(source, { environments: told.knownEnvironments, workflows: told.knownWorkflows });
    expect(problems.some(isBlocking)).toBe(told.verdict === "invalid");
    // Two YAML parsers see one mistake at different characters, and one of them sees it by itself.
    if (told.problems.some((one) => PARSERS.has(one.code))) return;
    expect(problems.map((one) => `${one.line} ${one.code}`)).toEqual(told.problems.map((one) => `${one.line} ${one.code}`));
  });
});
