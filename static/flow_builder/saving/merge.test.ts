// Two saves of one text come together where they touch different lines, and only there.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PARALLEL } from "../gestures/flows.fixture";
import { perform } from "../gestures/gesture";
import { mergeTexts } from "./merge";

const mine = perform(PARALLEL, { kind: "add", after: "qa", environments: ["prod-eu"] }).source;

describe("merging two saves", () => {
  test("changes of different lines are both kept", () => {
    const theirs = perform(PARALLEL, { kind: "timeout", minutes: 5 }).source;
    expect(mergeTexts(PARALLEL, mine, theirs)).toBe(perform(mine, { kind: "timeout", minutes: 5 }).source);
    expect(mergeTexts(PARALLEL, theirs, mine)).toBe(mergeTexts(PARALLEL, mine, theirs));
  });

  test("two additions in the same place are not put in some order", () => {
    const theirs = perform(PARALLEL, { kind: "add", after: "qa", environments: ["prod-us"] }).source;
    expect(mergeTexts(PARALLEL, mine, theirs)).toBeUndefined();
  });

  test("the same line changed to two things is a conflict, to the same thing is none", () => {
    const two = perform(PARALLEL, { kind: "timeout", minutes: 2 }).source;
    expect(mergeTexts(PARALLEL, two, perform(PARALLEL, { kind: "timeout", minutes: 3 }).source)).toBeUndefined();
    expect(mergeTexts(PARALLEL, two, two)).toBe(two);
  });

  test("where only one side changed, that side is taken to the byte", () => {
    expect(mergeTexts(PARALLEL, PARALLEL, mine)).toBe(mine);
    expect(mergeTexts(PARALLEL, mine, PARALLEL)).toBe(mine);
    expect(mergeTexts("a\nb", "a\nb", "a\nb\n")).toBe("a\nb\n");
  });
});

/** Lines of which no two are the same, so that there is one answer; which of them each side changes, and how. */
const LINES = 40;
const change = fc.record({ line: fc.integer({ min: 0, max: LINES - 1 }), how: fc.constantFrom("replace", "remove", "add") });
type Change = { line: number; how: string };

function changed(lines: readonly string[], changes: readonly Change[], word: string): string {
  const texts = [...lines];
  for (const { line, how } of changes) {
    const fresh = `${word} ${line}\n`;
    texts[line] = how === "remove" ? "" : how === "replace" ? fresh : fresh + (lines[line] ?? "");
  }
  return texts.join("");
}

const text = fc.array(fc.constantFrom("a\n", "b\n", "c\n"), { maxLength: 30 }).map((lines) => lines.join(""));

describe("whatever two people save", () => {
  const lines = Array.from({ length: LINES }, (_, at) => `line ${at}\n`);
  const base = lines.join("");

  test("changes of lines that are apart are all kept", () => {
    fc.assert(
      fc.property(fc.uniqueArray(change, { selector: ({ line }) => line >> 1, maxLength: 12 }), fc.nat(12), (changes, count) => {
        const apart = changes.filter(({ line }) => !changes.some((other) => other.line === line + 1));
        const [mine, theirs] = [apart.slice(0, count), apart.slice(count)];
        expect(mergeTexts(base, changed(lines, mine, "fresh"), changed(lines, theirs, "fresh"))).toBe(changed(lines, apart, "fresh"));
      }),
      { numRuns: 500 },
    );
  });

  test("a line that both changed to different things is told", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: LINES - 1 }), fc.uniqueArray(change, { selector: ({ line }) => line }), (line, others) => {
        const beside = others.filter((one) => one.line !== line);
        const side = (word: string, more: readonly Change[]): string => changed(lines, [...more, { line, how: "replace" }], word);
        expect(mergeTexts(base, side("mine", beside), side("theirs", []))).toBeUndefined();
      }),
    );
  });

  test("it makes no difference who is who, and one who changed nothing changes nothing", () => {
    fc.assert(
      fc.property(text, text, text, (was, mine, theirs) => {
        expect(mergeTexts(was, mine, theirs)).toBe(mergeTexts(was, theirs, mine));
        expect(mergeTexts(was, mine, was)).toBe(mine);
        expect(mergeTexts(was, mine, mine)).toBe(mine);
      }),
      { numRuns: 500 },
    );
  });
});
