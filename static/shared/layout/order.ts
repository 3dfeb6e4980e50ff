// The order of nodes and bends within their layers: few crossings, and nobody changes places with one shown before.
import type { Layers } from "./layers";

const SWEEPS = 8;

/** Places within the layers, by number: 0 is the top. */
type Places = number[];

function placesOf(rows: readonly (readonly number[])[], count: number): Places {
  const places = new Array<number>(count).fill(0);
  for (const row of rows) row.forEach((node, at) => (places[node] = at));
  return places;
}

const mean = (nodes: readonly number[], places: Places): number | undefined =>
  nodes.length === 0 ? undefined : nodes.reduce((sum, node) => sum + (places[node] ?? 0), 0) / nodes.length;

/** Crossings between two neighbouring layers: pairs of arrows that change sides, counted as inversions by merging. */
function crossings(row: readonly number[], out: readonly (readonly number[])[], places: Places): number {
  const ends = row.flatMap((node) => (out[node] ?? []).map((next) => places[next] ?? 0).sort((one, other) => one - other));
  const count = (list: number[]): { sorted: number[]; inversions: number } => {
    if (list.length < 2) return { sorted: list, inversions: 0 };
    const half = list.length >> 1;
    const left = count(list.slice(0, half));
    const right = count(list.slice(half));
    const sorted: number[] = [];
    let inversions = left.inversions + right.inversions;
    let [at, other] = [0, 0];
    while (at < left.sorted.length || other < right.sorted.length) {
      const [one, two] = [left.sorted[at], right.sorted[other]];
      if (one !== undefined && (two === undefined || one <= two)) {
        sorted.push(one);
        at += 1;
      } else {
        sorted.push(two ?? 0);
        inversions += left.sorted.length - at;
        other += 1;
      }
    }
    return { sorted, inversions };
  };
  return count(ends).inversions;
}

const allCrossings = ({ rows, out }: Layers, places: Places): number => rows.reduce((sum, row) => sum + crossings(row, out, places), 0);

/** Sorts a layer by where its neighbours stand; who has none, or stands equal, keeps the place that it has. */
function arrange(row: number[], near: readonly (readonly number[])[], places: Places): void {
  const wish = new Map(row.map((node) => [node, mean(near[node] ?? [], places) ?? places[node] ?? 0]));
  row.sort((one, other) => (wish.get(one) ?? 0) - (wish.get(other) ?? 0) || (places[one] ?? 0) - (places[other] ?? 0));
  row.forEach((node, at) => (places[node] = at));
}

/** From the given order, the arrangement with the fewest crossings that a few sweeps to and fro meet. */
function fewestCrossings(layers: Layers): void {
  const { rows, into, out } = layers;
  const places = placesOf(rows, layers.rank.length);
  let best = { crossings: allCrossings(layers, places), rows: rows.map((row) => [...row]) };
  for (let sweep = 0; sweep < SWEEPS && best.crossings > 0; sweep += 1) {
    if (sweep % 2 === 0) for (let layer = 1; layer < rows.length; layer += 1) arrange(rows[layer] ?? [], into, places);
    else for (let layer = rows.length - 2; layer >= 0; layer -= 1) arrange(rows[layer] ?? [], out, places);
    const found = allCrossings(layers, places);
    if (found < best.crossings) best = { crossings: found, rows: rows.map((row) => [...row]) };
  }
  best.rows.forEach((row, layer) => (rows[layer] = row));
}

/** Nodes of a layer with the same neighbours on both sides stand in the given order, which the text decides. */
function orderTwins(row: number[], { into, out }: Layers): void {
  const groups = new Map<string, number[]>();
  row.forEach((node, at) => {
    const key = [into, out].map((near) => [...(near[node] ?? [])].sort((one, other) => one - other).join(",")).join("|");
    const group = groups.get(key);
    if (group) group.push(at);
    else groups.set(key, [at]);
  });
  for (const places of groups.values()) {
    if (places.length < 2) continue;
    const nodes = places.map((at) => row[at] ?? 0).sort((one, other) => one - other);
    places.forEach((at, number) => (row[at] = nodes[number] ?? 0));
  }
}

/** Those seen before keep their order; each new one goes where its neighbours stand, and among equals where the text has it. */
function keepOrder(layers: Layers, before: readonly (number | undefined)[]): void {
  const places = placesOf(layers.rows, layers.rank.length);
  layers.rows.forEach((row, layer) => {
    const wish = new Map(row.map((node) => [node, mean(layers.into[node] ?? [], places) ?? places[node] ?? 0]));
    const kept = row.filter((node) => before[node] !== undefined).sort((one, other) => (before[one] ?? 0) - (before[other] ?? 0));
    for (const node of row) {
      if (before[node] !== undefined) continue;
      const own = wish.get(node) ?? 0;
      const last = kept.findLastIndex((other) => (wish.get(other) ?? 0) < own || (wish.get(other) === own && other < node));
      kept.splice(last + 1, 0, node);
    }
    orderTwins(kept, layers);
    layers.rows[layer] = kept;
    kept.forEach((node, at) => (places[node] = at));
  });
}

/** Orders the layers in place. `before` has each one's place in an earlier picture, undefined for who is new. */
export function orderLayers(layers: Layers, before: readonly (number | undefined)[]): void {
  if (before.every((place) => place === undefined)) fewestCrossings(layers);
  else keepOrder(layers, before);
}
