import { expect, test } from "vitest";
import { briefIssue, changesBetween, commitsOf, issueOf, readiness, spokenName, stepRows, versionsOf, whyPending } from "./environment_words";
import { application, environment, release, step } from "./release.fixture";

const T = (second: number): string => new Date(Date.UTC(2025, 0, 1, 14, 0, second)).toISOString();

test("a card lists every step from the start, so that it keeps its height", () => {
  const before = environment("qa");
  const after = environment("qa", {
    status: "SUCCEEDED",
    applications: [application("demo-qa", { commit: "9d02b7cffff", steps: before.applications[0]?.steps.map((one) => ({ ...one, status: "SUCCEEDED" as const })) ?? [] })],
  });
  expect(stepRows(before, release([before])).map((one) => one.title)).toEqual(["Commit", "Synced and Healthy"]);
  expect(stepRows(after, release([after])).map((one) => [one.title, one.made])).toEqual([
    ["Commit", "9d02b7c"],
    ["Synced and Healthy", ""],
  ]);
});

test("several applications share a row per phase, which ends when the last of them does", () => {
  const steps = (status: "SUCCEEDED" | "RUNNING", start: number, end: number | null): ReturnType<typeof step>[] => [
    step({ status, startedAt: T(start), finishedAt: end === null ? null : T(end) }),
  ];
  const both = (second: ReturnType<typeof step>[]): ReturnType<typeof stepRows> => {
    const qa = environment("qa", { status: "RUNNING", applications: [application("a", { steps: steps("SUCCEEDED", 3, 9) }), application("b", { steps: second })] });
    return stepRows(qa, release([qa]));
  };
  expect(both(steps("RUNNING", 2, null))).toMatchObject([{ status: "RUNNING", startedAt: T(2), finishedAt: null }]);
  expect(both(steps("SUCCEEDED", 4, 12))).toMatchObject([{ status: "SUCCEEDED", startedAt: T(3), finishedAt: T(12) }]);
  expect(both([step()])).toMatchObject([{ status: "RUNNING" }]);
});

test("the source's row sets its SHA apart", () => {
  const dev = environment("dev", { role: "TRIGGER", applications: [application("demo-dev", { steps: [step({ kind: "freeze", title: "Source 46b4afe" })] })] });
  expect(stepRows(dev, release([dev]))).toMatchObject([{ title: "Source", made: "46b4afe" }]);
});

test("only commits that the release wrote count as its own, each once", () => {
  const one = application("a", { commit: "c1" });
  const qa = environment("qa", { applications: [one, { ...one, name: "b" }, application("c", { commit: "tip", noChanges: true }), application("d")] });
  expect(commitsOf(qa)).toEqual(["c1"]);
});

test("what waits for a person has the person's mark", () => {
  const prod = environment("prod", { status: "SUSPENDED", applications: [application("demo-prod", { steps: [step({ status: "WAITING" })] })] });
  expect(stepRows(prod, release([prod]))[0]?.status).toBe("SUSPENDED");
});

const resource = (ready: string): { kind: string; name: string; health: string; message: string; image: string; ready: string } => ({
  kind: "Deployment",
  name: ready,
  health: "Progressing",
  message: "",
  image: "",
  ready,
});

test.each([
  ["Synced", ["2/3", "1/1"], "Synced, 3 of 4 ready"],
  ["Synced", [""], ""],
  ["OutOfSync", ["2/3"], ""],
])("%s with %j ready says %j", (sync, ready, words) => {
  expect(readiness([application("a", { sync, resources: ready.map(resource) })])).toBe(words);
});

test.each([
  ["NOT_HEALTHY", "Synced, 2 of 3 ready"],
  ["OLD_REVISION", "Synced and Healthy"],
])("while the runtime says %s, the waiting step reads %j", (reason, title) => {
  const steps = [step({ kind: "await_sync", title: "Synced and Healthy", status: "WAITING", reason })];
  const qa = environment("qa", { status: "RUNNING", applications: [application("a", { sync: "Synced", resources: [resource("2/3")], steps })] });
  expect(stepRows(qa, release([qa]))[0]?.title).toBe(title);
});

test("a card tells the cause of a failure without repeating its only application", () => {
  const message = "demo-eu is Degraded: Deployment ctrlr at v1.184.7 is stuck. Mend it, then retry.";
  const failed = environment("prod-eu", { status: "FAILED", message, applications: [application("demo-eu")] });
  const issue = issueOf(failed);
  expect(issue).toEqual({ tone: "bad", text: message });
  expect(issue && briefIssue(issue, failed)).toBe("Degraded: Deployment ctrlr at v1.184.7 is stuck.");
  const two = { ...failed, applications: [application("demo-eu"), application("other")] };
  expect(issue && briefIssue(issue, two)).toBe("demo-eu is Degraded: Deployment ctrlr at v1.184.7 is stuck.");
});

test("a running environment says what its step waits for, an ended one nothing", () => {
  const steps = [step({ status: "WAITING", message: "demo-qa is syncing." })];
  expect(issueOf(environment("qa", { status: "RUNNING", applications: [application("demo-qa", { steps })] }))).toEqual({ tone: "move", text: "demo-qa is syncing." });
  expect(issueOf(environment("qa", { status: "SUCCEEDED", applications: [application("demo-qa", { steps })] }))).toBeUndefined();
  expect(issueOf(environment("qa", { status: "SUSPENDED" }))?.tone).toBe("wait");
});

test.each([
  ["SUCCEEDED", "RUNNING", "Starts next."],
  ["RUNNING", "RUNNING", "Starts when qa has succeeded."],
  ["FAILED", "RUNNING", "Does not start: qa failed."],
  ["TERMINATED", "TERMINATED", "Does not start: qa was terminated."],
  ["PENDING", "TERMINATED", "Never started: qa did not succeed."],
] as const)("with qa %s in a release that is %s, prod says %j", (qa, status, words) => {
  const prod = environment("prod", { dependsOn: ["qa"] });
  expect(whyPending(prod, release([environment("qa", { status: qa }), prod], { status }))).toBe(words);
});

test("an environment that has started gives no reason for waiting", () => {
  const qa = environment("qa", { status: "RUNNING" });
  expect(whyPending(qa, release([qa]))).toBe("");
});

test("versions are planned until they are written, and left out where applications differ", () => {
  const qa = environment("qa");
  expect(versionsOf(qa, release([qa]))).toEqual({ before: "1.0.0", after: "1.1.0", planned: true });
  const done = environment("qa", { applications: [application("a", { versionAfter: "1.1.0" })] });
  expect(versionsOf(done, release([done]))?.planned).toBe(false);
  const mixed = environment("qa", { applications: [application("a"), application("b", { versionBefore: "0.9" })] });
  expect(versionsOf(mixed, release([mixed]))).toBeUndefined();
  expect(versionsOf(qa, release([qa], { version: "" }))).toBeUndefined();
});

test("listeners hear name, kind, state, what it follows and the cause", () => {
  const prod = environment("prod", { kind: "PROD", status: "FAILED", message: "It broke.", dependsOn: ["qa", "load"] });
  expect(spokenName(prod, release([prod]), "Failed")).toBe("prod, production, Failed, after qa and load, It broke.");
});

test("only changed states are announced", () => {
  const before = release([environment("dev", { status: "SUCCEEDED" }), environment("qa"), environment("prod", { status: "RUNNING" })]);
  const after = release([environment("dev", { status: "SUCCEEDED" }), environment("qa", { status: "RUNNING" }), environment("prod", { status: "FAILED", message: "It broke" })]);
  expect(changesBetween(before, after)).toEqual(["qa started.", "prod failed: It broke."]);
  expect(changesBetween(after, after)).toEqual([]);
});
