// Two texts as rows beside each other: equal lines stand level, changed ones carry the changed part; never says which is right.
import { lineDiff } from "./line_diff";

export interface SideLine {
  /** Counted from 1; neither a gap beside a line that only the other text has carries one, nor a line that was removed here. */
  number: number | undefined;
  changed: boolean;
  /** Whether the line was added or removed here, where that is known apart from the other text. */
  tone?: "ins" | "rem";
  parts: { text: string; changed: boolean }[];
}

export interface Sides {
  /** Both have the same number of rows. */
  one: SideLine[];
  other: SideLine[];
}

export const GAP: SideLine = { number: undefined, changed: false, parts: [] };

const kept = (text: string, number: number): SideLine => ({ number, changed: false, parts: [{ text, changed: false }] });

/** Words, numbers with their points, and everything between them by itself. */
const WORD = /\p{N}+(?:\.\p{N}+)+|[\p{L}\p{M}\p{N}_]+|\s+|./gsu;
const wordsOf = (text: string): string[] => text.match(WORD) ?? [];

/** The words between what both lines begin and end with; a whole line where nothing is shared but blanks. */
function changedLine(text: string, number: number, against: string | undefined): SideLine {
  const whole: SideLine = { number, changed: true, parts: [{ text, changed: false }] };
  if (against === undefined) return whole;
  const [words, others] = [wordsOf(text), wordsOf(against)];
  const most = Math.min(words.length, others.length);
  let head = 0;
  while (head < most && words[head] === others[head]) head += 1;
  let tail = 0;
  while (tail < most - head && words.at(-1 - tail) === others.at(-1 - tail)) tail += 1;
  const part = (from: number, to: number): string => words.slice(from, to).join("");
  const [before, between, behind] = [part(0, head), part(head, words.length - tail), part(words.length - tail, words.length)];
  if ((before + behind).trim() === "") return whole;
  const parts = [{ text: before, changed: false }, { text: between, changed: true }, { text: behind, changed: false }];
  return { number, changed: true, parts: parts.filter((one) => one.text !== "") };
}

export function sideBySide(one: string, other: string): Sides {
  const [left, right] = [one.split(/\r?\n/), other.split(/\r?\n/)];
  const sides: Sides = { one: [], other: [] };
  let [atLeft, atRight] = [0, 0];
  const changedUpTo = (toLeft: number, toRight: number): void => {
    const rows = Math.max(toLeft - atLeft, toRight - atRight);
    for (let row = 0; row < rows; row += 1) {
      const [at, beside] = [atLeft + row, atRight + row];
      const before = at < toLeft ? left[at] : undefined;
      const after = beside < toRight ? right[beside] : undefined;
      sides.one.push(before === undefined ? GAP : changedLine(before, at + 1, after));
      sides.other.push(after === undefined ? GAP : changedLine(after, beside + 1, before));
    }
    [atLeft, atRight] = [toLeft, toRight];
  };
  const sameUpTo = (toLeft: number): void => {
    for (; atLeft < toLeft; atLeft += 1, atRight += 1) {
      sides.one.push(kept(left[atLeft] ?? "", atLeft + 1));
      sides.other.push(kept(right[atRight] ?? "", atRight + 1));
    }
  };
  for (const { from, to, otherTo } of lineDiff(left, right)) {
    sameUpTo(from);
    changedUpTo(to, otherTo);
  }
  sameUpTo(left.length);
  return sides;
}
