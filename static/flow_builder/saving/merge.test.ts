// Two saves of one text come together where they touch different lines, and only there.
import { describe, expect, test } from "vitest";
import { PARALLEL } from "../gestures/flows.fixture";
import { perform } from "../gestures/gesture";
import { mergeTexts, sideBySide } from "./merge";

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

  test("one changed line of a very long text is found without comparing every line with every other", () => {
    const lines = Array.from({ length: 50_000 }, (_, at) => `line ${at}`);
    const sides = sideBySide(lines.join("\n"), lines.with(30_000, "another").join("\n"));
    expect(sides.mine.findIndex((line) => line.changed)).toBe(30_000);
    expect(sides.theirs.filter((line) => line.changed).map((line) => line.text)).toEqual(["another"]);
  });

  test("side by side, only the lines that differ are marked", () => {
    const sides = sideBySide("a\nb\nc", "a\nx\nc");
    expect(sides.mine.map((line) => line.changed)).toEqual([false, true, false]);
    expect(sides.theirs.filter((line) => line.changed).map((line) => line.text)).toEqual(["x"]);
  });
});
