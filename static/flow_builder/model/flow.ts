// Reads a promotion flow out of its YAML text for the chart and the settings; forgiving, and never the judge of it.
import { isAlias, isMap, isScalar, isSeq, type Document, type Node } from "yaml";
import { parseManifest } from "../../shared/yaml/parse";
import { manifestParts, type Entry, type Parts } from "../../shared/yaml/parts";
import { lineTable, tokenEnd } from "../../shared/yaml/tokens";
import { flowProblems, isBlocking } from "../problems/problems";

export type Action = "commit" | "pr" | "none";
export type PolicyKey = "action" | "preAction" | "postAction";
export type OnFailure = "continue" | "halt" | "revert";
export type HookKey = "onStart" | "onSuccess" | "onFail";

export type Hooks = Partial<Record<HookKey, string>>;

export interface Policy {
  action?: string;
  preAction?: string;
  postAction?: string;
}

export interface Step {
  /** Position in the text's list of steps. */
  index: number;
  environment: string;
  dependsOn: string[];
  /** Where each of them stands in the text's list, which may hold entries that name nothing yet. */
  dependsOnAt: number[];
  /** Only what the text says inline; what it leaves open, account-level policies supply. */
  policy: Policy;
  hasPolicy: boolean;
  /** Every key under `policy`, known or not. */
  policyKeys: string[];
  hooks: Hooks;
  /** 1-based lines of the step in the text. */
  line: number;
  endLine: number;
}

export interface Flow {
  apiVersion: string;
  name: string;
  description: string;
  version: string;
  trigger: string;
  postTrigger: string;
  steps: Step[];
  hooks: Hooks;
  /** Minutes; undefined where the text leaves the default of a day. */
  timeout: number | undefined;
  onFailure: OnFailure | undefined;
  /** Every key beside `steps`, also of what cannot be read as its value. */
  keys: readonly string[];
  /** Whether `metadata.annotations` holds nothing but the description and version. */
  onlyKnownAnnotations: boolean;
  /** Where the content stands: the older form wraps it in `spec.properties`. */
  specPath: readonly string[];
}

export interface Reading {
  flow: Flow | undefined;
  /** Why no chart can be drawn from the text: the first problem that the editor marks. */
  failure: { message: string; line: number } | undefined;
}

type Row = Record<string, unknown>;
const row = (value: unknown): Row => (typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Row) : {});
const text = (value: unknown): string => (typeof value === "string" ? value : typeof value === "number" ? String(value) : "");
const list = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);

/** A scalar as it stands in the text: a version written 1.00 is "1.00", not 1. */
function sourceText(doc: Document, path: readonly string[]): string {
  const node = doc.getIn(path, true);
  if (isAlias(node)) return text((node.resolve(doc) as { value?: unknown } | undefined)?.value);
  return isScalar(node) ? node.source ?? text(node.value) : "";
}

const KEPT = 2;
const readings: { source: string; reading: Reading }[] = [];

/** Read once per text, however many ask. */
export function readFlow(source: string): Reading {
  const known = readings.find((one) => one.source === source);
  if (known) return known.reading;
  const parts = manifestParts(source);
  const reading = parts ? readParts(parts) : readDocument(source, parseManifest(source));
  readings.unshift({ source, reading });
  readings.length = Math.min(readings.length, KEPT);
  return reading;
}

function readParts({ skeleton, skeletonData, path, entries }: Parts): Reading {
  const specPath = path.slice(0, -1);
  const spec = row(specPath.reduce<unknown>((data, key) => row(data)[key], skeletonData));
  return { flow: { ...readHead(skeleton, row(skeletonData), spec, specPath), steps: entries.map(readEntry) }, failure: undefined };
}

function readDocument(source: string, doc: Document.Parsed): Reading {
  const data = doc.errors.length === 0 && isMap(doc.contents) ? spelledOut(doc) : undefined;
  if (!data) return unreadable(source);
  const wrapped = isMap(doc.getIn(["spec", "properties"], true)) && doc.getIn(["spec", "triggerEnvironment"]) === undefined;
  const specPath = wrapped ? ["spec", "properties"] : ["spec"];
  const spec = row(wrapped ? row(data["spec"])["properties"] : data["spec"]);
  const steps = doc.getIn([...specPath, "steps"], true);
  if (steps != null && !isSeq(steps) && spec["steps"] != null) return unreadable(source);
  return { flow: { ...readHead(doc, data, spec, specPath), steps: readSteps(source, doc, specPath, spec) }, failure: undefined };
}

/** Chart and editor speak of one place, whichever of their parsers stumbled where. */
function unreadable(source: string): Reading {
  const first = flowProblems(source, { environments: undefined, workflows: undefined }).find(isBlocking);
  return { flow: undefined, failure: { message: first?.message ?? "This is no promotion flow.", line: first?.line ?? 1 } };
}

/** Undefined where the text can be parsed and still means nothing: aliases without anchors, merges of what is no map. */
function spelledOut(doc: Document.Parsed): Row | undefined {
  try {
    return row(doc.toJS());
  } catch (error) {
    // The parser throws plain errors here, of which no other kind can be told apart.
    if (error instanceof Error) return undefined;
    throw error;
  }
}

function readHead(doc: Document, data: Row, spec: Row, specPath: readonly string[]): Omit<Flow, "steps"> {
  const metadata = row(data["metadata"]);
  const annotations = row(metadata["annotations"]);
  const onFailure = text(spec["onFailure"]);
  return {
    apiVersion: text(data["apiVersion"]),
    name: text(metadata["name"]),
    description: text(annotations["description"]),
    version: sourceText(doc, ["metadata", "annotations", "version"]),
    trigger: text(spec["triggerEnvironment"]),
    postTrigger: text(spec["postTrigger"]),
    hooks: readHooks(spec["hooks"]),
    timeout: typeof spec["promotionTimeoutLimit"] === "number" ? spec["promotionTimeoutLimit"] : undefined,
    onFailure: onFailure === "halt" || onFailure === "revert" || onFailure === "continue" ? onFailure : undefined,
    keys: Object.keys(spec),
    onlyKnownAnnotations: Object.keys(annotations).every((key) => key === "description" || key === "version"),
    specPath,
  };
}

/** Every key under `hooks`, known or not: the last one to go takes the block with it. */
const readHooks = (value: unknown): Hooks => Object.fromEntries(Object.entries(row(value)).map(([key, one]) => [key, text(one)]));

type StepContent = Omit<Step, "index" | "line" | "endLine">;

function readContent(value: unknown): StepContent {
  const step = row(value);
  const named = [...list(step["dependsOn"]).map(text).entries()].filter(([, name]) => name !== "");
  const policy = Object.fromEntries(
    (["action", "preAction", "postAction"] as const).map((key) => [key, text(row(step["policy"])[key])] as const).filter(([, one]) => one !== ""),
  );
  return {
    environment: text(step["environment"]),
    dependsOn: named.map(([, name]) => name),
    dependsOnAt: named.map(([at]) => at),
    policy,
    hasPolicy: step["policy"] != null,
    policyKeys: Object.keys(row(step["policy"])),
    hooks: readHooks(step["hooks"]),
  };
}

/** The first and last line of a node's content: comments behind it are not its own. */
function linesOf(node: Node | undefined, lineOf: (offset: number) => number): { first: number; last: number } {
  if (!node?.range || !node.srcToken) return { first: 1, last: 1 };
  const [from] = node.range;
  return { first: lineOf(from), last: lineOf(Math.max(from, tokenEnd(node.srcToken) - 1)) };
}

function readSteps(source: string, doc: Document, specPath: readonly string[], spec: Row): Step[] {
  const node = doc.getIn([...specPath, "steps"], true);
  const lineOf = lineTable(source);
  return list(spec["steps"]).map((value, index) => {
    const { first, last } = linesOf(isSeq(node) ? (node.items[index] as Node | undefined) : undefined, lineOf);
    return { ...readContent(value), index, line: first, endLine: last };
  });
}

// What an entry says, by its piece, with its lines counted from the piece's first.
const contents = new WeakMap<Entry["piece"], StepContent & { first: number; last: number }>();

function readEntry({ piece, line }: Entry, index: number): Step {
  let known = contents.get(piece);
  if (!known) {
    const lineOf = lineTable(piece.text);
    known = { ...readContent(piece.data), ...linesOf(piece.node, lineOf) };
    contents.set(piece, known);
  }
  const { first, last, ...content } = known;
  return { ...content, index, line: line + first, endLine: line + last };
}

/** What a chart is drawn from, the text's flow or the one that a release runs. */
export type DrawnFlow = Pick<Flow, "trigger" | "postTrigger" | "steps" | "specPath">;

export const environmentsOf = ({ trigger, steps }: DrawnFlow): string[] => [trigger, ...steps.map((step) => step.environment)];

/** Steps that can be drawn: each environment once, the first of it. */
export function drawnSteps(flow: DrawnFlow): Step[] {
  const seen = new Set<string>([flow.trigger]);
  return flow.steps.filter((step) => {
    if (!step.environment || seen.has(step.environment)) return false;
    seen.add(step.environment);
    return true;
  });
}
