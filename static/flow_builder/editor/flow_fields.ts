// What may stand at a place of a flow's text, by the JSON Schema that the server judges with, and what it means.
import common from "../../../promotions/manifests/schemas/common.json";
import flowSchema from "../../../promotions/manifests/schemas/PromotionFlow.json";
import type { Schema } from "../../shared/manifest/schema";
import type { YamlPath } from "./yaml_path";

const HOOK = "A promotion workflow that runs once,";
/** By path. A description in the schema itself goes before. */
const WORDS: Record<string, string> = {
  apiVersion: "codefresh.io/v1beta1, or lockstep.dev/v1 for flows that use an extension.",
  kind: "What this manifest describes.",
  metadata: "The flow's name, and what is told about it.",
  "metadata.name": "The flow's name. Products refer to it.",
  "metadata.annotations": "The flow's description and version; other annotations are kept as they are.",
  "metadata.labels": "Labels are kept as they are.",
  status: "Accepted and ignored.",
  spec: "Where the flow begins, and the environments that it promotes to.",
  "spec.triggerEnvironment": "The environment that the flow promotes from. It is no step.",
  "spec.postTrigger": "A promotion workflow that validates the trigger environment before anything is promoted.",
  "spec.steps": "The environments that the flow promotes to, one entry for each.",
  "spec.steps.[].environment": "The environment that this step promotes to. It stands in a flow once.",
  "spec.steps.[].dependsOn": "The environments that must succeed first: the trigger environment or other steps. Steps that are ready start together.",
  "spec.steps.[].policy": "What is done here. What is left out, promotion policies decide.",
  "spec.steps.[].policy.action": "commit writes to the branch, pr opens a pull request and waits for its merge, none leaves the change to the pre-action.",
  "spec.steps.[].policy.preAction": "A promotion workflow that runs before the action.",
  "spec.steps.[].policy.postAction": "A promotion workflow that runs once the applications are synced and healthy.",
  "spec.steps.[].hooks": "Workflows that run when this environment starts, succeeds or fails.",
  "spec.steps.[].hooks.onStart": `${HOOK} before anything else is done in this environment.`,
  "spec.steps.[].hooks.onSuccess": `${HOOK} after everything else in this environment has succeeded.`,
  "spec.steps.[].hooks.onFail": `${HOOK} when this environment fails or is terminated.`,
  "spec.hooks": "Workflows that run when the whole release starts, succeeds or fails.",
  "spec.hooks.onStart": `${HOOK} before the first environment.`,
  "spec.hooks.onSuccess": `${HOOK} after the last environment has succeeded.`,
  "spec.hooks.onFail": `${HOOK} when the release fails, is terminated or takes too long.`,
  "spec.promotionTimeoutLimit": "Minutes that the whole release may take; 1440 where nothing is said.",
  "spec.onFailure": "What a failed environment means for the others: continue lets them finish, halt cancels them, revert puts everything back.",
};

function resolve(schema: Schema, base: Schema): { schema: Schema; base: Schema } {
  if (!schema.$ref) return { schema, base };
  const [file, pointer = ""] = schema.$ref.split("#");
  const document = file ? (common as unknown as Schema) : base;
  const found = pointer.split("/").filter(Boolean).reduce<unknown>((part, key) => (part as Record<string, unknown>)[key], document) as Schema;
  const target = resolve(found, document);
  const beside = { ...schema };
  delete beside.$ref;
  return { schema: { ...target.schema, ...beside }, base: target.base };
}

/** The older form's wrapper says nothing by itself. */
const unwrapped = (path: YamlPath): YamlPath => (path[0] === "spec" && path[1] === "properties" ? ["spec", ...path.slice(2)] : path);

/** The schema of what stands at a path; undefined where nothing known may stand. */
export function schemaAt(path: YamlPath): Schema | undefined {
  let now = resolve(flowSchema as Schema, flowSchema as Schema);
  for (const part of unwrapped(path)) {
    const next = part === "[]" ? now.schema.items : now.schema.properties?.[part];
    if (!next) return undefined;
    now = resolve(next, now.base);
  }
  return now.schema;
}

/** The fields of the mapping at a path with the schema of each. */
export function fieldsAt(path: YamlPath): [string, Schema][] {
  return Object.keys(schemaAt(path)?.properties ?? {}).map((name) => [name, schemaAt([...path, name]) ?? {}]);
}

export const isNeeded = (path: YamlPath): boolean => schemaAt(path.slice(0, -1))?.required?.includes(path.at(-1) ?? "") ?? false;

/** What a field means, as sentences; undefined where there is nothing to say. */
export function wordsFor(path: YamlPath): string | undefined {
  const schema = schemaAt(path);
  return schema && (schema.description ?? WORDS[unwrapped(path).join(".")]);
}
