// Which gestures change what a chart draws: its environments, their order, and what they wait for.
import type { Gesture } from "./gesture";

const KINDS: ReadonlySet<Gesture["kind"]> = new Set(["add", "addBefore", "insert", "remove", "depend", "undepend", "trigger", "reorder"]);

export const changesGraph = (gesture: Gesture): boolean => KINDS.has(gesture.kind);
