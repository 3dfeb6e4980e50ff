// The rules of a promotion flow that no schema can say: its graph, its environments; never changes anything.
import type { Finding, ManifestText, Parts } from "../../shared/manifest/manifest_text";
import { closest, isLabel, isName, LABEL_RULE, quoted } from "../../shared/manifest/names";
import { knots } from "./knots";

interface NamedStep {
  index: number;
  environment: string;
  /** With its position in the list. */
  needs: [number, string][];
}

interface Graph {
  text: ManifestText;
  trigger: string | undefined;
  steps: NamedStep[];
  /** The first step of each environment, without the trigger: later ones are duplicates and stay out of the graph. */
  first: Map<string, NamedStep>;
  /** Every step has a readable name, so that a missing one is known to be missing. */
  whole: boolean;
}

/** What exists outside the flow; undefined where it is not known yet. */
export interface Known {
  environments: readonly string[] | undefined;
  workflows: readonly string[] | undefined;
}

type Row = Record<string, unknown>;
const row = (value: unknown): Row => (typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Row) : {});
const list = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);

function readGraph(text: ManifestText): Graph {
  const trigger = text.spec["triggerEnvironment"];
  const steps: NamedStep[] = [];
  let whole = typeof trigger === "string";
  list(text.spec["steps"]).forEach((step, index) => {
    const environment = row(step)["environment"];
    if (typeof environment !== "string") {
      whole = false;
      return;
    }
    const needs = [...list(row(step)["dependsOn"]).entries()].filter((one): one is [number, string] => typeof one[1] === "string");
    steps.push({ index, environment, needs });
  });
  const first = new Map([...steps].reverse().map((step) => [step.environment, step]));
  if (typeof trigger === "string") first.delete(trigger);
  return { text, trigger: typeof trigger === "string" ? trigger : undefined, steps, first, whole };
}

export function flowFindings(text: ManifestText, known: Known): Finding[] {
  const graph = readGraph(text);
  const found = [...duplicates(graph), ...triggerSteps(graph), ...dependencyNames(graph), ...actions(graph)];
  if (graph.whole) {
    const started = startedBy(graph);
    const { findings, stuck } = cycles(graph);
    found.push(...findings, ...unreachable(graph, started, stuck));
  }
  if (known.environments) found.push(...unknownEnvironments(graph, known.environments));
  if (known.workflows) found.push(...unknownWorkflows(graph, known.workflows));
  return found;
}

const stepPath = (step: NamedStep, ...rest: Parts): Parts => ["spec", "steps", step.index, ...rest];

function* duplicates({ text, steps, first, trigger }: Graph): Generator<Finding> {
  for (const step of steps) {
    const earlier = first.get(step.environment);
    if (!earlier || earlier === step || step.environment === trigger) continue;
    const line = text.line(stepPath(earlier, "environment"));
    const message =
      `${quoted(step.environment)} is already the environment of a step (line ${line}). An environment stands in a ` +
      "flow once: remove one of the two steps.";
    yield { code: "duplicate-environment", message, at: stepPath(step, "environment") };
  }
}

function* triggerSteps({ text, steps, trigger }: Graph): Generator<Finding> {
  for (const step of steps) {
    if (step.environment !== trigger) continue;
    const message =
      `${quoted(step.environment)} is the trigger environment, from which the flow promotes; it cannot be a step as ` +
      "well. Remove the step, or choose another triggerEnvironment.";
    yield { code: "trigger-is-step", message, at: stepPath(step, "environment") };
    if ("hooks" in row(list(text.spec["steps"])[step.index])) {
      const hooks = "The trigger environment has no hooks. Remove them; use postTrigger, or the hooks of the whole flow.";
      yield { code: "trigger-hook", message: hooks, at: stepPath(step, "hooks"), onKey: true };
    }
  }
}

function* dependencyNames({ steps, trigger, whole }: Graph): Generator<Finding> {
  const names = new Set([...(trigger === undefined ? [] : [trigger]), ...steps.map((step) => step.environment)]);
  for (const step of steps) {
    const seen = new Set<string>();
    for (const [position, name] of step.needs) {
      const at = stepPath(step, "dependsOn", position);
      if (seen.has(name)) {
        const message = `${quoted(name)} stands twice in this dependsOn. Remove one.`;
        yield { code: "duplicate-dependency", message, at, severity: "warning" };
      }
      seen.add(name);
      if (!whole || names.has(name)) continue;
      const meant = closest(name, [...names].filter((one) => one !== step.environment));
      const other = isLabel(name) ? "Add a step for it, or remove it." : `No environment can have that name: ${LABEL_RULE}.`;
      const way = meant ? `Did you mean ${quoted(meant)}?` : other;
      const message =
        `${quoted(step.environment)} depends on ${quoted(name)}, which is neither the trigger environment nor a step ` +
        `of this flow. ${way}`;
      yield { code: "unknown-dependency", message, at, suggestion: meant };
    }
  }
}

function* actions({ text, steps }: Graph): Generator<Finding> {
  for (const step of steps) {
    const policy = row(row(list(text.spec["steps"])[step.index])["policy"]);
    if (policy["action"] !== "none" || "preAction" in policy) continue;
    const message =
      'The action "none" leaves the change to a pre-action workflow, and none is named here. Add preAction, unless a ' +
      "promotion policy supplies it.";
    yield { code: "none-without-pre-action", message, at: stepPath(step, "policy", "action"), severity: "warning" };
  }
}

/** From a step along its dependencies back to itself, by the shortest way, which never leaves its knot. */
function shortestCycle(start: NamedStep, first: Graph["first"], knotOf: ReadonlyMap<string, number>): string[] {
  const cameFrom = new Map<string, string>();
  const queue = [start.environment];
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    for (const [, need] of first.get(name)?.needs ?? []) {
      if (need === start.environment) {
        const path = [need];
        for (let at: string | undefined = name; at !== undefined && at !== need; at = cameFrom.get(at)) path.unshift(at);
        return [need, ...path];
      }
      if (!cameFrom.has(need) && knotOf.get(need) === knotOf.get(start.environment)) {
        cameFrom.set(need, name);
        queue.push(need);
      }
    }
  }
  throw new Error("a step of a knot leads back to itself");
}

const LONGEST_SHOWN = 12;

/** One finding per knot of steps that wait for each other, and all that are in one. */
function cycles({ steps, first }: Graph): { findings: Finding[]; stuck: Set<string> } {
  const needs = [...first].map(([name, step]): [string, string[]] => [
    name,
    step.needs.map(([, need]) => need).filter((need) => first.has(need)),
  ]);
  const knotOf = knots(new Map(needs));
  const findings: Finding[] = [];
  const told = new Set<number>();
  for (const step of steps) {
    const knot = knotOf.get(step.environment);
    if (knot === undefined || first.get(step.environment) !== step || told.has(knot)) continue;
    told.add(knot);
    const cycle = shortestCycle(step, first, knotOf);
    const more = `(${cycle.length - LONGEST_SHOWN + 1} more)`;
    const shown = cycle.length > LONGEST_SHOWN ? [...cycle.slice(0, LONGEST_SHOWN - 2), more, cycle.at(-1)] : cycle;
    const position = step.needs.find(([, name]) => name === cycle[1])?.[0] ?? 0;
    const message =
      `The dependencies go in a circle, each environment waiting for the next: ${shown.join(" -> ")}. None of them ` +
      "could ever start; remove one of these dependencies.";
    findings.push({ code: "cycle", message, at: stepPath(step, "dependsOn", position) });
  }
  return { findings, stuck: new Set(knotOf.keys()) };
}

/** Everything that would start if nothing failed, the trigger included. Whatever it lacks waits in a circle, or for one. */
function startedBy({ trigger, first }: Graph): Set<string> {
  const waiting = new Map<string, NamedStep[]>();
  for (const step of first.values()) {
    for (const [, name] of step.needs) {
      const list = waiting.get(name);
      if (list) list.push(step);
      else waiting.set(name, [step]);
    }
  }
  const started = new Set(trigger === undefined ? [] : [trigger]);
  const queue = [...started];
  for (let at = 0; at < queue.length; at += 1) {
    for (const step of waiting.get(queue[at] ?? "") ?? []) {
      if (started.has(step.environment) || !step.needs.every(([, name]) => started.has(name))) continue;
      started.add(step.environment);
      queue.push(step.environment);
    }
  }
  return started;
}

/** Steps that nothing is wrong with themselves: what they wait for never starts. */
function* unreachable({ trigger, first }: Graph, started: ReadonlySet<string>, stuck: ReadonlySet<string>): Generator<Finding> {
  if (trigger === undefined) return;
  for (const step of first.values()) {
    const names = step.needs.map(([, name]) => name);
    const own = names.length === 0 || names.some((name) => !first.has(name) && name !== trigger);
    if (started.has(step.environment) || stuck.has(step.environment) || own) continue;
    const [position, blocker] = step.needs.find(([, name]) => !started.has(name)) ?? [0, ""];
    const message =
      `${quoted(step.environment)} can never be reached from ${quoted(trigger)}: it waits for ${quoted(blocker)}, which ` +
      `never starts. Repair ${quoted(blocker)}, or remove it here.`;
    yield { code: "unreachable", message, at: stepPath(step, "dependsOn", position) };
  }
}

function* unknownEnvironments({ trigger, steps }: Graph, known: readonly string[]): Generator<Finding> {
  const exists = new Set(known);
  const places: [Parts, string | undefined][] = [
    [["spec", "triggerEnvironment"], trigger],
    ...steps.map((step): [Parts, string] => [stepPath(step, "environment"), step.environment]),
  ];
  for (const [at, name] of places) {
    // What is no name at all, the schema has told.
    if (name === undefined || exists.has(name) || !isLabel(name)) continue;
    const meant = closest(name, known);
    const way = meant ? `Did you mean ${quoted(meant)}?` : "Add it on the Environments page first.";
    yield { code: "unknown-environment", message: `There is no environment ${quoted(name)}. ${way}`, at, suggestion: meant };
  }
}

function* unknownWorkflows({ text }: Graph, known: readonly string[]): Generator<Finding> {
  for (const [at, name] of workflowPlaces(text)) {
    if (known.includes(name) || !isName(name)) continue;
    const meant = closest(name, known);
    const way = meant ? `Did you mean ${quoted(meant)}?` : "Add it before the flow runs.";
    const message = `There is no promotion workflow ${quoted(name)} yet. ${way}`;
    yield { code: "unknown-workflow", message, at, severity: "warning", suggestion: meant };
  }
}

function* workflowPlaces(text: ManifestText): Generator<[Parts, string]> {
  if (typeof text.spec["postTrigger"] === "string") yield [["spec", "postTrigger"], text.spec["postTrigger"]];
  const holders: [Parts, Row][] = [[["spec"], text.spec]];
  list(text.spec["steps"]).forEach((step, index) => holders.push([["spec", "steps", index], row(step)]));
  for (const [path, holder] of holders) {
    for (const [part, fields] of [["policy", ["preAction", "postAction"]], ["hooks", ["onStart", "onSuccess", "onFail"]]] as const) {
      for (const field of fields) {
        const name = row(holder[part])[field];
        if (typeof name === "string") yield [[...path, part, field], name];
      }
    }
  }
}
