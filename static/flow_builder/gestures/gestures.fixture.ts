// Random gestures that mostly make sense: what they are done to is drawn from the flow as it stands at that moment.
import fc from "fast-check";
import type { Flow } from "../model/flow";
import { allDependents } from "../model/graph";
import { NAMES } from "./flows.fixture";
import type { Gesture } from "./gesture";

const EVERYWHERE = ["dev", ...NAMES, "eu-1", "on"];

type Make = (flow: Flow, pick: <T>(from: readonly [T, ...T[]]) => T) => Gesture;

const some = (names: readonly string[]): readonly [string, ...string[]] => {
  const [first = "nowhere", ...rest] = names;
  return [first, ...rest];
};
const inFlow = (flow: Flow): readonly [string, ...string[]] => some([flow.trigger, ...flow.steps.map((step) => step.environment)]);
const steps = (flow: Flow): readonly [string, ...string[]] => some(flow.steps.map((step) => step.environment));
const positions = (flow: Flow): readonly [number, ...number[]] => [0, ...flow.steps.map((step) => step.index)];
const free = (flow: Flow): readonly [string, ...string[]] => some(EVERYWHERE.filter((name) => !inFlow(flow).includes(name)));
const needs = (flow: Flow, environment: string): readonly [string, ...string[]] =>
  some(flow.steps.find((step) => step.environment === environment)?.dependsOn ?? []);
const possible = (flow: Flow, environment: string): readonly [string, ...string[]] => {
  const later = [environment, ...allDependents(flow, environment), ...needs(flow, environment)];
  return some(inFlow(flow).filter((name) => !later.includes(name)));
};

const MAKERS: readonly [Make, ...Make[]] = [
  (flow, pick) => ({ kind: "add", after: pick(inFlow(flow)), environments: [...new Set([pick(free(flow)), pick(free(flow))])] }),
  (flow, pick) => ({ kind: "add", after: pick(inFlow(flow)), environments: [pick(free(flow))] }),
  (flow, pick) => {
    const to = pick(steps(flow));
    return { kind: "insert", from: pick(needs(flow, to)), to, environments: [...new Set([pick(free(flow)), pick(free(flow))])] };
  },
  (flow, pick) => ({ kind: "remove", environment: pick(steps(flow)), dependents: { become: "removed" } }),
  (flow, pick) => ({ kind: "remove", environment: pick(steps(flow)), dependents: { become: "reconnected", to: pick(inFlow(flow)) } }),
  (flow, pick) => {
    const environment = pick(steps(flow));
    return { kind: "remove", environment, dependents: { become: "reconnected", to: pick(needs(flow, environment)) } };
  },
  (flow, pick) => ({ kind: "remove", environment: [pick(steps(flow)), pick(steps(flow))], dependents: { become: "removed" } }),
  (flow, pick) => ({ kind: "remove", environment: [pick(steps(flow)), pick(steps(flow)), pick(steps(flow))], dependents: { become: "reconnected" } }),
  (flow, pick) => ({ kind: "remove", environment: [pick(steps(flow)), pick(steps(flow))], dependents: { become: "reconnected", to: pick(inFlow(flow)) } }),
  (flow, pick) => ({ kind: "addBefore", before: pick(inFlow(flow)), environments: [pick(free(flow))] }),
  (flow, pick) => ({ kind: "addBefore", before: pick(steps(flow)), environments: [...new Set([pick(free(flow)), pick(free(flow))])] }),
  (flow, pick) => ({ kind: "reorder", environment: pick(steps(flow)), to: pick(positions(flow)) }),
  (flow, pick) => {
    const environment = pick(steps(flow));
    return { kind: "reorder", environment, to: steps(flow).indexOf(environment) + pick([1, -1]) };
  },
  (flow, pick) => ({ kind: "depend", environment: pick(inFlow(flow)), on: pick(inFlow(flow)) }),
  (flow, pick) => {
    const environment = pick(steps(flow));
    return { kind: "depend", environment, on: pick(possible(flow, environment)) };
  },
  (flow, pick) => ({ kind: "depend", environment: [pick(steps(flow)), pick(steps(flow))], on: pick(inFlow(flow)) }),
  (flow, pick) => {
    const environment = pick(some(flow.steps.filter((step) => step.dependsOn.length > 1).map((step) => step.environment)));
    return { kind: "undepend", environment, on: pick(needs(flow, environment)) };
  },
  (flow, pick) => ({ kind: "trigger", environment: pick(free(flow)) }),
  (flow, pick) => ({ kind: "policy", environment: pick(steps(flow)), key: "action", value: pick(["commit", "pr", "none", undefined]) }),
  (flow, pick) => ({ kind: "policy", environment: [pick(steps(flow)), pick(steps(flow)), pick(steps(flow))], key: "action", value: pick(["commit", "pr", undefined]) }),
  (flow, pick) => ({ kind: "hook", environment: [pick(steps(flow)), pick(steps(flow))], hook: "onFail", workflow: pick(["page", undefined]) }),
  (flow, pick) => ({ kind: "policy", environment: pick(steps(flow)), key: pick(["preAction", "postAction"]), value: pick(["smoke", "on", undefined]) }),
  (_flow, pick) => ({ kind: "hook", hook: pick(["onStart", "onSuccess", "onFail"]), workflow: pick(["announce", "page", undefined]) }),
  (flow, pick) => ({ kind: "hook", environment: pick(steps(flow)), hook: pick(["onStart", "onSuccess", "onFail"]), workflow: pick(["announce", "on", undefined]) }),
  (_flow, pick) => ({ kind: "postTrigger", workflow: pick(["smoke", undefined]) }),
  (_flow, pick) => ({ kind: "version", value: pick(["1.00", "v2", ""]) }),
  (_flow, pick) => ({ kind: "description", value: pick(["", "a: b", "plain", "two\nlines", " one\n\ntwo: # 2\n\n"]) }),
  (_flow, pick) => ({ kind: "timeout", minutes: pick([undefined, 1, 90]) }),
  (_flow, pick) => ({ kind: "name", value: pick(["one", "no", "2.0"]) }),
  (_flow, pick) => ({ kind: "onFailure", value: pick(["continue", "halt", "revert"]) }),
];

/** A kind of gesture and the choices that it makes, as numbers: small ones are plain, so failures shrink. */
export const anyGesture = fc.tuple(fc.nat({ max: MAKERS.length - 1 }), fc.array(fc.nat({ max: 40 }), { minLength: 4, maxLength: 4 }));

export function gestureFrom(flow: Flow, [kind, choices]: readonly [number, readonly number[]]): Gesture {
  let at = 0;
  const make = MAKERS[kind] ?? MAKERS[0];
  // Nothing is a choice like any other: it takes a setting away.
  return make(flow, <T>(from: readonly [T, ...T[]]) => from[(choices[at++] ?? 0) % from.length] as T);
}
