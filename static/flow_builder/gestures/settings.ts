// Gestures of the settings panel: name, description, version, timeout, what a failure does.
import type { Op } from "../../shared/yaml/edit";
import type { Flow, OnFailure } from "../model/flow";

const PLAIN_API = "codefresh.io/v1beta1";
export const EXTENDED_API = "lockstep.dev/v1";

export function setName(value: string): Op[] {
  return [{ kind: "set", path: ["metadata", "name"], value }];
}

function annotation(flow: Flow, key: "description" | "version", value: string): Op[] {
  const path = ["metadata", "annotations", key];
  const other = key === "description" ? flow.version : flow.description;
  if (value !== "") {
    return [{ kind: "set", path, value, after: ["description", "name"], ...(key === "version" && { quote: "double" as const }) }];
  }
  if (flow[key] === "") return [];
  return [{ kind: "remove", path: other === "" && flow.onlyKnownAnnotations ? path.slice(0, -1) : path }];
}

export const setDescription = (flow: Flow, value: string): Op[] => annotation(flow, "description", value);

/** Always quoted: unquoted, 1.00 is a number and reads as 1. */
export const setVersion = (flow: Flow, value: string): Op[] => annotation(flow, "version", value);

export function setTimeoutMinutes(flow: Flow, minutes: number | undefined): Op[] {
  const path = [...flow.specPath, "promotionTimeoutLimit"];
  if (minutes !== undefined) return [{ kind: "set", path, value: minutes, after: ["hooks", "steps"] }];
  return flow.keys.includes("promotionTimeoutLimit") ? [{ kind: "remove", path }] : [];
}

/**
 * `continue` is what the field's absence means. Any other value is an extension and needs the API version that has it; no
 * other field of a flow does, so that it goes with this one.
 */
export function setOnFailure(flow: Flow, value: OnFailure): Op[] {
  const path = [...flow.specPath, "onFailure"];
  const isGone = value === "continue";
  if (isGone && !flow.keys.includes("onFailure")) return [];
  const op: Op = isGone ? { kind: "remove", path } : { kind: "set", path, value, after: ["promotionTimeoutLimit", "hooks", "steps"] };
  const api = isGone ? PLAIN_API : EXTENDED_API;
  const isOther = isGone ? flow.apiVersion === EXTENDED_API : flow.apiVersion !== EXTENDED_API;
  return isOther ? [{ kind: "set", path: ["apiVersion"], value: api }, op] : [op];
}
