// Inserts into and removes from `[...]` and `{...}` texts, leaving their line breaks and comments where they are.
import type { CST } from "yaml";
import type { Edit } from "./edit";
import { itemEnd, itemStart, lineStart, nextLine } from "./tokens";

type Items = readonly CST.CollectionItem[];

/** Items that hold a value; a trailing comma leaves one that holds nothing. */
const held = (token: CST.FlowCollection): Items => token.items.filter((item) => item.key ?? item.value ?? item.sep);

export function insertIntoFlow(source: string, token: CST.FlowCollection, index: number, written: string, pad: string): Edit {
  const items = held(token);
  const open = token.start.offset + token.start.source.length;
  const previous = items[index - 1];
  const next = items[index];
  if (previous) {
    const at = itemEnd(previous) ?? open;
    return { start: at, end: at, text: `, ${written}` };
  }
  if (next) {
    const at = itemStart(next) ?? open;
    return { start: at, end: at, text: `${written}, ` };
  }
  const close = token.end.find((one) => one.type === "flow-seq-end" || one.type === "flow-map-end")?.offset ?? open;
  const bare = source.slice(open, close).trim() === "";
  return bare ? { start: open, end: close, text: pad + written + pad } : { start: close, end: close, text: written };
}

function wholeLine(source: string, start: number, end: number): Edit {
  const from = lineStart(source, start);
  const to = nextLine(source, end);
  const alone = source.slice(from, start).trim() === "" && source.slice(end, to).trim() === "";
  return alone ? { start: from, end: to, text: "" } : { start, end, text: "" };
}

export function removeFromFlow(source: string, token: CST.FlowCollection, index: number): Edit {
  const items = held(token);
  const item = items[index];
  const start = item && itemStart(item);
  const end = item && itemEnd(item);
  if (start === undefined || end === undefined) return { start: token.offset, end: token.offset, text: "" };
  const next = items[index + 1];
  const previous = items[index - 1];
  const comma = (next ?? token.items[index + 1])?.start.find((one) => one.type === "comma");
  if (next && comma) {
    const spaces = /^ */.exec(source.slice(comma.offset + 1))?.[0].length ?? 0;
    return wholeLine(source, start, comma.offset + 1 + spaces);
  }
  const previousEnd = previous && itemEnd(previous);
  const between = previousEnd === undefined ? "" : source.slice(previousEnd, start);
  // A comment or line break behind the entry before stays; the comma there may stay too, as a trailing one.
  if (previousEnd === undefined || /[#\n]/.test(between)) return wholeLine(source, start, comma ? comma.offset + 1 : end);
  return { start: previousEnd, end, text: "" };
}
