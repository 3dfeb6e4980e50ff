// Which steps a gesture is about: one, or several as one step of the history.
import type { Flow, Step } from "../model/flow";
import { GestureRefused } from "./refused";

/** One environment or several; the gesture is done to all of them or refused for all of them. */
export type Several = string | readonly string[];

export const namesOf = (several: Several): readonly string[] => (typeof several === "string" ? [several] : [...new Set(several)]);

export function stepOf(flow: Flow, environment: string): Step {
  const step = flow.steps.find((one) => one.environment === environment);
  if (!step) throw new GestureRefused(`${environment} is no step of this flow.`);
  return step;
}

/** What begins the flow, for whatever would depend on nothing else. */
export function triggerOf(flow: Flow): string {
  if (flow.trigger === "") throw new GestureRefused("The flow starts nowhere yet. Choose its trigger environment in the settings first.");
  return flow.trigger;
}

export function stepsOf(flow: Flow, several: Several): Step[] {
  const names = namesOf(several);
  if (names.length === 0) throw new GestureRefused("Choose at least one environment.");
  return names.map((name) => stepOf(flow, name));
}
