// Which layer each node of a flow stands in, and the bends that long arrows need on their way; knows no pixels.

export interface Link {
  from: number;
  to: number;
}

/**
 * Nodes and bends by number: the given nodes first, in their order, then the bends. Long arrows of one source share
 * one trunk of bends, as long as the longest of them: a bend each would be too many where hundreds pass hundreds of layers.
 */
export interface Layers {
  /** The layer of each node and bend, counted from the left. */
  rank: number[];
  /** Per layer its nodes and bends, in the given order. */
  rows: number[][];
  /** Nodes and bends before and after each one: arrows in pieces that span one layer each. */
  into: number[][];
  out: number[][];
  /** Bends of each link, from left to right. */
  bends: number[][];
}

/** Each node as far right as its longest way from the start; what waits in a circle stands where it is first met. */
function ranksOf(count: number, links: readonly Link[]): number[] {
  const rank = new Array<number>(count).fill(0);
  const open = new Array<number>(count).fill(0);
  const after: number[][] = Array.from({ length: count }, () => []);
  for (const { from, to } of links) {
    open[to] = (open[to] ?? 0) + 1;
    after[from]?.push(to);
  }
  const placed = open.map((needs) => needs === 0);
  const queue = open.flatMap((needs, node) => (needs === 0 ? [node] : []));
  const follow = (): void => {
    for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
      for (const next of after[node] ?? []) {
        if (placed[next] && open[next] === 0) continue;
        rank[next] = Math.max(rank[next] ?? 0, (rank[node] ?? 0) + 1);
        open[next] = (open[next] ?? 0) - 1;
        if (open[next] !== 0 || placed[next]) continue;
        placed[next] = true;
        queue.push(next);
      }
    }
  };
  follow();
  for (let node = 0; node < count; node += 1) {
    if (placed[node]) continue;
    placed[node] = true;
    open[node] = 0;
    queue.push(node);
    follow();
  }
  return rank;
}

export function layersOf(count: number, links: readonly Link[]): Layers {
  const rank = ranksOf(count, links);
  const rows: number[][] = [];
  const into: number[][] = Array.from({ length: count }, () => []);
  const out: number[][] = Array.from({ length: count }, () => []);
  const place = (node: number, layer: number): void => {
    while (rows.length <= layer) rows.push([]);
    rows[layer]?.push(node);
  };
  for (let node = 0; node < count; node += 1) place(node, rank[node] ?? 0);
  const join = (from: number, to: number): void => {
    out[from]?.push(to);
    into[to]?.push(from);
  };
  const trunks = new Map<number, number[]>();
  const bends = links.map(({ from, to }) => {
    const trunk = trunks.get(from) ?? [];
    trunks.set(from, trunk);
    const long = Math.max(0, (rank[to] ?? 0) - (rank[from] ?? 0) - 1);
    while (trunk.length < long) {
      const bend = rank.length;
      const layer = (rank[from] ?? 0) + trunk.length + 1;
      rank.push(layer);
      into.push([]);
      out.push([]);
      place(bend, layer);
      join(trunk.at(-1) ?? from, bend);
      trunk.push(bend);
    }
    const passed = trunk.slice(0, long);
    // An arrow of a circle that goes back to an earlier layer pulls nothing towards it.
    if ((rank[to] ?? 0) > (rank[from] ?? 0)) join(passed.at(-1) ?? from, to);
    return passed;
  });
  return { rank, rows, into, out, bends };
}
