// What a preview says that the trigger would be refused for, in full and in a sentence or two; asks nobody.
import type { Preview } from "../../shared/records";
import type { Alive } from "../alive/use_alive";

export interface Refusal {
  words: string;
  /** Whose fault it is; undefined where it is no single environment's. */
  environment: string | undefined;
}

/** That of no environment first, then of each. */
export function refusalsOf(preview: Preview | undefined): Refusal[] {
  const whole = preview?.problems.map((one) => ({ words: one.message, environment: undefined })) ?? [];
  const each = preview?.environments.flatMap(({ name, problems }) => problems.map((one) => ({ words: one.message, environment: name })));
  return [...whole, ...(each ?? [])];
}

/** Short enough to be told with a button; "" where nothing is in the way. */
export function reasonOf(refusals: readonly Refusal[]): string {
  const [first, ...more] = refusals;
  if (!first) return "";
  return more.length === 0 ? first.words : `${first.words} ${more.length === 1 ? "1 more problem is" : `${more.length} more problems are`} in the way.`;
}

/** What is in the way of a preview or a release of the chosen product, each a sentence; nothing while that may have changed. */
export function troublesOf({ error, preview, staleSince }: Alive): readonly string[] {
  if (staleSince) return [];
  return error === undefined ? [...new Set(preview?.problems.map((one) => one.message))] : [error];
}

/** Why the chosen product would be refused with this very text; "" where it would not, or where that is not known. */
export function refusedFor({ product, preview, previewed, error, staleSince }: Alive, text: string): string {
  // What runs may be another by now: nothing is said of it while the feed is lost.
  if (staleSince || previewed !== text) return "";
  const reason = reasonOf(refusalsOf(preview));
  const words = error !== undefined ? `cannot be previewed: ${error}` : reason && `would be refused: ${reason}`;
  return words && `${product} ${words} Another product or application can be chosen next.`;
}
