// Reads a long text in parts, so that a change costs its own entry: only where nothing at all is wrong in any of them.
import { fromSkeleton, manifestParts, type Parts, type Piece } from "../../yaml/parts";
import { MOST_DEPTH, MOST_NODES } from "./compose";
import { dataOf, type ManifestNode } from "./nodes";
import { readTrees } from "./read";

/** A text without faults. */
interface Sound {
  root: ManifestNode;
  /** The same object for the same text, which nobody may change. */
  data: unknown;
}

export interface PartReading {
  /** Path of the list that is read in parts. */
  path: readonly string[];
  /** The text with the first entry alone. */
  skeleton: Sound;
  /** Each entry, whose places count from `at`. */
  entries: readonly (Sound & { at: number })[];
  fromSkeleton: (offset: number) => number;
}

// What the reader lets pass where a line's text begins, for a text that is read as a whole to refuse.
const TAB_FIRST = /^ *\t/m;

const soundPieces = new WeakMap<Piece, Sound | "faulty">();
let lastSkeleton: { text: string; sound: Sound | "faulty" } | undefined;

function readSoundly(text: string): Sound | "faulty" {
  if (TAB_FIRST.test(text)) return "faulty";
  const { trees, stopped } = readTrees(text, () => 1);
  const [tree] = trees;
  if (stopped || !tree || trees.length > 1 || tree.faults.length > 0 || tree.letPass.length > 0) return "faulty";
  return { root: tree.root, data: dataOf(tree.root) };
}

function readPiece(piece: Piece): Sound | "faulty" {
  const known = soundPieces.get(piece);
  if (known) return known;
  const list = readSoundly(piece.text);
  const item = list !== "faulty" && list.root.kind === "list" && list.root.items.length === 1 ? list.root.items[0] : undefined;
  const sound = item ? { root: item, data: dataOf(item) } : "faulty";
  soundPieces.set(piece, sound);
  return sound;
}

function readSkeleton({ source, firstEnd, shift }: Parts): Sound | "faulty" {
  const text = source.slice(0, firstEnd) + source.slice(firstEnd + shift);
  if (lastSkeleton?.text !== text) lastSkeleton = { text, sound: readSoundly(text) };
  return lastSkeleton.sound;
}

function read(parts: Parts): PartReading | undefined {
  const skeleton = readSkeleton(parts);
  if (skeleton === "faulty") return undefined;
  const entries: (Sound & { at: number })[] = [];
  let nodes = skeleton.root.size;
  for (const { piece, at } of parts.entries) {
    const sound = readPiece(piece);
    if (sound === "faulty" || sound.root.height + parts.path.length + 1 > MOST_DEPTH) return undefined;
    nodes += sound.root.size;
    entries.push({ ...sound, at });
  }
  if (nodes > MOST_NODES) return undefined;
  return { path: parts.path, skeleton, entries, fromSkeleton: (offset) => fromSkeleton(parts, offset) };
}

const readings = new WeakMap<Parts, PartReading | "none">();

/** Undefined where the whole text must be read to tell what is wrong with it. */
export function readInParts(source: string): PartReading | undefined {
  const parts = manifestParts(source);
  if (!parts) return undefined;
  const known = readings.get(parts) ?? read(parts) ?? "none";
  readings.set(parts, known);
  return known === "none" ? undefined : known;
}
