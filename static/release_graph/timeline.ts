// One environment's history out of the release's events: only its own, and what repeats itself said once.
import { healthLook, promotionLook, syncLook, type Role } from "../shared/release/looks";
import type { Environment, ReleaseEvent } from "../shared/release/release";
import { splitSentence, withoutSubject } from "../shared/release/words";

export interface TimelineEntry {
  number: number;
  at: string;
  /** Undefined for a plain dot: a fact that is no state. */
  icon: string | undefined;
  role: Role;
  label: string;
  text: string;
  /** Seconds that the step took, where it ended here. */
  seconds: number | undefined;
  /** The line that tells why the environment failed. */
  fatal: boolean;
}

// What a waiting step reports is better told by the runtime's own marks.
const OBSERVED: Readonly<Record<string, () => { icon: string; role: Role; word: string }>> = {
  OUT_OF_SYNC: () => syncLook("OutOfSync"),
  OLD_REVISION: () => syncLook("OutOfSync"),
  SETTLING: () => syncLook("Synced"),
  NOT_HEALTHY: () => healthLook("Progressing"),
  APP_DEGRADED: () => healthLook("Degraded"),
  APP_MISSING: () => healthLook("Missing"),
};

const BAD = new Set(["FAILED", "ERROR"]);

interface Line extends TimelineEntry {
  step: number | undefined;
  status: string;
  reason: string;
}

function lineOf(event: ReleaseEvent, startedAt: string | undefined): Line {
  const status = event.data.status ?? "";
  const mark = OBSERVED[event.reason]?.() ?? promotionLook(status, event.reason);
  const plain = event.kind === "environment.status" && status === "RUNNING";
  const ended = startedAt !== undefined && !["RUNNING", "WAITING", "PENDING"].includes(status);
  return {
    number: event.number,
    at: event.at,
    icon: plain ? undefined : mark.icon,
    role: mark.role,
    label: mark.word,
    text: textOf(event, status),
    seconds: ended ? Math.max(0, (Date.parse(event.at) - Date.parse(startedAt)) / 1_000) : undefined,
    fatal: BAD.has(status),
    step: event.data.step,
    status,
    reason: event.reason,
  };
}

function textOf(event: ReleaseEvent, status: string): string {
  if (event.message !== "") return event.message;
  const what = event.kind === "step.status" ? (event.data.title ?? "The step") : event.subject;
  return `${what} ${status === "RUNNING" ? "started" : promotionLook(status).word.toLowerCase()}`;
}

/** A step that says the same reason again only has newer words for it (a countdown): keep the first time, the last words. */
function repeats(line: Line, before: Line | undefined): boolean {
  return before !== undefined && line.step !== undefined && line.step === before.step && line.status === before.status && line.reason === before.reason;
}

/** The environment fails with the words of the step that failed: they are there already. */
function echoes(line: Line, before: Line | undefined): boolean {
  return line.step === undefined && line.fatal && before?.fatal === true && before.text === line.text;
}

export function timelineOf(events: readonly ReleaseEvent[], environment: Pick<Environment, "name" | "applications">): TimelineEntry[] {
  const began = new Map<number, string>();
  const lines: Line[] = [];
  for (const event of events) {
    if (event.subject !== environment.name) continue;
    const { step, status } = event.data;
    const line = lineOf(event, step === undefined ? undefined : began.get(step));
    if (step !== undefined && status === "RUNNING") began.set(step, event.at);
    // That a step began shows in what it says next; a line of its own only while it has said nothing.
    const started = step === undefined ? -1 : lines.findLastIndex((one) => one.step === step);
    if (lines[started]?.status === "RUNNING") lines.splice(started, 1);
    const last = lines.at(-1);
    if (last && repeats(line, last)) lines[lines.length - 1] = { ...line, at: last.at, number: last.number };
    else if (!echoes(line, last)) lines.push(line);
  }
  // The way out stands in the cause box above; here it would only repeat itself.
  return lines.map((line) => ({ ...line, text: withoutSubject(line.fatal ? splitSentence(line.text)[0] : line.text, environment.applications) }));
}
