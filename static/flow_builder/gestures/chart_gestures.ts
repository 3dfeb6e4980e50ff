// Which gestures change what a chart shows: its environments, their order, what they wait for, and what is done at each.
import type { Gesture } from "./gesture";

const KINDS: ReadonlySet<Gesture["kind"]> = new Set([
  "add", "addBefore", "insert", "remove", "depend", "undepend", "trigger", "reorder", "policy", "postTrigger",
]);

export const changesChart = (gesture: Gesture): boolean => KINDS.has(gesture.kind);
