// Brings two people's changes of one text together, line by line; where both changed the same lines, it does not.

type Pairs = [number, number][];

/** Pairs of line numbers that stand in both, in order, as many as there can be. */
export function commonLines(one: readonly string[], other: readonly string[]): Pairs {
  const most = Math.min(one.length, other.length);
  let head = 0;
  while (head < most && one[head] === other[head]) head += 1;
  let tail = 0;
  while (tail < most - head && one.at(-1 - tail) === other.at(-1 - tail)) tail += 1;
  const between = longest(one.slice(head, one.length - tail), other.slice(head, other.length - tail));
  return [
    ...Array.from({ length: head }, (_, at): [number, number] => [at, at]),
    ...between.map(([i, j]): [number, number] => [i + head, j + head]),
    ...Array.from({ length: tail }, (_, at): [number, number] => [one.length - tail + at, other.length - tail + at]),
  ];
}

function longest(one: readonly string[], other: readonly string[]): Pairs {
  const lengths = Array.from({ length: one.length + 1 }, () => new Uint32Array(other.length + 1));
  const at = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  for (let i = one.length - 1; i >= 0; i -= 1) {
    for (let j = other.length - 1; j >= 0; j -= 1) {
      (lengths[i] as Uint32Array)[j] = one[i] === other[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const pairs: Pairs = [];
  for (let i = 0, j = 0; i < one.length && j < other.length; ) {
    if (one[i] === other[j]) pairs.push([i++, j++]);
    else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
    else j += 1;
  }
  return pairs;
}

const same = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((line, at) => line === other[at]);

const linesOf = (text: string): string[] => text.split(/(?<=\n)/);

/** The text with both changes, or undefined where they touch the same lines. */
export function mergeTexts(base: string, mine: string, theirs: string): string | undefined {
  const [b, m, t] = [linesOf(base), linesOf(mine), linesOf(theirs)];
  const inMine = new Map(commonLines(b, m));
  const inTheirs = new Map(commonLines(b, t));
  const merged: string[] = [];
  let [atB, atM, atT] = [0, 0, 0];
  const stable = [...b.keys()].filter((line) => inMine.has(line) && inTheirs.has(line));
  for (const line of [...stable, b.length]) {
    const toM = inMine.get(line) ?? m.length;
    const toT = inTheirs.get(line) ?? t.length;
    const [wasB, wasM, wasT] = [b.slice(atB, line), m.slice(atM, toM), t.slice(atT, toT)];
    if (same(wasM, wasT) || same(wasT, wasB)) merged.push(...wasM);
    else if (same(wasM, wasB)) merged.push(...wasT);
    else return undefined;
    if (line < b.length) merged.push(b[line] ?? "");
    [atB, atM, atT] = [line + 1, toM + 1, toT + 1];
  }
  return merged.join("");
}
