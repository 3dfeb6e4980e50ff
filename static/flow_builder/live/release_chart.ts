// The flow that a release runs, for the chart: frozen when the release was made, whatever the text says by now.
import { useMemo, useState } from "react";
import type { Environment, Release } from "../../shared/release/release";
import { sameData } from "../../shared/yaml/data";
import type { Around } from "../chart/facts";
import type { DrawnFlow, Policy, PolicyKey, Step } from "../model/flow";

export interface ReleaseChart {
  flow: DrawnFlow;
  around: Around;
}

type Planned = Pick<Environment, "name" | "kind" | "role" | "dependsOn" | "policy">;

const KEYS: readonly PolicyKey[] = ["preAction", "action", "postAction"];

/** What the flow itself decides; what policies do is told with their names. */
const inlineOf = ({ policy }: Planned): Policy =>
  Object.fromEntries(KEYS.flatMap((key) => (policy[key]?.origin.kind === "flow" ? [[key, policy[key].value]] : [])));

/** It stands in no text: no lines, no places in a list. */
const stepOf = (planned: Planned, index: number): Step => ({
  index,
  environment: planned.name,
  dependsOn: planned.dependsOn,
  dependsOnAt: [],
  policy: inlineOf(planned),
  hasPolicy: false,
  policyKeys: [],
  hooks: {},
  line: 0,
  endLine: 0,
});

/** What of a release never changes while it runs. */
const plannedOf = ({ environments }: Release): Planned[] =>
  environments.map(({ name, kind, role, dependsOn, policy }) => ({ name, kind, role, dependsOn, policy }));

export function releaseChart(environments: readonly Planned[]): ReleaseChart {
  const trigger = environments.find((one) => one.role === "TRIGGER")?.name ?? "";
  const steps = environments.filter((one) => one.role !== "TRIGGER").map(stepOf);
  return { flow: { trigger, postTrigger: "", steps, specPath: ["spec"] }, around: { environments, preview: { environments } } };
}

/** The same object while the release's states alone change; undefined while no release is known. */
export function useReleaseChart(release: Release | undefined): ReleaseChart | undefined {
  const [planned, setPlanned] = useState<Planned[] | undefined>();
  const next = useMemo(() => release && plannedOf(release), [release]);
  // Compared once with each news of the release, not with every letter that is typed meanwhile.
  const shown = useMemo(() => (next === undefined || planned === undefined || !sameData(planned, next) ? next : planned), [next, planned]);
  if (shown !== planned) setPlanned(shown);
  return useMemo(() => shown && releaseChart(shown), [shown]);
}
