// Which lines of two texts differ, by Myers' search from both ends; never holds more than the lines and two short rows of numbers.

/** Lines that stand in the place of each other, counted from 0; `to` is the first one behind them. */
export interface Change {
  from: number;
  to: number;
  otherFrom: number;
  otherTo: number;
}

/**
 * Lines that may differ between the two ends of a search. Texts that differ less get the fewest changed lines that there
 * can be; others get more, at a cost that grows with their length alone.
 */
const EFFORT = 256;

/** The changes in their order. Every line is in one of them, or between two and the same in both texts. */
export function lineDiff(one: readonly string[], other: readonly string[], effort = EFFORT): Change[] {
  const changes: Change[] = [];
  let [from, otherFrom] = [0, 0];
  const meet = (to: number, otherTo: number): void => {
    if (to > from || otherTo > otherFrom) changes.push({ from, to, otherFrom, otherTo });
    [from, otherFrom] = [to + 1, otherTo + 1];
  };
  const [left, right] = shared(one, other);
  for (const [at, otherAt] of matches(left.ids, right.ids, effort)) meet(left.lines[at] ?? 0, right.lines[otherAt] ?? 0);
  meet(one.length, other.length);
  return changes;
}

interface Numbered {
  /** Where the line stands in its text. */
  lines: number[];
  /** Equal lines have the same number. */
  ids: number[];
}

/** The lines that both texts have: the others match nothing, so that no search need look at them. */
function shared(one: readonly string[], other: readonly string[]): [Numbered, Numbered] {
  const ids = new Map<string, number>();
  for (const line of one) if (!ids.has(line)) ids.set(line, ids.size);
  const inOther = new Set(other);
  const numbered = (lines: readonly string[]): Numbered => {
    const found: Numbered = { lines: [], ids: [] };
    lines.forEach((line, at) => {
      const id = ids.get(line);
      if (id === undefined || !inOther.has(line)) return;
      found.lines.push(at);
      found.ids.push(id);
    });
    return found;
  };
  return [numbered(one), numbered(other)];
}

type Ids = readonly number[];

/** A part of both lists: a[a0..a1] beside b[b0..b1]. */
interface Box {
  a0: number;
  a1: number;
  b0: number;
  b1: number;
}

/** Positions that match, in their order. */
function* matches(a: Ids, b: Ids, effort: number): Generator<[number, number]> {
  const boxes: Box[] = [{ a0: 0, a1: a.length, b0: 0, b1: b.length }];
  for (let box = boxes.pop(); box; box = boxes.pop()) {
    let { a0, a1, b0, b1 } = box;
    while (a0 < a1 && b0 < b1 && a[a0] === b[b0]) yield [a0++, b0++];
    const end = a1;
    while (a0 < a1 && b0 < b1 && a[a1 - 1] === b[b1 - 1]) [a1, b1] = [a1 - 1, b1 - 1];
    if (a1 < end) boxes.push({ a0: a1, a1: end, b0: b1, b1: box.b1 });
    if (a0 === a1 || b0 === b1) continue;
    const [x, y] = middle(a, b, { a0, a1, b0, b1 }, effort);
    boxes.push({ a0: x, a1, b0: y, b1 }, { a0, a1: x, b0, b1: y });
  }
}

/** For each diagonal, how far along `a` a way gets; -1 where none came yet. Ways lead right along `a` and down along `b`. */
class Frontier {
  private readonly reached: Int32Array;

  constructor(
    private readonly effort: number,
    /** Lengths of both parts. */
    private readonly n: number,
    private readonly m: number,
    private readonly same: (x: number, y: number) => boolean,
  ) {
    this.reached = new Int32Array(2 * effort + 3).fill(-1);
    this.reached[effort + 1] = 0;
  }

  at(diagonal: number): number {
    return this.reached[this.effort + 1 + diagonal] ?? -1;
  }

  /** One difference farther, on each diagonal that a way of so many differences can end on; stops where `met` says so. */
  advance(differences: number, met: (x: number, diagonal: number) => boolean): [number, number] | undefined {
    const { n, m, same } = this;
    const first = differences <= m ? -differences : -m + ((differences - m) & 1);
    const last = Math.min(differences, n);
    for (let diagonal = first; diagonal <= last; diagonal += 2) {
      const [left, above] = [this.at(diagonal - 1), this.at(diagonal + 1)];
      let x = Math.max(left >= 0 && left < n ? left + 1 : -1, above >= 0 && above - diagonal <= m ? above : -1);
      if (x < 0) continue;
      while (x < n && x - diagonal < m && same(x, x - diagonal)) x += 1;
      this.reached[this.effort + 1 + diagonal] = x;
      if (met(x, diagonal)) return [x, x - diagonal];
    }
    return undefined;
  }

  /** The point that most lines are behind, short of all of them. */
  farthest(): [number, number] {
    let best: [number, number] = [0, 0];
    for (let diagonal = -this.effort; diagonal <= this.effort; diagonal += 1) {
      const x = this.at(diagonal);
      const lines = 2 * x - diagonal;
      if (x >= 0 && lines < this.n + this.m && lines > best[0] + best[1]) best = [x, x - diagonal];
    }
    return best;
  }
}

/**
 * A point on a shortest way through a box whose first lines differ, and whose last ones do; where the search for it
 * goes on too long, the point that a way from either end got farthest to. Never a corner that the box begins or ends at.
 */
function middle(a: Ids, b: Ids, { a0, a1, b0, b1 }: Box, effort: number): [number, number] {
  const [n, m] = [a1 - a0, b1 - b0];
  const forth = new Frontier(effort, n, m, (x, y) => a[a0 + x] === b[b0 + y]);
  const back = new Frontier(effort, n, m, (x, y) => a[a1 - 1 - x] === b[b1 - 1 - y]);
  const across = n - m;
  const isOdd = (across & 1) !== 0;
  const meets = (ahead: Frontier) => (x: number, diagonal: number): boolean => {
    const other = ahead.at(across - diagonal);
    return other >= 0 && x + other >= n;
  };
  const never = (): boolean => false;
  for (let differences = 1; differences <= effort; differences += 1) {
    const there = forth.advance(differences, isOdd ? meets(back) : never);
    if (there) return [a0 + there[0], b0 + there[1]];
    const here = back.advance(differences, isOdd ? never : meets(forth));
    if (here) return [a1 - here[0], b1 - here[1]];
  }
  const [there, here] = [forth.farthest(), back.farthest()];
  return there[0] + there[1] >= here[0] + here[1] ? [a0 + there[0], b0 + there[1]] : [a1 - here[0], b1 - here[1]];
}
