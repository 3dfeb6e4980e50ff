// Gestures on the arrows: which environment waits for which, and where the flow begins.
import type { Op } from "../../shared/yaml/edit";
import type { Flow } from "../model/flow";
import { cycleThrough } from "../model/graph";
import { GestureRefused } from "./refused";
import { stepOf } from "./steps";

export function addDependency(flow: Flow, environment: string, on: string): Op[] {
  if (environment === flow.trigger) {
    throw new GestureRefused(`${environment} starts the flow, so it depends on nothing.`);
  }
  if (environment === on) throw new GestureRefused(`${environment} cannot depend on itself.`);
  const step = stepOf(flow, environment);
  if (on !== flow.trigger) stepOf(flow, on);
  if (step.dependsOn.includes(on)) throw new GestureRefused(`${environment} depends on ${on} already.`);
  const cycle = cycleThrough(flow.steps, environment, on);
  if (cycle) throw new GestureRefused(`${environment} cannot depend on ${on}: it would go in a circle, ${cycle.join(" → ")}.`);
  return [{ kind: "insert", path: [...flow.specPath, "steps", step.index, "dependsOn"], index: step.dependsOn.length, value: on }];
}

export function removeDependency(flow: Flow, environment: string, on: string): Op[] {
  const step = stepOf(flow, environment);
  const index = step.dependsOn.indexOf(on);
  if (index < 0) throw new GestureRefused(`${environment} does not depend on ${on}.`);
  if (step.dependsOn.length === 1) {
    throw new GestureRefused(`${on} is all that ${environment} depends on. Add another first, or delete ${environment}.`);
  }
  return [{ kind: "remove", path: [...flow.specPath, "steps", step.index, "dependsOn", index] }];
}

/** Steps that waited for the old trigger wait for the new one. */
export function setTrigger(flow: Flow, environment: string): Op[] {
  if (environment === flow.trigger) return [];
  if (flow.steps.some((step) => step.environment === environment)) {
    throw new GestureRefused(`${environment} is a step of this flow. Delete the step before the flow starts there.`);
  }
  const renamed = flow.steps.flatMap((step): Op[] => {
    const at = flow.trigger === "" ? -1 : step.dependsOn.indexOf(flow.trigger);
    if (at < 0) return [];
    return [{ kind: "set", path: [...flow.specPath, "steps", step.index, "dependsOn", at], value: environment }];
  });
  return [{ kind: "set", path: [...flow.specPath, "triggerEnvironment"], value: environment }, ...renamed];
}
