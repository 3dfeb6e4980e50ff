// Edits YAML as text: each operation splices the smallest range and keeps every other byte; never re-serialises.
import { isCollection, isMap, isScalar, isSeq, type Document, type Node, type Pair, type ParsedNode } from "yaml";
import { parseManifest } from "./parse";
import { applyToData, sameData } from "./data";
import { insertIntoFlow, removeFromFlow } from "./flow_edit";
import { readStyle, writeAfterColon, writeItem, writePairs, type Style, type Value } from "./style";
import { writeLiteral, writeScalar, type Quote } from "./scalars";
import { colonEnd, columnOf, itemEnd, itemStart, lineStart, ownedEnd, placeOf, tokenEnd } from "./tokens";

export type Path = readonly (string | number)[];

/** Replace source[start:end] by text; offsets are UTF-16 code units of the text as it is before this edit. */
export interface Edit {
  start: number;
  end: number;
  text: string;
}

export type Op =
  /** `after`: the keys that a new key would rather stand behind, the nearest first. */
  | { kind: "set"; path: Path; value: Value; quote?: Quote; after?: readonly string[] }
  /** `like`: where stands what the new item is written like, before the operation. */
  | { kind: "insert"; path: Path; index: number; value: Value; like?: Path }
  | { kind: "remove"; path: Path };

/** The text is written so that an edit at this place cannot be made exactly; the message names the line. */
export class EditRefused extends Error {
  constructor(
    message: string,
    readonly line?: number,
  ) {
    super(message);
    this.name = "EditRefused";
  }
}

export interface Text {
  source: string;
  doc: Document.Parsed;
  style: Style;
}

export const splice = (source: string, edit: Edit): string =>
  source.slice(0, edit.start) + edit.text + source.slice(edit.end);

export function readText(source: string): Text {
  const doc = parseManifest(source);
  const error = doc.errors[0];
  if (error) {
    const line = placeOf(source, error.pos[0]).line;
    throw new EditRefused(`Line ${line} is not valid YAML. Mend it in the text first.`, line);
  }
  return { source, doc, style: readStyle(source, doc) };
}

function plainData(doc: Document.Parsed): unknown {
  try {
    return doc.toJS();
  } catch (error) {
    throw new EditRefused(`The aliases in this text cannot be resolved: ${(error as Error).message}.`);
  }
}

/** Applies the operations one by one; each edit's offsets refer to the text that the edits before it left. */
export function editText(source: string, ops: readonly Op[]): { source: string; edits: Edit[] } {
  const edits: Edit[] = [];
  let text = readText(source);
  let data = plainData(text.doc);
  for (const op of ops) {
    const edit = planEdit(text, op);
    const wanted = applyToData(data, op);
    const next = readBack(splice(text.source, edit), text, edit);
    data = plainData(next.doc);
    if (!sameData(data, wanted)) throw refusal(text, edit);
    edits.push(edit);
    text = next;
  }
  return { source: text.source, edits };
}

function readBack(source: string, before: Text, edit: Edit): Text {
  try {
    return readText(source);
  } catch (error) {
    if (error instanceof EditRefused) throw refusal(before, edit);
    throw error;
  }
}

function refusal(text: Text, edit: Edit): EditRefused {
  const line = placeOf(text.source, edit.start).line;
  return new EditRefused(`Line ${line} is written in a way that the chart cannot change exactly. Edit it in the text.`, line);
}

function nodeAt(doc: Document.Parsed, path: Path): Node | null | undefined {
  return path.length === 0 ? doc.contents : (doc.getIn(path, true) as Node | null | undefined);
}

function pairAt(map: unknown, key: string | number): Pair<ParsedNode, ParsedNode | null> | undefined {
  if (!isMap(map)) return undefined;
  const found = map.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === String(key));
  return found as Pair<ParsedNode, ParsedNode | null> | undefined;
}

function planEdit(text: Text, op: Op): Edit {
  if (op.kind === "remove") return planRemove(text, op.path);
  if (op.kind === "insert") return planInsert(op.like ? inTheHandOf(text, op.like) : text, op.path, op.index, op.value);
  return planSet(text, op);
}

/** Lists and maps in brackets or not as one item has them, and as the rest of the text where that item has none. */
function inTheHandOf(text: Text, path: Path): Text {
  const node = nodeAt(text.doc, path);
  if (!isMap(node)) return text;
  const own = readStyle(text.source, node);
  return { ...text, style: { ...text.style, flow: new Map([...text.style.flow, ...own.flow]), dash: new Map([...text.style.dash, ...own.dash]) } };
}

function impossible(path: Path): EditRefused {
  return new EditRefused(`${path.join(".")} is not where it should be in this text. Edit it in the text.`);
}

function planSet(text: Text, op: Op & { kind: "set" }): Edit {
  const key = op.path.at(-1);
  const parentPath = op.path.slice(0, -1);
  if (key === undefined) throw impossible(op.path);
  const parent = nodeAt(text.doc, parentPath);
  if (isSeq(parent) && typeof key === "number") return replaceNode(text, parent.items[key] as Node, op);
  if (parent == null || (isScalar(parent) && parent.value === null)) {
    return planSet(text, { ...op, path: parentPath, value: { [String(key)]: op.value } });
  }
  if (!isMap(parent)) throw impossible(op.path);
  const pair = pairAt(parent, key);
  if (!pair) return addPair(text, parentPath, String(key), op);
  const item = pair.srcToken;
  const colon = item && colonEnd(item);
  if (!item || colon === undefined) throw impossible(op.path);
  const column = columnOf(text.source, itemStart(item) ?? colon);
  const isEmpty = !item.value;
  const style = parent.flow ? { ...text.style, flow: new Map([[String(key), true]]) } : text.style;
  if (!isEmpty && typeof op.value !== "object" && isScalar(pair.value)) return replaceNode(text, pair.value, op, column);
  const end = isEmpty ? colon : itemEnd(item) ?? colon;
  const written = writeAfterColon(String(key), op.value, column, style, op.quote);
  return belowComments(text.source, { start: colon, end, text: written }, column);
}

/** Lines of their own go below the comments that stand behind the key and under it: those speak of the key. */
function belowComments(source: string, edit: Edit, column: number): Edit {
  const owned = ownedEnd(source, edit.end, column);
  const between = source.slice(edit.end, owned).replace(/\r?\n$/, "");
  if (!/^\r?\n/.test(edit.text) || !/^[ \t]*(?:#|\r?\n[ \t]*#)/.test(between)) return edit;
  return { start: edit.start, end: edit.end + between.length, text: between + edit.text };
}

const QUOTES: Record<string, Quote> = { QUOTE_SINGLE: "single", QUOTE_DOUBLE: "double" };

function replaceNode(text: Text, node: Node | undefined, op: Op & { kind: "set" }, column = 0): Edit {
  const token = node?.srcToken;
  if (!node?.range || !token || typeof op.value === "object") throw impossible(op.path);
  const end = tokenEnd(token);
  const start = node.range[0];
  const type = isScalar(node) ? node.type : undefined;
  if (type === "BLOCK_LITERAL" || type === "BLOCK_FOLDED") {
    const literal = typeof op.value === "string" ? writeLiteral(op.value, column + text.style.step, text.style.newline) : undefined;
    const ended = text.source[end - 1] === "\n";
    const plain = writeScalar(op.value, op.quote) + (ended ? text.style.newline : "");
    return { start, end, text: type === "BLOCK_LITERAL" && literal !== undefined ? literal : plain };
  }
  const inFlow = insideFlow(text, op.path);
  // Quotes that the old value did not need are the author's taste and stay; quotes that it needed go with it.
  const old = isScalar(node) ? node.value : undefined;
  const chosen = typeof old === "string" && writeScalar(old, "plain", inFlow) === old && type ? QUOTES[type] : undefined;
  return { start, end, text: writeScalar(op.value, op.quote ?? chosen, inFlow) };
}

function insideFlow(text: Text, path: Path): boolean {
  return path.some((_part, depth) => {
    const node = nodeAt(text.doc, path.slice(0, depth));
    return isCollection(node) && node.flow === true;
  });
}

function addPair(text: Text, mapPath: Path, key: string, op: Op & { kind: "set" }): Edit {
  const map = nodeAt(text.doc, mapPath);
  if (!isMap(map) || !map.srcToken) throw impossible(mapPath);
  const wished = op.after?.map((name) => map.items.findIndex((pair) => pairAt(map, name) === pair)).find((at) => at >= 0);
  const before = wished ?? map.items.length - 1;
  if (map.srcToken.type === "flow-collection") {
    const style = { ...text.style, flow: new Map([[key, true]]) };
    const pair = writePairs({ [key]: op.value }, 0, style, op.quote);
    return insertIntoFlow(text.source, map.srcToken, before + 1, pair, text.style.bracePad);
  }
  const item = map.items[before]?.srcToken;
  const first = map.items[0]?.srcToken;
  const firstAt = first && itemStart(first);
  const end = item && itemEnd(item);
  if (firstAt === undefined || end === undefined) throw impossible(mapPath);
  const column = columnOf(text.source, firstAt);
  return insertLine(text, ownedEnd(text.source, end, column), column, writePairs({ [key]: op.value }, column, text.style, op.quote));
}

function insertLine(text: Text, at: number, column: number, written: string): Edit {
  const line = " ".repeat(column) + written;
  const newline = text.style.newline;
  const unended = at === text.source.length && at > 0 && text.source[at - 1] !== "\n";
  return { start: at, end: at, text: unended ? newline + line : line + newline };
}

function planInsert(text: Text, path: Path, index: number, value: Value): Edit {
  const list = nodeAt(text.doc, path);
  const isEmpty = list == null || (isScalar(list) && list.value === null) || (isSeq(list) && list.items.length === 0);
  if (isEmpty) return planSet(text, { kind: "set", path, value: [value] });
  if (!isSeq(list) || !list.srcToken) throw impossible(path);
  if (list.srcToken.type === "flow-collection") {
    const written = writePairsOrFlow(value, text.style);
    return insertIntoFlow(text.source, list.srcToken, index, written, "");
  }
  if (list.srcToken.type !== "block-seq") throw impossible(path);
  const items = list.srcToken.items;
  const dashAt = items[0] && itemStart(items[0]);
  if (dashAt === undefined) throw impossible(path);
  const column = columnOf(text.source, dashAt);
  const written = writeItem(value, column, text.style);
  const spaced = hasBlankLines(text.source, list.items.length, (at) => itemStart(items[at] ?? { start: [] }));
  if (index === 0) return insertFirst(text, dashAt, column, written, spaced);
  const previous = items[index - 1];
  const end = previous && itemEnd(previous);
  if (end === undefined) throw impossible(path);
  const edit = insertLine(text, ownedEnd(text.source, end, column), column, written);
  if (!spaced) return edit;
  return { ...edit, text: text.style.newline + edit.text };
}

const writePairsOrFlow = (value: Value, style: Style): string =>
  writeAfterColon("", value, 0, { ...style, flow: new Map([["", true]]) }).trimStart();

function hasBlankLines(source: string, count: number, startOf: (at: number) => number | undefined): boolean {
  for (let at = 1; at < count; at += 1) {
    const from = startOf(at - 1);
    const to = startOf(at);
    if (from === undefined || to === undefined || !/\n[ \r]*\n/.test(source.slice(from, to))) return false;
  }
  return count > 1;
}

/** Before the first entry, above the comments that stand over it: they speak of that entry. */
function insertFirst(text: Text, dashAt: number, column: number, written: string, spaced: boolean): Edit {
  const { source } = text;
  const newline = text.style.newline;
  const own = lineStart(source, dashAt);
  if (source.slice(own, dashAt).trim() !== "") {
    return { start: dashAt, end: dashAt, text: written + newline + " ".repeat(column) };
  }
  let at = own;
  while (at > 0 && /^ *#/.test(source.slice(lineStart(source, at - 1), at))) at = lineStart(source, at - 1);
  return { start: at, end: at, text: " ".repeat(column) + written + newline + (spaced ? newline : "") };
}

function planRemove(text: Text, path: Path): Edit {
  const key = path.at(-1);
  const parent = nodeAt(text.doc, path.slice(0, -1));
  if (key === undefined || !isCollection(parent) || !parent.srcToken) throw impossible(path);
  const at = typeof key === "number" ? key : isMap(parent) ? parent.items.findIndex((pair) => pairAt(parent, key) === pair) : -1;
  const token = parent.srcToken;
  const item = "items" in token ? token.items[at] : undefined;
  if (!item) throw impossible(path);
  if (token.type === "flow-collection") return removeFromFlow(text.source, token, at);
  const start = itemStart(item);
  const end = itemEnd(item);
  if (start === undefined || end === undefined) throw impossible(path);
  if (parent.items.length === 1) return emptyBlock(text, path, start, end, isSeq(parent) ? "[]" : "{}");
  return removeLines(text.source, start, end);
}

/** Takes an item's own lines out; where it shares its first line with a dash before it, the next item moves up there. */
function removeLines(source: string, start: number, end: number): Edit {
  const from = lineStart(source, start);
  const to = ownedEnd(source, end, columnOf(source, start));
  if (source.slice(from, start).trim() !== "") {
    const space = /^(?:[ ]*\r?\n)*[ ]*/.exec(source.slice(to))?.[0] ?? "";
    return { start, end: to + space.length, text: "" };
  }
  const atEnd = to === source.length && source[to - 1] !== "\n";
  // A text that does not end its last line still does not, blank lines above the item or not.
  const back = atEnd ? /(?:[ \t]*\r?\n)+$/.exec(source.slice(0, from))?.[0].length ?? 0 : 0;
  return { start: from - back, end: to, text: "" };
}

/** The last item leaves `[]` or `{}` behind the colon; the comments that stood between stay below it. */
function emptyBlock(text: Text, path: Path, start: number, end: number, written: string): Edit {
  const { source } = text;
  const owner = pairAt(nodeAt(text.doc, path.slice(0, -2)), path.at(-2) ?? "")?.srcToken;
  const colon = owner && colonEnd(owner);
  if (colon === undefined) return { start, end, text: written };
  const to = ownedEnd(source, end, columnOf(source, start));
  const between = source.slice(colon, lineStart(source, start));
  const kept = source[to - 1] === "\n" ? between : between.replace(/(?:[ \t]*\r?\n)+$/, "");
  return { start: colon, end: to, text: ` ${written}${kept}` };
}
