// Questions about the order of a flow's environments: cycles, dependents, ancestors; knows nothing of text or chart.
import type { Flow, Step } from "./flow";

type Edges = ReadonlyMap<string, readonly string[]>;

const dependencies = (steps: readonly Step[]): Edges =>
  new Map(steps.map((step) => [step.environment, step.dependsOn]));

/** The way from one environment to another along `dependsOn`, both included; undefined where there is none. */
function pathAlong(edges: Edges, from: string, to: string): string[] | undefined {
  const trail = new Map<string, string | undefined>([[from, undefined]]);
  const queue = [from];
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    if (at === to) {
      const path: string[] = [];
      for (let one: string | undefined = at; one !== undefined; one = trail.get(one)) path.unshift(one);
      return path;
    }
    for (const next of edges.get(at) ?? []) {
      if (!trail.has(next)) {
        trail.set(next, at);
        queue.push(next);
      }
    }
  }
  return undefined;
}

/** What would go round in a circle if `environment` depended on `on`: in order of promotion, first named again last. */
export function cycleThrough(steps: readonly Step[], environment: string, on: string): string[] | undefined {
  const back = pathAlong(dependencies(steps), on, environment);
  return back && [...back.reverse(), environment];
}

export const directDependents = (flow: Flow, environment: string): Step[] =>
  flow.steps.filter((step) => step.dependsOn.includes(environment));

/** Who cannot be made to wait for this one: itself, what it waits for, who waits for it already, and the trigger. */
export function cannotDependOn(flow: Flow, on: string): Set<string> {
  const edges = dependencies(flow.steps);
  const found = new Set([on]);
  for (const one of found) for (const before of edges.get(one) ?? []) found.add(before);
  for (const { environment } of directDependents(flow, on)) found.add(environment);
  return found.add(flow.trigger);
}

/** Every environment that comes after this one, or after one of these, however far, in the text's order. */
export function allDependents(flow: Flow, environments: string | readonly string[]): string[] {
  const start = typeof environments === "string" ? [environments] : environments;
  const after = new Map<string, string[]>();
  for (const step of flow.steps) {
    for (const on of step.dependsOn) {
      const waiting = after.get(on);
      if (waiting) waiting.push(step.environment);
      else after.set(on, [step.environment]);
    }
  }
  const found = new Set<string>();
  const queue = [...start];
  for (let at = 0; at < queue.length; at += 1) {
    for (const next of after.get(queue[at] ?? "") ?? []) {
      if (start.includes(next) || found.has(next)) continue;
      found.add(next);
      queue.push(next);
    }
  }
  return flow.steps.map((step) => step.environment).filter((name) => found.has(name));
}

/** Environments that stay behind when these go, and wait for one of them. */
export const outsideDependents = (flow: Flow, environments: readonly string[]): string[] =>
  flow.steps.filter((step) => !environments.includes(step.environment) && step.dependsOn.some((on) => environments.includes(on))).map((step) => step.environment);
