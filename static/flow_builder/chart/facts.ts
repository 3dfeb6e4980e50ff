// What a node of the chart says of its environment: kind, settings and who decides them, problems. Knows no places.
import type { Environment, Kind, Setting } from "../../shared/records";
import type { Problem } from "../../shared/manifest/manifest_text";
import { sameData } from "../../shared/yaml/data";
import type { DrawnFlow, Policy, PolicyKey, Step } from "../model/flow";
import { knots } from "../problems/knots";

const POLICY_KEYS: readonly PolicyKey[] = ["action", "preAction", "postAction"];

/** What decides a setting of a step: the text itself, a policy that the preview names, or nothing known yet. */
export interface Decided {
  value: string | undefined;
  by: "flow" | "policy" | "default" | "unset";
  policy: string | undefined;
}

/** What is wrong with a step or one of its settings: an error keeps the flow from being saved, a warning does not. */
export type Flaw = Pick<Problem, "severity" | "message">;

/** What a node says. It stays the same object while it says the same, wherever the node stands. */
export interface Facts {
  id: string;
  kind: Kind | undefined;
  trigger: boolean;
  policy: Record<PolicyKey, Decided>;
  postTrigger: string;
  /** The first flaw of the step itself, and of its settings by key; errors come before warnings. */
  flaw: Flaw | undefined;
  policyFlaws: Partial<Record<PolicyKey, Flaw>>;
}

/** What applies to an environment beyond the flow's text, and why; null or absent where nothing does. */
export type Applied = Readonly<Partial<Record<PolicyKey, Setting | null>>>;

/** What is known beside the flow; undefined where it is not known. */
export interface Around {
  environments?: readonly Pick<Environment, "name" | "kind">[] | undefined;
  preview?: { environments: readonly { name: string; policy: Applied }[] } | undefined;
  problems?: readonly Problem[];
}

function decided(inline: string | undefined, setting: Setting | null | undefined): Decided {
  if (inline !== undefined) return { value: inline, by: "flow", policy: undefined };
  if (!setting || setting.origin.kind === "flow") return { value: undefined, by: "unset", policy: undefined };
  const policy = setting.origin.kind === "policy" ? setting.origin.name : undefined;
  return { value: setting.value, by: policy === undefined ? "default" : "policy", policy };
}

/** Problems by the step that they stand in; a circle's, by every step of it. */
function problemsBySteps(path: string, steps: readonly Step[], problems: readonly Problem[]): ReadonlyMap<number, Problem[]> {
  const found = new Map<number, Problem[]>();
  const start = `${path}.steps[`;
  for (const one of problems) {
    if (!one.path.startsWith(start)) continue;
    const index = Number.parseInt(one.path.slice(start.length), 10);
    found.set(index, [...(found.get(index) ?? []), one]);
  }
  const circles = [...found].flatMap(([index, mine]) => mine.filter((one) => one.code === "cycle").map((one) => ({ index, one })));
  if (circles.length === 0) return found;
  const knotOf = knots(new Map(steps.map((step) => [step.environment, step.dependsOn])));
  const knotAt = new Map(steps.map((step) => [step.index, knotOf.get(step.environment)]));
  for (const { index, one } of circles) {
    for (const [other, knot] of knotAt) {
      if (other !== index && knot !== undefined && knot === knotAt.get(index)) found.set(other, [...(found.get(other) ?? []), one]);
    }
  }
  return found;
}

const NO_FLAWS: Pick<Facts, "flaw" | "policyFlaws"> = { flaw: undefined, policyFlaws: {} };

function worst(problems: readonly Problem[]): Flaw | undefined {
  const found = problems.find((one) => one.severity === "error") ?? problems[0];
  return found && { severity: found.severity, message: found.message };
}

function flawsOf(base: string, mine: readonly Problem[] | undefined): Pick<Facts, "flaw" | "policyFlaws"> {
  if (!mine) return NO_FLAWS;
  const keyOf = (one: Problem): PolicyKey | undefined =>
    POLICY_KEYS.find((key) => one.path === `${base}.policy.${key}` || (one.code === "unknown-field" && one.suggestion === key));
  const policyFlaws: Facts["policyFlaws"] = {};
  for (const key of POLICY_KEYS) {
    const flaw = worst(mine.filter((one) => keyOf(one) === key));
    if (flaw) policyFlaws[key] = flaw;
  }
  return { flaw: worst(mine.filter((one) => keyOf(one) === undefined)), policyFlaws };
}

/** What facts are made of: the same sources make the same facts. */
interface Sources {
  policy: Policy | undefined;
  kind: Kind | undefined;
  applied: Applied | undefined;
  wrong: readonly Problem[] | undefined;
  trigger: boolean;
  postTrigger: string;
}

const madeOf = new WeakMap<Facts, Sources>();

const isSame = (one: Sources | undefined, other: Sources): boolean =>
  one?.policy === other.policy && one?.kind === other.kind && one?.applied === other.applied && one?.wrong === other.wrong &&
  one?.trigger === other.trigger && one.postTrigger === other.postTrigger;

function factsFrom(id: string, base: string, { policy, kind, applied, wrong, trigger, postTrigger }: Sources): Facts {
  return {
    id,
    kind,
    trigger,
    policy: {
      action: decided(policy?.action, applied?.action),
      preAction: decided(policy?.preAction, applied?.preAction),
      postAction: decided(policy?.postAction, applied?.postAction),
    },
    postTrigger,
    ...flawsOf(base, wrong),
  };
}

/** With the facts shown before, they are the same object while they say the same. */
export function factsReader(
  flow: DrawnFlow,
  steps: readonly Step[],
  { environments, preview, problems = [] }: Around,
): (id: string, before: Facts | undefined) => Facts {
  const kinds = new Map(environments?.map((one) => [one.name, one.kind]));
  const previewed = new Map(preview?.environments.map((one) => [one.name, one]));
  const byName = new Map(steps.map((step) => [step.environment, step]));
  const path = flow.specPath.join(".");
  const wrong = problemsBySteps(path, steps, problems);
  return (id, before) => {
    const trigger = id === flow.trigger;
    const step = trigger ? undefined : byName.get(id);
    const sources: Sources = {
      policy: step?.policy, kind: kinds.get(id), applied: previewed.get(id)?.policy, wrong: step && wrong.get(step.index),
      trigger, postTrigger: trigger ? flow.postTrigger : "",
    };
    if (before && isSame(madeOf.get(before), sources)) return before;
    const made = factsFrom(id, `${path}.steps[${step?.index ?? 0}]`, sources);
    const facts = before && sameData(before, made) ? before : made;
    madeOf.set(facts, sources);
    return facts;
  };
}
