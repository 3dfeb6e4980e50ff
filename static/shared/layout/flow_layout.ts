// Puts the environments of a flow into layers from left to right with lanes for long arrows; draws nothing.
// Our own, for no layout library keeps the order of an earlier picture, and dagre took 40 ms for 50 environments.
import { heightsOf } from "./heights";
import { layersOf, type Link } from "./layers";
import { orderLayers } from "./order";
import type { Lane, Point } from "./route";

export interface LayoutNode {
  id: string;
  width: number;
  height: number;
}

export interface LayoutEdge {
  from: string;
  to: string;
}

/** The place of each node and bend within its layer, to be handed to the next layout of nearly the same flow. */
export type Order = ReadonlyMap<string, number>;

export interface FlowLayout {
  /** Top left corner of each node; all of one layer end at the same x. */
  positions: Map<string, Point>;
  /** By edge, what it passes between its ends. */
  lanes: Map<string, Lane[]>;
  order: Order;
}

export const edgeId = (edge: LayoutEdge): string => `${edge.from}→${edge.to}`;

export interface Spacing {
  /** Pixels between two layers, where the arrows turn. */
  layers: number;
  /** Pixels between two nodes of one layer. */
  nodes: number;
}

/** How far below all nodes arrows go back, in gaps between nodes, and how far below each other, in pixels. */
const BELOW = { first: 0.75, next: 12 };

/** With `before`, those who stood there keep their order; with little of it left, the flow is a new one. */
function placesBefore(ids: readonly string[], before: Order | undefined): (number | undefined)[] {
  const places = ids.map((id) => before?.get(id));
  return places.filter((place) => place !== undefined).length * 2 < ids.length ? places.map(() => undefined) : places;
}

export function layoutFlow(nodes: readonly LayoutNode[], edges: readonly LayoutEdge[], spacing: Spacing, before?: Order): FlowLayout {
  const number = new Map(nodes.map((node, at) => [node.id, at]));
  const links = edges.map((edge) => ({ from: number.get(edge.from) ?? 0, to: number.get(edge.to) ?? 0 }));
  const layers = layersOf(nodes.length, links);
  const ids = nodes.map((node) => node.id);
  layers.bends.forEach((bends, at) => bends.forEach((bend, passed) => (ids[bend] = `${edges[at]?.from ?? ""} → ${passed}`)));
  orderLayers(layers, placesBefore(ids, before));
  const sizes = ids.map((_id, at) => nodes[at]?.height ?? 0);
  const heights = heightsOf(layers, sizes, spacing.nodes);
  const top = heights.reduce((least, height, at) => Math.min(least, height - (sizes[at] ?? 0) / 2), 0);

  const positions = new Map<string, Point>();
  const columns: Lane[] = [];
  const order = new Map<string, number>();
  let left = 0;
  for (const row of layers.rows) {
    const width = row.reduce((most, node) => Math.max(most, nodes[node]?.width ?? 0), 0);
    columns.push({ left, right: left + width, y: 0 });
    row.forEach((node, at) => {
      order.set(ids[node] ?? "", at);
      const given = nodes[node];
      if (given) positions.set(given.id, { x: left + width - given.width, y: Math.round((heights[node] ?? 0) - given.height / 2 - top) });
    });
    left += width + spacing.layers;
  }
  const bottom = heights.reduce((most, height, at) => Math.max(most, height - top + (sizes[at] ?? 0) / 2), 0);
  let below = bottom + spacing.nodes * BELOW.first;
  /** An arrow of a circle goes back below everything: straight back, it would run through what it passes. */
  const back = ({ from, to }: Link): Lane[] => {
    const y = Math.round(below);
    below += BELOW.next;
    return [{ left: columns[layers.rank[from] ?? 0]?.right ?? 0, right: (positions.get(ids[to] ?? "")?.x ?? 0) - spacing.layers, y }];
  };
  const lanes = new Map(
    edges.map((edge, at) => {
      const link = links[at];
      if (link && (layers.rank[link.to] ?? 0) <= (layers.rank[link.from] ?? 0)) return [edgeId(edge), back(link)] as const;
      const passed = (layers.bends[at] ?? []).map((bend) => {
        const column = columns[layers.rank[bend] ?? 0] ?? { left: 0, right: 0 };
        return { ...column, y: Math.round((heights[bend] ?? 0) - top) };
      });
      return [edgeId(edge), passed] as const;
    }),
  );
  return { positions, lanes, order };
}
