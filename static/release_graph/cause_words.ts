// The words of the panel's cause box: the server's own sentence, then what a person can do now. Pure.
import { issueOf, whyPending } from "../shared/release/environment_words";
import { isOver, type Environment, type Release } from "../shared/release/release";
import { splitSentence } from "../shared/release/words";

export interface Cause {
  tone: "bad" | "wait" | "move" | "";
  icon: string;
  lead: string;
  rest: string;
}

function wayOut(environment: Environment, release: Release): string {
  if (environment.status !== "FAILED" && environment.status !== "TERMINATED") return "";
  if (!isOver(release)) return "Retry becomes possible when the release has ended.";
  return release.actions.retry ? "Retry goes on from the step that did not succeed." : "";
}

const ICONS = { bad: "alert", wait: "user", move: "clock" } as const;

export function causeOf(environment: Environment, release: Release): Cause | undefined {
  const issue = issueOf(environment);
  const words = (text: string): Pick<Cause, "lead" | "rest"> => {
    const [lead, rest] = splitSentence(text);
    return { lead, rest: [rest, wayOut(environment, release)].filter(Boolean).join(" ") };
  };
  if (issue) return { tone: issue.tone, icon: ICONS[issue.tone], ...words(issue.text) };
  if (environment.status === "PENDING") return { tone: "", icon: "clock", ...words(whyPending(environment, release)) };
  if (environment.status === "TERMINATED") return { tone: "", icon: "stop", ...words(environment.message || "It was terminated.") };
  if (environment.reason === "NO_CHANGES") return { tone: "", icon: "info", ...words(environment.message || "Nothing had to change.") };
  return undefined;
}
