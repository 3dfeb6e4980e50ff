// The chart says what the text says, in layers from left to right, with arrows that cross no environment.
import { describe, expect, test } from "vitest";
import { PARALLEL } from "../gestures/flows.fixture";
import { perform } from "../gestures/gesture";
import { routeEdge, sketchEdge } from "../../shared/layout/route";
import { readFlow, type Flow } from "../model/flow";
import { flowProblems } from "../problems/problems";
import { chartOf, neighbour, NODE } from "./chart_model";
import { ways } from "./minimap";

const flowOf = (source: string): Flow => {
  const { flow } = readFlow(source);
  if (!flow) throw new Error("no flow");
  return flow;
};
const source = perform(PARALLEL, { kind: "add", after: "qa", environments: ["prod-eu", "prod-asia"] }).source;
const chart = chartOf(flowOf(source), {});
const node = (id: string) => chart.nodes.find((one) => one.id === id);

//  dev -> qa -> prod
//           \-> prod-eu
//           \-> prod-asia
describe("the chart", () => {
  test("parallel environments stand below each other, one layer after their predecessor", () => {
    const column = ["prod", "prod-eu", "prod-asia"].map((id) => node(id)?.at.x);
    expect(new Set(column).size).toBe(1);
    expect(column[0]).toBeGreaterThan((node("qa")?.at.x ?? 0) + (node("qa")?.width ?? 0));
    expect(chart.edges.map((edge) => edge.id)).toEqual(["dev→qa", "qa→prod", "qa→prod-eu", "qa→prod-asia"]);
  });

  test("arrow keys follow the arrows and the layer", () => {
    expect(neighbour(chart, "dev", "ArrowRight")).toBe("qa");
    expect(neighbour(chart, "prod-eu", "ArrowLeft")).toBe("qa");
    expect(neighbour(chart, "prod", "ArrowDown")).toBe("prod-eu");
    expect(neighbour(chart, "prod-asia", "ArrowUp")).toBe("prod-eu");
    expect(neighbour(chart, "prod", "ArrowRight")).toBeUndefined();
  });

  test("an arrow over a layer passes beside the environments in it", () => {
    const long = perform(source, { kind: "depend", environment: "prod", on: "dev" }).source;
    const drawn = chartOf(flowOf(long), {});
    const qa = drawn.nodes.find((one) => one.id === "qa");
    const arrow = drawn.edges.find((edge) => edge.id === "dev→prod");
    const path = arrow ? routeEdge(arrow.start, arrow.end, arrow.lanes) : "";
    const heights = [...path.matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g)]
      .map(([, x, y]) => ({ x: Number(x), y: Number(y) }))
      .filter((point) => qa && point.x > qa.at.x && point.x < qa.at.x + qa.width);
    const crossing = heights.filter((point) => qa && point.y > qa.at.y && point.y < qa.at.y + NODE.height);
    expect(crossing).toEqual([]);
    expect(path).not.toContain("NaN");
  });

  test("every arrow has a place of its own, in the order in which those to one environment come from above", () => {
    const gestures = [
      { kind: "depend", environment: "prod-eu", on: "dev" },
      { kind: "add", after: "dev", environments: ["staging", "load"] },
      { kind: "depend", environment: ["prod", "prod-eu", "prod-asia"], on: "staging" },
      { kind: "depend", environment: ["prod", "prod-eu"], on: "load" },
    ] as const;
    const drawn = chartOf(flowOf(gestures.reduce((text, gesture) => perform(text, gesture).source, source)), {});
    const places = drawn.edges.map((edge) => edge.place);
    const near = places.flatMap((one, at) => places.slice(at + 1).filter((other) => Math.hypot(one.x - other.x, one.y - other.y) < 20));
    expect(near).toEqual([]);
    const from = drawn.edges.filter((edge) => edge.to === "prod").sort((one, other) => one.place.y - other.place.y);
    expect(from.map((edge) => edge.start.y)).toEqual(from.map((edge) => edge.start.y).sort((one, other) => one - other));
    const alone = chart.edges.find((edge) => edge.to === "prod");
    expect(alone?.place.y).toBe(alone?.end.y);
  });

  const crowd = (arrows: number, targets: readonly string[]): string => {
    const sources = Array.from({ length: arrows }, (_, at) => `from-${at}`);
    const steps = [...sources.map((name) => [name, "dev"]), ...targets.map((name) => [name, sources.join(", ")])];
    return `${source.slice(0, source.indexOf("  steps:"))}  steps:\n${steps.map(([name, on]) => `    - environment: ${name}\n      dependsOn: [${on}]\n`).join("")}`;
  };

  test.each([
    [7, ["prod"]],
    [20, ["prod"]],
    [20, ["prod", "prod-eu", "prod-asia"]],
  ])("of %i arrows to each of %j, no place lies over another", (arrows, targets) => {
    const drawn = chartOf(flowOf(crowd(arrows, targets)), {});
    const places = drawn.edges.map((edge) => edge.place);
    expect(places).toHaveLength(arrows * (targets.length + 1));
    const over = places.flatMap((one, at) => places.slice(at + 1).filter((other) => Math.abs(one.x - other.x) < 20 && Math.abs(one.y - other.y) < 20));
    expect(over).toEqual([]);
    for (const target of targets) {
      const from = drawn.edges.filter((edge) => edge.to === target).sort((one, other) => one.place.y - other.place.y);
      expect(from.map((edge) => edge.start.y)).toEqual(from.map((edge) => edge.start.y).sort((one, other) => one - other));
    }
  });

  const offEnd = (text: string, target: string): number[] =>
    chartOf(flowOf(text), {}).edges.filter((edge) => edge.to === target).map((edge) => edge.place.y - edge.end.y).sort((one, other) => one - other);
  const AROUND = [-52.5, -31.5, -10.5, 10.5, 31.5, 52.5];

  test("up to six arrows have their places around their end, whatever stands above and below", () => {
    expect(offEnd(crowd(6, ["prod", "prod-eu"]), "prod-eu")).toEqual(AROUND);
    expect(offEnd(crowd(20, ["prod", "prod-eu"]), "prod-eu")).toEqual(expect.arrayContaining(AROUND));
    const one = `${crowd(20, ["prod"])}    - environment: prod-eu\n      dependsOn: [from-19]\n`;
    expect(offEnd(one, "prod-eu")).toEqual([0]);
  });

  test("more than six stand evenly around their end where nothing else does", () => {
    expect(offEnd(crowd(7, ["prod"]), "prod")).toEqual([-63, -42, -21, 0, 21, 42, 63]);
    expect(offEnd(crowd(20, ["prod"]), "prod")).toEqual(Array.from({ length: 20 }, (_, at) => (at - 9.5) * 21));
  });

  test("the map draws every arrow along the way that the chart does, from node to node", () => {
    const long = perform(source, { kind: "depend", environment: "prod", on: "dev" }).source;
    const drawn = chartOf(flowOf(long), {});
    const place = (id: string) => drawn.nodes.find((one) => one.id === id);
    const [dev, qa, prod] = [place("dev"), place("qa"), place("prod")];
    const path = ways(drawn.edges);
    expect(path.match(/M/g)).toHaveLength(drawn.edges.length);
    expect(path).toContain(`M${(dev?.at.x ?? 0) + NODE.width} ${(dev?.at.y ?? 0) + NODE.height / 2}`);
    expect(path).toContain(`H${(prod?.at.x ?? 0) + NODE.dock + NODE.gap}`);
    const passing = drawn.edges.find((edge) => edge.id === "dev→prod")?.lanes[0];
    expect(path).toContain(`V${passing?.y ?? 0}`);
    expect(Math.abs((passing?.y ?? 0) - ((qa?.at.y ?? 0) + NODE.height / 2))).toBeGreaterThan(NODE.height / 2);
  });

  test("a setting shows who decides it, a problem stands at its setting", () => {
    expect(node("prod")?.facts.policy.action).toEqual({ value: "pr", by: "flow", policy: undefined });
    expect(node("prod")?.facts.policy.postAction.by).toBe("unset");
    const bad = source.replace("preAction:", "preActon:");
    const problems = flowProblems(bad, { environments: undefined, workflows: undefined });
    const drawn = chartOf(flowOf(bad), { problems });
    expect(drawn.nodes.find((one) => one.id === "qa")?.facts.policyFlaws.preAction?.message).toContain("preActon");
  });

  const flawsOf = (text: string) => {
    const problems = flowProblems(text, { environments: undefined, workflows: [] });
    return chartOf(flowOf(text), { problems }).nodes.find((one) => one.id === "qa")?.facts;
  };

  test("a warning stays a warning, on the setting and on the node", () => {
    const facts = flawsOf(source.replace("dependsOn: [dev]", "dependsOn: [dev, dev]"));
    expect(facts?.policyFlaws.preAction).toMatchObject({ severity: "warning" });
    expect(facts?.flaw).toMatchObject({ severity: "warning" });
    expect(facts?.flaw?.message).toContain("stands twice");
  });

  //  dev -> prod-eu, qa -> prod -> prod-asia -> qa
  const circling = source
    .replace("dependsOn: [dev]", "dependsOn: [prod-asia]")
    .replace(/(prod-eu\n +dependsOn:[^q]*)qa/, "$1dev")
    .replace(/(prod-asia\n +dependsOn:[^q]*)qa/, "$1prod");

  test("every environment of a circle is marked, and no other", () => {
    const problems = flowProblems(circling, { environments: undefined, workflows: undefined });
    const drawn = chartOf(flowOf(circling), { problems });
    const marked = drawn.nodes.filter((one) => one.facts.flaw?.message.includes("circle")).map((one) => one.id);
    expect(marked.sort()).toEqual(["prod", "prod-asia", "qa"]);
  });

  test("the arrow that closes a circle goes back below all environments, within what is fitted", () => {
    const drawn = chartOf(flowOf(circling), {});
    const [back, ...others] = drawn.edges.filter(({ start, end }) => end.x < start.x);
    expect(others).toEqual([]);
    if (!back) throw new Error("no arrow goes back");
    const { start, end, lanes } = back;
    const lowest = lanes[0]?.y ?? 0;
    expect(lowest).toBeGreaterThan(Math.max(...drawn.nodes.map(({ at }) => at.y + NODE.height)) + 48);
    expect(sketchEdge(start, end, lanes)).toBe(`M${start.x} ${start.y}H${start.x + 14}V${lowest}H${end.x - 26}V${end.y}H${end.x}`);
    expect(drawn.bounds.y + drawn.bounds.height).toBe(lowest);
    expect(drawn.bounds.x).toBeLessThanOrEqual(end.x - 26);
  });

  test("where a node has errors and warnings, it shows an error", () => {
    const twice = source.replace("dependsOn: [dev]", "dependsOn: [dev, dev, nowhere]");
    expect(flawsOf(twice)?.flaw).toMatchObject({ severity: "error" });
    expect(flawsOf(twice)?.flaw?.message).toContain("nowhere");
  });
});
