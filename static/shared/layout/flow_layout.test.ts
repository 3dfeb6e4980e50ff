// Layers from left to right, nothing on anything else, and no change of places when something is added.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { edgeId, layoutFlow, type LayoutEdge, type LayoutNode } from "./flow_layout";
import { settle } from "./heights";

const SPACING = { layers: 46, nodes: 76 };
const SIZE = { width: 252, height: 56 };
const sized = (ids: readonly string[]): LayoutNode[] => ids.map((id) => ({ id, ...SIZE, ...(id === "dev" && { width: 148 }) }));

const edges = (...arrows: string[]): LayoutEdge[] =>
  arrows.map((arrow) => {
    const [from = "", to = ""] = arrow.split(">");
    return { from, to };
  });

const namesOf = (links: readonly LayoutEdge[]): string[] => [...new Set(["dev", ...links.flatMap(({ from, to }) => [from, to])])];
const laidOut = (links: readonly LayoutEdge[]) => layoutFlow(sized(namesOf(links)), links, SPACING);

/** Any graph without circles: each node waits for some of those before it. */
const NAMES = ["dev", ...Array.from({ length: 14 }, (_, at) => `e${at}`)];
const flows = fc.integer({ min: 1, max: NAMES.length - 1 }).chain((count) =>
  fc.tuple(...NAMES.slice(0, count).map((_name, at) => fc.subarray(NAMES.slice(0, at + 1), { minLength: 1, maxLength: Math.min(3, at + 1) }))),
);
const linksOf = (needs: readonly (readonly string[])[]): LayoutEdge[] => needs.flatMap((on, at) => on.map((from) => ({ from, to: `e${at}` })));

describe("the layout", () => {
  test("parallel environments stand in the order of the text, around their predecessor", () => {
    const { positions } = laidOut(edges("dev>qa", "qa>prod", "qa>prod-eu", "qa>prod-asia"));
    const y = (id: string): number => positions.get(id)?.y ?? NaN;
    expect([y("prod"), y("prod-eu"), y("prod-asia")]).toEqual([0, 132, 264]);
    expect([y("dev"), y("qa")]).toEqual([132, 132]);
  });

  test("crossings that another order avoids are avoided", () => {
    const { positions } = laidOut(edges("dev>a", "dev>b", "b>b2", "a>a2"));
    const y = (id: string): number => positions.get(id)?.y ?? NaN;
    expect(Math.sign(y("a") - y("b"))).toBe(Math.sign(y("a2") - y("b2")));
  });

  test("no environment on another, every arrow to the right, and none through an environment that it passes", () => {
    fc.assert(
      fc.property(flows, (needs) => {
        const links = linksOf(needs);
        const { positions, lanes } = laidOut(links);
        const nodes = sized(namesOf(links)).map((node) => ({ ...node, ...(positions.get(node.id) ?? { x: NaN, y: NaN }) }));
        for (const node of nodes) {
          const near = nodes.filter((one) => one !== node && one.x + one.width === node.x + node.width && Math.abs(one.y - node.y) < SIZE.height + SPACING.nodes - 1);
          expect(near).toEqual([]);
        }
        const at = new Map(nodes.map((node) => [node.id, node]));
        for (const link of links) {
          const [from, to] = [at.get(link.from), at.get(link.to)];
          if (!from || !to) throw new Error("no place");
          expect(from.x + from.width).toBeLessThan(to.x);
          for (const lane of lanes.get(edgeId(link)) ?? []) {
            const hit = nodes.filter((one) => one.x >= lane.left && one.x < lane.right && lane.y > one.y - 8 && lane.y < one.y + one.height + 8);
            expect(hit).toEqual([]);
          }
        }
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  test("whoever is added, nobody who stood in a layer before changes places there", () => {
    const added = fc.tuple(flows, fc.nat(), fc.nat());
    fc.assert(
      fc.property(added, ([needs, after, before]) => {
        const links = linksOf(needs);
        const first = laidOut(links);
        const names = namesOf(links);
        const on = names[after % names.length] ?? "dev";
        const inserted = links[before % links.length];
        for (const more of [[...links, { from: on, to: "new" }], links.flatMap((link) => (link === inserted ? [{ from: link.from, to: "new" }, { from: "new", to: link.to }] : [link]))]) {
          const next = layoutFlow(sized([...names, "new"]), more, SPACING, first.order);
          const columns = new Map<number, string[]>();
          for (const id of names) {
            const x = (first.positions.get(id)?.x ?? 0) + (id === "dev" ? 148 : 252);
            columns.set(x, [...(columns.get(x) ?? []), id]);
          }
          for (const column of columns.values()) {
            const together = column.filter((id) => next.positions.get(id)?.x === next.positions.get(column[0] ?? "")?.x);
            const order = (positions: ReadonlyMap<string, { y: number }>): string[] => [...together].sort((one, other) => (positions.get(one)?.y ?? 0) - (positions.get(other)?.y ?? 0));
            expect(order(next.positions)).toEqual(order(first.positions));
          }
        }
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  test("those that wait for the same and are waited for by the same stand as the text has them, also later", () => {
    const first = laidOut(edges("dev>a", "dev>b", "dev>c"));
    const names = ["dev", "c", "a", "b"];
    const { positions } = layoutFlow(sized(names), edges("dev>c", "dev>a", "dev>b"), SPACING, first.order);
    expect(names.slice(1).sort((one, other) => (positions.get(one)?.y ?? 0) - (positions.get(other)?.y ?? 0))).toEqual(["c", "a", "b"]);
  });

  test("a long chain of which everyone waits for the start too is laid out", () => {
    const names = Array.from({ length: 600 }, (_, at) => `e${at}`);
    const links = names.flatMap((to, at) => [{ from: "dev", to }, ...(at > 0 ? [{ from: `e${at - 1}`, to }] : [])]);
    const { positions, lanes } = laidOut(links);
    expect(positions.size).toBe(601);
    expect(lanes.get("dev→e599")).toHaveLength(599);
  });

  test("circles and arrows to nowhere are drawn too", () => {
    const { positions } = laidOut(edges("dev>a", "a>b", "b>c", "c>a", "d>d"));
    expect([...positions.values()].every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))).toBe(true);
    expect(layoutFlow([], [], SPACING).positions.size).toBe(0);
  });
});

test("heights keep the order and the gaps, as near to the wishes as these allow", () => {
  expect(settle([0, 0, 0], [1, 1, 1], [10, 10])).toEqual([-10, 0, 10]);
  expect(settle([0, 100, 20], [1, 1, 1], [10, 10])).toEqual([0, 55, 65]);
  expect(settle([0, 100], [1, 1], [10])).toEqual([0, 100]);
});
