// What the chart's nodes show of a release: each environment's state, sentence and step. Reads, never draws.
import { briefIssue, issueOf, stepRows, whyPending, type Issue, type StepRow } from "../../shared/release/environment_words";
import { promotionLook, type Look } from "../../shared/release/looks";
import type { Environment, Release } from "../../shared/release/release";
import type { PolicyKey } from "../model/flow";

export interface EnvironmentState {
  environment: string;
  look: Look;
  startedAt: string | null;
  finishedAt: string | null;
  /** What broke or who is waited for, as it fits under a node; what a running step waits for comes and goes too fast. */
  issue: Issue | undefined;
  /** The server's whole sentence, or why the environment has not started; "" where there is none. */
  sentence: string;
  /** The step that runs, waits or failed, else the last that ended; undefined before the first. */
  step: StepRow | undefined;
  /** How far each setting's own step is, where the release has one. */
  settings: SettingLooks;
  /** What it waited for in this release, whatever the text says by now. */
  dependsOn: readonly string[];
}

export type SettingLooks = Readonly<Partial<Record<PolicyKey, Look>>>;

export type NodeStates = ReadonlyMap<string, EnvironmentState>;

const ENDED: ReadonlySet<string> = new Set(["SUCCEEDED", "SKIPPED"]);

/** What a success made says more of it than the wait for its health. */
function stepShown(rows: readonly StepRow[]): StepRow | undefined {
  const ended = rows.filter((row) => ENDED.has(row.status));
  return rows.find((row) => row.status !== "PENDING" && !ENDED.has(row.status)) ?? ended.findLast((row) => row.made !== "") ?? ended.at(-1);
}

const ACTIONS: ReadonlySet<string> = new Set(["commit", "pull_request"]);

/** Workflows come before what is done and after what that leads to. */
function settingLooks(rows: readonly StepRow[]): SettingLooks {
  const middle = rows.findIndex((row) => ACTIONS.has(row.kind) || row.kind === "await_sync");
  const found: Record<PolicyKey, StepRow | undefined> = {
    preAction: rows.slice(0, Math.max(0, middle)).find((row) => row.kind === "workflow"),
    action: rows.find((row) => ACTIONS.has(row.kind)),
    postAction: rows.slice(middle + 1).find((row) => row.kind === "workflow"),
  };
  return Object.fromEntries(Object.entries(found).flatMap(([key, row]) => (row ? [[key, promotionLook(row.status, row.reason)]] : [])));
}

function stateOf(environment: Environment, release: Release): EnvironmentState {
  const { name, status, reason, message, startedAt, finishedAt, dependsOn } = environment;
  const issue = issueOf(environment);
  const rows = stepRows(environment, release);
  return {
    environment: name,
    look: promotionLook(status, reason),
    startedAt,
    finishedAt,
    issue: issue && issue.tone !== "move" ? { ...issue, text: briefIssue(issue, environment) } : undefined,
    sentence: issue?.text ?? (whyPending(environment, release) || message),
    step: stepShown(rows),
    settings: settingLooks(rows),
    dependsOn,
  };
}

/** Environments that the release does not know have none. */
export const nodeStates = (release: Release): NodeStates =>
  new Map(release.environments.map((environment) => [environment.name, stateOf(environment, release)]));

/** Whether the release goes along this dependency now. */
export function isMoving(states: NodeStates, from: string, to: string): boolean {
  const state = states.get(to);
  return state?.look.role === "move" && state.dependsOn.includes(from);
}
