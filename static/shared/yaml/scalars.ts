// Writes one scalar as YAML text that reads back as the same value in YAML 1.1 and 1.2.
import { parseDocument } from "yaml";

export type Quote = "plain" | "single" | "double";
export type ScalarValue = string | number | boolean;

/** What no manifest may hold as it is: unprintable characters, and those that end a line for some readers of YAML only. */
export const ESCAPED = /[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u;

/** In double quotes, with an escape for whatever cannot stand there itself. */
function inDoubleQuotes(value: string): string {
  const hex = (letter: string): string => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(value).replace(new RegExp(ESCAPED, "gu"), hex);
}

const MOST_KNOWN = 1000;
const known = new Map<string, boolean>();

/** The same few names are asked about again and again. */
function isPlain(value: string, inFlow: boolean): boolean {
  const question = `${inFlow ? "[" : ":"}${value}`;
  const answer = known.get(question) ?? readsBack(value, inFlow);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(question, answer);
  return answer;
}

function readsBack(value: string, inFlow: boolean): boolean {
  const probe = inFlow ? `[${value}]` : `k: ${value}`;
  return (["1.1", "1.2"] as const).every((version) => {
    const doc = parseDocument(probe, { version, logLevel: "error" });
    const read = doc.errors.length === 0 && doc.getIn([inFlow ? 0 : "k"]);
    return read === value && !doc.comment;
  });
}

/** Servers and tools read YAML 1.1, where `on`, `1.00` and `12:30` are no strings; those are quoted. */
export function writeScalar(value: ScalarValue, quote: Quote = "plain", inFlow = false): string {
  if (typeof value !== "string") return String(value);
  if (ESCAPED.test(value)) return inDoubleQuotes(value);
  if (quote === "single" && !/[\n\r]/.test(value)) return `'${value.replaceAll("'", "''")}'`;
  const plain = quote === "plain" && /^[\p{L}\p{N}_]/u.test(value) && !/^(?:y|n)$/i.test(value) && !/[\n\r\t]/.test(value);
  if (plain && isPlain(value, inFlow)) return value;
  return JSON.stringify(value);
}
