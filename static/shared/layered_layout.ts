// A quick layout for flows of hundreds of environments: layers by the longest way, each order by its neighbours' heights.
import type { FlowLayout, Lane, LayoutEdge, LayoutNode, Point, Spacing } from "./flow_layout";

const SWEEPS = 4;

type Neighbours = ReadonlyMap<string, readonly string[]>;

function grouped(edges: readonly LayoutEdge[], by: "from" | "to", other: "from" | "to"): Neighbours {
  const groups = new Map<string, string[]>();
  for (const edge of edges) {
    const group = groups.get(edge[by]);
    if (group) group.push(edge[other]);
    else groups.set(edge[by], [edge[other]]);
  }
  return groups;
}

/** Each node as far right as its longest way from the start; what waits in a circle stands where it is first met. */
function ranksOf(nodes: readonly LayoutNode[], into: Neighbours, out: Neighbours): Map<string, number> {
  const ranks = new Map<string, number>();
  const open = new Map(nodes.map((node) => [node.id, into.get(node.id)?.length ?? 0]));
  const queue = nodes.filter((node) => open.get(node.id) === 0).map((node) => node.id);
  const rank = (id: string): number => Math.max(0, ...(into.get(id) ?? []).map((before) => (ranks.get(before) ?? -1) + 1));
  for (let at = 0; at < queue.length; at += 1) {
    const id = queue[at] ?? "";
    ranks.set(id, rank(id));
    for (const next of out.get(id) ?? []) {
      const left = (open.get(next) ?? 0) - 1;
      open.set(next, left);
      if (left === 0) queue.push(next);
    }
  }
  for (const { id } of nodes) if (!ranks.has(id)) ranks.set(id, rank(id));
  return ranks;
}

/** Heights of one layer: in the order of where its neighbours are, as near to them as the gaps allow. */
function settle(layer: string[], near: Neighbours, heights: Map<string, number>, step: number): void {
  const wish = new Map(
    layer.map((id) => {
      const around = (near.get(id) ?? []).map((one) => heights.get(one)).filter((y) => y !== undefined);
      return [id, around.length > 0 ? around.reduce((sum, y) => sum + y, 0) / around.length : heights.get(id) ?? 0] as const;
    }),
  );
  layer.sort((one, other) => (wish.get(one) ?? 0) - (wish.get(other) ?? 0));
  let last = -Infinity;
  let shift = 0;
  const placed = layer.map((id) => {
    const wanted = wish.get(id) ?? 0;
    last = Math.max(wanted, last + step);
    shift += last - wanted;
    return last;
  });
  layer.forEach((id, at) => heights.set(id, (placed[at] ?? 0) - shift / layer.length));
}

/** The height nearest to `y` at which an arrow passes a layer between its nodes. */
function gapAt(y: number, sorted: readonly number[], step: number, reach: number): number {
  const hit = sorted.find((centre) => Math.abs(centre - y) < reach);
  if (hit === undefined) return y;
  return y < hit ? hit - step / 2 : hit + step / 2;
}

export function layeredLayout(nodes: readonly LayoutNode[], edges: readonly LayoutEdge[], spacing: Spacing, idOf: (edge: LayoutEdge) => string): FlowLayout {
  const into = grouped(edges, "to", "from");
  const out = grouped(edges, "from", "to");
  const ranks = ranksOf(nodes, into, out);
  const height = Math.max(...nodes.map((node) => node.height));
  const step = height + spacing.nodes;
  const layers: string[][] = Array.from({ length: Math.max(...ranks.values()) + 1 }, () => []);
  for (const { id } of nodes) layers[ranks.get(id) ?? 0]?.push(id);
  const heights = new Map<string, number>();
  layers.forEach((layer) => layer.forEach((id, at) => heights.set(id, (at - (layer.length - 1) / 2) * step)));
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    if (sweep % 2 === 0) layers.slice(1).forEach((layer) => settle(layer, into, heights, step));
    else layers.slice(0, -1).reverse().forEach((layer) => settle(layer, out, heights, step));
  }
  const top = Math.min(...heights.values()) - height / 2;
  const widths = new Map(nodes.map((node) => [node.id, node.width]));
  const columns: Lane[] = [];
  const positions = new Map<string, Point>();
  let left = 0;
  for (const layer of layers) {
    const width = Math.max(...layer.map((id) => widths.get(id) ?? 0));
    columns.push({ left, right: left + width, y: 0 });
    for (const id of layer) {
      positions.set(id, { x: Math.round(left + (width - (widths.get(id) ?? 0)) / 2), y: Math.round((heights.get(id) ?? 0) - height / 2 - top) });
    }
    left += width + spacing.layers;
  }
  const lanes = new Map<string, Lane[]>();
  const sorted = layers.map((layer) => layer.map((id) => (positions.get(id)?.y ?? 0) + height / 2).sort((one, other) => one - other));
  for (const edge of edges) {
    const [a, b] = [ranks.get(edge.from) ?? 0, ranks.get(edge.to) ?? 0];
    const [from, to] = [(positions.get(edge.from)?.y ?? 0) + height / 2, (positions.get(edge.to)?.y ?? 0) + height / 2];
    const between = columns.slice(a + 1, b).map((column, at) => {
      const y = from + ((to - from) * (at + 1)) / (b - a);
      return { ...column, y: Math.round(gapAt(y, sorted[a + 1 + at] ?? [], step, height / 2 + 8)) };
    });
    lanes.set(idOf(edge), between);
  }
  return { positions, lanes };
}
