// Brings two people's changes of one text together, line by line; where both changed the same lines, it does not.
import { lineDiff } from "./line_diff";

const same = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((line, at) => line === other[at]);

const linesOf = (text: string): string[] => text.split(/(?<=\n)/);

/** Where each line that another text has too stands there. */
function placesIn(other: readonly string[], base: readonly string[]): Map<number, number> {
  const places = new Map<number, number>();
  let [at, otherAt] = [0, 0];
  const sameUpTo = (to: number): void => {
    while (at < to) places.set(at++, otherAt++);
  };
  for (const change of lineDiff(base, other)) {
    sameUpTo(change.from);
    [at, otherAt] = [change.to, change.otherTo];
  }
  sameUpTo(base.length);
  return places;
}

/** The text with both changes, or undefined where they touch the same lines. */
export function mergeTexts(base: string, mine: string, theirs: string): string | undefined {
  const [b, m, t] = [linesOf(base), linesOf(mine), linesOf(theirs)];
  const inMine = placesIn(m, b);
  const inTheirs = placesIn(t, b);
  const merged: string[] = [];
  let [atB, atM, atT] = [0, 0, 0];
  const stable = [...b.keys()].filter((line) => inMine.has(line) && inTheirs.has(line));
  for (const line of [...stable, b.length]) {
    const toM = inMine.get(line) ?? m.length;
    const toT = inTheirs.get(line) ?? t.length;
    const [wasB, wasM, wasT] = [b.slice(atB, line), m.slice(atM, toM), t.slice(atT, toT)];
    if (same(wasM, wasT) || same(wasT, wasB)) merged.push(wasM.join(""));
    else if (same(wasM, wasB)) merged.push(wasT.join(""));
    else return undefined;
    if (line < b.length) merged.push(b[line] ?? "");
    [atB, atM, atT] = [line + 1, toM + 1, toT + 1];
  }
  return merged.join("");
}
