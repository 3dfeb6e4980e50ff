// Gestures of the dock: a step's inline action, pre-action and post-action, hooks, and the validation of the trigger.
import { isName, NAME_RULE, nearestName, quoted } from "../../shared/manifest/names";
import type { Op } from "../../shared/yaml/edit";
import type { Flow, HookKey, PolicyKey, Step } from "../model/flow";
import { GestureRefused } from "./refused";
import { stepsOf, type Several } from "./several";

const AFTER: Record<PolicyKey, string[]> = { action: [], preAction: ["action"], postAction: ["preAction", "action"] };

/** Of what a person types; one that the text has already is nobody's to judge here. */
function refuseBadName(workflow: string): void {
  if (isName(workflow)) return;
  const meant = nearestName(workflow);
  throw new GestureRefused(`No workflow can be called ${quoted(workflow)}: ${NAME_RULE}.${meant === undefined ? "" : ` Did you mean ${meant}?`}`);
}

/** Without a value the inline key goes, and account-level policies decide again. */
export const setPolicy = (flow: Flow, environments: Several, key: PolicyKey, value: string | undefined): Op[] =>
  stepsOf(flow, environments).flatMap((step) => setPolicyOf(flow, step, key, value));

function setPolicyOf(flow: Flow, step: Step, key: PolicyKey, value: string | undefined): Op[] {
  const path = [...flow.specPath, "steps", step.index, "policy"];
  if (value !== undefined) {
    if (step.policy[key] === value) return [];
    if (key !== "action") refuseBadName(value);
    if (!step.hasPolicy) return [{ kind: "set", path, value: { [key]: value }, after: ["dependsOn"] }];
    return [{ kind: "set", path: [...path, key], value, after: AFTER[key] }];
  }
  if (!step.policyKeys.includes(key)) return [];
  return [{ kind: "remove", path: step.policyKeys.length === 1 ? path : [...path, key] }];
}

/** Of the whole flow, or of some of its steps. */
export function setHook(flow: Flow, environments: Several | undefined, hook: HookKey, workflow: string | undefined): Op[] {
  const owners = environments === undefined ? [undefined] : stepsOf(flow, environments);
  return owners.flatMap((step) => setHookOf(flow, step, hook, workflow));
}

function setHookOf(flow: Flow, step: Step | undefined, hook: HookKey, workflow: string | undefined): Op[] {
  const hooks = step ? step.hooks : flow.hooks;
  const path = [...flow.specPath, ...(step ? ["steps", step.index] : []), "hooks"];
  if (workflow !== undefined) {
    if (hooks[hook] === workflow) return [];
    refuseBadName(workflow);
    const after = step ? ["policy", "dependsOn"] : ["steps"];
    if (Object.keys(hooks).length === 0) return [{ kind: "set", path, value: { [hook]: workflow }, after }];
    return [{ kind: "set", path: [...path, hook], value: workflow, after: ["onSuccess", "onStart"] }];
  }
  if (hooks[hook] === undefined) return [];
  return [{ kind: "remove", path: Object.keys(hooks).length === 1 ? path : [...path, hook] }];
}

/** The workflow that validates the trigger environment before anything is promoted. */
export function setPostTrigger(flow: Flow, workflow: string | undefined): Op[] {
  const path = [...flow.specPath, "postTrigger"];
  if (workflow !== undefined) {
    if (flow.postTrigger === workflow) return [];
    refuseBadName(workflow);
    return [{ kind: "set", path, value: workflow, after: ["triggerEnvironment"] }];
  }
  return flow.keys.includes("postTrigger") ? [{ kind: "remove", path }] : [];
}
