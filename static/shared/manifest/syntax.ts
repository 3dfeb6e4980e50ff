// Sentences for what the YAML parser refuses; never decides by itself whether a text is valid.
import { parseDocument, type ErrorCode } from "yaml";
import { problemAt, type Problem } from "./manifest_text";

const MOST_BYTES = 1024 * 1024;

const SENTENCES: Partial<Record<ErrorCode, string>> = {
  BAD_INDENT: "This line does not fit the fields around it. Indent it exactly like them.",
  BAD_ALIAS: "There is no anchor of this name above. Write the value out.",
  BAD_DQ_ESCAPE: "There is no such escape in double quotes. Write the backslash twice, or use single quotes.",
  BAD_SCALAR_START: "No plain text can begin with this character. Put the value in quotes.",
  BLOCK_AS_IMPLICIT_KEY: 'A ":" stands where no field can begin. Indent the line like its neighbours, or put the text in quotes.',
  BLOCK_IN_FLOW: "A list or mapping in brackets cannot hold indented lines. Close the bracket first.",
  DUPLICATE_KEY: "This field stands here twice. Remove one of the two.",
  MISSING_CHAR: "Something that opens here is never closed: a quote, a bracket, or a field without its colon.",
  MULTILINE_IMPLICIT_KEY: 'A field needs a ":" after its name, on the same line.',
  MULTIPLE_DOCS: "One document is meant here. Remove this line and what follows.",
  TAB_AS_INDENT: "YAML cannot be indented with tabs. Use spaces.",
  UNEXPECTED_TOKEN: "This does not belong here. Look for a quote, bracket or colon left open above.",
};

/** The parser calls a bracket that is never closed a matter of indentation. */
function unclosed(message: string): string | undefined {
  const bracket = /must be sufficiently indented and end with a ([\]}])/.exec(message)?.[1];
  return bracket && `What opens above with "${bracket === "]" ? "[" : "{"}" is not closed. Add "${bracket}".`;
}

/** What makes the text no YAML at all; empty where it parses. */
export function syntaxProblems(source: string): Problem[] {
  if (new TextEncoder().encode(source).length > MOST_BYTES) {
    const message = "The text is larger than 1 MiB. No manifest needs that much: remove what does not belong here.";
    return [problemAt(source, 0, 1, { severity: "error", code: "too-large", message, path: "", suggestion: undefined })];
  }
  const doc = parseDocument(source, { logLevel: "silent", merge: true, prettyErrors: false });
  return doc.errors.map((error) => {
    const message = unclosed(error.message) ?? SENTENCES[error.code] ?? error.message.replace(/\.?$/, ".");
    const code = error.code === "DUPLICATE_KEY" ? "duplicate-key" : error.code === "TAB_AS_INDENT" ? "tab" : "syntax";
    // A field given twice is reported at its first character; the whole word is meant.
    const word = code === "duplicate-key" ? /^[\w.-]*/.exec(source.slice(error.pos[0]))?.[0].length ?? 0 : 0;
    return problemAt(source, error.pos[0], Math.max(error.pos[1], error.pos[0] + word), { severity: "error", code, message, path: "", suggestion: undefined });
  });
}
