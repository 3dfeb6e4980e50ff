// Reads a manifest with a long list of entries in parts, so that a change costs its own entry and not the whole text.
// Never guesses: whatever cannot be taken apart for certain is left to the parser as a whole.
import { isMap, isSeq, type Document, type YAMLMap } from "yaml";
import { parsedAnew } from "./parse";
import { itemStart } from "./tokens";

/** One entry's text, with the comments and blank lines above it; equal texts share one piece. */
export interface Piece {
  text: string;
  /** Offset of the entry's dash in the text. */
  dash: number;
  node: YAMLMap;
  /** The same object for the same text, which nobody may change. */
  data: unknown;
  lines: number;
}

export interface Entry extends Pick<Piece, "text" | "dash" | "node" | "data"> {
  piece: Piece;
  /** Where the piece's text begins in the whole. */
  at: number;
  /** Lines before it. */
  line: number;
}

export interface Parts {
  source: string;
  /** Path of the list, as `spec.steps`. */
  path: readonly string[];
  entries: readonly Entry[];
  /** The text with the first entry alone, parsed. */
  skeleton: Document.Parsed;
  skeletonData: unknown;
  /** Where the first entry ends, and how much farther everything behind it stands in the whole text. */
  firstEnd: number;
  shift: number;
}

interface Cut {
  /** Where each piece begins; the last one is where the foot does. */
  starts: number[];
  dashes: number[];
}

const KEY = /^( *)steps:[ \t]*(?:#.*)?\r?$/m;
// What may reach over the border of an entry without looking like it: block scalars, document markers.
const BLOCK_SCALAR = /(?:^|[\s:-])[|>][-+\d]*[ \t]*(?:#.*)?\r?$/m;
const MARKER = /^(?:---|\.\.\.|%)/m;
// An anchor means something in other entries too, and a merge key takes what it merges with.
const SHARED = /(?:^|[\s,[{:-])[&*][^\s,\]}]|<</m;

function cut(source: string): Cut | undefined {
  const key = KEY.exec(source);
  if (!key || source.startsWith("\ufeff") || SHARED.test(source) || /^%/m.test(source.slice(0, key.index))) return undefined;
  const from = key.index + key[0].length + 1;
  const starts: number[] = [];
  const dashes: number[] = [];
  let column = -1;
  let contentEnd = from;
  for (let at = from; at < source.length; ) {
    const newline = source.indexOf("\n", at);
    const next = newline < 0 ? source.length : newline + 1;
    let first = at;
    while (source[first] === " ") first += 1;
    const [mark, after] = [source[first], source[first + 1]];
    const isBlank = first >= next || mark === "\n" || mark === "#" || (mark === "\r" && after === "\n");
    if (mark === "\t") return undefined;
    if (!isBlank) {
      const indent = first - at;
      const isDash = mark === "-" && (after === undefined || after === " " || after === "\n" || after === "\r");
      if (column < 0) {
        if (!isDash || indent < (key[1]?.length ?? 0)) return undefined;
        column = indent;
      }
      if (indent === column && isDash) {
        starts.push(contentEnd);
        dashes.push(first - contentEnd);
      } else if (indent <= column) break;
      contentEnd = next;
    }
    at = next;
  }
  if (starts.length < 2 || BLOCK_SCALAR.test(source.slice(from, contentEnd)) || MARKER.test(source.slice(from))) return undefined;
  return { starts: [...starts, contentEnd], dashes };
}

const sound = (doc: Document.Parsed): boolean => doc.errors.length === 0 && doc.warnings.length === 0;

// Pieces by their text: all of the newest text, and for a while those of texts before it.
let pieces = new Map<string, Piece | undefined>();
const FORGET_FROM = 4;

function pieceOf(text: string, dash: number): Piece | undefined {
  if (pieces.has(text)) return pieces.get(text);
  const doc = parsedAnew(text);
  const list = doc.contents;
  const node = isSeq(list) && list.items.length === 1 && list.srcToken?.type === "block-seq" ? list.items[0] : undefined;
  const alone = sound(doc) && isMap(node) ? (node as YAMLMap) : undefined;
  const made = alone && { text, dash, node: alone, data: (doc.toJS() as unknown[])[0], lines: text.split("\n").length - 1 };
  pieces.set(text, made);
  return made;
}

const WAYS = [["spec", "steps"], ["spec", "properties", "steps"]] as const;

/** Where the list stands, when the skeleton holds exactly the first entry in it; undefined where it does not. */
function pathOfList(doc: Document.Parsed, dash: number): readonly string[] | undefined {
  const spec = sound(doc) && isMap(doc.contents) ? doc.contents.get("spec", true) : undefined;
  if (!isMap(spec)) return undefined;
  // With fields beside the older form's wrapper, it takes the whole text to say which ones count.
  const path = spec.has("properties") ? (spec.items.length === 1 ? WAYS[1] : undefined) : WAYS[0];
  const list = path && doc.getIn(path, true);
  const item = isSeq(list) && list.items.length === 1 && list.srcToken?.type === "block-seq" ? list.srcToken.items[0] : undefined;
  return item && itemStart(item) === dash ? path : undefined;
}

interface Skeleton {
  text: string;
  doc: Document.Parsed;
  path: readonly string[] | undefined;
  data: unknown;
}
let lastSkeleton: Skeleton | undefined;

function skeletonOf(text: string, dash: number): Skeleton {
  if (lastSkeleton?.text === text) return lastSkeleton;
  const doc = parsedAnew(text);
  const path = pathOfList(doc, dash);
  lastSkeleton = { text, doc, path, data: path && doc.toJS() };
  return lastSkeleton;
}

function read(source: string): Parts | undefined {
  const found = cut(source);
  if (!found) return undefined;
  const { starts, dashes } = found;
  const [head, second, end] = [starts[0] ?? 0, starts[1] ?? 0, starts.at(-1) ?? 0];
  const { doc, path, data } = skeletonOf(source.slice(0, second) + source.slice(end), head + (dashes[0] ?? 0));
  if (!path) return undefined;
  if (pieces.size > FORGET_FROM * dashes.length + 1000) pieces = new Map();
  const entries: Entry[] = [];
  let line = source.slice(0, head).split("\n").length - 1;
  for (const [number, dash] of dashes.entries()) {
    const at = starts[number] ?? 0;
    const piece = pieceOf(source.slice(at, starts[number + 1]), dash);
    if (!piece) return undefined;
    entries.push({ piece, text: piece.text, dash, node: piece.node, data: piece.data, at, line });
    line += piece.lines;
  }
  return { source, path, entries, skeleton: doc, skeletonData: data, firstEnd: second, shift: end - second };
}

const KEPT = 2;
const last: { source: string; parts: Parts | undefined }[] = [];

/** Parts of a text that is sound as a whole; undefined where only the whole text tells. Nobody may change them. */
export function manifestParts(source: string): Parts | undefined {
  const known = last.find((one) => one.source === source);
  if (known) return known.parts;
  const parts = read(source);
  last.unshift({ source, parts });
  last.length = Math.min(last.length, KEPT);
  return parts;
}

/** Where an offset of the skeleton stands in the whole text. */
export const fromSkeleton = (parts: Parts, offset: number): number => (offset < parts.firstEnd ? offset : offset + parts.shift);
