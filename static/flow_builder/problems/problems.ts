// Everything that is wrong with a flow's text, at its places; the server judges by the same schema and rules.
import common from "../../../promotions/manifests/schemas/common.json";
import flowSchema from "../../../promotions/manifests/schemas/PromotionFlow.json";
import { ManifestText, type Problem } from "../../shared/manifest/manifest_text";
import { schemaProblems, type Schema } from "../../shared/manifest/schema";
import { syntaxProblems } from "../../shared/manifest/syntax";
import { flowFindings, type Known } from "./flow_rules";

/** Codes whose suggestion is exactly what should stand in the range. */
const FIXABLE = new Set([
  "unknown-field", "not-allowed", "bad-name", "unknown-environment", "unknown-dependency", "unknown-workflow", "wrong-type", "api-version",
]);

export const canFix = (problem: Problem): problem is Problem & { suggestion: string } =>
  problem.suggestion !== undefined && FIXABLE.has(problem.code);

/** In the order of the text, errors and warnings. */
export function flowProblems(source: string, known: Known): Problem[] {
  const syntax = syntaxProblems(source);
  const text = syntax.length === 0 ? ManifestText.read(source) : undefined;
  if (!text) return syntax;
  const schema = schemaProblems(text, "PromotionFlow", flowSchema as Schema, common as unknown as Schema);
  const rules = flowFindings(text, known).map((finding) => text.problem(finding));
  return [...schema, ...rules].sort((one, other) => one.from - other.from || one.code.localeCompare(other.code));
}

export const isBlocking = (problem: Problem): boolean => problem.severity === "error";
