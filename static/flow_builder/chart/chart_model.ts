// What the chart shows of a flow: nodes with their places, arrows with their ways; reads, never changes.
import type { Environment, Kind, Preview, PreviewEnvironment, Setting } from "../../shared/records";
import type { Problem } from "../../shared/manifest/manifest_text";
import { edgeId, layoutFlow, type FlowLayout, type LayoutEdge } from "../../shared/layout/flow_layout";
import type { Lane, Point } from "../../shared/layout/route";
import { boundsOf, type Bounds } from "../../shared/layout/view";
import { sameData } from "../../shared/yaml/data";
import { drawnSteps, type Flow, type PolicyKey, type Step } from "../model/flow";

export const NODE = { width: 148, height: 56, dock: 86, gap: 18 };
const STEP_WIDTH = NODE.dock + NODE.gap + NODE.width;
const SPACING = { layers: 40, nodes: 76 };

/** What decides a setting of a step: the text itself, a policy that the preview names, or nothing known yet. */
export interface Decided {
  value: string | undefined;
  by: "flow" | "policy" | "default" | "unset";
  policy: string | undefined;
}

/** What a node says. It stays the same object while it says the same, wherever the node stands. */
export interface Facts {
  id: string;
  kind: Kind | undefined;
  trigger: boolean;
  policy: Record<PolicyKey, Decided>;
  postTrigger: string;
  /** First problem of the step itself, and of its settings by key. */
  problem: string | undefined;
  policyProblems: Partial<Record<PolicyKey, string>>;
}

export interface ChartNode {
  id: string;
  /** The top left corner of its box, which the dock in front of it is part of. */
  at: Point;
  width: number;
  facts: Facts;
}

export interface ChartEdge extends LayoutEdge {
  id: string;
  start: Point;
  /** Where the arrow arrives. */
  end: Point;
  lanes: readonly Lane[];
  box: Bounds;
}

export interface Chart {
  nodes: readonly ChartNode[];
  edges: readonly ChartEdge[];
  bounds: Bounds;
  /** What stands where: the same object while nothing moves. */
  layout: FlowLayout;
}

/** What is known beside the flow; undefined where it is not known. */
export interface Around {
  environments?: readonly Environment[] | undefined;
  preview?: Preview | undefined;
  problems?: readonly Problem[];
}

function decided(inline: string | undefined, setting: Setting | null | undefined): Decided {
  if (inline !== undefined) return { value: inline, by: "flow", policy: undefined };
  if (!setting || setting.origin.kind === "flow") return { value: undefined, by: "unset", policy: undefined };
  const policy = setting.origin.kind === "policy" ? setting.origin.name : undefined;
  return { value: setting.value, by: policy === undefined ? "default" : "policy", policy };
}

/** Problems by the step that they stand in. */
function problemsBySteps(path: string, problems: readonly Problem[]): ReadonlyMap<number, Problem[]> {
  const found = new Map<number, Problem[]>();
  const start = `${path}.steps[`;
  for (const one of problems) {
    if (!one.path.startsWith(start)) continue;
    const index = Number.parseInt(one.path.slice(start.length), 10);
    found.set(index, [...(found.get(index) ?? []), one]);
  }
  return found;
}

const NO_PROBLEMS: Pick<Facts, "problem" | "policyProblems"> = { problem: undefined, policyProblems: {} };

function problemsOf(base: string, mine: readonly Problem[] | undefined): Pick<Facts, "problem" | "policyProblems"> {
  if (!mine) return NO_PROBLEMS;
  const policyProblems: Facts["policyProblems"] = {};
  for (const key of ["action", "preAction", "postAction"] as const) {
    const found = mine.find((one) => one.path === `${base}.policy.${key}` || (one.code === "unknown-field" && one.suggestion === key));
    if (found) policyProblems[key] = found.message;
  }
  const other = mine.find((one) => one.severity === "error" && !Object.values(policyProblems).includes(one.message));
  return { problem: other?.message, policyProblems };
}

function edgesOf(flow: Flow, steps: readonly Step[]): LayoutEdge[] {
  const known = new Set(steps.map((step) => step.environment));
  known.add(flow.trigger);
  return steps.flatMap((step) =>
    [...new Set(step.dependsOn)].filter((on) => known.has(on) && on !== step.environment).map((on) => ({ from: on, to: step.environment })),
  );
}

/** With the chart before, whatever says or stands the same is the same object, and nobody changes places. */
export function chartOf(flow: Flow, around: Around, before?: Chart): Chart {
  const steps = drawnSteps(flow);
  const ids = [...(flow.trigger === "" ? [] : [flow.trigger]), ...steps.map((step) => step.environment)];
  const links = edgesOf(flow, steps);
  const layout = layoutLike(before, ids, links, flow.trigger);
  const factsOf = factsReader(flow, steps, around);
  const last = new Map(before?.nodes.map((node) => [node.id, node]));
  const nodes = ids.map((id): ChartNode => {
    const known = last.get(id);
    const facts = factsOf(id);
    const at = layout.positions.get(id) ?? { x: 0, y: 0 };
    const width = id === flow.trigger ? NODE.width : STEP_WIDTH;
    const same = known && sameData(known.facts, facts) ? known.facts : facts;
    return known?.facts === same && known.at.x === at.x && known.at.y === at.y && known.width === width ? known : { id, at, width, facts: same };
  });
  if (before && layout === before.layout) return { ...before, nodes };
  const bounds = boundsOf(nodes.map((node) => ({ ...node.at, width: node.width, height: NODE.height })));
  return { nodes, edges: edgesAlong(links, nodes, layout), bounds, layout };
}

const linked = (links: readonly LayoutEdge[]): string => links.map(edgeId).join(" ");

function layoutLike(before: Chart | undefined, ids: readonly string[], links: readonly LayoutEdge[], trigger: string): FlowLayout {
  const isSame =
    before?.nodes.length === ids.length &&
    before.nodes.every((node, at) => node.id === ids[at] && node.facts.trigger === (node.id === trigger)) &&
    linked(before.edges) === linked(links);
  if (before && isSame) return before.layout;
  const sized = ids.map((id) => ({ id, width: id === trigger ? NODE.width : STEP_WIDTH, height: NODE.height }));
  return layoutFlow(sized, links, SPACING, before?.layout.order);
}

function factsReader(flow: Flow, steps: readonly Step[], { environments, preview, problems = [] }: Around): (id: string) => Facts {
  const kinds = new Map(environments?.map((one) => [one.name, one.kind]));
  const previewed = new Map(preview?.environments.map((one) => [one.name, one]));
  const byName = new Map(steps.map((step) => [step.environment, step]));
  const path = flow.specPath.join(".");
  const wrong = problemsBySteps(path, problems);
  return (id) => {
    const trigger = id === flow.trigger;
    const step = trigger ? undefined : byName.get(id);
    const seen: PreviewEnvironment | undefined = previewed.get(id);
    return {
      id,
      kind: kinds.get(id),
      trigger,
      policy: {
        action: decided(step?.policy.action, seen?.policy.action),
        preAction: decided(step?.policy.preAction, seen?.policy.preAction),
        postAction: decided(step?.policy.postAction, seen?.policy.postAction),
      },
      postTrigger: trigger ? flow.postTrigger : "",
      ...(step ? problemsOf(`${path}.steps[${step.index}]`, wrong.get(step.index)) : NO_PROBLEMS),
    };
  };
}

function edgesAlong(links: readonly LayoutEdge[], nodes: readonly ChartNode[], layout: FlowLayout): ChartEdge[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  return links.flatMap((link): ChartEdge[] => {
    const [from, to] = [byId.get(link.from), byId.get(link.to)];
    if (!from || !to) return [];
    const id = edgeId(link);
    const lanes = layout.lanes.get(id) ?? [];
    const start = { x: from.at.x + from.width, y: from.at.y + NODE.height / 2 };
    const end = { x: to.at.x, y: to.at.y + NODE.height / 2 };
    const box = boundsOf([start, end, ...lanes.map((lane) => ({ x: lane.left, y: lane.y }))].map((point) => ({ ...point, width: 0, height: 0 })));
    return [{ ...link, id, start, end, lanes, box }];
  });
}

/** The node to go to with an arrow key: along the arrows, or to the neighbour in the same layer. */
export function neighbour(chart: Chart, id: string, key: string): string | undefined {
  const node = chart.nodes.find((one) => one.id === id);
  if (!node) return undefined;
  const nearest = (ids: ReadonlySet<string>): string | undefined =>
    chart.nodes
      .filter((one) => ids.has(one.id))
      .sort((a, b) => Math.abs(a.at.y - node.at.y) - Math.abs(b.at.y - node.at.y))[0]?.id;
  if (key === "ArrowRight") return nearest(new Set(chart.edges.filter((edge) => edge.from === id).map((edge) => edge.to)));
  if (key === "ArrowLeft") return nearest(new Set(chart.edges.filter((edge) => edge.to === id).map((edge) => edge.from)));
  if (key !== "ArrowDown" && key !== "ArrowUp") return undefined;
  const right = (one: ChartNode): number => one.at.x + one.width;
  const wanted = chart.nodes.filter((one) => right(one) === right(node) && (key === "ArrowDown" ? one.at.y > node.at.y : one.at.y < node.at.y));
  return nearest(new Set(wanted.map((one) => one.id)));
}
