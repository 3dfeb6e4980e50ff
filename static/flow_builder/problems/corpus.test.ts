// The texts that the server's tests judge, judged by the browser: the same verdict, and each finding at the same line.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readFlow } from "../model/flow";
import { flowProblems, isBlocking } from "./problems";

interface Finding {
  severity: string;
  line: number;
  code: string;
}

interface Expected {
  kind: string;
  verdict: "valid" | "invalid";
  problems: Finding[];
  knownEnvironments?: string[];
  knownWorkflows?: string[];
}

/** The corpus is what shows that both sides judge alike: it only ever grows. */
const FEWEST_FLOWS = 300;

const folder = new URL("../../../tests/promotions/manifests/corpus/", import.meta.url);
const expected = JSON.parse(readFileSync(new URL("expected.json", folder), "utf-8")) as Record<string, Expected>;
const flows = Object.entries(expected).filter(([, one]) => one.kind === "PromotionFlow");

const byLine = (one: Finding, other: Finding): number => one.line - other.line || (one.code < other.code ? -1 : 1);

describe("the corpus of manifests", () => {
  test("holds enough flows", () => {
    expect(flows.length).toBeGreaterThanOrEqual(FEWEST_FLOWS);
  });

  test.each(flows)("%s", (name, told) => {
    const source = readFileSync(new URL(`${name}.yaml`, folder), "utf-8");
    const problems = flowProblems(source, { environments: told.knownEnvironments, workflows: told.knownWorkflows });
    expect(problems.some(isBlocking)).toBe(told.verdict === "invalid");
    expect(problems.map(({ severity, line, code }) => ({ severity, line, code })).sort(byLine)).toEqual(told.problems);
  });

  test.each(flows)("%s: the chart reads what is valid, and says of the rest that it cannot be read", (name, told) => {
    const { flow, failure } = readFlow(readFileSync(new URL(`${name}.yaml`, folder), "utf-8"));
    expect(flow === undefined).toBe(failure !== undefined);
    if (told.verdict === "valid") expect(failure).toBeUndefined();
    const first = told.problems.filter((one) => one.severity === "error").map((one) => one.line);
    if (failure) expect(failure.line).toBe(Math.min(...first));
  });

  test("a quote or document too many is told at the line that the editor marks", () => {
    const head = "apiVersion: codefresh.io/v1beta1\nkind: PromotionFlow\nmetadata:\n  name: one\n  annotations:\n    description: \"open\n    version: '1.00'\n";
    for (const source of [head, `${head.replace("open", 'closed"')}spec: {}\n---\n# another\nkind: PromotionFlow\n`]) {
      const nothing = { environments: undefined, workflows: undefined };
      expect(readFlow(source).failure?.line).toBe(flowProblems(source, nothing)[0]?.line);
    }
  });

  test("a merge that is being typed is a text that cannot be read", () => {
    expect(readFlow("<<: x\nspec:\n  triggerEnvironment: dev\n").failure).toBeDefined();
  });
});
