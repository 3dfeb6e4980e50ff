// Sentences for what the reader refuses, as the server says them; never decides by itself whether a text is valid.
import { lineIndex, lineStarts } from "./lines";
import { problemAt, type Problem } from "./manifest_text";
import { BadYaml } from "./reader/cursor";
import { firstKey } from "./reader/nodes";
import { readManifest } from "./reader/read";
import { readInParts } from "./reader/read_parts";

const MOST_BYTES = 1024 * 1024;

/** The sentence for each reason, and whether it is told where the unfinished thing begins. */
const SENTENCES: Record<string, readonly [sentence: string, atBegin: boolean]> = {
  "value not here": ['A ":" stands where no field can begin. Indent the line like its neighbours, or put the text in quotes if the ":" belongs to it.', false],
  "open quote": ["The quote that opens here is never closed. Close it.", true],
  "open ]": ['The list that opens here with "[" is not closed. Add "]", or the comma that is missing inside.', true],
  "open }": ['The mapping that opens here with "{" is not closed. Add "}", or the comma that is missing inside.', true],
  "no dash": ['A list goes on here with something that is no item. Begin the line with "- ", or indent it differently so that the list ends before it.', false],
  "no key": ["This line does not fit the fields around it. Indent it exactly like them, and look for a quote or bracket left open above.", false],
  "no colon": ['A field needs a ":" after its name. Add it, followed by a space.', true],
  "no token": ["No plain text can begin with this character. Put the value in quotes.", false],
  "unknown escape": ["There is no such escape in double quotes. Write the backslash twice, or use single quotes.", false],
  "bad escape": ["This escape names no character. Write the backslash twice, or use single quotes.", false],
  "tag handle": ["This tag is not known here. Remove it: a manifest needs no tags.", true],
  tag: ["This tag cannot be read. Remove it: a manifest needs no tags.", false],
  "list not here": ['A list item cannot begin here. Begin it on a line of its own, or put the text in quotes if the "-" belongs to it.', false],
  "key not here": ['A field cannot begin here with "?". Put the text in quotes if the "?" belongs to it.', false],
  "no content": ["A value is missing here. Write one, or remove what stands around it.", false],
  "colon in plain text": ['A ":" inside brackets needs a space behind it. Add one, or put the text in quotes.', false],
  "marker in quotes": ["A document begins or ends here inside quotes that opened above. Close them, or indent this line.", false],
  "block header": ['Behind "|" or ">" only a line break may follow, after "+", "-" or a digit perhaps. Begin the text on the next line.', false],
  anchor: ['An anchor or alias needs a name of letters, digits, "-" and "_". Put the text in quotes if it is meant as text.', false],
  directive: ['A line that begins with "%" is for YAML itself. Remove it: a manifest needs none.', false],
  "no document start": ['A new document begins with "---". Add it above this line, or remove what does not belong here.', false],
};
const TAB = "A tab stands in the indentation. Use spaces; YAML has no tabs there, and editors show them in different widths.";

// What YAML can hold at all, and what ends a line or begins a document for some of its readers only.
const UNPRINTABLE = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
const AMBIGUOUS = /\r(?!\n)|[\x85\u2028\u2029]|(?<!^)\ufeff/;
const INDENT_TAB = /(?<![^\n])[ \ufeff]*\t[ \t]*(?=[^ \t\r\n#])/g;

function error(source: string, from: number, to: number, code: string, message: string): Problem {
  return problemAt(source, from, to, { severity: "error", code, message, path: "", suggestion: undefined });
}

/** What makes the text no YAML at all, or YAML that no manifest may be; empty where its content can be judged. */
export function syntaxProblems(source: string): Problem[] {
  if (new TextEncoder().encode(source).length > MOST_BYTES) {
    const message = "The text is larger than 1 MiB. No manifest needs that much: remove what does not belong here.";
    return [error(source, 0, 1, "too-large", message)];
  }
  const odd = characterProblem(source);
  if (odd) return [odd];
  if (readInParts(source)) return [];
  const { trees, stopped, longScalars } = readManifest(source);
  if (stopped instanceof BadYaml) return [refused(source, stopped)];
  if (stopped) return [error(source, stopped.from, stopped.to, stopped.code, stopped.message)];
  const tab = tabProblem(source, longScalars);
  if (tab) return [tab];
  const [, second] = trees;
  if (!second) return [];
  const at = (second.root.kind === "mapping" && firstKey(second.root)?.start) || second.root.start;
  const message = "A second document begins here, and one PromotionFlow is meant. Remove the others.";
  return [error(source, at, at + 1, "several-documents", message)];
}

function characterProblem(source: string): Problem | undefined {
  const unprintable = UNPRINTABLE.exec(source);
  const found = unprintable ?? AMBIGUOUS.exec(source);
  if (!found) return undefined;
  const code = (found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  const why = unprintable
    ? "is not allowed in YAML. Remove it."
    : "ends a line for some readers of YAML and not for others. Remove it, or put a plain line break in its place.";
  return error(source, found.index, found.index + 1, "character", `The character U+${code} ${why}`);
}

function refused(source: string, { reason, at, begin }: BadYaml): Problem {
  const before = source.slice(lineStarts(source)[lineIndex(source, at)] ?? 0, at);
  if (source[at] === "\t" || /^[ \t\ufeff]*\t[ \t\ufeff]*$/.test(before)) return tabAt(source, at);
  const [sentence, atBegin] = SENTENCES[reason] ?? [`This is not valid YAML (${reason}).`, false];
  const from = atBegin ? begin : at;
  return error(source, from, from + 1, reason === "tag handle" ? "tag" : "syntax", sentence);
}

/** At the first tab of the line. */
function tabAt(source: string, at: number): Problem {
  const from = source.indexOf("\t", lineStarts(source)[lineIndex(source, at)]);
  const width = /^[ \t\ufeff]*/.exec(source.slice(from))?.[0].length ?? 1;
  return { ...error(source, from, from + width, "tab", TAB), suggestion: "  " };
}

/** The server's parser lets tabs pass inside brackets; they are refused everywhere but in text that spans lines. */
function tabProblem(source: string, longScalars: readonly (readonly [number, number])[]): Problem | undefined {
  let next = 0;
  for (const { index } of source.matchAll(INDENT_TAB)) {
    while ((longScalars[next]?.[1] ?? Infinity) <= index) next += 1;
    if ((longScalars[next]?.[0] ?? Infinity) >= index) return tabAt(source, index);
  }
  return undefined;
}
