// Blocks of text behind `|` or `>`: where one ends, and the same kind of block with another text; never any other scalar.
import type { CST } from "yaml";
import { ESCAPED } from "./scalars";

interface Header {
  offset: number;
  source: string;
  /** ` # ...` behind it, or "". */
  remark: string;
}

function headerOf(token: CST.BlockScalar): Header {
  const find = (type: string): CST.SourceToken | undefined =>
    token.props.find((one): one is CST.SourceToken => one.type === type && "source" in one);
  const header = find("block-scalar-header");
  const comment = find("comment");
  return { offset: header?.offset ?? token.offset, source: header?.source ?? "|", remark: comment ? ` ${comment.source}` : "" };
}

/** Columns before its lines; undefined where it has none that shows them. */
function indentOf(token: CST.BlockScalar): number | undefined {
  const digit = /\d/.exec(headerOf(token).source)?.[0];
  if (digit !== undefined) return Math.max(0, token.indent) + Number(digit);
  return /^( *)[^\s]/m.exec(token.source)?.[1]?.length;
}

/** Where the text of a block begins: behind the line break of its header. */
function bodyStart(token: CST.BlockScalar): number {
  const last = token.props.at(-1);
  return last && "source" in last ? last.offset + last.source.length : token.offset;
}

/** Blank lines below are the author's spacing between items, except where `+` or their own columns make them data. */
export function blockEnd(token: CST.BlockScalar): number {
  const { source } = token;
  if (headerOf(token).source.includes("+")) return bodyStart(token) + source.length;
  const indent = indentOf(token) ?? source.length;
  let end = source.length;
  while (end > 0) {
    const start = end < 2 ? 0 : source.lastIndexOf("\n", end - 2) + 1;
    const line = source.slice(start, end).replace(/\r?\n$/, "");
    if (line.trim() !== "" || (line.length > indent && line.startsWith(" ".repeat(indent)))) break;
    end = start;
  }
  return bodyStart(token) + end;
}

const END = /\n*$/;

/** Offsets in a folded text, without its last line breaks, at which its lines are broken for the eye alone. */
function wraps(token: CST.BlockScalar, indent: number, body: string): number[] {
  const found: number[] = [];
  let read = "";
  let breaks = 0;
  for (const line of token.source.split(/\r?\n/)) {
    const text = line.slice(indent);
    if (text !== "") {
      if (breaks === 1 && read.trim() !== "") found.push(read.length);
      read += (breaks === 1 && read.trim() !== "" ? " " : "\n".repeat(read.trim() === "" ? breaks : breaks - 1)) + text;
      breaks = 0;
    }
    breaks += 1;
  }
  return read === body ? found : [];
}

/** The breaks that stay, where the new text has the words around them still. */
function keptWraps(found: readonly number[], old: string, body: string): Set<number> {
  const most = Math.min(old.length, body.length);
  let head = 0;
  while (head < most && old[head] === body[head]) head += 1;
  let tail = 0;
  while (tail < most - head && old.at(-1 - tail) === body.at(-1 - tail)) tail += 1;
  const moved = found.flatMap((at) => (at < head ? [at] : at >= old.length - tail ? [at + body.length - old.length] : []));
  return new Set(moved.filter((at) => /^\S \S$/.test(body.slice(at - 1, at + 2))));
}

/** The lines of a folded block; undefined where a line stands deeper, and its breaks would mean something else. */
function folded(token: CST.BlockScalar, indent: number, old: string, body: string): string[] | undefined {
  if (/^[ \t]/m.test(body)) return undefined;
  const before = old.replace(END, "");
  const kept = keptWraps(wraps(token, indent, before), before, body);
  const lead = /^\n*/.exec(body)?.[0].length ?? 0;
  const wrapped = [...body.slice(lead).matchAll(/\n+|[^\n]/gs)].map(({ 0: part, index }) =>
    part.startsWith("\n") ? `\n${part}` : kept.has(index + lead) ? "\n" : part,
  );
  return [...Array.from({ length: lead }, () => ""), ...wrapped.join("").split("\n")];
}

/** Spaces before the first word, and nothing else in the last line: not every reader of YAML sees the last ones. */
const UNSEEN = /^\n*[ \t].*\n[ \t]+\n*$/s;

interface Written {
  /** From the header on. */
  start: number;
  text: string;
  /** Whether blank lines that follow would belong to the text. */
  keepsBlanks: boolean;
}

/** `value` in the block of `old`, in its columns; undefined where no block can hold it exactly. */
export function rewriteBlock(token: CST.BlockScalar, old: string, value: string, newline: string): Written | undefined {
  if (ESCAPED.test(value) || value.includes("\r") || UNSEEN.test(value) || value.trim() === "") return undefined;
  const header = headerOf(token);
  const parent = Math.max(0, token.indent);
  const indent = indentOf(token) ?? parent + 2;
  const ends = END.exec(value)?.[0].length ?? 0;
  const body = value.slice(0, value.length - ends);
  const lines = (header.source.startsWith(">") && folded(token, indent, old, body)) || undefined;
  const kind = lines ? ">" : "|";
  const digit = /\d/.test(header.source) || /^\n*[ \t]/.test(value) ? String(indent - parent) : "";
  if (digit.length > 1) return undefined;
  const chomp = ends === 0 ? "-" : ends === 1 ? "" : "+";
  const same = [`${kind}${digit}${chomp}`, `${kind}${chomp}${digit}`].includes(header.source);
  const written = (lines ?? body.split("\n")).map((line) => (line === "" ? "" : " ".repeat(indent) + line));
  const first = (same ? header.source : `${kind}${digit}${chomp}`) + header.remark;
  const unended = ends === 0 && !token.source.endsWith("\n");
  const text = [first, ...written].join(newline) + newline.repeat(unended ? 0 : Math.max(1, ends));
  return { start: header.offset, text, keepsBlanks: ends > 1 };
}

/** ` # ...` behind the `|` or `>`, for whatever takes the block's place. */
export const blockRemark = (token: CST.BlockScalar): string => headerOf(token).remark;
