// Whatever the gestures and however the text is written: it parses, means what the model means, and loses nothing.
import fc from "fast-check";
import { expect, test } from "vitest";
import { readFlow, type Flow } from "../model/flow";
import { allDependents, directDependents } from "../model/graph";
import { flowProblems } from "../problems/problems";
import { FlowText } from "../text/flow_text";
import { hands, plainSteps, writeFlow } from "./flows.fixture";
import type { Gesture } from "./gesture";
import { anyGesture, gestureFrom } from "./gestures.fixture";
import { GestureRefused } from "./refused";

const LONGEST_JOURNEY = 20;
const SETTINGS = new Set<Gesture["kind"]>(["name", "description", "version", "timeout", "onFailure", "postTrigger", "hook"]);

/** Gestures to make in all: a few while writing code, many where nobody waits. */
const wanted = Number(process.env["LOCKSTEP_GESTURES"] ?? (process.env["CI"] === "true" ? 20_000 : 600));
// A run that everybody repeats makes the same gestures; LOCKSTEP_GESTURES_SEED=random hunts on.
const asked = process.env["LOCKSTEP_GESTURES_SEED"] ?? "1";
const seed = asked === "random" ? Date.now() : Number(asked);

type Graph = Map<string, Set<string>>;
const graphOf = (steps: readonly { environment: string; dependsOn: readonly string[] }[]): Graph =>
  new Map(steps.map((step) => [step.environment, new Set(step.dependsOn)]));

const plain = (graph: Graph): [string, string[]][] =>
  [...graph].map(([name, on]): [string, string[]] => [name, [...on].sort()]).sort(([one], [other]) => one.localeCompare(other));

/** `expect` explains well and takes its time, so it is only asked where there is something to explain. */
function same(found: unknown, wanted: unknown): void {
  if (JSON.stringify(found) !== JSON.stringify(wanted)) expect(found).toEqual(wanted);
}

/** What a gesture does to the graph, said without any text. */
function model(flow: Flow, gesture: Gesture): Graph {
  const graph = graphOf(flow.steps);
  const set = (name: string, on: Iterable<string>): Graph => graph.set(name, new Set(on));
  const of = (name: string): string[] => [...(graph.get(name) ?? [])];
  switch (gesture.kind) {
    case "add":
      gesture.environments.forEach((name) => set(name, [gesture.after]));
      break;
    case "insert":
      set(gesture.to, [...of(gesture.to).filter((on) => on !== gesture.from), ...gesture.environments]);
      gesture.environments.forEach((name) => set(name, [gesture.from]));
      break;
    case "depend":
      set(gesture.environment, [...of(gesture.environment), gesture.on]);
      break;
    case "undepend":
      set(gesture.environment, of(gesture.environment).filter((on) => on !== gesture.on));
      break;
    case "trigger":
      for (const [name, on] of graph) set(name, [...on].map((one) => (one === flow.trigger ? gesture.environment : one)));
      break;
    case "remove": {
      const { dependents, environment } = gesture;
      if (dependents.become === "removed") allDependents(flow, environment).forEach((name) => graph.delete(name));
      graph.delete(environment);
      for (const [name, on] of graph) {
        if (dependents.become === "reconnected" && on.delete(environment)) set(name, [...on, dependents.to]);
      }
    }
  }
  return graph;
}

const read = (source: string): Flow => {
  const { flow, failure } = readFlow(source);
  if (!flow) throw new Error(`${failure?.message} in\n${source}`);
  return flow;
};

function attempt(history: FlowText, gesture: Gesture): boolean {
  try {
    history.perform(gesture);
    return true;
  } catch (error) {
    // No hand that a person writes in is beyond the splices: only gestures that make no sense are refused.
    if (error instanceof GestureRefused && !error.message.includes("Edit it in the text")) return false;
    throw error;
  }
}

const removed = (flow: Flow, gesture: Gesture): string[] =>
  gesture.kind !== "remove" ? [] : [gesture.environment, ...(gesture.dependents.become === "removed" ? allDependents(flow, gesture.environment) : [])];

/** Steps that the gesture changes or takes out; every other one keeps its bytes. */
function touched(flow: Flow, gesture: Gesture): Set<string> {
  if (gesture.kind === "remove") {
    const dependents = directDependents(flow, gesture.environment).map((step) => step.environment);
    return new Set([...removed(flow, gesture), ...dependents]);
  }
  if (gesture.kind === "insert") return new Set([gesture.to]);
  if (gesture.kind === "trigger") return new Set(directDependents(flow, flow.trigger).map((step) => step.environment));
  return new Set("environment" in gesture ? [gesture.environment] : []);
}

function counted(source: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [found] of source.matchAll(/# [a-z -]+/g)) counts.set(found.trimEnd(), (counts.get(found.trimEnd()) ?? 0) + 1);
  return counts;
}

/** Comments stand over steps and behind dependencies; a comment may go only with the item that it describes. */
function expectComments(flow: Flow, gesture: Gesture, before: string, after: string): void {
  const gone = new Set(removed(flow, gesture));
  const merged = new Set(
    gesture.kind === "remove" && gesture.dependents.become === "reconnected"
      ? directDependents(flow, gesture.environment).map((step) => step.environment)
      : gesture.kind === "undepend" ? [gesture.environment] : [],
  );
  const left = counted(after);
  const lost = [...counted(before)].filter(([comment, count]) => {
    // A comment over a step may go with the step, when the steps around it go too.
    if (gone.has(comment.replace("# over ", ""))) return false;
    const owner = comment.startsWith("# why ") ? comment.slice(6) : "";
    return !gone.has(owner) && (left.get(comment) ?? 0) < (merged.has(owner) ? count - 1 : count);
  });
  same(lost, []);
}

/** The bytes of each step, and what stands before the first and behind the last one. */
function pieces(source: string, flow: Flow): { steps: Map<string, string>; head: string; foot: string } {
  const lines = source.split(/(?<=\n)/);
  const of = (from: number, to: number): string => lines.slice(from, to).join("");
  const first = Math.min(...flow.steps.map((step) => step.line)) - 1;
  const last = Math.max(...flow.steps.map((step) => step.endLine));
  const steps = new Map(flow.steps.map((step) => [step.environment, of(step.line - 1, step.endLine).trimEnd()]));
  return { steps, head: of(0, first).replace(/(?:[ \t]*(?:#.*)?\r?\n)*$/, ""), foot: of(last, lines.length) };
}

function expectBytes(flow: Flow, gesture: Gesture, before: string, after: string, now: Flow): void {
  if (flow.steps.length === 0 || now.steps.length === 0) return;
  const was = pieces(before, flow);
  const is = pieces(after, now);
  const mine = touched(flow, gesture);
  same([...was.steps].filter(([name, text]) => !mine.has(name) && is.steps.get(name) !== text), []);
  const ofFlow = SETTINGS.has(gesture.kind) && !("environment" in gesture);
  if (ofFlow || gesture.kind === "trigger") return;
  same(is.head, was.head);
  if (flow.steps.at(-1)?.environment === now.steps.at(-1)?.environment && !mine.has(now.steps.at(-1)?.environment ?? "")) {
    same(is.foot, was.foot);
  }
}

function expectUndo(history: FlowText, before: string, after: string): void {
  if (before === after) return;
  history.undo();
  same(history.text, before);
  history.redo();
  same(history.text, after);
}

test(`${wanted} gestures on any texts: each means what it says, keeps the rest, and can be undone`, () => {
  let done = 0;
  const journeys = fc.tuple(plainSteps, hands, fc.array(anyGesture, { minLength: 1, maxLength: LONGEST_JOURNEY, size: "max" }));
  const journey = fc.property(journeys, ([steps, hand, draws]) => {
    const history = new FlowText(writeFlow(steps, hand));
    let flow = read(history.text);
    for (const draw of draws) {
      const gesture = gestureFrom(flow, draw);
      const before = history.text;
      if (!attempt(history, gesture)) continue;
      const after = history.text;
      const now = read(after);
      same(plain(graphOf(now.steps)), plain(model(flow, gesture)));
      const codes = flowProblems(after, { environments: undefined, workflows: undefined }).map((problem) => problem.code);
      // A flow may be emptied on the way to another one; nothing else that is wrong can be drawn.
      same(codes.filter((code) => code !== "no-steps" && code !== "none-without-pre-action"), []);
      expectComments(flow, gesture, before, after);
      expectBytes(flow, gesture, before, after, now);
      expectUndo(history, before, after);
      same(after.endsWith("\n"), hand.ended);
      same(/[^\r]\n/.test(after), hand.newline === "\n");
      flow = now;
      done += 1;
    }
  });
  // Refused gestures do not count, so the last rounds make up for them.
  while (done < wanted) fc.assert(journey, { seed: seed + done, numRuns: Math.ceil((wanted - done) / (LONGEST_JOURNEY / 2)) });
}, 180_000);
