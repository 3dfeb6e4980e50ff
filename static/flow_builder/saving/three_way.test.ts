// Two people's changes of one text, drawn as rows: "-" and "+" before what each removed and added, nothing in a gap.
import { expect, test } from "vitest";
import type { SideLine } from "./side_by_side";
import { threeWay } from "./three_way";

const BASE = "a\nb\nc\nd";
const SIGNS = { ins: "+", rem: "-" };

const drawn = (line: SideLine | undefined): string =>
  `${line?.tone ? SIGNS[line.tone] : ""}${line?.number ?? ""}${line?.parts.map((part) => part.text).join("") ?? ""}`;

function rows(mine: string, theirs: string): [string, string][] {
  const { one, other } = threeWay(BASE, mine, theirs);
  expect(one.length).toBe(other.length);
  return one.map((line, at) => [drawn(line), drawn(other[at])]);
}

test("what either side added is an addition, beside a gap", () => {
  expect(rows("a\nmine\nb\nc\nd", "a\nb\nc\nd\ntheirs")).toEqual([
    ["1a", "1a"],
    ["+2mine", ""],
    ["3b", "2b"],
    ["4c", "3c"],
    ["5d", "4d"],
    ["", "+5theirs"],
  ]);
});

test("what either side removed stands there as removed, beside the line that the other kept", () => {
  expect(rows("a\nc\nd", "a\nb\nc")).toEqual([
    ["1a", "1a"],
    ["-b", "2b"],
    ["2c", "3c"],
    ["3d", "-d"],
  ]);
});

test("one line changed by both is removed and added on both sides", () => {
  expect(rows("a\nmine\nc\nd", "a\ntheirs\nc\nd")).toEqual([
    ["1a", "1a"],
    ["-b", "-b"],
    ["+2mine", "+2theirs"],
    ["3c", "3c"],
    ["4d", "4d"],
  ]);
});

test("where nobody changed anything, nothing is marked", () => {
  expect(rows(BASE, BASE)).toEqual([["1a", "1a"], ["2b", "2b"], ["3c", "3c"], ["4d", "4d"]]);
});
