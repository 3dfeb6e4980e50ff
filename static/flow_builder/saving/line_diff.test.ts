// A difference of lines is right whatever it costs to find, and the smallest where it is worth finding.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lineDiff, type Change } from "./line_diff";

/** Puts the lines of the changes into the first text; the lines between must be the same in both. */
function applied(one: readonly string[], other: readonly string[], changes: readonly Change[]): string[] {
  const result: string[] = [];
  let [at, otherAt] = [0, 0];
  for (const { from, to, otherFrom, otherTo } of [...changes, { from: one.length, to: one.length, otherFrom: other.length, otherTo: other.length }]) {
    expect(one.slice(at, from)).toEqual(other.slice(otherAt, otherFrom));
    result.push(...one.slice(at, from), ...other.slice(otherFrom, otherTo));
    [at, otherAt] = [to, otherTo];
  }
  return result;
}

/** The most lines that can stay, by looking at every pair. */
function longest(one: readonly string[], other: readonly string[]): number {
  let row = new Array<number>(other.length + 1).fill(0);
  for (const line of one) {
    const next = [0];
    other.forEach((beside, at) => next.push(line === beside ? (row[at] ?? 0) + 1 : Math.max(row[at + 1] ?? 0, next[at] ?? 0)));
    row = next;
  }
  return row.at(-1) ?? 0;
}

const kept = (one: readonly string[], changes: readonly Change[]): number => one.length - changes.reduce((sum, { from, to }) => sum + to - from, 0);

/** Many lines are equal, as in flows: `policy:` stands in each step. */
const texts = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 60 });
const efforts = fc.integer({ min: 1, max: 8 });

describe("changes between two texts", () => {
  test.each<[string, string, string, string[]]>([
    ["nothing", "abc", "abc", []],
    ["nothing of nothing", "", "", []],
    ["all that is new", "", "ab", ["0-0 0-2"]],
    ["all that went", "ab", "", ["0-2 0-0"]],
    ["one line for another", "abc", "axc", ["1-2 1-2"]],
    ["a line more", "ac", "abc", ["1-1 1-2"]],
    ["a line less at the end", "abc", "ab", ["2-3 2-2"]],
    ["texts that share nothing", "abc", "xyz", ["0-3 0-3"]],
    ["a line that went from the front to the end", "abcd", "bcda", ["0-1 0-0", "4-4 3-4"]],
    ["two places", "abcdef", "axcdyf", ["1-2 1-2", "4-5 4-5"]],
  ])("%s", (_words, one, other, told) => {
    const changes = lineDiff([...one], [...other]);
    expect(changes.map(({ from, to, otherFrom, otherTo }) => `${from}-${to} ${otherFrom}-${otherTo}`)).toEqual(told);
  });

  test("made in the one text, they give the other, also where the search was cut short", () => {
    fc.assert(
      fc.property(texts, texts, fc.option(efforts, { nil: undefined }), (one, other, effort) => {
        expect(applied(one, other, lineDiff(one, other, effort))).toEqual(other);
      }),
      { numRuns: 1000 },
    );
  });

  test("are none between equal texts, and never next to each other", () => {
    fc.assert(
      fc.property(texts, texts, efforts, (one, other, effort) => {
        expect(lineDiff(one, one, effort)).toEqual([]);
        const changes = lineDiff(one, other, effort);
        changes.slice(1).forEach((change, at) => expect(change.from).toBeGreaterThan(changes[at]?.to ?? 0));
      }),
    );
  });

  test("leave as many lines as there can be", () => {
    fc.assert(
      fc.property(texts, texts, (one, other) => {
        expect(kept(one, lineDiff(one, other))).toBe(longest(one, other));
      }),
      { numRuns: 500 },
    );
  });

  test("are right for long texts that differ all over, where every pair of lines is too many to look at", () => {
    const one = Array.from({ length: 60_000 }, (_, at) => `line ${(at * 7919) % 60_000}`);
    const other = Array.from({ length: 60_000 }, (_, at) => `line ${(at * 104_729) % 59_999}`);
    expect(applied(one, other, lineDiff(one, other))).toEqual(other);
  });
});
