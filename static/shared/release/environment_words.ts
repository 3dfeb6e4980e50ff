// What is said of one environment of a release: its issue in a sentence, its steps as rows, its versions. Reads, never draws.
import { isOver, type Application, type Environment, type Release, type Step, type StepStatus } from "./release";
import { namesOf, sentenceOf, splitSentence, withoutSubject } from "./words";

export interface Issue {
  tone: "bad" | "wait" | "move";
  /** The server's words, which may go on with what to do. */
  text: string;
}

export interface StepRow {
  key: string;
  kind: string;
  status: StepStatus | "SUSPENDED";
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
    if (stopped.length > 0) return `Does not start: ${namesOf(stopped.map((one) => `${one.name} ${one.status === "FAILED" ? "failed" : "was terminated"}`))}.`;
    return cause.length > 0 ? `Never started: ${namesOf(cause.map((one) => one.name))} did not succeed.` : "Never started: the release ended before.";
  }
  if (cause.length > 0) return `Starts when ${namesOf(cause.map((one) => one.name))} ${cause.length === 1 ? "has" : "have"} succeeded.`;
  return release.status === "QUEUED" ? sentenceOf(release.message || "Starts when the release has its turn") : "Starts next.";
}

/** The sentence that stands out: what broke, who is waited for, or what the running step waits for. */
export function issueOf(environment: Environment): Issue | undefined {
  const { status, message } = environment;
  if (status === "FAILED") return { tone: "bad", text: message || "It failed and gave no reason." };
  if (status === "SUSPENDED") return { tone: "wait", text: message || "It waits for a person." };
  const step = status === "RUNNING" ? active(environment) : undefined;
  return step && { tone: step.reason.startsWith("WAITING_FOR_APPROVAL") ? "wait" : "move", text: step.message };
}

/** What fits where the environment is drawn: the cause alone, without the application's name where there is only one. */
export const briefIssue = (issue: Issue, environment: Environment): string =>
  withoutSubject(splitSentence(issue.text)[0], environment.applications);

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

function row(key: string, steps: readonly [Step, ...Step[]], environment: Environment, release: Release): StepRow {
  const status = statusOf(steps);
  const [first] = steps;
  const { title, made } = titleOf(first, environment, release);
  // Before the runtime has reached the commit, its replicas are those of the version before.
  const rollsOut = steps.some((one) => one.kind === "await_sync" && one.status === "WAITING" && one.reason === "NOT_HEALTHY");
  const progress = rollsOut ? readiness(environment.applications) : "";
  return {
    key,
    kind: first.kind,
    status: status === "WAITING" && environment.status === "SUSPENDED" ? "SUSPENDED" : status,
    reason: steps.every((one) => one.reason === "NO_CHANGES") ? "NO_CHANGES" : "",
    title: progress || title,
    made,
    startedAt: earliest(steps.map((one) => one.startedAt)),
    finishedAt: latest(steps.map((one) => one.finishedAt)),
  };
}

/** The commits that the release wrote; where nothing had to change, the branch's tip is none of them. */
export const commitsOf = (environment: Environment): string[] => [
  ...new Set(environment.applications.filter((one) => !one.noChanges && one.commit !== "").map((one) => one.commit)),
];

/** A step's title and what it made: the source's title carries its SHA already. */
function titleOf(step: Step, environment: Environment, release: Release): Pick<StepRow, "title" | "made"> {
  const { title } = step;
  if (step.kind === "freeze") {
    const made = short(release.source.commit);
    return { title: title.endsWith(` ${made}`) ? title.slice(0, -made.length - 1) : title, made };
  }
  const commits = step.kind === "commit" ? commitsOf(environment) : [];
  return { title, made: commits.length === 1 ? short(commits[0] ?? "") : "" };
}

/** One row per phase, whatever number of applications takes part in it, so that what is drawn keeps its height. */
export function stepRows(environment: Environment, release: Release): StepRow[] {
  const rows = new Map<string, [Step, ...Step[]]>();
  for (const step of stepsOf(environment)) {
    const key = `${step.kind} ${step.title}`;
    const before = rows.get(key);
    rows.set(key, before ? [...before, step] : [step]);
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
  const after = environment.dependsOn.length > 0 ? `after ${namesOf(environment.dependsOn)}` : "trigger environment";
  return [environment.name, place, word, after, why].filter(Boolean).join(", ");
}

/** What to say of a state that an environment or a release came to. */
export const SAID: Readonly<Record<string, string>> = {
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
    .map((one) => sentenceOf(`${one.name} ${SAID[one.status] ?? ""}${one.status === "FAILED" && one.message ? `: ${one.message}` : ""}`));
}
