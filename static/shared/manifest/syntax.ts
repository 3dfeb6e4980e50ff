// Sentences for what the YAML parser refuses; never decides by itself whether a text is valid.
import { visit, type Document, type ErrorCode } from "yaml";
import { parseManifest } from "../yaml/parse";
import { manifestParts } from "../yaml/parts";
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
  TAG_RESOLVE_FAILED: "This tag is not known here. Remove it: a manifest needs no tags.",
  TAB_AS_INDENT: "YAML cannot be indented with tabs. Use spaces.",
  UNEXPECTED_TOKEN: "This does not belong here. Look for a quote, bracket or colon left open above.",
};

/** The parser calls a bracket that is never closed a matter of indentation. */
function unclosed(message: string): string | undefined {
  const bracket = /must be sufficiently indented and end with a ([\]}])/.exec(message)?.[1];
  return bracket && `What opens above with "${bracket === "]" ? "[" : "{"}" is not closed. Add "${bracket}".`;
}

const CODES: Partial<Record<ErrorCode, string>> = {
  BAD_ALIAS: "alias",
  DUPLICATE_KEY: "duplicate-key",
  MULTIPLE_DOCS: "several-documents",
  TAB_AS_INDENT: "tab",
  TAG_RESOLVE_FAILED: "tag",
};

// What YAML can hold at all; the server refuses the rest.
const UNPRINTABLE = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

function error(source: string, from: number, to: number, code: string, message: string): Problem {
  return problemAt(source, from, to, { severity: "error", code, message, path: "", suggestion: undefined });
}

/** What makes the text no YAML at all, or YAML that no manifest needs; empty where it can be read. */
export function syntaxProblems(source: string): Problem[] {
  if (new TextEncoder().encode(source).length > MOST_BYTES) {
    const message = "The text is larger than 1 MiB. No manifest needs that much: remove what does not belong here.";
    return [error(source, 0, 1, "too-large", message)];
  }
  const odd = UNPRINTABLE.exec(source);
  if (odd) return [error(source, odd.index, odd.index + 1, "character", "YAML cannot hold this character. Remove it, or write it as an escape in double quotes.")];
  if (manifestParts(source)) return [];
  const doc = parseManifest(source);
  const found = [...doc.errors, ...doc.warnings.filter((one) => one.code === "TAG_RESOLVE_FAILED")].map((one) => {
    const message = unclosed(one.message) ?? SENTENCES[one.code] ?? one.message.replace(/\.?$/, ".");
    // A field given twice is reported at its first character; the whole word is meant.
    const word = one.code === "DUPLICATE_KEY" ? /^[\w.-]*/.exec(source.slice(one.pos[0]))?.[0].length ?? 0 : 0;
    return error(source, one.pos[0], Math.max(one.pos[1], one.pos[0] + word), CODES[one.code] ?? "syntax", message);
  });
  // A tab misleads the parser about everything after it.
  const tabs = found.filter((one) => one.code === "tab");
  if (tabs.length > 0) return tabs;
  return found.length > 0 ? found : aliasProblems(source, doc);
}

/** Aliases that cannot be spelt out: too many of them, or one that holds itself. */
function aliasProblems(source: string, doc: Document): Problem[] {
  try {
    doc.toJS();
    return [];
  } catch (failure) {
    let at = 0;
    visit(doc, {
      Alias(_key, node) {
        at = node.range?.[0] ?? 0;
        return visit.BREAK;
      },
    });
    if (!(failure instanceof Error)) throw failure;
    return [error(source, at, at + 1, "alias", `The aliases of this text cannot be spelt out (${failure.message}). Write the values out.`)];
  }
}
