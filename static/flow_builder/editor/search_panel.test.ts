// What the search says of what it found: how many, at which of them the cursor is, and what it cannot search for.
import { SearchQuery } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import { expect, test, vi } from "vitest";
import { countWords, matchesOf } from "./search_panel";

const query = (search: string, regexp = false): SearchQuery => new SearchQuery({ search, regexp });
const nowhere = { from: 0, to: 0 };

function words(doc: string, asked: SearchQuery, selected = nowhere): string {
  return countWords(matchesOf(EditorState.create({ doc }), asked), asked, selected);
}

test("how many there are, and at which of them the cursor is", () => {
  expect(words("prod, prod", query("prod"))).toBe("2 found");
  expect(words("prod, prod", query("prod"), { from: 6, to: 10 })).toBe("2 of 2");
  expect(words("prod, prod", query("qa"))).toBe("No match");
  expect(words("prod, prod", query("(", true))).toBe("Invalid expression");
  expect(words("prod, prod", query(""))).toBe("");
});

test("more than are counted are not told as if that were all", () => {
  expect(words("a".repeat(999), query("a"))).toBe("999 found");
  expect(words("a".repeat(1000), query("a"))).toBe("999+ found");
  expect(words("a".repeat(5000), query("a"), { from: 4, to: 5 })).toBe("5 of 999+");
  expect(words("a".repeat(5000), query("a"), { from: 2000, to: 2001 })).toBe("999+ found");
});

test("the cursor's place among them is found without looking through the text again", () => {
  const asked = query("a");
  const matches = matchesOf(EditorState.create({ doc: "a a a" }), asked);
  const scans = vi.spyOn(asked, "getCursor");
  expect([nowhere, { from: 0, to: 1 }, { from: 4, to: 5 }].map((at) => countWords(matches, asked, at))).toEqual(["3 found", "1 of 3", "3 of 3"]);
  expect(scans).not.toHaveBeenCalled();
});
