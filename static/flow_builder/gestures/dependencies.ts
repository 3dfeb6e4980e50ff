// Gestures on the arrows: which environment waits for which, and where the flow begins.
import type { Op } from "../../shared/yaml/edit";
import type { Flow, Step } from "../model/flow";
import { cycleThrough } from "../model/graph";
import { GestureRefused } from "./refused";
import { namesOf, stepOf, stepsOf, type Several } from "./several";

/** Puts other environments in the place of some that a step depends on, each once; its other dependencies stay as they are. */
export function rewire(flow: Flow, step: Step, instead: ReadonlyMap<string, readonly string[]>): Op[] {
  const path = [...flow.specPath, "steps", step.index, "dependsOn"];
  const named = new Set(step.dependsOn.filter((on) => !instead.has(on)));
  const ops: Op[] = [];
  let moved = 0;
  step.dependsOn.forEach((on, position) => {
    const at = (step.dependsOnAt[position] ?? position) + moved;
    const fresh = instead.get(on)?.filter((name) => !named.has(name)) ?? [on];
    const [first, ...others] = fresh;
    if (first === undefined) ops.push({ kind: "remove", path: [...path, at] });
    else if (first !== on) ops.push({ kind: "set", path: [...path, at], value: first });
    ops.push(...others.map((name, offset): Op => ({ kind: "insert", path, index: at + 1 + offset, value: name })));
    fresh.forEach((name) => named.add(name));
    moved += fresh.length - 1;
  });
  return ops;
}

/** Several environments at once: those that depend on it already stay as they are, and one circle refuses them all. */
export function addDependency(flow: Flow, environments: Several, on: string): Op[] {
  const names = namesOf(environments);
  if (names.includes(flow.trigger)) throw new GestureRefused(`${flow.trigger} starts the flow, so it depends on nothing.`);
  if (names.includes(on)) throw new GestureRefused(`${on} cannot depend on itself.`);
  const steps = stepsOf(flow, environments);
  if (on !== flow.trigger) stepOf(flow, on);
  const waiting = steps.filter((step) => !step.dependsOn.includes(on));
  if (waiting.length === 0) {
    throw new GestureRefused(`${names.join(" and ")} ${names.length === 1 ? "depends" : "depend"} on ${on} already.`);
  }
  for (const { environment } of waiting) {
    const cycle = cycleThrough(flow.steps, environment, on);
    if (cycle) throw new GestureRefused(`${environment} cannot depend on ${on}: it would go in a circle, ${cycle.join(" → ")}.`);
  }
  return waiting.map((step) => ({
    kind: "insert",
    path: [...flow.specPath, "steps", step.index, "dependsOn"],
    index: (step.dependsOnAt.at(-1) ?? -1) + 1,
    value: on,
  }));
}

export function removeDependency(flow: Flow, environment: string, on: string): Op[] {
  const step = stepOf(flow, environment);
  if (!step.dependsOn.includes(on)) throw new GestureRefused(`${environment} does not depend on ${on}.`);
  if (step.dependsOn.every((name) => name === on)) {
    throw new GestureRefused(`${on} is all that ${environment} depends on. Add another first, or delete ${environment}.`);
  }
  return rewire(flow, step, new Map([[on, []]]));
}

/** Steps that waited for the old trigger wait for the new one. */
export function setTrigger(flow: Flow, environment: string): Op[] {
  if (environment === flow.trigger) return [];
  if (flow.steps.some((step) => step.environment === environment)) {
    throw new GestureRefused(`${environment} is a step of this flow. Delete the step before the flow starts there.`);
  }
  const instead = new Map(flow.trigger === "" ? [] : [[flow.trigger, [environment]]]);
  const renamed = flow.steps.flatMap((step) => rewire(flow, step, instead));
  return [{ kind: "set", path: [...flow.specPath, "triggerEnvironment"], value: environment }, ...renamed];
}
