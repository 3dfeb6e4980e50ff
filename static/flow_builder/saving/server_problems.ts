// What only the server found in the text, while the text is still the one that it judged.
import { offsetAt, problemAt, type Problem } from "../../shared/manifest/manifest_text";
import { flowProblems } from "../problems/problems";
import type { FlowFile } from "./use_flow_file";

export function serverOnly(text: string, told: FlowFile["serverProblems"]): Problem[] {
  if (!told || told.text !== text) return [];
  const mine = new Set(flowProblems(text, { environments: undefined, workflows: undefined }).map((one) => one.code));
  return told.problems
    .filter((one) => !mine.has(one.code))
    .map((one) =>
      problemAt(text, offsetAt(text, one.line, one.column), offsetAt(text, one.endLine, one.endColumn), {
        severity: one.severity, message: one.message, code: one.code, path: "", suggestion: one.suggestion ?? undefined,
      }),
    );
}
