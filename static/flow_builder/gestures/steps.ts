// Gestures on the environments of a flow: add one or more in parallel, insert between two, remove.
import type { Op } from "../../shared/yaml/edit";
import type { Value } from "../../shared/yaml/style";
import type { Flow, Policy, Step } from "../model/flow";
import { allDependents, directDependents } from "../model/graph";
import type { Dependents } from "./gesture";
import { GestureRefused } from "./refused";

export function stepOf(flow: Flow, environment: string): Step {
  const step = flow.steps.find((one) => one.environment === environment);
  if (!step) throw new GestureRefused(`${environment} is no step of this flow.`);
  return step;
}

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

function newStep(environment: string, on: string, policy: Policy | undefined): Value {
  return { environment, dependsOn: [on], ...(policy && { policy: { ...policy } }) };
}

const dependsOnlyOn = (step: Step, on: string): boolean => step.dependsOn.length === 1 && step.dependsOn[0] === on;

export function addAfter(flow: Flow, after: string, environments: readonly string[]): Op[] {
  refuseTaken(flow, environments);
  if (after !== flow.trigger) stepOf(flow, after);
  const siblings = flow.steps.filter((step) => dependsOnlyOn(step, after));
  const policy = policyLike(siblings);
  const neighbour = siblings.at(-1) ?? directDependents(flow, after).at(-1) ?? flow.steps.find((step) => step.environment === after);
  const index = neighbour ? neighbour.index + 1 : 0;
  return environments.map((name, at) => ({
    kind: "insert",
    path: [...flow.specPath, "steps"],
    index: index + at,
    value: newStep(name, after, policy),
    ...(neighbour && { like: [...flow.specPath, "steps", neighbour.index] }),
  }));
}

export function insertBetween(flow: Flow, from: string, to: string, environments: readonly string[]): Op[] {
  refuseTaken(flow, environments);
  const target = stepOf(flow, to);
  const at = target.dependsOn.indexOf(from);
  if (at < 0) throw new GestureRefused(`${to} does not depend on ${from}.`);
  const policy = policyLike(flow.steps.filter((step) => step !== target && dependsOnlyOn(step, from)));
  const [first, ...others] = environments;
  const dependsOn = [...flow.specPath, "steps", target.index, "dependsOn"];
  return [
    { kind: "set", path: [...dependsOn, at], value: first ?? from },
    ...others.map((name, offset): Op => ({ kind: "insert", path: dependsOn, index: at + 1 + offset, value: name })),
    ...environments.map((name, offset): Op => ({
      kind: "insert",
      path: [...flow.specPath, "steps"],
      index: target.index + offset,
      value: newStep(name, from, policy),
      like: [...flow.specPath, "steps", target.index + offset],
    })),
  ];
}

export function removeStep(flow: Flow, environment: string, dependents: Dependents): Op[] {
  if (environment === flow.trigger) {
    throw new GestureRefused(`${environment} starts the flow. Choose another trigger environment in the settings instead.`);
  }
  const step = stepOf(flow, environment);
  const steps = [...flow.specPath, "steps"];
  if (dependents.become === "removed") {
    const gone = new Set([environment, ...allDependents(flow, environment)]);
    return flow.steps
      .filter((one) => gone.has(one.environment))
      .reverse()
      .map((one): Op => ({ kind: "remove", path: [...steps, one.index] }));
  }
  const { to } = dependents;
  if (to !== flow.trigger) stepOf(flow, to);
  if (to === environment || allDependents(flow, environment).includes(to)) {
    throw new GestureRefused(`${to} comes after ${environment}, so nothing can be reconnected to it.`);
  }
  const reconnected = directDependents(flow, environment).map((one): Op => {
    const path = [...steps, one.index, "dependsOn", one.dependsOn.indexOf(environment)];
    return one.dependsOn.includes(to) ? { kind: "remove", path } : { kind: "set", path, value: to };
  });
  return [...reconnected, { kind: "remove", path: [...steps, step.index] }];
}
