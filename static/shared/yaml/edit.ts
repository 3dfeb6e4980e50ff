// Edits YAML as text: each operation splices the smallest range and keeps every other byte; never re-serialises.
import { isCollection, isMap, isScalar, isSeq, type CST, type Document, type Node, type Pair, type ParsedNode, type YAMLMap, type YAMLSeq } from "yaml";
import { parseManifest } from "./parse";
import { batches, inOrder, removesSeveral } from "./batch";
import { blockRemark, rewriteBlock } from "./block_scalar";
import { whyInexact, whyNotThere } from "./anchors";
import { insertAfter, insertEntryAfter, insertEntryBefore, moveInBlock, removeFromBlock, removeOnly } from "./block_edit";
import { applyToData, sameData } from "./data";
import { insertIntoFlow, moveInFlow, removeFromFlow } from "./flow_edit";
import { dashGap, readStyle, writeAfterColon, writeItem, writePairs, type Style, type Value } from "./style";
import { writeScalar, type Quote, type ScalarValue } from "./scalars";
import { beforeBreak, blankBelow, colonEnd, columnOf, itemEnd, itemStart, ownedEnd, placeOf, tokenEnd } from "./tokens";

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
  /** `like`: where stands what the new item is written like, before the operation; it stands directly before or behind that item. */
  | { kind: "insert"; path: Path; index: number; value: Value; like?: Path }
  | { kind: "remove"; path: Path }
  /** The item of a list that comes to stand at `to`, counted without it. */
  | { kind: "move"; path: Path; to: number };

/** The text is written so that an edit at this place cannot be made exactly; the message names the line. */
export class EditRefused extends Error {
  override name = "EditRefused";
}

export interface Text {
  source: string;
  doc: Document.Parsed;
  readonly style: Style;
}

export const splice = (source: string, edit: Edit): string =>
  source.slice(0, edit.start) + edit.text + source.slice(edit.end);

function readText(source: string): Text {
  const doc = parseManifest(source);
  const error = doc.errors[0];
  if (error) {
    const line = placeOf(source, error.pos[0]).line;
    throw new EditRefused(`Line ${line} is not valid YAML. Mend it in the text first.`);
  }
  let style: Style | undefined;
  return {
    source,
    doc,
    get style() {
      return (style ??= readStyle(source, doc));
    },
  };
}

/** Undefined where aliases stand for nothing, or merges for no map. */
function plainData(doc: Document.Parsed): unknown {
  try {
    return doc.toJS();
  } catch (error) {
    // The parser throws plain errors here, of which no other kind can be told apart.
    if (error instanceof Error) return undefined;
    throw error;
  }
}

/** A text, what it means, and the edits that led to it. */
interface Edited {
  /** The one that a person has before them: refusals speak of its lines. */
  first: Text;
  text: Text;
  data: unknown;
  edits: Edit[];
}

/** Applies the operations in their order; each edit's offsets refer to the text that the edits before it left. */
export function editText(source: string, ops: readonly Op[]): { source: string; edits: Edit[] } {
  const text = readText(source);
  let done: Edited = { first: text, text, data: plainData(text.doc), edits: [] };
  for (const batch of batches(ops)) done = removesSeveral(batch) ? removeSeveral(done, batch) : editApart(done, batch);
  return { source: done.text.source, edits: done.edits };
}

const editApart = (done: Edited, batch: readonly Op[]): Edited => made(done, batch, inOrder(batch.map((op) => planEdits(done.text, op))));

/** Entries of one list, planned on one reading of the text; where that cannot be, one after the other. */
function removeSeveral(done: Edited, batch: readonly Op[]): Edited {
  try {
    return made(done, batch, planRemovals(done.text, batch));
  } catch (error) {
    if (error instanceof EditRefused) return batch.reduce((before, op) => editApart(before, [op]), done);
    throw error;
  }
}

/** The text as the edits leave it, which must mean what the operations mean. */
function made(done: Edited, batch: readonly Op[], planned: readonly Edit[]): Edited {
  const { first, text, data, edits } = done;
  const spliced = planned.reduce(splice, text.source);
  const wanted = batch.reduce(applyToData, data);
  if (spliced === text.source && sameData(data, wanted)) return done;
  const next = readBack(spliced);
  const found = next && plainData(next.doc);
  if (next && sameData(found, wanted)) return { first, text: next, data: found, edits: [...edits, ...planned] };
  const line = placeOf(text.source, planned[0]?.start ?? 0).line;
  throw new EditRefused(whyInexact(first, batch.map((op) => op.path), line));
}

/** Undefined where edits made it no YAML any more. */
function readBack(source: string): Text | undefined {
  try {
    return readText(source);
  } catch (error) {
    if (error instanceof EditRefused) return undefined;
    throw error;
  }
}

function nodeAt(doc: Document.Parsed, path: Path): Node | null | undefined {
  return path.length === 0 ? doc.contents : (doc.getIn(path, true) as Node | null | undefined);
}

function pairAt(map: unknown, key: string | number): Pair<ParsedNode, ParsedNode | null> | undefined {
  if (!isMap(map)) return undefined;
  const found = map.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === String(key));
  return found as Pair<ParsedNode, ParsedNode | null> | undefined;
}

function planEdits(read: Text, op: Op): Edit[] {
  const text = inBracesAs(read, op.path);
  switch (op.kind) {
    case "set":
      return planSet(text, op);
    case "insert":
      return planInsert(op.like ? inTheHandOf(text, op.like) : text, op);
    case "remove":
      return [planRemove(text, op.path)];
    case "move":
      return planMove(text, op);
  }
}

/** Braces that quote their first key quote all of them, and what is new in them: a JSON text stays one. */
function inBracesAs(text: Text, path: Path): Text {
  const holders = path.map((_part, depth) => nodeAt(text.doc, path.slice(0, depth)));
  const braces = holders.findLast((node) => isMap(node) && node.flow === true && node.items.length > 0);
  const key = isMap(braces) ? braces.items[0]?.key : undefined;
  const quote = isScalar(key) && key.type ? QUOTES[key.type] : undefined;
  return quote ? { ...text, style: { ...text.style, quote } } : text;
}

/** Lists and maps as one item has them, in brackets or in its columns, and as the rest of the text where that item has none. */
function inTheHandOf(text: Text, path: Path): Text {
  const node = nodeAt(text.doc, path);
  if (!isMap(node)) return text;
  const [own, { style }] = [readStyle(text.source, node), text];
  const both = <T>(all: ReadonlyMap<string, T>, some: ReadonlyMap<string, T>): ReadonlyMap<string, T> => new Map([...all, ...some]);
  const [flow, dash] = [both(style.flow, own.flow), both(style.dash, own.dash)];
  return { ...text, style: { ...style, flow, dash, gap: both(style.gap, own.gap), step: both(style.step, own.step) } };
}

const impossible = (text: Text, path: Path): EditRefused => new EditRefused(whyNotThere(text, path));

function planSet(text: Text, op: Op & { kind: "set" }): Edit[] {
  const key = op.path.at(-1);
  const parentPath = op.path.slice(0, -1);
  if (key === undefined) throw impossible(text, op.path);
  const parent = nodeAt(text.doc, parentPath);
  if (isSeq(parent) && typeof key === "number") return [replaceNode(text, parent.items[key] as Node, op)];
  if (parent == null || (isScalar(parent) && parent.value === null)) {
    return planSet(text, { ...op, path: parentPath, value: { [String(key)]: op.value } });
  }
  if (!isMap(parent)) throw impossible(text, op.path);
  const pair = pairAt(parent, key);
  if (!pair) return addPair(text, parentPath, String(key), op);
  const item = pair.srcToken;
  const colon = item && colonEnd(item);
  if (!item || colon === undefined) throw impossible(text, op.path);
  const column = columnOf(text.source, itemStart(item) ?? colon);
  const isEmpty = !item.value;
  const style = parent.flow ? { ...text.style, flow: new Map([[String(key), true]]) } : text.style;
  if (!isEmpty && typeof op.value !== "object" && isScalar(pair.value)) return [replaceNode(text, pair.value, op)];
  const end = isEmpty ? colon : itemEnd(item) ?? colon;
  const written = writeAfterColon(String(key), op.value, column, style, op.quote);
  return [belowComments(text, { start: colon, end, text: written }, column)];
}

/**
 * Lines of their own go below the comments that stand behind the key and under it: those speak of the key. A blank line
 * keeps the ones under it from speaking of the first entry.
 */
function belowComments(text: Text, edit: Edit, column: number): Edit {
  const { source } = text;
  const owned = ownedEnd(source, edit.end, column);
  const between = source.slice(edit.end, beforeBreak(source, owned));
  if (!/^\r?\n/.test(edit.text) || !/^[ \t]*(?:#|\r?\n[ \t\r\n]*#)/.test(between)) return edit;
  if (!between.includes("\n")) return { start: edit.start, end: edit.end + between.length, text: between + edit.text };
  const blank = beforeBreak(source, blankBelow(source, owned));
  const end = Math.max(blank, edit.end + between.length);
  const apart = end > edit.end + between.length ? source.slice(edit.end + between.length, end) : text.style.newline;
  return { start: edit.start, end, text: between + apart + edit.text };
}

const QUOTES: Record<string, Quote> = { QUOTE_SINGLE: "single", QUOTE_DOUBLE: "double" };

function replaceNode(text: Text, node: Node | undefined, op: Op & { kind: "set" }): Edit {
  const token = node?.srcToken;
  if (!node?.range || !token || typeof op.value === "object") throw impossible(text, op.path);
  if (token.type === "block-scalar") return replaceBlock(text, token, isScalar(node) ? node.value : undefined, op.value, op.quote);
  const type = isScalar(node) ? node.type : undefined;
  const inFlow = insideFlow(text, op.path);
  const asked = op.quote ?? (inFlow ? text.style.quote : "plain");
  // The author's kind of quotes stays. Double ones that the old value needed go with it: "n" got them while a name was typed.
  const own = type && QUOTES[type];
  const needed = own === "double" && asked === "plain" && isScalar(node) && writeScalar(node.value as ScalarValue, "plain", inFlow) !== node.value;
  return { start: node.range[0], end: tokenEnd(token), text: writeScalar(op.value, needed ? asked : own ?? asked, inFlow) };
}

/** A block of text stays one, with the comment behind its mark, wherever a block can hold the value. */
function replaceBlock({ source, style }: Text, token: CST.BlockScalar, old: unknown, value: ScalarValue, quote?: Quote): Edit {
  const end = tokenEnd(token);
  const block = typeof value === "string" && rewriteBlock(token, String(old), value, style.newline);
  if (block) return { start: block.start, end: block.keepsBlanks ? blankBelow(source, end) : end, text: block.text };
  const ended = source[end - 1] === "\n";
  return { start: token.offset, end, text: writeScalar(value, quote) + blockRemark(token) + (ended ? style.newline : "") };
}

function insideFlow(text: Text, path: Path): boolean {
  return path.some((_part, depth) => {
    const node = nodeAt(text.doc, path.slice(0, depth));
    return isCollection(node) && node.flow === true;
  });
}

function addPair(text: Text, mapPath: Path, key: string, op: Op & { kind: "set" }): Edit[] {
  const map = nodeAt(text.doc, mapPath);
  if (!isMap(map) || !map.srcToken) throw impossible(text, mapPath);
  const wished = op.after?.map((name) => map.items.findIndex((pair) => pairAt(map, name) === pair)).find((at) => at >= 0);
  const before = wished ?? map.items.length - 1;
  if (map.srcToken.type === "flow-collection") {
    const style = { ...text.style, flow: new Map([[key, true]]) };
    const pair = writePairs({ [key]: op.value }, 0, style, op.quote);
    return insertIntoFlow(text.source, map.srcToken, before + 1, pair, text.style.bracePad, text.style.newline);
  }
  const items = map.srcToken.type === "block-map" ? map.srcToken.items : [];
  const firstAt = items[0] && itemStart(items[0]);
  if (firstAt === undefined) throw impossible(text, mapPath);
  const column = columnOf(text.source, firstAt);
  const written = writePairs({ [key]: op.value }, column, text.style, op.quote);
  const edit = insertAfter(text.source, items, before, column, written, text.style.newline);
  if (!edit) throw impossible(text, mapPath);
  return [edit];
}

function planInsert(text: Text, op: Op & { kind: "insert" }): Edit[] {
  const { path, index, value } = op;
  const list = nodeAt(text.doc, path);
  const isEmpty = list == null || (isScalar(list) && list.value === null) || (isSeq(list) && list.items.length === 0);
  if (isEmpty) return planSet(text, { kind: "set", path, value: [value] });
  if (!isSeq(list) || !list.srcToken) throw impossible(text, path);
  const { source, style } = text;
  if (list.srcToken.type === "flow-collection") {
    const written = writePairsOrFlow(value, style);
    return insertIntoFlow(source, list.srcToken, index, written, "", style.newline);
  }
  if (list.srcToken.type !== "block-seq") throw impossible(text, path);
  const items = list.srcToken.items;
  const dashAt = items[0] && itemStart(items[0]);
  if (dashAt === undefined) throw impossible(text, path);
  const column = columnOf(source, dashAt);
  const isBefore = index === 0 || op.like?.at(-1) === index;
  const beside = items[isBefore ? index : index - 1];
  const written = writeItem(value, column, style, dashGap(source, (beside && itemStart(beside)) ?? dashAt));
  const edit = isBefore
    ? insertEntryBefore(source, items, index, column, written, style.newline)
    : insertEntryAfter(source, items, index - 1, column, written, style.newline);
  if (!edit) throw impossible(text, path);
  return [edit];
}

const writePairsOrFlow = (value: Value, style: Style): string =>
  writeAfterColon("", value, 0, { ...style, flow: new Map([["", true]]) }).trimStart();

function planRemove(text: Text, path: Path): Edit {
  const key = path.at(-1);
  const parent = nodeAt(text.doc, path.slice(0, -1));
  if (key === undefined || !isCollection(parent) || !parent.srcToken) throw impossible(text, path);
  const at = typeof key === "number" ? key : isMap(parent) ? parent.items.findIndex((pair) => pairAt(parent, key) === pair) : -1;
  const token = parent.srcToken;
  if (at < 0 || !("items" in token)) throw impossible(text, path);
  const edit =
    token.type === "flow-collection"
      ? removeFromFlow(text.source, token, at, text.style.quote !== "plain")
      : planRemoveLines(text, path, parent, token.items, at);
  if (!edit) throw impossible(text, path);
  return edit;
}

/** `items` are those that stand there still: of the ones behind `at` it only matters that there are any. */
function planRemoveLines(text: Pick<Text, "source" | "doc">, path: Path, parent: YAMLMap | YAMLSeq, items: readonly CST.CollectionItem[], at: number, left = parent.items.length): Edit | undefined {
  if (left > 1) return removeFromBlock(text.source, items, at);
  const owner = pairAt(nodeAt(text.doc, path.slice(0, -2)), path.at(-2) ?? "")?.srcToken;
  const colon = owner && colonEnd(owner);
  return colon === undefined ? undefined : removeOnly(text.source, items, colon, isSeq(parent) ? "[]" : "{}");
}

/** Upwards: an edit below moves nothing of the entries above it, so that they stand where they were read. */
function planRemovals(text: Text, ops: readonly Op[]): Edit[] {
  const list = nodeAt(text.doc, ops[0]?.path.slice(0, -1) ?? []);
  if (!isSeq(list) || list.srcToken?.type !== "block-seq") throw impossible(text, ops[0]?.path ?? []);
  const items = [...list.srcToken.items];
  let { source } = text;
  return ops.map(({ path }, gone) => {
    const at = Number(path.at(-1));
    const edit = at < list.items.length ? planRemoveLines({ source, doc: text.doc }, path, list, items, at, list.items.length - gone) : undefined;
    if (!edit) throw impossible(text, path);
    items.splice(at, 1);
    source = splice(source, edit);
    return edit;
  });
}

function planMove(text: Text, op: Op & { kind: "move" }): Edit[] {
  const from = op.path.at(-1);
  const list = nodeAt(text.doc, op.path.slice(0, -1));
  if (typeof from !== "number" || !isSeq(list) || !list.items[from] || !list.items[op.to]) throw impossible(text, op.path);
  const token = list.srcToken;
  if (token?.type === "flow-collection") {
    const edits = moveInFlow(text.source, token, from, op.to);
    if (edits) return edits;
  }
  const edits = token?.type === "block-seq" ? moveInBlock(text.source, token.items, from, op.to) : undefined;
  if (!edits) throw impossible(text, op.path);
  return edits;
}
