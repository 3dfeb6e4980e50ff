import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { causeOf } from "./cause_words";
import { healthLook, promotionLook, syncLook } from "./looks";
import { secondsBetween } from "./now";
import { environment, release } from "./release.fixture";

const sprite = readFileSync(fileURLToPath(new URL("../look/icons.svg", import.meta.url)), "utf8");

test.each([
  ["PENDING", "idle", "Pending", false],
  ["RUNNING", "move", "Running", true],
  ["WAITING", "move", "Waiting", true],
  ["SUSPENDED", "wait", "Suspended", false],
  ["SUCCEEDED", "ok", "Succeeded", false],
  ["SKIPPED", "idle", "Skipped", false],
  ["FAILED", "bad", "Failed", false],
  ["ERROR", "bad", "Error", false],
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

const failed = environment("qa", { status: "FAILED", message: "values.yaml at v1.2.3 was changed by 7c1e0fa. Nothing was written." });

test.each([
  [release([failed]), "Nothing was written. Retry becomes possible when the release has ended."],
  [release([failed], { status: "FAILED", actions: { terminate: false, retry: true } }), "Nothing was written. Retry goes on from the step that did not succeed."],
])("the cause comes first, then what can be done now", (whole, rest) => {
  expect(causeOf(failed, whole)).toEqual({ tone: "bad", icon: "alert", lead: "values.yaml at v1.2.3 was changed by 7c1e0fa.", rest });
});

test("a plain success needs no cause, one without a change says so", () => {
  const done = environment("qa", { status: "SUCCEEDED" });
  expect(causeOf(done, release([done]))).toBeUndefined();
  expect(causeOf({ ...done, reason: "NO_CHANGES", message: "qa carried it." }, release([done]))?.lead).toBe("qa carried it.");
});
