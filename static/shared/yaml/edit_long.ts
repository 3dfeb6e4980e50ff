// Edits a text with a long list of entries by editing a short one: head, foot, and the entries that an edit can see.
import { editText, EditRefused, splice, type Edit, type Op, type Path } from "./edit";
import { manifestParts, type Parts } from "./parts";

/** The first entries always stay: they show the hand in which the text is written. */
const SHOWN = 6;

/** An entry of the list as the operations go: which one of the text it was, -1 for a new one. */
type Live = number;

const isBelow = (path: Path, list: readonly string[]): boolean => list.every((key, at) => path[at] === key);

/** What an operation does to the list: the positions that it reads or writes, and what comes and goes where. */
interface Touch {
  at: number[];
  removed?: number;
  /** Counted without what was removed. */
  inserted?: number;
}

/** Undefined where an operation takes the list as a whole. */
function touchOf(op: Op, list: readonly string[]): Touch | undefined {
  if (!isBelow(op.path, list)) return { at: [] };
  const index = op.path[list.length];
  if (index === undefined) {
    if (op.kind !== "insert") return undefined;
    const like = op.like && isBelow(op.like, list) ? op.like[list.length] : undefined;
    return { at: [op.index - 1, op.index, ...(typeof like === "number" ? [like] : [])], inserted: op.index };
  }
  if (typeof index !== "number") return undefined;
  if (op.path.length > list.length + 1) return { at: [index] };
  if (op.kind === "move") {
    // It passes each one between, and what stands between two of them stays there.
    const [first, last] = [Math.min(index, op.to), Math.max(index, op.to)];
    return { at: Array.from({ length: last - first + 1 }, (_, passed) => first + passed), removed: index, inserted: op.to };
  }
  return { at: [index], ...(op.kind === "remove" && { removed: index }) };
}

/** The list as it is after an operation. */
function follow(live: Live[], { removed, inserted }: Touch): void {
  const [moved] = removed === undefined ? [-1] : live.splice(removed, 1);
  if (inserted !== undefined) live.splice(inserted, 0, moved ?? -1);
}

function keptEntries(parts: Parts, ops: readonly Op[]): Set<number> | undefined {
  const count = parts.entries.length;
  const kept = new Set<number>();
  const keep = (entry: number): void => {
    if (entry >= 0 && entry < count) kept.add(entry);
  };
  const live: Live[] = parts.entries.map((_entry, at) => at);
  for (const op of ops) {
    const touch = touchOf(op, parts.path);
    if (!touch) return undefined;
    for (const at of touch.at) {
      const entry = live[at];
      // What stands before and behind shows where the text of an entry ends.
      if (entry !== undefined && entry >= 0) [entry - 1, entry, entry + 1].forEach(keep);
    }
    follow(live, touch);
  }
  for (let at = 0; at < SHOWN; at += 1) keep(at);
  [count - 2, count - 1].forEach(keep);
  return kept;
}

/** The operations with the positions that the entries have among the kept ones. */
function renumbered(parts: Parts, ops: readonly Op[], kept: ReadonlySet<number>): Op[] {
  const live: Live[] = parts.entries.map((_entry, at) => at);
  const shortOf = (position: number): number => live.slice(0, position).filter((entry) => entry < 0 || kept.has(entry)).length;
  const short = (path: Path): Path => {
    const index = path[parts.path.length];
    return isBelow(path, parts.path) && typeof index === "number" ? [...parts.path, shortOf(index), ...path.slice(parts.path.length + 1)] : path;
  };
  return ops.map((op): Op => {
    const touch = touchOf(op, parts.path) ?? { at: [] };
    const path = short(op.path);
    if (op.kind === "insert" && touch.inserted !== undefined) {
      const changed: Op = { ...op, path, index: shortOf(op.index), ...(op.like && { like: short(op.like) }) };
      follow(live, touch);
      return changed;
    }
    follow(live, touch);
    return op.kind === "move" && touch.inserted !== undefined ? { ...op, path, to: shortOf(op.to) } : { ...op, path };
  });
}

interface Gap {
  /** Where the entries that are left out would stand in the short text. */
  at: number;
  length: number;
}

function shorten(parts: Parts, kept: ReadonlySet<number>): { source: string; gaps: Gap[] } {
  const { source, entries } = parts;
  const first = entries[0]?.at ?? 0;
  let short = source.slice(0, first);
  const gaps: Gap[] = [];
  entries.forEach((entry, at) => {
    if (kept.has(at)) short += entry.text;
    else if (gaps.at(-1)?.at === short.length) (gaps.at(-1) as Gap).length += entry.text.length;
    else gaps.push({ at: short.length, length: entry.text.length });
  });
  const last = entries.at(-1);
  return { source: short + source.slice(last ? last.at + last.text.length : first), gaps };
}

/** The edits as they stand in the long text: behind each gap, farther by what it leaves out. */
function lengthened(edits: readonly Edit[], gaps: readonly Gap[]): Edit[] {
  const now = gaps.map((gap) => ({ ...gap }));
  return edits.map((edit) => {
    const before = now.filter((gap) => gap.at <= edit.start).reduce((sum, gap) => sum + gap.length, 0);
    for (const gap of now) if (gap.at > edit.start) gap.at += edit.text.length - (edit.end - edit.start);
    return { start: edit.start + before, end: edit.end + before, text: edit.text };
  });
}

/** As `editText`, at a cost that does not grow with the list. */
export function editLong(source: string, ops: readonly Op[]): { source: string; edits: Edit[] } {
  const parts = manifestParts(source);
  const kept = parts && keptEntries(parts, ops);
  if (!parts || !kept || kept.size * 4 > parts.entries.length * 3) return editText(source, ops);
  const short = shorten(parts, kept);
  try {
    const edits = lengthened(editText(short.source, renumbered(parts, ops, kept)).edits, short.gaps);
    return { source: edits.reduce(splice, source), edits };
  } catch (error) {
    // The whole text says the same again, with the right line.
    if (error instanceof EditRefused) return editText(source, ops);
    throw error;
  }
}
