// What only the server found in the text, while the text is still the one that it judged.
import { offsetAt, problemAt, type Problem } from "../../shared/manifest/manifest_text";
import type { FlowFile } from "./use_flow_file";

/** `found` is what the browser knows of the text by now: what it says itself is not said twice. */
export function serverOnly(text: string, told: FlowFile["serverProblems"], found: readonly Problem[]): Problem[] {
  if (!told || told.text !== text) return [];
  const mine = new Set(found.map((one) => one.code));
  return told.problems
    .filter((one) => !mine.has(one.code))
    .map((one) =>
      problemAt(text, offsetAt(text, one.line, one.column), offsetAt(text, one.endLine, one.endColumn), {
        severity: one.severity, message: one.message, code: one.code, path: "", suggestion: one.suggestion ?? undefined,
      }),
    );
}
