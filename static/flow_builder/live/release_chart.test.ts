import { createElement, useState } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test, vi } from "vitest";
import type { Release } from "../../shared/release/release";
import { environment } from "../../shared/release/release.fixture";
import { chartOf } from "../chart/chart_model";
import { sameData } from "../../shared/yaml/data";
import { releaseChart, useReleaseChart, type ReleaseChart } from "./release_chart";

vi.mock(import("../../shared/yaml/data"), async (original) => {
  const real = await original();
  return { ...real, sameData: vi.fn(real.sameData) };
});

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

test("what a release runs is compared once with each news of it, not with every letter", () => {
  const release = (status: string): Release => ({ environments: [environment("dev", { role: "TRIGGER" })], status }) as unknown as Release;
  const [started, over] = [release("RUNNING"), release("SUCCEEDED")];
  const charts = new Set<ReleaseChart | undefined>();
  function Page(): null {
    const [letters, type] = useState(0);
    charts.add(useReleaseChart(letters === 0 ? started : over));
    if (letters < 9) type(letters + 1);
    return null;
  }
  renderToStaticMarkup(createElement(Page));
  expect(vi.mocked(sameData).mock.calls.length).toBeLessThanOrEqual(2);
  expect(charts.size).toBe(1);
});
