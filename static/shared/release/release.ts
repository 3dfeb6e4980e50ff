// The release as the API tells it (GET /api/releases/{id}/) and its events; reads the snapshot that the page carries.
import { api } from "../api";
import type { FileDiff, Kind, Setting } from "../records";

export type ReleaseStatus = "QUEUED" | "RUNNING" | "SUSPENDED" | "SUCCEEDED" | "FAILED" | "TERMINATING" | "TERMINATED";
export type EnvironmentStatus = "PENDING" | "RUNNING" | "SUSPENDED" | "SUCCEEDED" | "FAILED" | "TERMINATED";
export type StepStatus = "PENDING" | "RUNNING" | "WAITING" | "SUCCEEDED" | "SKIPPED" | "FAILED" | "ERROR" | "TERMINATED";

export interface Step {
  id: number;
  kind: string;
  title: string;
  status: StepStatus;
  reason: string;
  message: string;
  /** Counts from 1; 0 before the first. */
  attempt: number;
  startedAt: string | null;
  finishedAt: string | null;
  outputs: Record<string, unknown>;
}

/** A workload of an application as its runtime sees it now, whatever the release's state is. */
export interface Resource {
  kind: string;
  name: string;
  health: string;
  message: string;
  image: string;
  /** "2/3" where the runtime counts replicas, else "". */
  ready: string;
}

export interface Application {
  identity: string;
  runtime: string;
  namespace: string;
  name: string;
  destination: string;
  health: string;
  sync: string;
  commit: string;
  versionBefore: string;
  versionAfter: string;
  noChanges: boolean;
  diff: FileDiff[];
  resources: Resource[];
  steps: Step[];
}

export interface Environment {
  name: string;
  kind: Kind;
  role: "TRIGGER" | "TARGET";
  status: EnvironmentStatus;
  reason: string;
  message: string;
  dependsOn: string[];
  /** What applied when the release was made, and why; nothing for the trigger. */
  policy: { action?: Setting; preAction?: Setting; postAction?: Setting };
  startedAt: string | null;
  finishedAt: string | null;
  applications: Application[];
}

export interface Release {
  id: string;
  /** Counts per product. */
  number: number;
  /** The release's page. */
  url: string;
  product: string;
  /** Name of the flow that it runs. */
  flow: string;
  status: ReleaseStatus;
  reason: string;
  message: string;
  version: string;
  startedAt: string | null;
  finishedAt: string | null;
  source: { revision: string; commit: string };
  eventNumber: number;
  actions: { terminate: boolean; retry: boolean };
  environments: Environment[];
}

export interface ReleaseEvent {
  number: number;
  kind: string;
  /** The environment's name; "" for the release as a whole. */
  subject: string;
  message: string;
  reason: string;
  actor: string;
  at: string;
  data: { status?: string; step?: number; kind?: string; title?: string };
}

/** The snapshot that the server wrote into the page. */
export function releaseOfPage(): Release {
  const element = document.getElementById("release-data");
  if (element === null) throw new Error("The page carries no release: its release-data script is missing.");
  return JSON.parse(element.textContent) as Release;
}

const path = (id: string): string => `/api/releases/${encodeURIComponent(id)}/`;

export const releaseRead = (id: string, signal?: AbortSignal): Promise<Release> => api<Release>(path(id), signal ? { signal } : {});

const MOST_AT_ONCE = 200;
const MOST_PAGES = 50;

/** Every event with a number above `after`, in order. */
export async function eventsRead(id: string, after: number, signal: AbortSignal): Promise<ReleaseEvent[]> {
  const events: ReleaseEvent[] = [];
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const last = events.at(-1)?.number ?? after;
    const answer = await api<{ results: ReleaseEvent[] }>(`${path(id)}events/?after=${last}&limit=${MOST_AT_ONCE}`, { signal });
    events.push(...answer.results);
    if (answer.results.length < MOST_AT_ONCE) break;
  }
  return events;
}

const ENDED: ReadonlySet<ReleaseStatus> = new Set(["SUCCEEDED", "FAILED", "TERMINATED"]);

export const isOver = (release: Release): boolean => ENDED.has(release.status);
