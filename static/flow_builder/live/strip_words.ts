// The words of the strip over the builder: how far the release is, what stands in its way. Pure.
import { changesBetween, SAID } from "../../shared/release/environment_words";
import type { Release } from "../../shared/release/release";
import { namesOf, sentenceOf } from "../../shared/release/words";

export interface Trouble {
  tone: "bad" | "";
  text: string;
  /** Whose panel on the release's page tells more; undefined where it is the release as a whole. */
  environment: string | undefined;
}

/** How many of what is done: the environments that the release changes, without the one that it comes from. */
export function progressOf(release: Release): { count: string; what: string } {
  const targets = release.environments.filter((one) => one.role === "TARGET");
  const done = targets.filter((one) => one.status === "SUCCEEDED").length;
  return { count: `${done} of ${targets.length}`, what: targets.length === 1 ? "environment" : "environments" };
}

/** The first that holds: failures, a release that ends or waits as a whole, an environment that waits for a person. */
export function troubleOf(release: Release): Trouble | undefined {
  const named = (status: string): string[] => release.environments.filter((one) => one.status === status).map((one) => one.name);
  const [failed, waiting] = [named("FAILED"), named("SUSPENDED")];
  if (failed.length > 0) return { tone: "bad", text: `${namesOf(failed)} failed.`, environment: failed[0] };
  if (release.status === "FAILED") return { tone: "bad", text: sentenceOf(release.message || "It failed and gave no reason"), environment: undefined };
  if (["QUEUED", "TERMINATING", "TERMINATED"].includes(release.status) && release.message !== "") {
    return { tone: "", text: sentenceOf(release.message), environment: undefined };
  }
  if (waiting.length > 0) return { tone: "", text: `${namesOf(waiting)} ${waiting.length === 1 ? "waits" : "wait"}.`, environment: waiting[0] };
  return undefined;
}

/** What to announce between two snapshots: the release's own change first, then its environments'. */
export function spokenChanges(before: Release, after: Release): string[] {
  const said = SAID[after.status];
  if (before.id !== after.id) return [];
  const { count, what } = progressOf(after);
  const own = before.status !== after.status && said !== undefined ? [`Release ${after.number} ${said}, ${count} ${what} promoted.`] : [];
  return [...own, ...changesBetween(before, after)];
}
