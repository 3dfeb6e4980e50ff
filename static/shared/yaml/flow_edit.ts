// Inserts into, removes from and reorders `[...]` and `{...}` texts, leaving their line breaks and comments where they are.
import type { CST } from "yaml";
import type { Edit } from "./edit";
import { beforeBreak, columnOf, itemEnd, itemStart, lineStart, nextLine, ownedStart } from "./tokens";

type Items = readonly CST.CollectionItem[];

/** Items that hold a value; a trailing comma leaves one that holds nothing. */
const held = (token: CST.FlowCollection): Items => token.items.filter((item) => item.key ?? item.value ?? item.sep);

interface OwnLine {
  /** Before the comments over the entry. */
  start: number;
  /** Before the line's break. */
  end: number;
  indent: string;
  comma: boolean;
}

/** An entry that has its lines for itself, with the comments over and behind it. */
function ownLine(source: string, item: CST.CollectionItem): OwnLine | undefined {
  const start = itemStart(item);
  const end = itemEnd(item);
  if (start === undefined || end === undefined || source.slice(lineStart(source, start), start).trim() !== "") return undefined;
  const lineEnd = beforeBreak(source, nextLine(source, end));
  const rest = /^[ \t]*(,?)[ \t]*(?:#.*)?$/.exec(source.slice(end, lineEnd));
  if (!rest) return undefined;
  return { start: ownedStart(source, start, 0), end: lineEnd, indent: " ".repeat(columnOf(source, start)), comma: rest[1] === "," };
}

export function insertIntoFlow(source: string, token: CST.FlowCollection, index: number, written: string, pad: string, newline: string): Edit[] {
  const items = held(token);
  const open = token.start.offset + token.start.source.length;
  const previous = items[index - 1];
  const next = items[index];
  if (previous) {
    const at = itemEnd(previous) ?? open;
    const line = ownLine(source, previous);
    if (!line || (next && !line.comma)) return [{ start: at, end: at, text: `, ${written}` }];
    const own = newline + line.indent + written;
    if (line.comma) return [{ start: line.end, end: line.end, text: `${own},` }];
    return [{ start: line.end, end: line.end, text: own }, { start: at, end: at, text: "," }];
  }
  if (next) {
    const line = ownLine(source, next);
    if (line) return [{ start: line.start, end: line.start, text: `${line.indent}${written},${newline}` }];
    const at = itemStart(next) ?? open;
    return [{ start: at, end: at, text: `${written}, ` }];
  }
  const close = token.end.find((one) => one.type === "flow-seq-end" || one.type === "flow-map-end")?.offset ?? open;
  const bare = source.slice(open, close).trim() === "";
  return [bare ? { start: open, end: close, text: pad + written + pad } : { start: close, end: close, text: written }];
}

function wholeLine(source: string, start: number, end: number): Edit {
  const from = lineStart(source, start);
  const to = nextLine(source, end);
  const alone = source.slice(from, start).trim() === "" && source.slice(end, to).trim() === "";
  return alone ? { start: from, end: to, text: "" } : { start, end, text: "" };
}

/** `isStrict`: no comma may be left behind the last entry, as JSON has none there. */
export function removeFromFlow(source: string, token: CST.FlowCollection, index: number, isStrict: boolean): Edit | undefined {
  const items = held(token);
  const item = items[index];
  const start = item && itemStart(item);
  const end = item && itemEnd(item);
  if (!item || start === undefined || end === undefined) return undefined;
  const line = ownLine(source, item);
  const next = items[index + 1];
  const previous = items[index - 1];
  const previousEnd = previous && itemEnd(previous);
  const between = previousEnd === undefined ? "" : source.slice(previousEnd, start);
  if (isStrict && previousEnd !== undefined && !next && !line?.comma && !between.includes("#")) return { start: previousEnd, end, text: "" };
  if (line && (line.comma || !next)) return { start: line.start, end: nextLine(source, line.end), text: "" };
  const comma = (next ?? token.items[index + 1])?.start.find((one) => one.type === "comma");
  if (next && comma) {
    // A comment that stays needs a space before it.
    const spaces = /^ *(?!#| )/.exec(source.slice(comma.offset + 1))?.[0].length ?? 0;
    return wholeLine(source, start, comma.offset + 1 + spaces);
  }
  // A comment or line break behind the entry before stays; the comma there may stay too, as a trailing one.
  if (previousEnd === undefined || /[#\n]/.test(between)) return wholeLine(source, start, comma ? comma.offset + 1 : end);
  return { start: previousEnd, end, text: "" };
}

/** Undefined where comments stand between the entries: whose they are cannot be told from the text. */
export function moveInFlow(source: string, token: CST.FlowCollection, from: number, to: number): Edit[] | undefined {
  const items = held(token).slice(Math.min(from, to), Math.max(from, to) + 1);
  const ranges = items.map((item): [number, number] => [itemStart(item) ?? 0, itemEnd(item) ?? 0]);
  const gaps = ranges.slice(1).map(([start], index) => source.slice(ranges[index]?.[1], start));
  if (gaps.some((gap) => gap.includes("#"))) return undefined;
  const texts = ranges.map(([start, end]) => source.slice(start, end));
  const turned = from < to ? [...texts.slice(1), ...texts.slice(0, 1)] : [...texts.slice(-1), ...texts.slice(0, -1)];
  const text = turned.map((one, index) => one + (gaps[index] ?? "")).join("");
  return [{ start: ranges[0]?.[0] ?? 0, end: ranges.at(-1)?.[1] ?? 0, text }];
}
