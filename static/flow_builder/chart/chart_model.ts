// What the chart shows of a flow: nodes with their places, arrows with their ways; reads, never changes.
import { edgeId, layoutFlow, type FlowLayout, type LayoutEdge } from "../../shared/layout/flow_layout";
import type { Lane, Point } from "../../shared/layout/route";
import { boundsOf, type Bounds } from "../../shared/layout/view";
import { drawnSteps, type DrawnFlow, type Step } from "../model/flow";
import { factsReader, type Around, type Facts } from "./facts";
import { placesOf, type Arrival } from "./places";

export const NODE = { width: 148, height: 56, dock: 86, gap: 18 };
const STEP_WIDTH = NODE.dock + NODE.gap + NODE.width;
const SPACING = { layers: 40, nodes: 76 };
/** Of the places on arrows: how far in front of the arrow's end. */
const PLACE_BACK = 17;

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
  /** The middle of its own place, where something is inserted: those of one layer stand below each other. */
  place: Point;
  box: Bounds;
}

export interface Chart {
  nodes: readonly ChartNode[];
  edges: readonly ChartEdge[];
  bounds: Bounds;
  /** What stands where: the same object while nothing moves. */
  layout: FlowLayout;
}

function edgesOf(flow: DrawnFlow, steps: readonly Step[]): LayoutEdge[] {
  const known = new Set(steps.map((step) => step.environment));
  known.add(flow.trigger);
  return steps.flatMap((step) =>
    [...new Set(step.dependsOn)].filter((on) => known.has(on) && on !== step.environment).map((on) => ({ from: on, to: step.environment })),
  );
}

/** With the chart before, whatever says or stands the same is the same object, and nobody changes places. */
export function chartOf(flow: DrawnFlow, around: Around, before?: Chart): Chart {
  const steps = drawnSteps(flow);
  const ids = [...(flow.trigger === "" ? [] : [flow.trigger]), ...steps.map((step) => step.environment)];
  const links = edgesOf(flow, steps);
  const layout = layoutLike(before, ids, links, flow.trigger);
  const factsOf = factsReader(flow, steps, around);
  const last = new Map(before?.nodes.map((node) => [node.id, node]));
  const nodes = ids.map((id): ChartNode => {
    const known = last.get(id);
    const facts = factsOf(id, known?.facts);
    const at = layout.positions.get(id) ?? { x: 0, y: 0 };
    const width = id === flow.trigger ? NODE.width : STEP_WIDTH;
    return known?.facts === facts && known.at.x === at.x && known.at.y === at.y && known.width === width ? known : { id, at, width, facts };
  });
  if (before && layout === before.layout) return { ...before, nodes };
  const edges = edgesAlong(links, nodes, layout);
  const back = edges.filter(({ start, end }) => end.x < start.x).map(({ box }) => box);
  const bounds = boundsOf([...nodes.map((node) => ({ ...node.at, width: node.width, height: NODE.height })), ...back]);
  return { nodes, edges, bounds, layout };
}

function layoutLike(before: Chart | undefined, ids: readonly string[], links: readonly LayoutEdge[], trigger: string): FlowLayout {
  const isSame =
    before?.nodes.length === ids.length &&
    before.nodes.every((node, at) => node.id === ids[at] && node.facts.trigger === (node.id === trigger)) &&
    before.edges.length === links.length &&
    before.edges.every((edge, at) => edge.from === links[at]?.from && edge.to === links[at].to);
  if (before && isSame) return before.layout;
  const sized = ids.map((id) => ({ id, width: id === trigger ? NODE.width : STEP_WIDTH, height: NODE.height }));
  return layoutFlow(sized, links, SPACING, before?.layout.order);
}

function edgesAlong(links: readonly LayoutEdge[], nodes: readonly ChartNode[], layout: FlowLayout): ChartEdge[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const routed = links.flatMap((link) => {
    const [from, to] = [byId.get(link.from), byId.get(link.to)];
    if (!from || !to) return [];
    const id = edgeId(link);
    const lanes = layout.lanes.get(id) ?? [];
    const start = { x: from.at.x + from.width, y: from.at.y + NODE.height / 2 };
    const end = { x: to.at.x, y: to.at.y + NODE.height / 2 };
    return [{ ...link, id, start, end, lanes }];
  });
  const heights = placesOf(routed.map(({ id, start, end, lanes }): Arrival => ({ id, end, from: lanes.at(-1)?.y ?? start.y })));
  return routed.map((edge) => {
    const { id, start, end, lanes } = edge;
    const place = { x: end.x - PLACE_BACK, y: heights.get(id) ?? end.y };
    const bends = lanes.map((lane) => ({ x: lane.left, y: lane.y }));
    const box = boundsOf([start, { x: Math.min(end.x, lanes.at(-1)?.right ?? end.x), y: end.y }, end, place, ...bends].map((point) => ({ ...point, width: 0, height: 0 })));
    return { ...edge, place, box };
  });
}

/** Where the arrows to an environment come from, in the order of its dependencies. */
export const arrowsTo = (chart: Chart, id: string): string[] => chart.edges.filter((edge) => edge.to === id).map((edge) => edge.from);

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
