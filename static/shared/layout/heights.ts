// How high each node and bend stands: as near to its neighbours as the gaps between those of one layer allow.
import type { Layers } from "./layers";

const SWEEPS = 10;

interface Block {
  sum: number;
  weight: number;
  from: number;
}

/**
 * Heights in the given order, at least `gaps[i]` apart, with the least sum of weighted squares to what is wished.
 * Pools neighbours that violate the order (isotonic regression), in one pass.
 */
export function settle(wish: readonly number[], weight: readonly number[], gaps: readonly number[]): number[] {
  const offset: number[] = [];
  wish.forEach((_wanted, at) => offset.push(at === 0 ? 0 : (offset[at - 1] ?? 0) + (gaps[at - 1] ?? 0)));
  const blocks: Block[] = [];
  wish.forEach((wanted, at) => {
    const heavy = weight[at] ?? 1;
    let block: Block = { sum: (wanted - (offset[at] ?? 0)) * heavy, weight: heavy, from: at };
    for (let last = blocks.at(-1); last && last.sum / last.weight > block.sum / block.weight; last = blocks.at(-1)) {
      blocks.pop();
      block = { sum: last.sum + block.sum, weight: last.weight + block.weight, from: last.from };
    }
    blocks.push(block);
  });
  const heights: number[] = [];
  blocks.forEach((block, number) => {
    const until = blocks[number + 1]?.from ?? wish.length;
    for (let at = block.from; at < until; at += 1) heights.push(block.sum / block.weight + (offset[at] ?? 0));
  });
  return heights;
}

/** The centre of each node and bend; `sizes` are their heights, `gap` the least room between two of one layer. */
export function heightsOf({ rows, into, out }: Layers, sizes: readonly number[], gap: number): number[] {
  const y = new Array<number>(sizes.length).fill(0);
  // An arrow that only passes needs half the room, or less beside another one.
  const room = (one: number, other: number): number => gap / ((one === 0 ? 2 : 1) * (other === 0 ? 2 : 1)) + (one + other) / 2;
  const apart = rows.map((row) => row.slice(1).map((node, at) => room(sizes[row[at] ?? 0] ?? 0, sizes[node] ?? 0)));
  const sweep = (layer: number, near: readonly (readonly number[])[]): void => {
    const row = rows[layer] ?? [];
    const wish = row.map((node) => {
      const around = near[node] ?? [];
      return around.length === 0 ? y[node] ?? 0 : around.reduce((sum, one) => sum + (y[one] ?? 0), 0) / around.length;
    });
    // Who has no neighbour on that side gives way to those who have, and nodes to long arrows, which should run straight.
    const weight = row.map((node) => ((near[node] ?? []).length === 0 ? 0.1 : sizes[node] === 0 ? 4 : 1));
    settle(wish, weight, apart[layer] ?? []).forEach((height, at) => (y[row[at] ?? 0] = height));
  };
  for (let layer = 0; layer < rows.length; layer += 1) sweep(layer, into);
  for (let turn = 1; turn < SWEEPS; turn += 1) {
    if (turn % 2 === 1) for (let layer = rows.length - 2; layer >= 0; layer -= 1) sweep(layer, out);
    else for (let layer = 1; layer < rows.length; layer += 1) sweep(layer, into);
  }
  return y;
}
