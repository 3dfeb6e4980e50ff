// What an environment shows of the chosen product: what runs there and how far it is behind; reads, never asks.
import type { Application, PreviewEnvironment } from "../../shared/records";
import type { AliveState } from "./alive_store";

export interface ProductFacts {
  /** The versions that run there, each once. */
  versions: readonly string[];
  applications: readonly Application[];
  /** Changes that the trigger environment has and this one lacks; undefined where there are none, or nobody knows. */
  behind: { count: number; words: string } | undefined;
  /** Why nothing runs there, as a sentence; undefined where something does. */
  missing: string | undefined;
  /** Why a release of this flow could not change it. */
  problem: string | undefined;
}

/** Undefined while nothing is known: no product is chosen, or its applications are on their way. */
export function productFacts(environment: string, trigger: string, alive: Pick<AliveState, "product" | "applications" | "preview">): ProductFacts | undefined {
  const { product, applications: all, preview } = alive;
  if (!all) return undefined;
  const applications = all.filter((one) => one.environment === environment);
  const seen = preview?.environments.find((one) => one.name === environment);
  const missing = applications.length === 0 ? `${product} has no application in ${environment}` : undefined;
  const problems = environment === trigger ? preview?.problems : seen?.problems;
  return {
    versions: [...new Set(applications.flatMap(({ version }) => version || []))],
    applications,
    behind: applications.length > 0 ? behindOf(seen, trigger) : undefined,
    missing,
    problem: missing === undefined ? problems?.[0]?.message : undefined,
  };
}

function behindOf(seen: PreviewEnvironment | undefined, trigger: string): ProductFacts["behind"] {
  const count = seen?.behind ?? 0;
  return count === 0 ? undefined : { count, words: `${count} behind ${trigger}` };
}

/** "trioapp-qa v1.184.6", one for each application. */
export const runningWords = ({ applications }: ProductFacts): string =>
  applications.map(({ name, version }) => [name, version].filter(Boolean).join(" ")).join(", ");
