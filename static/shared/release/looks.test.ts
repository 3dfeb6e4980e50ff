import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { healthLook, promotionLook, syncLook } from "./looks";
import { secondsBetween } from "./now";

const sprite = readFileSync(fileURLToPath(new URL("../../look/icons.svg", import.meta.url)), "utf8");

test.each([
  ["PENDING", "idle", "Pending", false],
  ["QUEUED", "idle", "Queued", false],
  ["RUNNING", "move", "Running", true],
  ["WAITING", "move", "Waiting", true],
  ["SUSPENDED", "wait", "Suspended", false],
  ["SUCCEEDED", "ok", "Succeeded", false],
  ["SKIPPED", "idle", "Skipped", false],
  ["FAILED", "bad", "Failed", false],
  ["ERROR", "bad", "Error", false],
  ["TERMINATING", "end", "Terminating", true],
  ["TERMINATED", "end", "Terminated", false],
])("%s is %s and says %s", (status, role, word, turns) => {
  const look = promotionLook(status);
  expect(look).toMatchObject({ role, word, turns });
  expect(sprite).toContain(`id="i-${look.icon}"`);
});

test("a success without a change has its own mark", () => {
  expect(promotionLook("SUCCEEDED", "NO_CHANGES")).toMatchObject({ icon: "st-nochange", word: "No changes", role: "ok" });
});

test.each(["Healthy", "Progressing", "Degraded", "Suspended", "Missing", "Unknown", ""])("health %j has an icon of the sprite", (health) => {
  expect(sprite).toContain(`id="i-${healthLook(health).icon}"`);
});

test.each(["Synced", "OutOfSync", "Unknown"])("sync %s has an icon of the sprite", (sync) => {
  expect(sprite).toContain(`id="i-${syncLook(sync).icon}"`);
});

test("a duration runs to its end, or to now, and never below nothing", () => {
  const [start, end] = ["2025-01-01T14:00:00Z", "2025-01-01T14:02:08Z"];
  expect(secondsBetween(start, end, 0)).toBe(128);
  expect(secondsBetween(start, null, Date.parse(end) + 1_000)).toBe(129);
  expect(secondsBetween(start, null, Date.parse(start) - 5_000)).toBe(0);
  expect(secondsBetween(null, end, 0)).toBeUndefined();
});
