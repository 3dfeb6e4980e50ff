import { expect, test } from "vitest";
import { PARALLEL } from "../gestures/flows.fixture";
import { perform } from "../gestures/gesture";
import { readFlow } from "../model/flow";
import { arrowOf, nextArrow, type Reached } from "./arrow_walk";
import { chartOf, neighbour } from "./chart_model";

const fan = perform(PARALLEL, { kind: "add", after: "qa", environments: ["prod-eu", "prod-asia"] }).source;
const { flow } = readFlow(perform(fan, { kind: "depend", environment: "prod-eu", on: "dev" }).source);
if (!flow) throw new Error("no flow");
const chart = chartOf(flow, {});

/** The ids of the arrows that the keys go to, one after the other; a key that goes nowhere ends it. */
function walk(start: Reached | undefined, ...keys: readonly string[]): string[] {
  let at = start;
  const ids = [at?.edge.id ?? "none"];
  for (const key of keys) {
    at = at && nextArrow(chart, at, key);
    ids.push(at?.edge.id ?? "none");
  }
  return ids;
}

//  dev -> qa -> {prod, prod-eu, prod-asia}, dev -> prod-eu
test("an environment's keys go to the arrow that its arrow keys follow", () => {
  expect(arrowOf(chart, "qa", "in")).toMatchObject({ edge: { id: "dev→qa" }, from: "qa" });
  expect(arrowOf(chart, "qa", "out")?.edge.to).toBe(neighbour(chart, "qa", "ArrowRight"));
  expect(arrowOf(chart, "dev", "in")).toBeUndefined();
  expect(arrowOf(chart, "prod", "out")).toBeUndefined();
});

test("up and down go to the other arrows of the environment that one came from, as they stand", () => {
  const leaving = chart.edges.filter((one) => one.from === "qa").sort((one, other) => one.end.y - other.end.y);
  const [edge] = leaving;
  if (!edge) throw new Error("no arrow");
  const [first, second, third] = leaving.map((one) => one.id);
  expect(walk({ edge, from: "qa" }, "ArrowDown", "ArrowDown", "ArrowUp")).toEqual([first, second, third, second]);
  expect(walk({ edge, from: "qa" }, "ArrowUp")).toEqual([first, "none"]);
  expect(walk({ edge, from: edge.to }, "ArrowDown")).toEqual([first, "none"]);
  const arriving = chart.edges.filter((one) => one.to === "prod-eu").sort((one, other) => one.place.y - other.place.y);
  const [upper, lower] = arriving;
  if (!upper) throw new Error("no arrow");
  expect(walk({ edge: upper, from: "prod-eu" }, "ArrowDown")).toEqual([upper.id, lower?.id]);
});

test("left and right go along the flow, and the environment in between is the one that one came from", () => {
  const first = arrowOf(chart, "qa", "in");
  const second = first && nextArrow(chart, first, "ArrowRight");
  expect(second).toMatchObject({ edge: { from: "qa" }, from: "qa" });
  expect(walk(second, "ArrowLeft", "ArrowLeft")).toEqual([second?.edge.id, "dev→qa", "none"]);
  expect(walk(second, "ArrowRight")).toEqual([second?.edge.id, "none"]);
  expect(walk(second, "Home")).toEqual([second?.edge.id, "none"]);
});
