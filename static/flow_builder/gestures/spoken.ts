// What a screen reader is told of a gesture that was made; nothing of those that the focused field tells itself.
import type { Gesture } from "./gesture";
import { namesOf } from "./several";

export function spoken(gesture: Gesture): string {
  switch (gesture.kind) {
    case "add":
      return `${gesture.environments.join(", ")} added after ${gesture.after}`;
    case "addBefore":
      return `${gesture.environments.join(", ")} added before ${gesture.before}`;
    case "insert":
      return `${gesture.environments.join(", ")} inserted between ${gesture.from} and ${gesture.to}`;
    case "remove":
      return `${namesOf(gesture.environment).join(", ")} deleted from the flow`;
    case "reorder":
      return `${gesture.environment} is number ${gesture.to + 1} in the text`;
    case "depend":
      return `${namesOf(gesture.environment).join(", ")} ${namesOf(gesture.environment).length > 1 ? "depend" : "depends"} on ${gesture.on}`;
    case "undepend":
      return `${gesture.environment} no longer depends on ${gesture.on}`;
    default:
      return "";
  }
}
