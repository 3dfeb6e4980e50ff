// Whatever the gestures and however the text is written: it parses, means what the model means, and loses nothing.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { splice, type Edit } from "../../shared/yaml/edit";
import { readFlow, type Flow } from "../model/flow";
import { allDependents } from "../model/graph";
import { flowProblems } from "../problems/problems";
import { hands, NAMES, plainSteps, writeFlow, type PlainStep } from "./flows.fixture";
import { perform, type Gesture } from "./gesture";
import { GestureRefused } from "./refused";

const anyName = fc.constantFrom("dev", ...NAMES);
const gestures: fc.Arbitrary<Gesture> = fc.oneof(
  fc.record({ kind: fc.constant("add" as const), after: anyName, environments: fc.uniqueArray(anyName, { minLength: 1, maxLength: 2 }) }),
  fc.record({ kind: fc.constant("insert" as const), from: anyName, to: anyName, environments: fc.uniqueArray(anyName, { minLength: 1, maxLength: 2 }) }),
  fc.record({
    kind: fc.constant("remove" as const),
    environment: anyName,
    dependents: fc.oneof(
      fc.record({ become: fc.constant("reconnected" as const), to: anyName }),
      fc.record({ become: fc.constant("removed" as const) }),
    ),
  }),
  fc.record({ kind: fc.constant("depend" as const), environment: anyName, on: anyName }),
  fc.record({ kind: fc.constant("undepend" as const), environment: anyName, on: anyName }),
  fc.record({ kind: fc.constant("policy" as const), environment: anyName, key: fc.constant("action" as const), value: fc.constantFrom("commit", "pr", undefined) }),
  fc.record({ kind: fc.constant("version" as const), value: fc.constantFrom("1.00", "v2", "") }),
  fc.record({ kind: fc.constant("description" as const), value: fc.constantFrom("", "a: b", "plain", "two\nlines") }),
  fc.record({ kind: fc.constant("onFailure" as const), value: fc.constantFrom("continue", "halt", "revert") }),
);

type Graph = Map<string, Set<string>>;
const graphOf = (steps: readonly { environment: string; dependsOn: readonly string[] }[]): Graph =>
  new Map(steps.map((step) => [step.environment, new Set(step.dependsOn)]));

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

function attempt(source: string, gesture: Gesture): { source: string; edits: Edit[] } | undefined {
  try {
    return perform(source, gesture);
  } catch (error) {
    // No hand that a person writes in is beyond the splices: only gestures that make no sense are refused.
    if (error instanceof GestureRefused && !error.message.includes("Edit it in the text")) return undefined;
    throw error;
  }
}

const read = (source: string): Flow => {
  const { flow, failure } = readFlow(source);
  if (!flow) throw new Error(`${failure?.message} in\n${source}`);
  return flow;
};

const comments = (source: string): string[] => [...source.matchAll(/# [a-z -]+/g)].map(([found]) => found.trimEnd());

function touched(flow: Flow, gesture: Gesture): Set<string> {
  if (gesture.kind === "remove") return new Set([gesture.environment, ...allDependents(flow, gesture.environment)]);
  if (gesture.kind === "insert") return new Set([gesture.to]);
  return new Set("environment" in gesture ? [gesture.environment] : []);
}

/** The text of each step from its dash's content on, by environment. */
function stepTexts(source: string, steps: readonly PlainStep[] | Flow["steps"]): Map<string, string> {
  const lines = source.split(/\r?\n/);
  const flow = read(source);
  return new Map(
    flow.steps
      .filter((step) => steps.some((one) => one.environment === step.environment))
      .map((step) => [step.environment, lines.slice(step.line - 1, step.endLine).join("\n").trimEnd()]),
  );
}

const journeys = fc.tuple(plainSteps, hands, fc.array(gestures, { minLength: 1, maxLength: 6 }));

function walk(steps: PlainStep[], hand: Parameters<typeof writeFlow>[1], list: readonly Gesture[], look: (before: string, gesture: Gesture, after: { source: string; edits: Edit[] }) => void): void {
  let source = writeFlow(steps, hand);
  for (const gesture of list) {
    const after = attempt(source, gesture);
    if (!after) continue;
    look(source, gesture, after);
    source = after.source;
  }
}

const runs = { numRuns: 80 };

describe("any gesture on any text", () => {
  test("leaves a text that parses to the graph that the model has, and no circle", () => {
    fc.assert(
      fc.property(journeys, ([steps, hand, list]) => {
        walk(steps, hand, list, (before, gesture, after) => {
          expect(graphOf(read(after.source).steps)).toEqual(model(read(before), gesture));
          const codes = flowProblems(after.source, { environments: undefined, workflows: undefined }).map((problem) => problem.code);
          // A flow may be emptied on the way to another one; nothing else that is wrong can be drawn.
          expect(codes.filter((code) => code !== "no-steps")).toEqual([]);
        });
      }),
      runs,
    );
  });

  test("keeps every comment that stands outside what it removes", () => {
    fc.assert(
      fc.property(journeys, ([steps, hand, list]) => {
        walk(steps, hand, list, (before, gesture, after) => {
          const lost = touched(read(before), gesture);
          const kept = comments(before).filter((one) => !(one.startsWith("# why") && lost.has(one.slice(6))));
          const left = comments(after.source);
          for (const one of kept) expect(left).toContain(one);
        });
      }),
      runs,
    );
  });

  test("leaves the bytes of every step that it does not touch", () => {
    fc.assert(
      fc.property(journeys, ([steps, hand, list]) => {
        walk(steps, hand, list, (before, gesture, after) => {
          const flow = read(before);
          const mine = touched(flow, gesture);
          const now = stepTexts(after.source, flow.steps);
          for (const [name, text] of stepTexts(before, flow.steps)) if (!mine.has(name)) expect(now.get(name)).toBe(text);
        });
      }),
      runs,
    );
  });

  test("keeps the line ends and the missing newline at the end", () => {
    fc.assert(
      fc.property(journeys, ([steps, hand, list]) => {
        walk(steps, hand, list, (_before, _gesture, after) => {
          expect(after.source.endsWith("\n")).toBe(hand.ended);
          expect(/[^\r]\n/.test(after.source)).toBe(hand.newline === "\n");
        });
      }),
      runs,
    );
  });

  test("is undone to the very bytes by turning its edits round", () => {
    fc.assert(
      fc.property(journeys, ([steps, hand, list]) => {
        walk(steps, hand, list, (before, _gesture, after) => {
          let text = before;
          const back = after.edits.map((edit) => {
            const inverse = { start: edit.start, end: edit.start + edit.text.length, text: text.slice(edit.start, edit.end) };
            text = splice(text, edit);
            return inverse;
          });
          expect(text).toBe(after.source);
          expect(back.reverse().reduce(splice, text)).toBe(before);
        });
      }),
      runs,
    );
  });
});
