// Inserts into, removes from and reorders block lists and maps as whole lines: comments go with the entry that they describe.
import type { CST } from "yaml";
import type { Edit } from "./edit";
import {
  beforeBreak, blankAbove, blankBelow, columnOf, isCommentLine, itemEnd, itemStart, lineStart, nextLine, ownedEnd, ownedStart,
} from "./tokens";

type Items = readonly CST.CollectionItem[];

interface Lines {
  /** First character of the entry itself: its dash or key. */
  content: number;
  /** From the comments over it, or from `content` where the entry shares its first line with a dash before it. */
  start: number;
  /** Behind its last line's break, or the end of the text. */
  end: number;
}

function linesOf(source: string, items: Items, index: number): Lines | undefined {
  const item = items[index];
  const content = item && itemStart(item);
  const end = item && itemEnd(item);
  if (content === undefined || end === undefined) return undefined;
  const column = columnOf(source, content);
  const before = items[index - 1];
  const beforeEnd = before && itemEnd(before);
  const floor = beforeEnd === undefined ? 0 : ownedEnd(source, beforeEnd, column);
  return { content, start: ownedStart(source, content, floor), end: ownedEnd(source, end, column) };
}

const sharesLine = (source: string, lines: Lines): boolean => source.slice(lineStart(source, lines.content), lines.content).trim() !== "";

/** Where the blank lines above an entry begin: those that a block of text before it keeps as its own are none. */
function spacingAbove(source: string, items: Items, index: number, lines: Lines): number {
  const before = items[index - 1];
  return Math.max(blankAbove(source, lines.start), (before && itemEnd(before)) ?? 0);
}

/** Whether a blank line stands somewhere between an entry and the one before it. */
function isSpaced(source: string, items: Items, index: number): boolean | undefined {
  const lines = index > 0 ? linesOf(source, items, index) : undefined;
  return lines && spacingAbove(source, items, index, lines) < lines.start;
}

/** A new entry stands apart from its neighbours by a blank line where they stand so themselves. */
function spacing(source: string, items: Items, at: readonly number[], newline: string): string {
  const gaps = at.map((index) => isSpaced(source, items, index)).filter((gap) => gap !== undefined);
  return gaps.length > 0 && gaps.every(Boolean) ? newline : "";
}

/** `written` begins with its dash or key and has no indentation yet. Undefined where the entry before is no lines. */
export function insertAfter(source: string, items: Items, index: number, column: number, written: string, newline: string): Edit | undefined {
  const lines = linesOf(source, items, index);
  if (!lines) return undefined;
  const at = lines.end;
  const line = " ".repeat(column) + written;
  const unended = at === source.length && source[at - 1] !== "\n";
  return { start: at, end: at, text: unended ? newline + line : line + newline };
}

/** As insertAfter, and as far from its neighbours as they are from theirs. */
export function insertEntryAfter(source: string, items: Items, index: number, column: number, written: string, newline: string): Edit | undefined {
  const edit = insertAfter(source, items, index, column, written, newline);
  return edit && { ...edit, text: spacing(source, items, [index, index + 1], newline) + edit.text };
}

/** Above the comments over the entry: they speak of that entry. */
export function insertEntryBefore(source: string, items: Items, index: number, column: number, written: string, newline: string): Edit | undefined {
  const lines = linesOf(source, items, index);
  if (!lines) return undefined;
  const at = lines.start;
  if (sharesLine(source, lines)) return { start: at, end: at, text: written + newline + " ".repeat(column) };
  return { start: at, end: at, text: " ".repeat(column) + written + newline + spacing(source, items, [index, index + 1], newline) };
}

export function removeFromBlock(source: string, items: Items, index: number): Edit | undefined {
  const lines = linesOf(source, items, index);
  if (!lines) return undefined;
  if (sharesLine(source, lines)) return removeBehindDash(source, lines);
  const above = spacingAbove(source, items, index, lines);
  const below = blankBelow(source, lines.end);
  if (lines.end === source.length && source[lines.end - 1] !== "\n") {
    // A text that does not end its last line still does not, blank lines above the entry or not.
    return { start: beforeBreak(source, above), end: lines.end, text: "" };
  }
  const isLast = !items.slice(index + 1).some((item) => itemStart(item) !== undefined);
  return withoutSpacing(source, lines, above, below, index === 0 ? "below" : isLast ? "above" : "shorter");
}

/**
 * Of the blank lines around an entry those go that set it apart from the rest of the list. A comment that stands by itself
 * keeps a blank line behind it, else it would seem to describe what comes next.
 */
function withoutSpacing(source: string, lines: Lines, above: number, below: number, between: "above" | "below" | "shorter"): Edit {
  const remark = above > 0 && isCommentLine(source, above - 1);
  const count = (from: number, to: number): number => source.slice(from, to).split("\n").length;
  const shorter = count(above, lines.start) <= count(lines.end, below) ? "above" : "below";
  const gone = between === "shorter" || remark ? shorter : between;
  return gone === "above" ? { start: above, end: lines.end, text: "" } : { start: lines.start, end: below, text: "" };
}

/** The next key moves up beside the dash, or the dash stands alone over that key's comments. */
function removeBehindDash(source: string, lines: Lines): Edit {
  const next = blankBelow(source, lines.end);
  if (isCommentLine(source, next)) {
    const dash = source.slice(0, lines.content).trimEnd().length;
    return { start: dash, end: beforeBreak(source, lines.end), text: "" };
  }
  return { start: lines.content, end: next + (/^ */.exec(source.slice(next, nextLine(source, next)))?.[0].length ?? 0), text: "" };
}

/** The last entry leaves `[]` or `{}` behind the owner's colon; comments that stand between by themselves stay below it. */
export function removeOnly(source: string, items: Items, colon: number, written: string): Edit | undefined {
  const lines = linesOf(source, items, 0);
  if (!lines) return undefined;
  const between = source.slice(colon, Math.max(colon, lines.start));
  if (/\n[ \t]*#/.test(between) && source[lines.end - 1] === "\n") {
    return { start: colon, end: lines.end, text: ` ${written}${between}` };
  }
  const kept = between.replace(/(?:[ \t]*\r?\n)+$/, "");
  return { start: colon, end: beforeBreak(source, lines.end), text: ` ${written}${kept}` };
}

/** As many swaps with the next neighbour as it takes: what stands between two places of the list stays there. */
export function moveInBlock(source: string, items: Items, from: number, to: number): Edit[] | undefined {
  const [first, last] = [Math.min(from, to), Math.max(from, to)];
  const all: Lines[] = [];
  for (let index = first; index <= last; index += 1) {
    const lines = linesOf(source, items, index);
    if (!lines || sharesLine(source, lines)) return undefined;
    all.push({ ...lines, end: beforeBreak(source, lines.end) });
  }
  return from < to ? moveDown(source, all) : moveUp(source, all);
}

const gapAbove = (source: string, all: readonly Lines[], index: number): string => source.slice(all[index - 1]?.end, all[index]?.start);

/** Past all neighbours that are set apart alike in one go, else one by one. */
function moveUp(source: string, all: readonly Lines[]): Edit[] {
  const edits: Edit[] = [];
  const moved = all.at(-1);
  if (!moved) return edits;
  const text = source.slice(moved.start, moved.end);
  let end = moved.end;
  for (let at = all.length - 1; at > 0; ) {
    const gap = gapAbove(source, all, at);
    let past = at - 1;
    while (past > 0 && gapAbove(source, all, past) === gap) past -= 1;
    const start = all[past]?.start ?? 0;
    edits.push({ start: end - text.length - gap.length, end, text: "" }, { start, end: start, text: text + gap });
    end = start + text.length;
    at = past;
  }
  return edits;
}

function moveDown(source: string, all: readonly Lines[]): Edit[] {
  const edits: Edit[] = [];
  const moved = all[0];
  if (!moved) return edits;
  const text = source.slice(moved.start, moved.end);
  let start = moved.start;
  for (let at = 0; at < all.length - 1; ) {
    const gap = gapAbove(source, all, at + 1);
    let past = at + 1;
    while (past < all.length - 1 && gapAbove(source, all, past + 1) === gap) past += 1;
    const target = (all[past]?.end ?? 0) - text.length - gap.length;
    edits.push({ start, end: start + text.length + gap.length, text: "" }, { start: target, end: target, text: gap + text });
    start = target + gap.length;
    at = past;
  }
  return edits;
}
