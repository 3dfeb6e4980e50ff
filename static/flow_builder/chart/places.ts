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

/** Heights from one to another between which there is no room for one more; it goes up into the one that it has grown together with. */
interface Block {
  lowest: number;
  highest: number;
  into?: Block | undefined;
  before?: Block | undefined;
  after?: Block | undefined;
}

/** Finds room for what has none yet, one of each environment at a time: at the nearer end of the block that its middle is in. */
function spread(stacks: readonly Stack[]): void {
  const isCrowded = ({ ids, heights }: Stack): boolean => heights.length < ids.length;
  if (!stacks.some(isCrowded)) return;
  let crowded = [...blocksOf(stacks)].filter(([stack]) => isCrowded(stack));
  while (crowded.length > 0) {
    for (const [stack, first] of crowded) {
      const block = whole(first);
      const [below, above] = [block.highest + PITCH, block.lowest - PITCH];
      if (below - stack.middle <= stack.middle - above) stack.heights.push((block.highest = below));
      else stack.heights.push((block.lowest = above));
      if (block.after && !hasRoom(block, block.after)) join(block, block.after);
      if (block.before && !hasRoom(block.before, block)) join(block.before, block);
    }
    crowded = crowded.filter(([stack]) => isCrowded(stack));
  }
  for (const { heights } of stacks) heights.sort((one, other) => one - other);
}

/** By environment, the block around its middle, in which it has places already. */
function blocksOf(stacks: readonly Stack[]): Map<Stack, Block> {
  const blocks = new Map<Stack, Block>();
  const taken = stacks.flatMap((stack) => stack.heights.map((height) => ({ stack, height }))).sort((one, other) => one.height - other.height);
  let last: Block | undefined;
  for (const { stack, height } of taken) {
    const next: Block = { lowest: height, highest: height };
    if (last && !hasRoom(last, next)) last.highest = height;
    else {
      if (last) [last.after, next.before] = [next, last];
      last = next;
    }
    blocks.set(stack, last);
  }
  return blocks;
}

const hasRoom = (above: Block, below: Block): boolean => below.lowest - (above.highest + PITCH) >= PITCH;

function join(above: Block, below: Block): void {
  above.highest = below.highest;
  above.after = below.after;
  if (below.after) below.after.before = above;
  below.into = above;
}

/** What a block has become part of; the next time, the way there is shorter. */
function whole(block: Block): Block {
  let now = block;
  while (now.into) {
    now.into = now.into.into ?? now.into;
    now = now.into;
  }
  return now;
}
