// Whatever the gestures and however the text is written: it parses, means what the model means, and loses nothing.
import fc from "fast-check";
import { test } from "vitest";
import { readFlow, type Flow } from "../model/flow";
import { flowProblems } from "../problems/problems";
import { FlowText } from "../text/flow_text";
import { judgeBytes, same } from "./bytes.fixture";
import { commentsOf, judgeComments, type Comments } from "./comments.fixture";
import { hands, plainSteps, writeFlow, type Hand } from "./flows.fixture";
import type { Gesture } from "./gesture";
import { anyGesture, gestureFrom } from "./gestures.fixture";
import { layout, type Line } from "./layout.fixture";
import { meant, pathsOf, plainOf, type Paths, type Plain } from "./model.fixture";
import { GestureRefused } from "./refused";

const LONGEST_JOURNEY = 20;

/** Gestures to make in all: a few while writing code, many where nobody waits. */
const wanted = Number(process.env["LOCKSTEP_GESTURES"] ?? (process.env["CI"] === "true" ? 20_000 : 600));
// A run that everybody repeats makes the same gestures; LOCKSTEP_GESTURES_SEED=random hunts on.
const asked = process.env["LOCKSTEP_GESTURES_SEED"] ?? "1";
const seed = asked === "random" ? Date.now() : Number(asked);

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
    if (error instanceof GestureRefused && !error.message.includes("in the text.")) return false;
    throw error;
  }
}

/** In the order of its keys, which says nothing in YAML. */
const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, one]) => [key, sorted(one)]));
};

/** A new step commits, or does what steps that were there already do; it says nothing else. */
function judgeNewSteps(before: Plain, gesture: Gesture, now: Plain): void {
  if (!("environments" in gesture)) return;
  const known = new Set([JSON.stringify({ action: "commit" }), ...before.steps.map((step) => JSON.stringify(policyOf(step)))]);
  const fresh = now.steps.filter((step) => gesture.environments.includes(step.environment));
  same(fresh.filter((step) => !known.has(JSON.stringify(step["policy"]))), []);
  const places = gesture.environments.map((name) => now.steps.findIndex((step) => step.environment === name));
  const beside = gesture.kind === "insert" ? gesture.to : gesture.kind === "addBefore" ? gesture.before : undefined;
  const first = beside === undefined ? (places[0] ?? 0) : now.steps.findIndex((step) => step.environment === beside) - places.length;
  same(places, places.map((_place, at) => first + at));
}

function policyOf(step: Plain["steps"][number]): unknown {
  const { action, preAction, postAction } = (step["policy"] ?? {}) as Record<string, unknown>;
  const policy = { ...(action !== undefined && { action }), ...(preAction !== undefined && { preAction }), ...(postAction !== undefined && { postAction }) };
  return Object.keys(policy).length > 0 ? policy : undefined;
}

/** A flow may be emptied on the way to another one; nothing else that is wrong can be drawn. */
function judgeProblems(source: string, hand: Hand): void {
  const allowed = new Set(["no-steps", "none-without-pre-action", ...(hand.foreign ? ["unknown-field"] : [])]);
  const problems = flowProblems(source, { environments: undefined, workflows: undefined });
  same(problems.filter((problem) => !allowed.has(problem.code)), []);
}

/** Step by step back through all of it, and forward again. */
function judgeHistory(history: FlowText, texts: readonly string[]): void {
  for (const text of texts.slice(0, -1).reverse()) {
    history.undo();
    same(history.text, text);
  }
  same(history.read().canUndo, false);
  for (const text of texts.slice(1)) {
    history.redo();
    same(history.text, text);
  }
}

/** All that is known of one text. */
interface Told {
  plain: Plain;
  paths: Paths;
  lines: Line[];
  comments: Comments;
}

function tell(source: string): Told {
  const plain = plainOf(source);
  const [paths, lines] = [pathsOf(plain), layout(source, plain)];
  return { plain, paths, lines, comments: judgeComments(commentsOf(source), paths, new Map(), lines) };
}

function judge(was: Told, gesture: Gesture, source: string, hand: Hand): Told {
  const plain = plainOf(source);
  const expected = meant(was.plain, gesture, plain);
  same(sorted(plain), sorted(expected.plain));
  judgeNewSteps(was.plain, gesture, plain);
  judgeProblems(source, hand);
  const [paths, lines] = [pathsOf(plain), layout(source, plain)];
  const comments = judgeComments(was.comments, paths, expected.renamed, lines);
  judgeBytes(gesture, was, { paths, lines });
  judgeEnds(source, hand);
  return { plain, paths, lines, comments };
}

function judgeEnds(source: string, hand: Hand): void {
  same(source.endsWith("\n"), hand.ended);
  same(/[^\r]\n/.test(source), hand.newline === "\n");
}

test(`${wanted} gestures on any texts: each means what it says, keeps the rest, and can be undone`, () => {
  let done = 0;
  const journeys = fc.tuple(plainSteps, hands, fc.array(anyGesture, { minLength: 1, maxLength: LONGEST_JOURNEY, size: "max" }));
  const journey = fc.property(journeys, ([steps, hand, draws]) => {
    const history = new FlowText(writeFlow(steps, hand));
    const texts = [history.text];
    let told = tell(history.text);
    for (const draw of draws) {
      const gesture = gestureFrom(read(history.text), draw);
      const before = history.text;
      if (!attempt(history, gesture)) continue;
      try {
        told = judge(told, gesture, history.text, hand);
      } catch (error) {
        throw new Error(`${JSON.stringify(gesture)} made of\n${before}\nthis\n${history.text}\n${(error as Error).message}`, { cause: error });
      }
      if (history.text !== before) texts.push(history.text);
      done += 1;
    }
    judgeHistory(history, texts);
  });
  // Refused gestures do not count, so the last rounds make up for them.
  while (done < wanted) fc.assert(journey, { seed: seed + done, numRuns: Math.ceil((wanted - done) / (LONGEST_JOURNEY / 2)) });
}, 900_000);
