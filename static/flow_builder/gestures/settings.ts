// Gestures of the settings panel: name, description, version, timeout, what a failure does.
import type { Op } from "../../shared/yaml/edit";
import type { Flow, OnFailure } from "../model/flow";

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

/** `continue` is what the field's absence means. Any other value is an extension and needs the API version that has it. */
export function setOnFailure(flow: Flow, value: OnFailure): Op[] {
  const path = [...flow.specPath, "onFailure"];
  if (value === "continue") return flow.keys.includes("onFailure") ? [{ kind: "remove", path }] : [];
  const ops: Op[] = [{ kind: "set", path, value, after: ["promotionTimeoutLimit", "hooks", "steps"] }];
  if (flow.apiVersion !== EXTENDED_API) ops.unshift({ kind: "set", path: ["apiVersion"], value: EXTENDED_API });
  return ops;
}
