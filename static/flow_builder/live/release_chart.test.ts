import { expect, test } from "vitest";
import { environment } from "../../shared/release/release.fixture";
import { chartOf } from "../chart/chart_model";
import { releaseChart } from "./release_chart";

const commit = { value: "commit", origin: { kind: "default" as const } };
const byPolicy = { value: "smoke", origin: { kind: "policy" as const, name: "regions" } };
const inline = { value: "load", origin: { kind: "flow" as const, line: 12 } };

test("what a release runs is drawn from the release alone: environments, arrows, settings and who decided them", () => {
  const { flow, around } = releaseChart([
    environment("dev", { role: "TRIGGER" }),
    environment("qa", { dependsOn: ["dev"], policy: { action: commit } }),
    environment("prod", { kind: "PROD", dependsOn: ["qa", "dev"], policy: { action: commit, preAction: byPolicy, postAction: inline } }),
  ]);
  const { nodes, edges } = chartOf(flow, around);
  expect(nodes.map(({ id, facts }) => [id, facts.kind, facts.trigger])).toEqual([
    ["dev", "NON_PROD", true], ["qa", "NON_PROD", false], ["prod", "PROD", false],
  ]);
  expect(edges.map(({ from, to }) => `${from} > ${to}`)).toEqual(["dev > qa", "qa > prod", "dev > prod"]);
  expect(nodes[2]?.facts.policy).toEqual({
    action: { value: "commit", by: "default", policy: undefined },
    preAction: { value: "smoke", by: "policy", policy: "regions" },
    postAction: { value: "load", by: "flow", policy: undefined },
  });
});
