// Puts the environments of a flow into layers from left to right and routes the arrows between them; draws nothing.
import { Graph, layout } from "@dagrejs/dagre";
import { layeredLayout } from "./layered_layout";

export interface LayoutNode {
  id: string;
  width: number;
  height: number;
}

export interface LayoutEdge {
  from: string;
  to: string;
}

export interface Point {
  x: number;
  y: number;
}

export interface FlowLayout {
  /** Top left corner of each node. */
  positions: Map<string, Point>;
  /** Heights at which an arrow passes the layers between its ends, with their left and right borders. */
  lanes: Map<string, Lane[]>;
}

export interface Lane {
  left: number;
  right: number;
  y: number;
}

export const edgeId = (edge: LayoutEdge): string => `${edge.from}→${edge.to}`;

export interface Spacing {
  /** Pixels between two layers, where the arrows turn. */
  layers: number;
  /** Pixels between two nodes of one layer. */
  nodes: number;
}

/** From here on the careful layout takes longer than a person waits for a gesture. */
const LARGE = 60;

export function layoutFlow(nodes: readonly LayoutNode[], edges: readonly LayoutEdge[], spacing: Spacing): FlowLayout {
  return nodes.length >= LARGE ? layeredLayout(nodes, edges, spacing, edgeId) : careful(nodes, edges, spacing);
}

function careful(nodes: readonly LayoutNode[], edges: readonly LayoutEdge[], spacing: Spacing): FlowLayout {
  const graph = new Graph();
  graph.setGraph({ rankdir: "LR", ranksep: spacing.layers, nodesep: spacing.nodes, edgesep: spacing.nodes / 2 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const node of nodes) graph.setNode(node.id, { width: node.width, height: node.height });
  for (const edge of edges) graph.setEdge(edge.from, edge.to);
  layout(graph);
  if (isUpsideDown(graph, nodes)) turnOver(graph);
  const positions = new Map<string, Point>();
  for (const node of nodes) {
    const { x, y } = graph.node(node.id) as Point;
    positions.set(node.id, { x: Math.round(x - node.width / 2), y: Math.round(y - node.height / 2) });
  }
  return { positions, lanes: lanesOf(graph, nodes, edges, positions) };
}

/** Whether more neighbours of a layer stand against the given order than in it; either way no arrow crosses more. */
function isUpsideDown(graph: Graph, nodes: readonly LayoutNode[]): boolean {
  let balance = 0;
  nodes.forEach((node, at) => {
    const one = graph.node(node.id) as Point;
    for (const later of nodes.slice(at + 1)) {
      const other = graph.node(later.id) as Point;
      if (one.x === other.x) balance += Math.sign(other.y - one.y);
    }
  });
  return balance < 0;
}

function turnOver(graph: Graph): void {
  const height = Math.max(...graph.nodes().map((id) => (graph.node(id) as Point).y + (graph.node(id) as LayoutNode).height / 2));
  const flip = (point: Point): void => {
    point.y = height - point.y;
  };
  for (const id of graph.nodes()) flip(graph.node(id) as Point);
  for (const edge of graph.edges()) ((graph.edge(edge) as { points?: Point[] }).points ?? []).forEach(flip);
}

function lanesOf(
  graph: Graph,
  nodes: readonly LayoutNode[],
  edges: readonly LayoutEdge[],
  positions: ReadonlyMap<string, Point>,
): Map<string, Lane[]> {
  const layers = new Map<number, Lane>();
  for (const node of nodes) {
    const at = positions.get(node.id);
    if (!at) continue;
    const centre = Math.round(at.x + node.width / 2);
    const before = layers.get(centre);
    layers.set(centre, {
      left: Math.min(before?.left ?? at.x, at.x),
      right: Math.max(before?.right ?? at.x, at.x + node.width),
      y: 0,
    });
  }
  const lanes = new Map<string, Lane[]>();
  for (const edge of edges) {
    const from = positions.get(edge.from);
    const to = positions.get(edge.to);
    const points = (graph.edge(edge.from, edge.to) as { points?: Point[] } | undefined)?.points ?? [];
    if (!from || !to) continue;
    const between = [...layers.values()].filter((layer) => layer.left > from.x && layer.right <= to.x).sort((a, b) => a.left - b.left);
    lanes.set(edgeId(edge), between.map((layer) => ({ ...layer, y: heightAt(points, (layer.left + layer.right) / 2) })));
  }
  return lanes;
}

/** The height of a polyline at x. */
function heightAt(points: readonly Point[], x: number): number {
  for (let at = 1; at < points.length; at += 1) {
    const [a, b] = [points[at - 1], points[at]];
    if (!a || !b || x < a.x || x > b.x) continue;
    return Math.round(a.x === b.x ? a.y : a.y + ((b.y - a.y) * (x - a.x)) / (b.x - a.x));
  }
  return Math.round(points.at(-1)?.y ?? 0);
}

const RADIUS = 8;
const TURN = 14;

/** An arrow's path in right angles with round corners: arrows of one source share the line behind it, `turn` pixels long. */
export function routeEdge(from: Point, to: Point, lanes: readonly Lane[], turn = TURN): string {
  const corners: Point[] = [from];
  let { x, y } = from;
  const moveTo = (turnAt: number, height: number): void => {
    if (Math.abs(height - y) < 1) return;
    corners.push({ x: turnAt, y }, { x: turnAt, y: height });
    y = height;
  };
  for (const lane of lanes) {
    moveTo(x + turn, lane.y);
    x = lane.right;
  }
  moveTo(x + turn, to.y);
  corners.push({ x: to.x, y });
  return rounded(corners);
}

function rounded(corners: readonly Point[]): string {
  const [first, ...rest] = corners;
  if (!first) return "";
  const parts = [`M${first.x} ${first.y}`];
  rest.forEach((corner, at) => {
    const before = corners[at];
    const after = rest[at + 1];
    if (!before || !after) {
      parts.push(`L${corner.x} ${corner.y}`);
      return;
    }
    const step = (from: Point, to: Point): { dx: number; dy: number; length: number } => {
      const length = Math.hypot(to.x - from.x, to.y - from.y);
      return { dx: (to.x - from.x) / (length || 1), dy: (to.y - from.y) / (length || 1), length };
    };
    const into = step(before, corner);
    const out = step(corner, after);
    const radius = Math.min(RADIUS, into.length / 2, out.length / 2);
    parts.push(`L${corner.x - into.dx * radius} ${corner.y - into.dy * radius}`);
    parts.push(`Q${corner.x} ${corner.y} ${corner.x + out.dx * radius} ${corner.y + out.dy * radius}`);
  });
  return parts.join(" ");
}
