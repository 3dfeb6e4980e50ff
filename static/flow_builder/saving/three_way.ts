// What two people did to one text, as rows beside each other: what each added and removed, level by the text before; never says which is right.
import { GAP, sideBySide, type SideLine, type Sides } from "./side_by_side";

interface Changes {
  /** By the line of the text before, counted from 1: as it stands now, or what was removed there. */
  lines: Map<number, SideLine>;
  /** What was added, by the line of the text before that it now stands above. */
  added: Map<number, SideLine[]>;
}

function changesOf(base: string, text: string): Changes {
  const { one, other } = sideBySide(base, text);
  const changes: Changes = { lines: new Map(), added: new Map() };
  let [last, waiting]: [number, SideLine[]] = [0, []];
  one.forEach((before, at) => {
    const after = other[at] ?? GAP;
    if (before.number !== undefined) last = before.number;
    if (before.number !== undefined && !before.changed) {
      changes.lines.set(before.number, after);
      changes.added.set(before.number, waiting);
      waiting = [];
      return;
    }
    if (before.number !== undefined) changes.lines.set(before.number, { ...before, number: undefined, tone: "rem" });
    if (after.number !== undefined) waiting.push({ ...after, tone: "ins" });
  });
  changes.added.set(last + 1, waiting);
  return changes;
}

export function threeWay(base: string, mine: string, theirs: string): Sides {
  const [left, right] = [changesOf(base, mine), changesOf(base, theirs)];
  const sides: Sides = { one: [], other: [] };
  const beside = (one: SideLine | undefined, other: SideLine | undefined): void => {
    sides.one.push(one ?? GAP);
    sides.other.push(other ?? GAP);
  };
  for (let line = 1; line <= left.lines.size + 1; line += 1) {
    const [ours, others] = [left.added.get(line) ?? [], right.added.get(line) ?? []];
    for (let row = 0; row < Math.max(ours.length, others.length); row += 1) beside(ours[row], others[row]);
    if (line <= left.lines.size) beside(left.lines.get(line), right.lines.get(line));
  }
  return sides;
}
