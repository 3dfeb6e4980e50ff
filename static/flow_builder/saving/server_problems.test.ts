// What the server refused a text for is told beside what the browser finds in it, and nothing of it twice.
import { expect, test } from "vitest";
import type { ServerProblem } from "../../shared/records";
import { PARALLEL } from "../gestures/flows.fixture";
import { flowProblems } from "../problems/problems";
import { serverOnly } from "./server_problems";

const GONE: ServerProblem = {
  message: 'There is no environment "qa".', line: 11, column: 20, endLine: 11, endColumn: 22,
  severity: "error", code: "unknown-environment", suggestion: null,
};
const told = { text: PARALLEL, problems: [GONE] };

const all = (environments: readonly string[], text = PARALLEL): string[] => {
  const found = flowProblems(text, { environments, workflows: undefined });
  return [...found, ...serverOnly(text, told, found)].map((one) => `${one.line}:${one.column} ${one.code}`);
};

test("an environment that went meanwhile is told by the server, and by the browser once it knows", () => {
  expect(all(["dev", "qa", "prod"])).toEqual(["11:20 unknown-environment"]);
  expect(all(["dev", "prod"])).toEqual(["11:20 unknown-environment"]);
});

test("what was said of another text is not said of this one", () => {
  expect(all(["dev", "qa", "prod"], `${PARALLEL}# more\n`)).toEqual([]);
});
