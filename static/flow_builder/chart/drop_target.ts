// Where an environment dragged over the chart would land: on an arrow, after a node, else after the nearest one.
import type { Point } from "../../shared/layout/route";
import { NODE, type Chart, type ChartEdge, type ChartNode } from "./chart_model";
import type { DropTarget } from "./menus";

const inside = (node: ChartNode, point: Point): boolean =>
  point.x >= node.at.x + node.width - NODE.width && point.x <= node.at.x + node.width && point.y >= node.at.y && point.y <= node.at.y + NODE.height;

/** Distance from a node's right end; what lies to the right of the point is twice as far, for the arrow would go back. */
function far(node: ChartNode, point: Point): number {
  const dx = point.x - (node.at.x + node.width);
  return Math.hypot(dx < 0 ? dx * 2 : dx, point.y - (node.at.y + NODE.height / 2));
}

export function dropTarget(chart: Chart, point: Point, edge: ChartEdge | undefined): DropTarget | undefined {
  const on = chart.nodes.find((node) => inside(node, point));
  if (on) return { kind: "after", environment: on.id };
  if (edge) return { kind: "between", from: edge.from, to: edge.to };
  const [nearest] = [...chart.nodes].sort((one, other) => far(one, point) - far(other, point));
  return nearest && { kind: "after", environment: nearest.id };
}
