// The gesture that takes environments out of a flow, with what depends on them or with new dependencies for that.
import type { Op } from "../../shared/yaml/edit";
import type { Flow } from "../model/flow";
import { allDependents } from "../model/graph";
import { rewire } from "./dependencies";
import { GestureRefused } from "./refused";
import { namesOf, stepOf, stepsOf, triggerOf, type Several } from "./several";

/**
 * What becomes of the environments that depended on a removed one: without `to`, each is reconnected to the nearest
 * environments before the removed ones that stay.
 */
export type Dependents = { become: "reconnected"; to?: string } | { become: "removed" };

export function removeSteps(flow: Flow, environments: Several, dependents: Dependents): Op[] {
  if (namesOf(environments).includes(flow.trigger)) {
    throw new GestureRefused(`${flow.trigger} starts the flow. Choose another trigger environment in the settings instead.`);
  }
  const chosen = stepsOf(flow, environments).map((step) => step.environment);
  const all = dependents.become === "removed" ? [...chosen, ...allDependents(flow, chosen)] : chosen;
  const gone = new Set(all);
  refuseTwice(flow, gone);
  const reconnected = dependents.become === "reconnected" ? reconnect(flow, gone, dependents.to) : [];
  const removed = flow.steps.filter((step) => gone.has(step.environment)).reverse();
  return [...reconnected, ...removed.map((step): Op => ({ kind: "remove", path: [...flow.specPath, "steps", step.index] }))];
}

/** The chart shows the first of them alone: which one is meant, or both, only the text can say. */
function refuseTwice(flow: Flow, gone: ReadonlySet<string>): void {
  const twice = flow.steps.find((step) => gone.has(step.environment) && stepOf(flow, step.environment) !== step);
  if (twice) throw new GestureRefused(`${twice.environment} is the environment of two steps. Remove one of them in the text first, the second is on line ${twice.line}.`);
}

function reconnect(flow: Flow, gone: ReadonlySet<string>, to: string | undefined): Op[] {
  if (to !== undefined) refuseTarget(flow, gone, to);
  const instead = new Map([...gone].map((name) => [name, to === undefined ? nearestBefore(flow, name, gone) : [to]]));
  return flow.steps.filter((step) => !gone.has(step.environment)).flatMap((step) => rewire(flow, step, instead));
}

function refuseTarget(flow: Flow, gone: ReadonlySet<string>, to: string): void {
  if (to !== flow.trigger) stepOf(flow, to);
  const before = [...gone].find((name) => name === to || allDependents(flow, name).includes(to));
  if (before === to) throw new GestureRefused(`${to} is removed, so nothing can be reconnected to it.`);
  if (before !== undefined) throw new GestureRefused(`${to} comes after ${before}, so nothing can be reconnected to it.`);
}

/** The environments that stay, on every way back from a removed one the first; where no way is left, the trigger. */
function nearestBefore(flow: Flow, environment: string, gone: ReadonlySet<string>): string[] {
  const found = new Set<string>();
  const seen = new Set<string>();
  const goBack = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const on of stepOf(flow, name).dependsOn) {
      if (gone.has(on)) goBack(on);
      else found.add(on);
    }
  };
  goBack(environment);
  return found.size > 0 ? [...found] : [triggerOf(flow)];
}
