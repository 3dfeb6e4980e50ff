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

/** A manifest with more problems than this is not read to the end by anybody; the server stops there too. */
const MOST_PROBLEMS = 100;

/** Not a flow at all: then nothing else is worth saying. */
function notAFlow(text: ManifestText): Problem[] {
  const whole = (code: string, message: string): Problem[] => [text.problem({ code, message, at: [], onKey: code === "missing-field" })];
  if (text.instead === "nothing") return whole("empty", "The text is empty. A promotion flow begins with apiVersion and kind.");
  if (text.instead) return [...text.faults(), ...whole("not-a-manifest", "A manifest is a mapping that begins with apiVersion and kind.")];
  if (!("kind" in text.data)) return [...text.faults(), ...whole("missing-field", 'The manifest lacks "kind". Add "kind: PromotionFlow".')];
  const kind = text.data["kind"];
  if (kind === "PromotionFlow") return [];
  if (typeof kind === "string" && KINDS.includes(kind)) {
    const message = `The kind is ${kind}; PromotionFlow is meant here.`;
    return [text.problem({ code: "wrong-kind", message, at: ["kind"], suggestion: "PromotionFlow" })];
  }
  const message = `There is no kind ${quoted(typeof kind === "string" ? kind : "")} here. Write PromotionFlow.`;
  return [...text.faults(), text.problem({ code: "unknown-kind", message, at: ["kind"], suggestion: "PromotionFlow" })];
}

/** Sorted by place, each finding once, errors kept before warnings where there are too many. */
function inOrder(problems: readonly Problem[]): Problem[] {
  const byPlace = (one: Problem, other: Problem): number => one.from - other.from || (one.code < other.code ? -1 : Number(one.code > other.code));
  const unique = [...new Map(problems.map((one) => [`${one.from} ${one.to} ${one.code} ${one.path} ${one.message}`, one])).values()];
  const kept = unique.sort((one, other) => Number(!isBlocking(one)) - Number(!isBlocking(other)) || byPlace(one, other));
  return kept.slice(0, MOST_PROBLEMS).sort(byPlace);
}

/** A dependency that is no step's name and no name at all, told once: which names there are helps more than what a name may be. */
function withoutRepeats(problems: readonly Problem[]): readonly Problem[] {
  const unknown = new Set(problems.filter((one) => one.code === "unknown-dependency").map((one) => one.path));
  return problems.filter((one) => one.code !== "bad-name" || !unknown.has(one.path));
}

/** In the order of the text, errors and warnings. */
export function flowProblems(source: string, known: Known): Problem[] {
  const syntax = syntaxProblems(source);
  const text = syntax.length === 0 ? ManifestText.read(source) : undefined;
  if (!text) return syntax;
  const other = notAFlow(text);
  if (other.length > 0) return inOrder(other);
  const schema = schemaProblems(text, "PromotionFlow", flowSchema as Schema, common as unknown as Schema);
  const rules = flowFindings(text, known).map((finding) => text.problem(finding));
  return inOrder(withoutRepeats([...text.faults(), ...text.letPass(), ...schema, ...text.besideWrapper(), ...rules]));
}

export const isBlocking = (problem: Problem): boolean => problem.severity === "error";
