// Going onto the arrows by key: from an environment, and from one arrow to the next; reads, never changes.
import { neighbour, type Chart, type ChartEdge } from "./chart_model";

export type Side = "in" | "out";

/** An arrow that the keys have gone to, and the environment that they came from: one of its ends. */
export interface Reached {
  edge: ChartEdge;
  from: string;
}

/** The arrow to or from the neighbour that an arrow key would go to. */
export function arrowOf(chart: Chart, environment: string, side: Side): Reached | undefined {
  const other = neighbour(chart, environment, side === "in" ? "ArrowLeft" : "ArrowRight");
  const [from, to] = side === "in" ? [other, environment] : [environment, other];
  const edge = chart.edges.find((one) => one.from === from && one.to === to);
  return edge && { edge, from: environment };
}

/** Left and right go along the flow; up and down go to the others of the environment that the keys came from. */
export function nextArrow(chart: Chart, { edge, from }: Reached, key: string): Reached | undefined {
  if (key === "ArrowRight") return arrowOf(chart, edge.to, "out");
  if (key === "ArrowLeft") return arrowOf(chart, edge.from, "in");
  if (key !== "ArrowDown" && key !== "ArrowUp") return undefined;
  const isIn = from === edge.to;
  const height = (one: ChartEdge): number => (isIn ? one.place.y : one.end.y);
  const fan = chart.edges.filter((one) => (isIn ? one.to : one.from) === from).sort((one, other) => height(one) - height(other));
  const next = fan[fan.findIndex((one) => one.id === edge.id) + (key === "ArrowDown" ? 1 : -1)];
  return next && { edge: next, from };
}
