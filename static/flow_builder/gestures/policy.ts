// Gestures of the dock: a step's inline action, pre-action and post-action, and the flow's hooks.
import type { Op } from "../../shared/yaml/edit";
import type { Flow, HookKey, PolicyKey } from "../model/flow";
import { stepOf } from "./steps";

const AFTER: Record<PolicyKey, string[]> = { action: [], preAction: ["action"], postAction: ["preAction", "action"] };

/** Without a value the inline key goes, and account-level policies decide again. */
export function setPolicy(flow: Flow, environment: string, key: PolicyKey, value: string | undefined): Op[] {
  const step = stepOf(flow, environment);
  const path = [...flow.specPath, "steps", step.index, "policy"];
  if (value !== undefined) {
    if (step.policy[key] === value) return [];
    if (!step.hasPolicy) return [{ kind: "set", path, value: { [key]: value }, after: ["dependsOn"] }];
    return [{ kind: "set", path: [...path, key], value, after: AFTER[key] }];
  }
  if (!step.policyKeys.includes(key)) return [];
  return [{ kind: "remove", path: step.policyKeys.length === 1 ? path : [...path, key] }];
}

export function setHook(flow: Flow, hook: HookKey, workflow: string | undefined): Op[] {
  const path = [...flow.specPath, "hooks"];
  if (workflow !== undefined) return [{ kind: "set", path: [...path, hook], value: workflow, after: ["onSuccess", "onStart", "steps"] }];
  if (flow.hooks[hook] === undefined) return [];
  return [{ kind: "remove", path: Object.keys(flow.hooks).length === 1 ? path : [...path, hook] }];
}
