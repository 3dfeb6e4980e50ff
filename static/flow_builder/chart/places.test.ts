// The places on arrows: each arrow gets the free one that is nearest to its end, however many there are.
import { describe, expect, test } from "vitest";
import { placesOf, type Arrival } from "./places";

const PITCH = 21;

/** So many arrows to each of the environments in one layer. */
const arrivals = (...stacks: readonly (readonly [middle: number, arrows: number])[]): Arrival[] =>
  stacks.flatMap(([y, arrows]) => Array.from({ length: arrows }, (_, at) => ({ id: `${y}:${at}`, end: { x: 0, y }, from: at })));

/** What is meant, looked for without any haste: one of each in turn, at the nearest height with room. */
function slowly(stacks: readonly (readonly [middle: number, arrows: number])[]): Map<string, number> {
  const all = stacks.map(([middle, arrows]) => {
    const first = arrows <= 6 ? arrows : 6 - (arrows % 2);
    return { middle, arrows, heights: Array.from({ length: first }, (_, at) => middle + (at - (first - 1) / 2) * PITCH) };
  });
  const isFree = (height: number): boolean => all.every(({ heights }) => heights.every((one) => Math.abs(one - height) >= PITCH));
  for (let turn = 0; turn < Math.max(...stacks.map(([, arrows]) => arrows)); turn++) {
    for (const { middle, arrows, heights } of all) {
      if (heights.length === arrows) continue;
      const ends = all.flatMap((one) => one.heights).flatMap((one) => [one + PITCH, one - PITCH]);
      const free = ends.filter(isFree).sort((one, other) => Math.abs(one - middle) - Math.abs(other - middle) || other - one);
      heights.push(free[0] ?? Number.NaN);
    }
  }
  return new Map(all.flatMap(({ middle, heights }) => heights.sort((one, other) => one - other).map((height, at) => [`${middle}:${at}`, height] as const)));
}

describe("the places on arrows", () => {
  test.each([
    [[[0, 9]]],
    [[[0, 20], [132, 20]]],
    [[[0, 20], [132, 20], [264, 20]]],
    [[[0, 20], [132, 1], [264, 7], [396, 13]]],
    [[[0, 3], [132, 30], [264, 6], [528, 11], [660, 40]]],
    [[[0, 8], [166, 8], [364, 25], [1200, 25], [1332, 2]]],
  ] as [number, number][][][])("of arrows to %j are the free ones nearest to their ends", (stacks) => {
    expect(placesOf(arrivals(...stacks))).toEqual(slowly(stacks));
  });

  test("of a hundred and fifty arrows to each of as many environments stand without a gap and none over another", () => {
    const places = placesOf(arrivals(...Array.from({ length: 150 }, (_, at) => [at * 126, 150] as const)));
    const heights = [...places.values()].sort((one, other) => one - other);
    expect(heights).toHaveLength(150 * 150);
    expect(heights.every((one, at) => at === 0 || one - (heights[at - 1] ?? 0) === PITCH)).toBe(true);
  });
});
