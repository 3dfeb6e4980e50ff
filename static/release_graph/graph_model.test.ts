import { expect, test } from "vitest";
import { isInside, shiftIntoView } from "../shared/layout/view";
import { CARD, graphOf, neighbour } from "./graph_model";

const PARALLEL = [
  { name: "dev", dependsOn: [], rows: 2 },
  { name: "qa", dependsOn: ["dev"], rows: 2 },
  { name: "prod", dependsOn: ["qa"], rows: 2 },
  { name: "prod-eu", dependsOn: ["qa"], rows: 4 },
  { name: "prod-asia", dependsOn: ["qa"], rows: 2 },
];
const graph = graphOf(PARALLEL, true);
const at = (id: string): { x: number; y: number } => graph.nodes.find((one) => one.id === id)?.at ?? { x: NaN, y: NaN };

// dev -> qa -> prod
//           -> prod-eu
//           -> prod-asia
test("environments that start together share a column, in the flow's order, without touching", () => {
  expect(new Set(["prod", "prod-eu", "prod-asia"].map((id) => at(id).x)).size).toBe(1);
  expect(at("prod-eu").y - at("prod").y).toBeGreaterThan(graph.height);
  expect(at("prod-asia").y - at("prod-eu").y).toBeGreaterThan(graph.height);
  expect(at("qa").x - at("dev").x).toBe(CARD.width + 84);
});

test("the middle of a column stands level with what it depends on, so that its arrow is straight", () => {
  expect(at("prod-eu").y).toBe(at("qa").y);
  const edge = graph.edges.find((one) => one.to === "prod-eu");
  const y = at("qa").y + CARD.headAt;
  expect(edge?.path).toBe(`M${at("qa").x + CARD.width} ${y} L${at("prod-eu").x - 12} ${y}`);
  expect(edge?.tip).toBe(`M${at("prod-eu").x - 13} ${y - 4.5}l8 4.5-8 4.5z`);
});

test("every card has the room of the one with the most steps and its issue shown", () => {
  expect(graph.height).toBe(CARD.top + CARD.issue + CARD.stepsFrame + 4 * CARD.row + CARD.versions);
  expect(graph.bounds.height).toBe(at("prod-asia").y - at("prod").y + graph.height);
});

test("a dependency on an environment that is not in the release draws no arrow", () => {
  expect(graphOf([{ name: "qa", dependsOn: ["gone"], rows: 1 }], false).edges).toEqual([]);
});

test.each([
  ["dev", "ArrowRight", "qa"],
  ["qa", "ArrowRight", "prod-eu"],
  ["qa", "ArrowLeft", "dev"],
  ["prod", "ArrowLeft", "qa"],
  ["prod", "ArrowDown", "prod-eu"],
  ["prod-asia", "ArrowUp", "prod-eu"],
  ["prod", "ArrowUp", undefined],
  ["dev", "ArrowLeft", undefined],
  ["dev", "Enter", undefined],
])("from %s, %s goes to %s", (from, key, to) => {
  expect(neighbour(graph, from, key)).toBe(to);
});

const card = { x: 600, y: 100, width: 244, height: 200 };
const visible = { width: 500, height: 400 };

test("a card in sight moves nothing", () => {
  expect(shiftIntoView({ ...card, x: 100 }, { x: 0, y: 0, zoom: 1 }, visible)).toEqual({ x: 0, y: 0 });
});

test("a card behind the panel moves left by what is missing, scaled by the zoom", () => {
  expect(shiftIntoView(card, { x: 0, y: 0, zoom: 1 }, visible)).toEqual({ x: 500 - 16 - 844, y: 0 });
  expect(shiftIntoView(card, { x: 0, y: 0, zoom: 0.5 }, visible)).toEqual({ x: 0, y: 0 });
});

test("a card that is larger than the room shows its head", () => {
  expect(shiftIntoView({ ...card, height: 900 }, { x: -400, y: 0, zoom: 1 }, visible)).toEqual({ x: 0, y: 16 - 100 });
});

test.each([
  [{ x: 0, y: 0, zoom: 1 }, false],
  [{ x: -400, y: 0, zoom: 1 }, true],
  [{ x: -400, y: -101, zoom: 1 }, false],
  [{ x: 0, y: 0, zoom: 0.5 }, true],
])("with the view at %o the card is inside: %s", (view, inside) => {
  expect(isInside(card, view, visible)).toBe(inside);
});
