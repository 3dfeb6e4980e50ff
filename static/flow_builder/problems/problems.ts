// Everything that is wrong with a flow's text, at its places; the server judges by the same schema and rules.
import common from "../../../promotions/manifests/schemas/common.json";
import flowSchema from "../../../promotions/manifests/schemas/PromotionFlow.json";
import { ManifestText, type Problem } from "../../shared/manifest/manifest_text";
import { quoted } from "../../shared/manifest/names";
import { schemaProblems, type Schema } from "../../shared/manifest/schema";
import { syntaxProblems } from "../../shared/manifest/syntax";
import { flowFindings, type Known } from "./flow_rules";

const KINDS = ["PromotionPolicy", "PromotionTemplate", "Product", "WorkflowTemplate", "Application"];

/** Codes whose suggestion is exactly what should stand in the range. */
const FIXABLE = new Set([
  "unknown-field", "not-allowed", "bad-name", "unknown-environment", "unknown-dependency", "unknown-workflow", "wrong-type", "api-version", "wrong-kind", "unknown-kind",
]);

export const canFix = (problem: Problem): problem is Problem & { suggestion: string } =>
  problem.suggestion !== undefined && FIXABLE.has(problem.code);

/** Not a flow at all: then nothing else is worth saying. */
function notAFlow(text: ManifestText): Problem[] {
  const whole = (code: string, message: string): Problem[] => [text.problem({ code, message, at: [] })];
  if (text.instead === "nothing") return whole("empty", "The text is empty. A promotion flow begins with apiVersion and kind.");
  if (text.instead) return whole("not-a-manifest", "A manifest is a mapping that begins with apiVersion and kind.");
  const kind = text.data["kind"];
  if (typeof kind !== "string" || kind === "PromotionFlow") return [];
  const known = KINDS.includes(kind);
  const message = known ? `This is a ${kind}; a PromotionFlow is meant here.` : `There is no kind ${quoted(kind)} here. Write PromotionFlow.`;
  return [text.problem({ code: known ? "wrong-kind" : "unknown-kind", message, at: ["kind"], suggestion: "PromotionFlow" })];
}

/** In the order of the text, errors and warnings. */
export function flowProblems(source: string, known: Known): Problem[] {
  const syntax = syntaxProblems(source);
  const text = syntax.length === 0 ? ManifestText.read(source) : undefined;
  if (!text) return syntax;
  const other = notAFlow(text);
  if (other.length > 0) return other;
  const schema = schemaProblems(text, "PromotionFlow", flowSchema as Schema, common as unknown as Schema);
  const rules = flowFindings(text, known).map((finding) => text.problem(finding));
  return [...schema, ...text.besideWrapper(), ...rules].sort((one, other) => one.from - other.from || one.code.localeCompare(other.code));
}

export const isBlocking = (problem: Problem): boolean => problem.severity === "error";
