// One key per release to start, the same until its answer is there: a press after a lost answer starts no second one.
import { idempotencyKey } from "../../shared/api";

let last: { content: string; key: string } | undefined;

/** Outlives the dialog: whoever closes it after a lost answer and asks for the same again gets the same key. */
export function triggerKey(flow: string, body: object): string {
  const content = JSON.stringify([flow, body]);
  if (last?.content !== content) last = { content, key: idempotencyKey() };
  return last.key;
}

/** The answer is there: what is triggered from now on is another release, even of the same content. */
export function settled(): void {
  last = undefined;
}
