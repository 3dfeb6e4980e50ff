// Every change that a person can make to a flow without typing YAML: (source, gesture) -> source, as small splices.
import { EditRefused, type Edit, type Op } from "../../shared/yaml/edit";
import { editLong } from "../../shared/yaml/edit_long";
import { readFlow, type Action, type Flow, type HookKey, type OnFailure, type PolicyKey } from "../model/flow";
import { addDependency, removeDependency, setTrigger } from "./dependencies";
import { setHook, setPolicy, setPostTrigger } from "./policy";
import { GestureRefused } from "./refused";
import { removeSteps, type Dependents } from "./remove";
import { setDescription, setName, setOnFailure, setTimeoutMinutes, setVersion } from "./settings";
import type { Several } from "./several";
import { addAfter, addBefore, insertBetween, reorderStep } from "./steps";

export type Gesture =
  | { kind: "name"; value: string }
  | { kind: "description"; value: string }
  | { kind: "version"; value: string }
  /** Whole minutes; undefined returns to the default. */
  | { kind: "timeout"; minutes: number | undefined }
  | { kind: "onFailure"; value: OnFailure }
  | { kind: "trigger"; environment: string }
  | { kind: "postTrigger"; workflow: string | undefined }
  /** Without an environment it is the flow's own hook. */
  | { kind: "hook"; environment?: Several; hook: HookKey; workflow: string | undefined }
  | { kind: "add"; after: string; environments: readonly string[] }
  | { kind: "insert"; from: string; to: string; environments: readonly string[] }
  | { kind: "addBefore"; before: string; environments: readonly string[] }
  /** `to` counts the steps in the text from 0, as they stand afterwards. */
  | { kind: "reorder"; environment: string; to: number }
  | { kind: "remove"; environment: Several; dependents: Dependents }
  | { kind: "depend"; environment: Several; on: string }
  | { kind: "undepend"; environment: string; on: string }
  | { kind: "policy"; environment: Several; key: PolicyKey; value: Action | string | undefined };

export type { Dependents, Several };

function plan(flow: Flow, gesture: Gesture): Op[] {
  switch (gesture.kind) {
    case "name":
      return setName(gesture.value);
    case "description":
      return setDescription(flow, gesture.value);
    case "version":
      return setVersion(flow, gesture.value);
    case "timeout":
      return setTimeoutMinutes(flow, gesture.minutes);
    case "onFailure":
      return setOnFailure(flow, gesture.value);
    case "trigger":
      return setTrigger(flow, gesture.environment);
    case "hook":
      return setHook(flow, gesture.environment, gesture.hook, gesture.workflow);
    case "postTrigger":
      return setPostTrigger(flow, gesture.workflow);
    case "add":
      return addAfter(flow, gesture.after, gesture.environments);
    case "insert":
      return insertBetween(flow, gesture.from, gesture.to, gesture.environments);
    case "addBefore":
      return addBefore(flow, gesture.before, gesture.environments);
    case "reorder":
      return reorderStep(flow, gesture.environment, gesture.to);
    case "remove":
      return removeSteps(flow, gesture.environment, gesture.dependents);
    case "depend":
      return addDependency(flow, gesture.environment, gesture.on);
    case "undepend":
      return removeDependency(flow, gesture.environment, gesture.on);
    case "policy":
      return setPolicy(flow, gesture.environment, gesture.key, gesture.value);
  }
}

export interface Performed {
  source: string;
  /** In order; each edit's offsets refer to the text that the ones before it left. */
  edits: Edit[];
}

/** Raises GestureRefused, with the text untouched, where the gesture makes no sense or the text cannot take it. */
export function perform(source: string, gesture: Gesture): Performed {
  const { flow, failure } = readFlow(source);
  if (!flow) throw new GestureRefused(`The text cannot be read at line ${failure?.line ?? 1}. Mend it there first.`);
  try {
    return editLong(source, plan(flow, gesture));
  } catch (error) {
    if (error instanceof EditRefused) throw new GestureRefused(error.message);
    throw error;
  }
}
