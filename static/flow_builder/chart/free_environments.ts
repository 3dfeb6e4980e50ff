// The environments that a flow does not have, and those of them that a filter leaves; asks nobody.
import type { Environment } from "../../shared/records";
import type { Flow } from "../model/flow";

export function freeEnvironments(flow: Flow, environments: readonly Environment[] | undefined): Environment[] {
  const inFlow = new Set([flow.trigger, ...flow.steps.map((step) => step.environment)]);
  return environments?.filter((one) => !inFlow.has(one.name)) ?? [];
}

export interface Filtered {
  rows: readonly Environment[];
  /** The one that what was typed leaves: Enter means it. */
  only: Environment | undefined;
}

export function filtered(free: readonly Environment[], filter: string): Filtered {
  const words = filter.trim().toLowerCase();
  const rows = free.filter((one) => one.name.includes(words));
  // Typed in full, it is meant even where longer names begin or end with it.
  const only = words === "" ? undefined : rows.length === 1 ? rows[0] : rows.find((one) => one.name === words);
  return { rows, only };
}
