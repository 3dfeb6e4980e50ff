import { expect, test } from "vitest";
import type { EnvironmentStatus } from "../../shared/release/release";
import { application, environment, release, step } from "../../shared/release/release.fixture";
import { isMoving, nodeStates } from "./node_states";

// dev -> qa -> (prod, prod-eu)
const dev = environment("dev", { role: "TRIGGER", status: "SUCCEEDED" });
const qa = environment("qa", { dependsOn: ["dev"] });
const prod = environment("prod", { dependsOn: ["qa"] });
const eu = environment("prod-eu", { dependsOn: ["qa"] });

test.each<[EnvironmentStatus, string, string, string]>([
  ["PENDING", "st-pending", "idle", "Pending"],
  ["RUNNING", "st-running", "move", "Running"],
  ["SUSPENDED", "st-suspended", "wait", "Suspended"],
  ["SUCCEEDED", "st-succeeded", "ok", "Succeeded"],
  ["FAILED", "st-failed", "bad", "Failed"],
  ["TERMINATED", "st-terminated", "end", "Terminated"],
])("an environment that is %s has the mark of the release's page", (status, icon, role, word) => {
  const states = nodeStates(release([dev, { ...qa, status }]));
  expect(states.get("qa")?.look).toMatchObject({ icon, role, word });
});

test("a success without a change says so", () => {
  expect(nodeStates(release([{ ...qa, status: "SUCCEEDED", reason: "NO_CHANGES" }])).get("qa")?.look.word).toBe("No changes");
});

test("an environment that the release does not know has no state", () => {
  const states = nodeStates(release([dev, qa]));
  expect([...states.keys()]).toEqual(["dev", "qa"]);
  expect(states.get("staging")).toBeUndefined();
});

const FAILURE = "demo-qa is Degraded: ctrlr crashes. Repair it, then retry.";

test.each([
  ["FAILED", FAILURE, { tone: "bad", text: "Degraded: ctrlr crashes." }, FAILURE],
  ["SUSPENDED", "Waits for an approval.", { tone: "wait", text: "Waits for an approval." }, "Waits for an approval."],
  ["TERMINATED", "Terminated by admin.", undefined, "Terminated by admin."],
  ["PENDING", "", undefined, "Starts when dev has succeeded."],
  ["SUCCEEDED", "", undefined, ""],
] as const)("%s: the cause stands under the node, the whole sentence behind it", (status, message, issue, sentence) => {
  const before = { ...dev, status: status === "PENDING" ? ("RUNNING" as const) : dev.status };
  expect(nodeStates(release([before, { ...qa, status, message }])).get("qa")).toMatchObject({ issue, sentence });
});

test("what a running step waits for is told, but takes no room under the node", () => {
  const steps = [step({ kind: "await_sync", title: "Synced and Healthy", status: "WAITING", message: "demo-qa is OutOfSync." })];
  const state = nodeStates(release([{ ...qa, status: "RUNNING", applications: [application("demo-qa", { steps })] }])).get("qa");
  expect(state).toMatchObject({ issue: undefined, sentence: "demo-qa is OutOfSync." });
});

test.each([
  ["nothing began", "PENDING", "PENDING", undefined],
  ["the commit is made", "RUNNING", "PENDING", "Commit"],
  ["the runtime is waited for", "SUCCEEDED", "WAITING", "Synced and Healthy"],
  ["all is done", "SUCCEEDED", "SUCCEEDED", "Commit"],
  ["the runtime failed", "SUCCEEDED", "FAILED", "Synced and Healthy"],
  ["the commit failed", "FAILED", "PENDING", "Commit"],
  ["it was terminated", "SUCCEEDED", "TERMINATED", "Synced and Healthy"],
] as const)("where %s, the node tells that step", (_when, commit, sync, title) => {
  const steps = [step({ status: commit }), step({ id: 2, kind: "await_sync", title: "Synced and Healthy", status: sync })];
  const applications = [application("demo-qa", { steps, commit: "9d02b7cffff" })];
  expect(nodeStates(release([{ ...qa, status: "RUNNING", applications }])).get("qa")?.step?.title).toBe(title);
});

test("each setting has its own step's state, and none where the release has no such step", () => {
  const workflow = (id: number, title: string, status: "SUCCEEDED" | "FAILED") => step({ id, kind: "workflow", title, status });
  const around = [step({ id: 2, status: "SUCCEEDED", reason: "NO_CHANGES" }), step({ id: 3, kind: "await_sync", title: "Synced and Healthy", status: "SUCCEEDED" })];
  const looks = (steps: ReturnType<typeof step>[]) => {
    const state = nodeStates(release([{ ...qa, status: "RUNNING", applications: [application("demo-qa", { steps })] }])).get("qa");
    return Object.fromEntries(Object.entries(state?.settings ?? {}).map(([key, look]) => [key, look.word]));
  };
  expect(looks(around)).toEqual({ action: "No changes" });
  expect(looks([workflow(1, "smoke", "SUCCEEDED"), ...around, workflow(4, "load", "FAILED")])).toEqual({
    preAction: "Succeeded", action: "No changes", postAction: "Failed",
  });
  expect(looks([workflow(1, "smoke", "FAILED"), step({ id: 2, kind: "pull_request", title: "Pull request" })])).toEqual({
    preAction: "Failed", action: "Pending",
  });
});

test("where nothing had to change, the last step is told", () => {
  const steps = [step({ status: "SUCCEEDED" }), step({ id: 2, kind: "await_sync", title: "Synced and Healthy", status: "SUCCEEDED" })];
  const applications = [application("demo-qa", { steps, noChanges: true })];
  expect(nodeStates(release([{ ...qa, status: "SUCCEEDED", applications }])).get("qa")?.step?.title).toBe("Synced and Healthy");
});

test.each([
  ["dev", "qa", false, "its target has ended"],
  ["qa", "prod", true, "its target runs"],
  ["qa", "prod-eu", false, "its target waits"],
  ["dev", "prod", false, "it is in the text alone, not in the release"],
  ["qa", "staging", false, "the release does not know its target"],
])("whether the edge from %s to %s moves (%s): %s", (from, to, moves) => {
  const states = nodeStates(release([dev, { ...qa, status: "SUCCEEDED" }, { ...prod, status: "RUNNING" }, eu]));
  expect(isMoving(states, from, to)).toBe(moves);
});
