// How high on each arrow something is inserted: every arrow has room of its own, as near to its end as the others leave it.
import type { Point } from "../../shared/layout/route";

/** From the middle of one place to the next: none lies over another. */
const PITCH = 21;
/** As many stand around their arrows' end whatever stands above and below them: their neighbours' do not reach there. */
const UNDISPUTED = 6;

export interface Arrival {
  id: string;
  /** Where the arrow arrives. */
  end: Point;
  /** The height that it comes from. */
  from: number;
}

/** The places of the arrows to one environment, from above. */
interface Stack {
  middle: number;
  ids: readonly string[];
  heights: number[];
}

/** By arrow, the height of its place; those to one environment in the order in which the arrows come from above. */
export function placesOf(arrivals: readonly Arrival[]): Map<string, number> {
  const layers = new Map<number, Map<number, Arrival[]>>();
  for (const arrival of arrivals) {
    const { x, y } = arrival.end;
    const layer = layers.get(x) ?? new Map<number, Arrival[]>();
    layers.set(x, layer);
    const group = layer.get(y);
    if (group) group.push(arrival);
    else layer.set(y, [arrival]);
  }
  const places = new Map<string, number>();
  for (const layer of layers.values()) {
    const stacks = [...layer].map(([middle, group]): Stack => {
      const ids = group.sort((one, other) => one.from - other.from).map(({ id }) => id);
      // As even or odd as all of them, so that they stay even around the middle when the others join.
      const first = ids.length <= UNDISPUTED ? ids.length : UNDISPUTED - (ids.length % 2);
      return { middle, ids, heights: Array.from({ length: first }, (_, at) => middle + (at - (first - 1) / 2) * PITCH) };
    });
    spread(stacks);
    for (const { ids, heights } of stacks) ids.forEach((id, at) => places.set(id, heights[at] ?? 0));
  }
  return places;
}

/** Finds room for what has none yet, one of each environment at a time. */
function spread(stacks: readonly Stack[]): void {
  const taken = stacks.flatMap(({ heights }) => heights).sort((one, other) => one - other);
  let crowded = stacks.filter(({ ids, heights }) => heights.length < ids.length);
  while (crowded.length > 0) {
    for (const { middle, heights } of crowded) {
      const below = nextFree(taken, middle);
      const above = -nextFree(taken.map((one) => -one).reverse(), -middle);
      const height = below - middle <= middle - above ? below : above;
      heights.push(height);
      taken.splice(taken.findLastIndex((one) => one < height) + 1, 0, height);
    }
    crowded = crowded.filter(({ ids, heights }) => heights.length < ids.length);
  }
  for (const { heights } of stacks) heights.sort((one, other) => one - other);
}

/** The first height from there on with room for one more; `taken` is in order. */
function nextFree(taken: readonly number[], from: number): number {
  let height = from;
  for (const one of taken) {
    if (one - height >= PITCH) break;
    if (one > height - PITCH) height = one + PITCH;
  }
  return height;
}
