// Two saves of one text come together where they touch different lines, and only there.
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
