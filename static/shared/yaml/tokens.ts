// Where things stand in YAML text: offsets of tokens and the lines that belong to an item; never changes text.
import type { CST } from "yaml";
import { blockEnd } from "./block_scalar";

type Item = CST.CollectionItem;

const BLANK = new Set<string>(["space", "newline", "comment", "comma"]);

function lastSolid(tokens: readonly CST.SourceToken[] | undefined): number | undefined {
  for (const token of [...(tokens ?? [])].reverse()) {
    if (!BLANK.has(token.type)) return token.offset + token.source.length;
  }
  return undefined;
}

function firstSolid(tokens: readonly CST.SourceToken[] | undefined): number | undefined {
  return tokens?.find((token) => !BLANK.has(token.type))?.offset;
}

/** Offset just after the last character of a value; comments and blank lines after it do not count. */
export function tokenEnd(token: CST.Token): number {
  switch (token.type) {
    case "block-scalar":
      return blockEnd(token);
    case "block-map":
    case "block-seq":
      for (const item of [...token.items].reverse()) {
        const end = itemEnd(item);
        if (end !== undefined) return end;
      }
      return token.offset;
    case "flow-collection":
      return lastSolid(token.end) ?? token.offset;
    case "scalar":
    case "alias":
    case "single-quoted-scalar":
    case "double-quoted-scalar":
      return token.offset + token.source.length;
    default:
      return token.offset;
  }
}

/** First character of an item: its dash, anchor, `?` or key; undefined where only comments are left. */
export function itemStart(item: Item): number | undefined {
  return firstSolid(item.start) ?? item.key?.offset ?? firstSolid(item.sep) ?? item.value?.offset;
}

export function itemEnd(item: Item): number | undefined {
  if (item.value) return tokenEnd(item.value);
  return lastSolid(item.sep) ?? (item.key ? tokenEnd(item.key) : lastSolid(item.start));
}

/** Offset just after the colon of a pair. */
export function colonEnd(item: Item): number | undefined {
  const colon = item.sep?.find((token) => token.type === "map-value-ind");
  return colon && colon.offset + colon.source.length;
}

export const lineStart = (source: string, offset: number): number => source.lastIndexOf("\n", offset - 1) + 1;

/** Offset of the next line's first character, or the text's length on its last line. */
export function nextLine(source: string, offset: number): number {
  const at = source.indexOf("\n", offset);
  return at < 0 ? source.length : at + 1;
}

export const columnOf = (source: string, offset: number): number => offset - lineStart(source, offset);

/** The comment sign of a line that holds nothing else, as columns from its start. */
const commentColumn = (line: string): number | undefined => /^( *)#/.exec(line)?.[1]?.length;

const isBlank = (line: string): boolean => line.trim() === "";

/** End of the lines that an item owns: its content, the comment behind it, and comment lines below that are set deeper than it. */
export function ownedEnd(source: string, contentEnd: number, column: number): number {
  let end = source[contentEnd - 1] === "\n" ? contentEnd : nextLine(source, contentEnd);
  for (let at = end; at < source.length; ) {
    const next = nextLine(source, at);
    const line = source.slice(at, next);
    const indent = commentColumn(line);
    if (indent === undefined ? !isBlank(line) : indent <= column) break;
    if (indent !== undefined) end = next;
    at = next;
  }
  return end;
}

/** Start of the lines that an item owns: the comments directly over it are about it, but none above `floor`. */
export function ownedStart(source: string, start: number, floor: number): number {
  const own = lineStart(source, start);
  if (!isBlank(source.slice(own, start))) return start;
  let at = own;
  while (at > floor) {
    const above = lineStart(source, at - 1);
    const indent = commentColumn(source.slice(above, at));
    if (indent === undefined || indent < start - own) break;
    at = above;
  }
  return at;
}

export const isCommentLine = (source: string, at: number): boolean =>
  commentColumn(source.slice(lineStart(source, at), nextLine(source, at))) !== undefined;

/** Where the blank lines directly above a line's start begin. */
export function blankAbove(source: string, at: number): number {
  let from = at;
  while (from > 0 && isBlank(source.slice(lineStart(source, from - 1), from))) from = lineStart(source, from - 1);
  return from;
}

/** Where the blank lines from a line's start on end. */
export function blankBelow(source: string, at: number): number {
  let to = at;
  while (to < source.length && isBlank(source.slice(to, nextLine(source, to)))) to = nextLine(source, to);
  return to;
}

/** The offset before the line break that ends at `at`, or `at` where none does. */
export const beforeBreak = (source: string, at: number): number => at - (/\r?\n$/.exec(source.slice(Math.max(0, at - 2), at))?.[0].length ?? 0);

export interface Place {
  line: number;
  column: number;
}

/** The 1-based line of any offset of a text, for many questions about one text. */
export function lineTable(source: string): (offset: number) => number {
  const starts = [0];
  for (let at = source.indexOf("\n"); at >= 0; at = source.indexOf("\n", at + 1)) starts.push(at + 1);
  return (offset) => {
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}

let lastTable: { source: string; lineOf: (offset: number) => number } | undefined;

/** 1-based line and column of an offset. */
export function placeOf(source: string, offset: number): Place {
  if (lastTable?.source !== source) lastTable = { source, lineOf: lineTable(source) };
  return { line: lastTable.lineOf(offset), column: columnOf(source, offset) + 1 };
}
