// A diff comes after a moment's rest and goes with the pointer; one asked for by key stays.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { GRACE, HoverIntent, REST } from "./hover_intent";

let shown: (string | undefined)[];
let intent: HoverIntent<{ key: string }>;

beforeEach(() => {
  vi.useFakeTimers();
  shown = [];
  intent = new HoverIntent((what) => shown.push(what?.key));
});
afterEach(() => {
  intent.close();
  vi.useRealTimers();
});

const wait = (time: number): unknown => vi.advanceTimersByTime(time);

test("a pointer that only passes shows nothing", () => {
  intent.over({ key: "a" });
  wait(REST - 1);
  intent.leave();
  wait(10_000);
  expect(shown).toEqual([]);
});

test("one that rests shows it, and hides it a moment after it left", () => {
  intent.over({ key: "a" });
  wait(REST);
  intent.leave();
  expect(shown).toEqual(["a"]);
  wait(GRACE);
  expect(shown).toEqual(["a", undefined]);
});

test("what is shown can be reached and left for the place again, without moving", () => {
  intent.over({ key: "a" });
  wait(REST);
  intent.leave();
  intent.hold();
  wait(10_000);
  intent.leave();
  intent.over({ key: "a" });
  wait(10_000);
  expect(shown).toEqual(["a"]);
});

test("the next place takes over", () => {
  intent.over({ key: "a" });
  wait(REST);
  intent.leave();
  intent.over({ key: "b" });
  wait(REST);
  expect(shown).toEqual(["a", "b"]);
});

test("what was asked for by key stays whatever the pointer does, until it is closed", () => {
  intent.pin({ key: "a" });
  intent.over({ key: "b" });
  wait(10_000);
  intent.leave();
  wait(10_000);
  expect(shown).toEqual(["a"]);
  expect([intent.close(), intent.close()]).toEqual([true, false]);
  expect(shown).toEqual(["a", undefined]);
});
