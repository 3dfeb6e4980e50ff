// Gestures that bring environments into a flow or reorder them: after one, before one, between two; never take any out.
import type { Op } from "../../shared/yaml/edit";
import type { Value } from "../../shared/yaml/style";
import type { Flow, Policy, Step } from "../model/flow";
import { directDependents } from "../model/graph";
import { rewire } from "./dependencies";
import { GestureRefused } from "./refused";
import { stepOf, triggerOf } from "./several";

function refuseTaken(flow: Flow, environments: readonly string[]): void {
  if (environments.length === 0) throw new GestureRefused("Choose at least one environment.");
  const taken = environments.find((name) => name === flow.trigger || flow.steps.some((step) => step.environment === name));
  if (taken !== undefined) throw new GestureRefused(`${taken} is in this flow already.`);
}

const samePolicy = (one: Policy, other: Policy): boolean =>
  one.action === other.action && one.preAction === other.preAction && one.postAction === other.postAction;

/**
 * The inline policy that the siblings share, `action: commit` where they differ or there are none. Siblings that all
 * leave it to account-level policies share that too: an inline `commit` would overrule what an administrator asks for.
 */
function policyLike(siblings: readonly Step[]): Policy | undefined {
  const [first, ...others] = siblings;
  if (!first || !others.every((one) => samePolicy(one.policy, first.policy))) return { action: "commit" };
  return Object.keys(first.policy).length > 0 ? first.policy : undefined;
}

function newStep(environment: string, dependsOn: readonly string[], policy: Policy | undefined): Value {
  return { environment, dependsOn, ...(policy && { policy: { ...policy } }) };
}

const dependsOnlyOn = (step: Step, on: readonly string[]): boolean =>
  step.dependsOn.length === on.length && on.every((name) => step.dependsOn.includes(name));

export function addAfter(flow: Flow, after: string, environments: readonly string[]): Op[] {
  refuseTaken(flow, environments);
  if (after !== flow.trigger) stepOf(flow, after);
  const siblings = flow.steps.filter((step) => dependsOnlyOn(step, [after]));
  const policy = policyLike(siblings);
  const neighbour = siblings.at(-1) ?? directDependents(flow, after).at(-1) ?? flow.steps.find((step) => step.environment === after);
  const index = neighbour ? neighbour.index + 1 : 0;
  return environments.map((name, at) => ({
    kind: "insert",
    path: [...flow.specPath, "steps"],
    index: index + at,
    value: newStep(name, [after], policy),
    ...(neighbour && { like: [...flow.specPath, "steps", neighbour.index] }),
  }));
}

export function insertBetween(flow: Flow, from: string, to: string, environments: readonly string[]): Op[] {
  refuseTaken(flow, environments);
  const target = stepOf(flow, to);
  if (!target.dependsOn.includes(from)) throw new GestureRefused(`${to} does not depend on ${from}.`);
  const policy = policyLike(flow.steps.filter((step) => step !== target && dependsOnlyOn(step, [from])));
  return [
    ...rewire(flow, target, new Map([[from, environments]])),
    ...directlyBefore(flow, target, environments.map((name) => newStep(name, [from], policy))),
  ];
}

/** The new steps wait for what the step waited for, and the step for them alone. */
export function addBefore(flow: Flow, before: string, environments: readonly string[]): Op[] {
  if (before === flow.trigger) {
    throw new GestureRefused(`${before} starts the flow, so nothing comes before it. Choose another trigger environment in the settings instead.`);
  }
  refuseTaken(flow, environments);
  const target = stepOf(flow, before);
  const [first, ...others] = target.dependsOn;
  const on = first === undefined ? [triggerOf(flow)] : [...new Set(target.dependsOn)];
  const policy = policyLike(flow.steps.filter((step) => step !== target && dependsOnlyOn(step, on)));
  const dependsOn = [...flow.specPath, "steps", target.index, "dependsOn"];
  const rewired =
    first === undefined
      ? environments.map((value, index): Op => ({ kind: "insert", path: dependsOn, index, value }))
      : rewire(flow, target, new Map([...others.map((name): [string, string[]] => [name, []]), [first, environments]]));
  return [...rewired, ...directlyBefore(flow, target, environments.map((name) => newStep(name, on, policy)))];
}

const directlyBefore = (flow: Flow, target: Step, steps: readonly Value[]): Op[] =>
  steps.map((value, offset) => {
    const index = target.index + offset;
    return { kind: "insert", path: [...flow.specPath, "steps"], index, value, like: [...flow.specPath, "steps", index] };
  });

/** Position in the list of steps, counted from 0: the chart orders environments that run in parallel by it. */
export function reorderStep(flow: Flow, environment: string, to: number): Op[] {
  const step = stepOf(flow, environment);
  if (to < 0) throw new GestureRefused(`${environment} is the first in the text already.`);
  if (to >= flow.steps.length) throw new GestureRefused(`${environment} is the last in the text already.`);
  return to === step.index ? [] : [{ kind: "move", path: [...flow.specPath, "steps", step.index], to }];
}
