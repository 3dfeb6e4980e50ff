// Two texts beside each other, drawn as rows: "-" and "+" before a changed line, the changed part in [ ], nothing in a gap.
import { describe, expect, test } from "vitest";
import { sideBySide, type SideLine } from "./side_by_side";

const drawn = (lines: readonly SideLine[], sign: string): string[] =>
  lines.map((line) =>
    line.number === undefined
      ? ""
      : `${line.changed ? sign : " "}${line.number} ${line.parts.map((part) => (part.changed ? `[${part.text}]` : part.text)).join("")}`,
  );

const rows = (one: string, other: string): [string, string][] => {
  const sides = sideBySide(one, other);
  expect(sides.one.length).toBe(sides.other.length);
  const right = drawn(sides.other, "+");
  return drawn(sides.one, "-").map((left, at) => [left, right[at] ?? ""]);
};

describe("side by side", () => {
  test("only the lines that differ are marked, and in them the part that differs", () => {
    expect(rows("a: 1\nversion: 1.00\nc: 3", "a: 1\nversion: 1.01\nc: 3")).toEqual([
      [" 1 a: 1", " 1 a: 1"],
      ["-2 version: [1.00]", "+2 version: [1.01]"],
      [" 3 c: 3", " 3 c: 3"],
    ]);
  });

  test("whole words are marked, however much of one stays", () => {
    expect(rows("the second line", "the third line")).toEqual([["-1 the [second] line", "+1 the [third] line"]]);
    expect(rows("- prod-eu # on", "- prod-asia # on")).toEqual([["-1 - prod-[eu] # on", "+1 - prod-[asia] # on"]]);
    expect(rows("a: \u{1f600}.", "a: \u{1f601}.")).toEqual([["-1 a: [\u{1f600}].", "+1 a: [\u{1f601}]."]]);
  });

  test("what follows an addition stays level, with a gap beside what only one of them has", () => {
    expect(rows("a\nd", "a\nb\nc\nd")).toEqual([
      [" 1 a", " 1 a"],
      ["", "+2 b"],
      ["", "+3 c"],
      [" 2 d", " 4 d"],
    ]);
    expect(rows("a\nb", "b")).toEqual([
      ["-1 a", ""],
      [" 2 b", " 1 b"],
    ]);
  });

  test("lines that share nothing but their indentation are marked whole", () => {
    expect(rows("  abc", "  xyz")).toEqual([["-1   abc", "+1   xyz"]]);
  });

  test("a part that is only added leaves nothing marked beside it", () => {
    expect(rows("name: flow", "name: flow-copy")).toEqual([["-1 name: flow", "+1 name: flow[-copy]"]]);
  });

  test("how lines end is no difference of theirs", () => {
    expect(sideBySide("a\r\nb", "a\nb").one.some((line) => line.changed)).toBe(false);
  });

  test("one changed line of a very long text is found without comparing every line with every other", () => {
    const lines = Array.from({ length: 50_000 }, (_, at) => `line ${at}`);
    const sides = sideBySide(lines.join("\n"), lines.with(30_000, "another").join("\n"));
    expect(sides.one.findIndex((line) => line.changed)).toBe(30_000);
    expect(sides.other.filter((line) => line.changed).map((line) => line.number)).toEqual([30_001]);
  });
});
