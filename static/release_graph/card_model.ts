// What one environment's card says: its issue in a sentence, its steps as rows, its versions. Reads, never draws.
import { isOver, type Application, type Environment, type Release, type Step, type StepStatus } from "./release";

export interface Issue {
  tone: "bad" | "wait" | "move";
  text: string;
}

export interface StepRow {
  key: string;
  status: StepStatus;
  reason: string;
  title: string;
  /** What the step made, set in mono behind the title: a short SHA. */
  made: string;
  startedAt: string | null;
  finishedAt: string | null;
}

export interface Versions {
  before: string;
  after: string;
  /** Not there yet: what the release will bring. */
  planned: boolean;
}

const short = (sha: string): string => sha.slice(0, 7);
const names = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? "") : `${words.slice(0, -1).join(", ")} and ${words[words.length - 1] ?? ""}`;
const sentence = (text: string): string => (text === "" || /[.!?]$/.test(text) ? text : `${text}.`);

export const stepsOf = (environment: Environment): Step[] => environment.applications.flatMap((one) => one.steps);

const active = (environment: Environment): Step | undefined => {
  const steps = stepsOf(environment);
  return steps.find((one) => one.status === "WAITING" && one.message !== "") ?? steps.find((one) => one.status === "PENDING" && one.message !== "");
};

/** Why the environment has not started or never will, as a sentence; "" once it has started. */
export function whyPending(environment: Environment, release: Release): string {
  if (environment.status !== "PENDING") return "";
  const before = release.environments.filter((one) => environment.dependsOn.includes(one.name) && one.status !== "SUCCEEDED");
  const stopped = before.filter((one) => one.status === "FAILED" || one.status === "TERMINATED");
  const cause = stopped.length > 0 ? stopped : before;
  if (isOver(release) || stopped.length > 0) {
    if (stopped.length > 0) return `Does not start: ${names(stopped.map((one) => `${one.name} ${one.status === "FAILED" ? "failed" : "was terminated"}`))}.`;
    return cause.length > 0 ? `Never started: ${names(cause.map((one) => one.name))} did not succeed.` : "Never started: the release ended before.";
  }
  if (cause.length > 0) return `Starts when ${names(cause.map((one) => one.name))} succeeded.`;
  return release.status === "QUEUED" ? sentence(release.message || "Starts when the release has its turn") : "Starts next.";
}

/** The sentence in the card's box: what broke, who is waited for, or what the running step waits for. */
export function issueOf(environment: Environment): Issue | undefined {
  const { status, message } = environment;
  if (status === "FAILED") return { tone: "bad", text: message || "It failed and gave no reason." };
  if (status === "SUSPENDED") return { tone: "wait", text: message || "It waits for a person." };
  const step = status === "RUNNING" ? active(environment) : undefined;
  return step && { tone: step.reason.startsWith("WAITING_FOR_APPROVAL") ? "wait" : "move", text: step.message };
}

// The first that holds is what a row of several applications' steps shows.
const WORST: readonly StepStatus[] = ["FAILED", "ERROR", "TERMINATED", "WAITING", "RUNNING", "PENDING", "SUCCEEDED", "SKIPPED"];

const earliest = (times: readonly (string | null)[]): string | null =>
  times.reduce((first, time) => (time !== null && (first === null || time < first) ? time : first), null);
const latest = (times: readonly (string | null)[]): string | null =>
  times.includes(null) ? null : times.reduce((last, time) => (last === null || (time !== null && time > last) ? time : last), null);

function statusOf(steps: readonly Step[]): StepStatus {
  const worst = WORST.find((status) => steps.some((one) => one.status === status)) ?? "PENDING";
  // Some have ended and some have not begun: the row as a whole is on its way.
  return worst === "PENDING" && steps.some((one) => one.status === "SUCCEEDED") ? "RUNNING" : worst;
}

/** "Synced, 2 of 3 ready" while the runtime rolls out; "" where it counts no replicas. */
export function readiness(applications: readonly Application[]): string {
  const counts = applications.flatMap((one) => one.resources).map((one) => one.ready.split("/").map(Number));
  const known = counts.filter((count) => count.length === 2 && count.every(Number.isFinite));
  if (known.length === 0 || applications.some((one) => one.sync !== "Synced")) return "";
  const sum = (at: 0 | 1): number => known.reduce((total, count) => total + (count[at] ?? 0), 0);
  return `Synced, ${sum(0)} of ${sum(1)} ready`;
}

function row(key: string, steps: readonly Step[], environment: Environment, release: Release): StepRow {
  const status = statusOf(steps);
  const [first] = steps;
  const turning = status === "WAITING" || status === "RUNNING";
  const progress = first?.kind === "await_sync" && turning ? readiness(environment.applications) : "";
  return {
    key,
    status,
    reason: steps.every((one) => one.reason === "NO_CHANGES") ? "NO_CHANGES" : "",
    title: progress || (first?.title ?? ""),
    made: madeBy(first, environment, release),
    startedAt: earliest(steps.map((one) => one.startedAt)),
    finishedAt: latest(steps.map((one) => one.finishedAt)),
  };
}

function madeBy(step: Step | undefined, environment: Environment, release: Release): string {
  if (step?.kind === "freeze") return step.title.includes(short(release.source.revision)) ? "" : short(release.source.revision);
  if (step?.kind !== "commit") return "";
  const commits = new Set(environment.applications.map((one) => one.commit).filter(Boolean));
  return commits.size === 1 ? short([...commits][0] ?? "") : "";
}

/** One row per phase, whatever number of applications takes part in it, so that the card keeps its height. */
export function stepRows(environment: Environment, release: Release): StepRow[] {
  const rows = new Map<string, Step[]>();
  for (const step of stepsOf(environment)) {
    const key = `${step.kind} ${step.title}`;
    rows.set(key, [...(rows.get(key) ?? []), step]);
  }
  return [...rows].map(([key, steps]) => row(key, steps, environment, release));
}

/** The versions of the environment, where all of its applications agree on them. */
export function versionsOf(environment: Environment, release: Release): Versions | undefined {
  if (environment.role === "TRIGGER") return release.version === "" ? undefined : { before: "", after: release.version, planned: false };
  const before = new Set(environment.applications.map((one) => one.versionBefore));
  const after = new Set(environment.applications.map((one) => one.versionAfter || release.version));
  if (before.size !== 1 || after.size !== 1) return undefined;
  const [from = ""] = before;
  const [to = ""] = after;
  if (to === "") return undefined;
  return { before: from === to ? "" : from, after: to, planned: environment.applications.some((one) => one.versionAfter === "") };
}

/** The environment in one breath, for people who listen. */
export function spokenName(environment: Environment, release: Release, word: string): string {
  const place = environment.kind === "PROD" ? "production" : "non-production";
  const why = issueOf(environment)?.text ?? whyPending(environment, release);
  const after = environment.dependsOn.length > 0 ? `after ${names(environment.dependsOn)}` : "trigger environment";
  return [environment.name, place, word, after, why].filter(Boolean).join(", ");
}

const SAID: Readonly<Record<string, string>> = {
  RUNNING: "started",
  SUSPENDED: "waits for a person",
  SUCCEEDED: "succeeded",
  FAILED: "failed",
  TERMINATED: "was terminated",
};

/** What to announce between two snapshots: every environment whose state changed. */
export function changesBetween(before: Release, after: Release): string[] {
  const known = new Map(before.environments.map((one) => [one.name, one.status]));
  return after.environments
    .filter((one) => known.has(one.name) && known.get(one.name) !== one.status && one.status in SAID)
    .map((one) => sentence(`${one.name} ${SAID[one.status] ?? ""}${one.status === "FAILED" && one.message ? `: ${one.message}` : ""}`));
}
