// The text that a new flow begins with.
import { perform } from "./gestures/gesture";
import { GestureRefused } from "./gestures/refused";

export const newFlowText = (name: string): string => `apiVersion: codefresh.io/v1beta1
kind: PromotionFlow
metadata:
  name: ${name}
  annotations:
    version: "1.00"
spec:
  triggerEnvironment:
  steps: []
`;

/** A copy under another name; a text that cannot be edited keeps its name, which saving then asks about. */
export function renamedText(text: string, name: string): string {
  try {
    return perform(text, { kind: "name", value: name }).source;
  } catch (error) {
    if (error instanceof GestureRefused) return text;
    throw error;
  }
}
