import { expect, test } from "vitest";
import type { ReleaseEvent } from "../shared/release/release";
import { application } from "../shared/release/release.fixture";
import { timelineOf } from "./timeline";

const QA = { name: "qa", applications: [application("demo-qa")] };
const at = (second: number): string => new Date(Date.UTC(2025, 0, 1, 14, 0, second)).toISOString();

let number = 0;
const event = (second: number, status: string, message = "", step?: number, reason = "", subject = "qa"): ReleaseEvent => ({
  number: ++number,
  kind: step === undefined ? "environment.status" : "step.status",
  subject,
  message,
  reason,
  actor: "",
  at: at(second),
  data: { status, ...(step !== undefined && { step, title: "Commit" }) },
});
const texts = (events: ReleaseEvent[]): string[] => timelineOf(events, QA).map((one) => one.text);

test("an environment's timeline holds its own events only", () => {
  expect(texts([event(1, "RUNNING", "Started after dev succeeded."), event(2, "RUNNING", "Started with the release.", undefined, "", "dev")])).toEqual([
    "Started after dev succeeded.",
  ]);
});

test("a step's end takes the place of its start and tells how long it took", () => {
  const lines = timelineOf([event(1, "RUNNING", "", 7), event(4, "SUCCEEDED", "Commit 9d02b7c", 7)], QA);
  expect(lines).toMatchObject([{ text: "Commit 9d02b7c", seconds: 3, at: at(4), icon: "st-succeeded", role: "ok" }]);
});

test("a step that only began has a line of its own", () => {
  expect(texts([event(1, "RUNNING", "", 7)])).toEqual(["Commit started"]);
});

test("a countdown is one line: the first time, the last words", () => {
  const lines = timelineOf(
    [event(1, "WAITING", "stable for 5 s more", 8, "SETTLING"), event(2, "WAITING", "stable for 4 s more", 8, "SETTLING"), event(3, "SUCCEEDED", "green", 8)],
    QA,
  );
  expect(lines.map((one) => [one.at, one.text])).toEqual([
    [at(1), "stable for 4 s more"],
    [at(3), "green"],
  ]);
});

test("another reason, or another step between, starts a new line", () => {
  expect(texts([event(1, "WAITING", "a", 8, "SYNCING"), event(2, "WAITING", "b", 8, "NOT_HEALTHY"), event(3, "WAITING", "c", 9, "NOT_HEALTHY"), event(4, "WAITING", "d", 8, "NOT_HEALTHY")])).toEqual([
    "a",
    "b",
    "c",
    "d",
  ]);
});

test("a failure is told once, without the application's name and without the way out", () => {
  const message = "demo-qa is Degraded: it crashes. Mend it, then retry.";
  const lines = timelineOf([event(1, "FAILED", message, 8, "APP_DEGRADED"), event(1, "FAILED", message, undefined, "APP_DEGRADED")], QA);
  expect(lines).toMatchObject([{ text: "Degraded: it crashes.", fatal: true, icon: "hl-degraded", role: "bad" }]);
});

test("the start of the environment is a dot, its end a state", () => {
  expect(timelineOf([event(1, "RUNNING", "Started."), event(9, "SUCCEEDED", "", undefined)], QA).map((one) => [one.icon, one.text])).toEqual([
    [undefined, "Started."],
    ["st-succeeded", "qa succeeded"],
  ]);
});
