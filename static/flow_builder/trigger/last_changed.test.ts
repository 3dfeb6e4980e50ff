// The application that is preset is the one whose files changed last.
import { expect, test } from "vitest";
import type { Application } from "../../shared/records";
import { lastChanged } from "./last_changed";

const named = (name: string, commitAt: string | null): Application => ({ name, commitAt }) as Application;

test("the last commit decides, none known comes last, equal ones keep their order", () => {
  const [old, young, unknown] = [named("a", "2026-11-01T10:00:00Z"), named("b", "2026-11-02T09:00:00Z"), named("c", null)];
  expect(lastChanged([unknown, old, young])).toBe(young);
  expect(lastChanged([unknown])).toBe(unknown);
  expect(lastChanged([old, named("same", old.commitAt)])).toBe(old);
  expect(lastChanged([])).toBeUndefined();
});
