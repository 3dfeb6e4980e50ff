// Folding hides nothing but what is the same on both sides, away from what changed, and loses no row of it.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isChanged, partsOf, type Part } from "./fold";
import { sideBySide, type Sides } from "./side_by_side";
import { threeWay } from "./three_way";

const NONE: ReadonlySet<number> = new Set();
const CONTEXT = 3;
const MOST_UNFOLDED = 2 * CONTEXT + 7;

const numbered = (count: number): string[] => Array.from({ length: count }, (_, at) => `line ${at}`);
/** The text of so many lines, and the same with these lines changed. */
const differing = (count: number, changed: readonly number[]): Sides =>
  sideBySide(numbered(count).join("\n"), numbered(count).map((line, at) => (changed.includes(at) ? `${line}, changed` : line)).join("\n"));

/** "0-4" for rows that are drawn, "[4-96]" for those behind one row. */
const told = (parts: readonly Part[]): string => parts.map(({ from, to, folded }) => (folded ? `[${from}-${to}]` : `${from}-${to}`)).join(" ");

describe("the parts", () => {
  test.each<[string, number, number[], string]>([
    ["a change in the middle keeps three lines on each side", 60, [30], "[0-27] 27-34 [34-60]"],
    ["a change of the first line", 40, [0], "0-4 [4-40]"],
    ["a change of the last line", 40, [39], "[0-36] 36-40"],
    ["both ends", 40, [0, 39], "0-4 [4-36] 36-40"],
    ["changes that are near each other", 60, [30, 33, 43], "[0-27] 27-47 [47-60]"],
    ["a run that is just long enough", 60, [10, 25], "0-14 [14-22] 22-29 [29-60]"],
    ["a run that is one line too short", 60, [10, 24], "0-28 [28-60]"],
    ["a start that is just long enough", 40, [11], "[0-8] 8-15 [15-40]"],
    ["an end that is one line too short", 21, [10], "0-21"],
    ["nothing that differs shows how the text begins", 5000, [], "0-20 [20-5000]"],
    ["nothing that differs in a short text", 27, [], "0-27"],
    ["many changes are drawn in blocks", 120, numbered(120).map((_, at) => at), "0-50 50-100 100-120"],
  ])("of %s", (_words, count, changed, expected) => {
    expect(told(partsOf(differing(count, changed), NONE))).toBe(expected);
  });

  test("of a run that was opened are drawn in blocks, and all others stay as they were", () => {
    const sides = differing(300, [100, 200]);
    expect(told(partsOf(sides, NONE))).toBe("[0-97] 97-104 [104-197] 197-204 [204-300]");
    expect(told(partsOf(sides, new Set([104])))).toBe("[0-97] 97-104 104-154 154-197 197-204 [204-300]");
  });

  test("of a line that one side alone changed keep both sides level", () => {
    const lines = numbered(60);
    const sides = threeWay(lines.join("\n"), lines.toSpliced(10, 0, "mine").join("\n"), lines.toSpliced(45, 1).join("\n"));
    expect(told(partsOf(sides, NONE))).toBe("0-14 [14-43] 43-50 [50-61]");
  });
});

const text = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 12 });
/** Mostly long runs that all three have, with something of their own between. */
const threeTexts = fc.array(fc.tuple(fc.integer({ min: 0, max: 70 }), text, text, text), { maxLength: 6 }).map((pieces) => {
  const textOf = (own: (piece: [number, string[], string[], string[]]) => string[]): string =>
    pieces.flatMap((piece, at) => [...numbered(piece[0]).map((line) => `${at} ${line}`), ...own(piece)]).join("\n");
  return [textOf((piece) => piece[1]), textOf((piece) => piece[2]), textOf((piece) => piece[3])] as const;
});
const compared = threeTexts.chain(([base, mine, theirs]) => fc.constantFrom(sideBySide(mine, theirs), threeWay(base, mine, theirs)));

describe("whatever two texts are", () => {
  test("each row is in one part, in its order, whatever was opened", () => {
    fc.assert(
      fc.property(compared, fc.array(fc.nat(400)), (sides, rows) => {
        const folds = partsOf(sides, NONE).filter((part) => part.folded);
        const opened = new Set([...rows, ...folds.filter((_, at) => at % 2 === 0).map((part) => part.from)]);
        for (const parts of [partsOf(sides, NONE), partsOf(sides, opened)]) {
          expect(parts.flatMap(({ from, to }) => sides.one.slice(from, to))).toEqual(sides.one);
          expect(parts.flatMap(({ from, to }) => sides.other.slice(from, to))).toEqual(sides.other);
          parts.forEach((part, at) => expect([part.from, part.to > part.from]).toEqual([at === 0 ? 0 : parts[at - 1]?.to, true]));
        }
      }),
      { numRuns: 500 },
    );
  });

  test("no changed row is folded, nor one of the three beside it", () => {
    fc.assert(
      fc.property(compared, (sides) => {
        for (const { from, to, folded } of partsOf(sides, NONE)) {
          if (!folded) continue;
          for (let row = from - CONTEXT; row < to + CONTEXT; row += 1) expect(isChanged(sides, row)).toBe(false);
          // A count on both sides: no gap is folded either.
          expect([...sides.one.slice(from, to), ...sides.other.slice(from, to)].every((line) => line.number !== undefined)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("what is drawn grows with the changes alone", () => {
    fc.assert(
      fc.property(compared, (sides) => {
        const changes = sides.one.filter((_, row) => isChanged(sides, row)).length;
        const drawn = partsOf(sides, NONE).reduce((sum, { from, to, folded }) => sum + (folded ? 1 : to - from), 0);
        const most = changes === 0 ? 20 + MOST_UNFOLDED : changes + (changes + 1) * MOST_UNFOLDED;
        expect(drawn).toBeLessThanOrEqual(most);
      }),
      { numRuns: 500 },
    );
  });

  test("each run that was opened is drawn to its last line", () => {
    fc.assert(
      fc.property(compared, (sides) => {
        const folds = partsOf(sides, NONE).filter((part) => part.folded);
        expect(partsOf(sides, new Set(folds.map((part) => part.from))).some((part) => part.folded)).toBe(false);
      }),
    );
  });
});
