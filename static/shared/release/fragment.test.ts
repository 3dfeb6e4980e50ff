// An environment may be called like any part of a page: its address names the environment, and nothing else does.
import { expect, test } from "vitest";
import { environmentIn, fragmentOf } from "./fragment";

test.each(["qa", "main", "announce", "i-alert", "release-panel"])("the address of %s names the environment alone", (name) => {
  expect(environmentIn(fragmentOf(name))).toBe(name);
  expect(environmentIn(`#${name}`)).toBeUndefined();
});

test("an address without a fragment names none", () => {
  expect(environmentIn("")).toBeUndefined();
});
