// Where the cards stand, how the arrows run between them, and which card is next to which. Draws nothing.
import { edgeId, layoutFlow, type LayoutEdge } from "../shared/layout/flow_layout";
import { routeEdge, type Point } from "../shared/layout/route";
import { boundsOf, type Bounds } from "../shared/layout/view";
import type { Environment } from "../shared/release/release";

export const CARD = { width: 244, top: 56, row: 24, versions: 24, stepsFrame: 12, issue: 68, headAt: 30 };
const SPACING = { layers: 84, nodes: 24 };
const TURN = 37;
const ARROW = { length: 8, gap: 5 };

export interface GraphNode {
  id: string;
  at: Point;
}

export interface GraphEdge extends LayoutEdge {
  id: string;
  path: string;
  tip: string;
}

export interface Graph {
  nodes: GraphNode[];
  edges: GraphEdge[];
  bounds: Bounds;
  /** Height that every card may grow to without touching another one. */
  height: number;
}

type Shape = Pick<Environment, "name" | "dependsOn"> & { rows: number };

/** Every card gets the room of the tallest with its issue shown: heads stand in line and nothing ever moves. */
export function graphOf(shapes: readonly Shape[], hasVersions: boolean): Graph {
  const rows = Math.max(0, ...shapes.map((one) => one.rows));
  const height = CARD.top + CARD.issue + CARD.stepsFrame + rows * CARD.row + (hasVersions ? CARD.versions : 0);
  const known = new Set(shapes.map((one) => one.name));
  const edges: LayoutEdge[] = shapes.flatMap((one) => one.dependsOn.filter((on) => known.has(on)).map((on) => ({ from: on, to: one.name })));
  const sized = shapes.map((one) => ({ id: one.name, width: CARD.width, height }));
  const { positions, lanes } = layoutFlow(sized, edges, SPACING);
  const place = (id: string): Point => positions.get(id) ?? { x: 0, y: 0 };
  const nodes = shapes.map((one) => ({ id: one.name, at: place(one.name) }));
  return {
    nodes,
    edges: edges.map((edge) => {
      const from = place(edge.from);
      const to = place(edge.to);
      const end = { x: to.x - ARROW.gap - ARROW.length + 1, y: to.y + CARD.headAt };
      const id = edgeId(edge);
      const path = routeEdge({ x: from.x + CARD.width, y: from.y + CARD.headAt }, end, lanes.get(id) ?? [], TURN);
      return { ...edge, id, path, tip: `M${end.x - 1} ${end.y - 4.5}l${ARROW.length} 4.5-${ARROW.length} 4.5z` };
    }),
    bounds: boundsOf(nodes.map(({ at }) => ({ ...at, width: CARD.width, height }))),
    height,
  };
}

/** The card to go to with an arrow key: along the arrows, or to the neighbour in the same column. */
export function neighbour(graph: Graph, id: string, key: string): string | undefined {
  const node = graph.nodes.find((one) => one.id === id);
  if (!node) return undefined;
  const nearest = (ids: readonly string[]): string | undefined =>
    graph.nodes.filter((one) => ids.includes(one.id)).sort((a, b) => Math.abs(a.at.y - node.at.y) - Math.abs(b.at.y - node.at.y))[0]?.id;
  if (key === "ArrowRight") return nearest(graph.edges.filter((edge) => edge.from === id).map((edge) => edge.to));
  if (key === "ArrowLeft") return nearest(graph.edges.filter((edge) => edge.to === id).map((edge) => edge.from));
  if (key !== "ArrowDown" && key !== "ArrowUp") return undefined;
  const below = key === "ArrowDown";
  const column = graph.nodes.filter((one) => one.at.x === node.at.x && (below ? one.at.y > node.at.y : one.at.y < node.at.y));
  return nearest(column.map((one) => one.id));
}
