import { describe, expect, it } from "vitest";
import { perform } from "../gestures/gesture";
import { GestureRefused } from "../gestures/refused";
import { environmentsOf, readFlow } from "./flow";
import { cannotDependOn } from "./graph";

/** dev -> qa -> {prod, prod-eu}, dev -> perf -> prod */
const TEXT = `apiVersion: codefresh.io/v1beta1
kind: PromotionFlow
metadata:
  name: forks
spec:
  triggerEnvironment: dev
  steps:
    - {environment: qa, dependsOn: [dev]}
    - {environment: perf, dependsOn: [dev]}
    - {environment: prod, dependsOn: [qa, perf]}
    - {environment: prod-eu, dependsOn: [qa]}
`;
const flow = readFlow(TEXT).flow;
if (!flow) throw new Error("It can be read.");

const isRefused = (environment: string, on: string): boolean => {
  try {
    perform(TEXT, { kind: "depend", environment, on });
    return false;
  } catch (error) {
    if (error instanceof GestureRefused) return true;
    throw error;
  }
};

describe("who cannot be made to wait for an environment", () => {
  it("is everybody for whom the gesture is refused, and nobody else", () => {
    const names = environmentsOf(flow);
    for (const on of names) expect([on, names.filter((name) => cannotDependOn(flow, on).has(name))]).toEqual([on, names.filter((name) => isRefused(name, on))]);
    expect([...cannotDependOn(flow, "prod")].sort()).toEqual(["dev", "perf", "prod", "qa"]);
    expect([...cannotDependOn(flow, "prod-eu")].sort()).toEqual(["dev", "prod-eu", "qa"]);
  });
});
