import { expect, test } from "vitest";
import type { EnvironmentStatus, Release } from "../../shared/release/release";
import { environment, release } from "../../shared/release/release.fixture";
import { progressOf, spokenChanges, troubleOf } from "./strip_words";

const dev = environment("dev", { role: "TRIGGER", status: "SUCCEEDED" });
const of = (states: Partial<Record<string, EnvironmentStatus>>, fields: Partial<Release> = {}): Release =>
  release([dev, ...Object.entries(states).map(([name, status]) => environment(name, status && { status }))], fields);

test.each([
  [{ qa: "PENDING", prod: "PENDING" }, "0 of 2", "environments"],
  [{ qa: "SUCCEEDED", prod: "RUNNING" }, "1 of 2", "environments"],
  [{ qa: "SUCCEEDED", prod: "FAILED" }, "1 of 2", "environments"],
  [{ qa: "SUCCEEDED" }, "1 of 1", "environment"],
] as const)("of %j counts what the release changes, not where it comes from", (states, count, what) => {
  expect(progressOf(of(states))).toEqual({ count, what });
});

test.each([
  ["all goes well", of({ qa: "RUNNING" }), undefined],
  ["one failed while others run", of({ qa: "FAILED", prod: "RUNNING" }), { tone: "bad", text: "qa failed.", environment: "qa" }],
  ["several failed", of({ prod: "FAILED", "prod-eu": "FAILED" }, { status: "FAILED" }), { tone: "bad", text: "prod and prod-eu failed.", environment: "prod" }],
  ["no environment is the cause", of({ qa: "PENDING" }, { status: "FAILED", message: "dev never became Healthy" }),
    { tone: "bad", text: "dev never became Healthy.", environment: undefined }],
  ["it waits for its turn", of({ qa: "PENDING" }, { status: "QUEUED", message: "Starts after release 3" }),
    { tone: "", text: "Starts after release 3.", environment: undefined }],
  ["it was ended on purpose", of({ qa: "TERMINATED" }, { status: "TERMINATED", message: "Terminated by admin." }),
    { tone: "", text: "Terminated by admin.", environment: undefined }],
  ["a person is waited for", of({ qa: "SUSPENDED" }, { status: "SUSPENDED" }), { tone: "", text: "qa waits.", environment: "qa" }],
])("says what is in the way where %s", (_when, whole, trouble) => {
  expect(troubleOf(whole)).toEqual(trouble);
});

test.each([
  ["an environment's start", of({ qa: "PENDING" }), of({ qa: "RUNNING" }), ["qa started."]],
  ["the end, before what led to it", of({ qa: "RUNNING" }), of({ qa: "SUCCEEDED" }, { status: "SUCCEEDED" }),
    ["Release 1 succeeded, 1 of 1 environment promoted.", "qa succeeded."]],
  ["nothing where nothing changed", of({ qa: "RUNNING" }), of({ qa: "RUNNING" }), []],
  ["nothing of one release against another", of({ qa: "RUNNING" }), of({ qa: "FAILED" }, { id: "r2", status: "FAILED" }), []],
])("people who listen hear %s", (_what, before, after, said) => {
  expect(spokenChanges(before, after)).toEqual(said);
});
