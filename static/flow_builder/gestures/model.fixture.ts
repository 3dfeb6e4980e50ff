// What each gesture means, said on plain data without any text: the judge of the gestures, which shares no code with them.
import { parseManifest } from "../../shared/yaml/parse";
import type { Gesture } from "./gesture";

type Row = Record<string, unknown>;

export interface PlainStepData extends Row {
  environment: string;
  dependsOn: string[];
}

/** A flow as data, the steps apart from the rest. */
export interface Plain {
  top: Row;
  metadata: Row;
  spec: Row;
  steps: PlainStepData[];
}

/** A flow after a gesture, and by which paths the things are called now that are called otherwise than before. */
export interface Meant {
  plain: Plain;
  renamed: Map<string, string>;
}

export function plainOf(source: string): Plain {
  const doc = parseManifest(source);
  if (doc.errors.length > 0) throw new Error(`${doc.errors[0]?.message} in\n${source}`);
  const { metadata, spec, ...top } = doc.toJS() as { metadata: Row; spec: Row } & Row;
  const content = "properties" in spec ? (spec["properties"] as Row) : spec;
  const { steps, ...rest } = content as { steps: PlainStepData[] | null } & Row;
  return { top, metadata, spec: rest, steps: steps ?? [] };
}

/** Every path of a flow that holds something, with what it holds where that is no map. */
export type Paths = ReadonlyMap<string, string>;

export function pathsOf(plain: Plain): Paths {
  const found = new Map<string, string>([["", "{}"], ["spec/steps", "{}"]]);
  const visit = (path: string, value: unknown): void => {
    const isMap = typeof value === "object" && value !== null && !Array.isArray(value);
    found.set(path, isMap ? "{}" : JSON.stringify(value));
    if (isMap) for (const [key, one] of Object.entries(value)) visit(path === "" ? key : `${path}/${key}`, one);
  };
  for (const [key, value] of Object.entries(plain.top)) visit(key, value);
  visit("metadata", plain.metadata);
  visit("spec", plain.spec);
  for (const step of plain.steps) {
    visit(`steps/${step.environment}`, { ...step, dependsOn: Object.fromEntries(step.dependsOn.map((on) => [on, true])) });
  }
  return found;
}

const [PLAIN, EXTENDED] = ["codefresh.io/v1beta1", "lockstep.dev/v1"];
const names = (one: string | readonly string[]): string[] => [...new Set([one].flat())];

class Model {
  readonly renamed = new Map<string, string>();

  /** `now` is the flow as the gesture left it: where new steps stand and what is done in them is judged elsewhere. */
  constructor(
    readonly plain: Plain,
    private readonly now: Plain,
  ) {}

  step(name: string): PlainStepData {
    const found = this.plain.steps.find((one) => one.environment === name);
    if (!found) throw new Error(`${name} is no step`);
    return found;
  }

  set(owner: Row, key: string, value: unknown): void {
    if (value === undefined) Reflect.deleteProperty(owner, key);
    else owner[key] = value;
  }

  /** A value in a block that goes when nothing is left in it. */
  setIn(owner: Row, block: string, key: string, value: unknown): void {
    const entries = { ...(owner[block] as Row | undefined) };
    const had = key in entries;
    this.set(entries, key, value);
    if (Object.keys(entries).length > 0) owner[block] = entries;
    else if (had) Reflect.deleteProperty(owner, block);
  }

  /** One dependency gives way to others, each named once; what is said about it is then said about the first of them. */
  replace(step: PlainStepData, old: string, others: readonly string[]): void {
    const at = step.dependsOn.indexOf(old);
    if (at < 0) return;
    const fresh = others.filter((name) => name === old || !step.dependsOn.includes(name));
    step.dependsOn.splice(at, 1, ...fresh);
    const path = `steps/${step.environment}/dependsOn/`;
    for (const [from, to] of this.renamed) if (to === path + old && fresh[0] !== undefined) this.renamed.set(from, path + fresh[0]);
    if (fresh[0] !== undefined && ![...this.renamed.values()].includes(path + fresh[0])) this.renamed.set(path + old, path + fresh[0]);
  }

  add(environments: readonly string[], dependsOn: readonly string[]): void {
    environments.forEach((environment) => {
      const at = this.now.steps.findIndex((one) => one.environment === environment);
      const policy = this.now.steps[at]?.["policy"];
      this.plain.steps.splice(at, 0, { environment, dependsOn: [...dependsOn], ...(policy !== undefined && { policy }) });
    });
  }

  /** The steps that are left wait for whatever the removed ones waited for. */
  remove(gone: readonly string[], to: string | undefined): void {
    const before = (name: string): string[] =>
      !gone.includes(name) ? [name] : to !== undefined ? [to] : [...new Set(this.step(name).dependsOn.flatMap(before))];
    const left = this.plain.steps.filter((step) => !gone.includes(step.environment));
    for (const step of left) for (const on of [...step.dependsOn]) if (gone.includes(on)) this.replace(step, on, before(on));
    this.plain.steps = left;
  }

  /** Whatever waits for a step that goes, goes too. */
  removeAll(gone: readonly string[]): void {
    const all = new Set(gone);
    for (let size = 0; size < all.size; ) {
      size = all.size;
      this.plain.steps.filter((step) => step.dependsOn.some((on) => all.has(on))).forEach((step) => all.add(step.environment));
    }
    this.plain.steps = this.plain.steps.filter((step) => !all.has(step.environment));
  }

  setTrigger(environment: string): void {
    const old = String(this.plain.spec["triggerEnvironment"]);
    this.plain.spec["triggerEnvironment"] = environment;
    if (old !== environment) this.plain.steps.forEach((step) => this.replace(step, old, [environment]));
  }

  perform(gesture: Gesture): void {
    const { plain } = this;
    switch (gesture.kind) {
      case "name":
        return this.set(plain.metadata, "name", gesture.value);
      case "description":
      case "version":
        return this.setIn(plain.metadata, "annotations", gesture.kind, gesture.value === "" ? undefined : gesture.value);
      case "timeout":
        return this.set(plain.spec, "promotionTimeoutLimit", gesture.minutes);
      case "onFailure":
        plain.top["apiVersion"] = gesture.value === "continue" ? PLAIN : EXTENDED;
        return this.set(plain.spec, "onFailure", gesture.value === "continue" ? undefined : gesture.value);
      case "postTrigger":
        return this.set(plain.spec, "postTrigger", gesture.workflow);
      case "trigger":
        return this.setTrigger(gesture.environment);
      case "hook": {
        const owners = gesture.environment === undefined ? [plain.spec] : names(gesture.environment).map((name) => this.step(name));
        return owners.forEach((owner) => this.setIn(owner, "hooks", gesture.hook, gesture.workflow));
      }
      case "policy":
        return names(gesture.environment).forEach((name) => this.setIn(this.step(name), "policy", gesture.key, gesture.value));
      default:
        return this.performOnGraph(gesture);
    }
  }

  private performOnGraph(gesture: Gesture): void {
    switch (gesture.kind) {
      case "add":
        return this.add(gesture.environments, [gesture.after]);
      case "insert":
        this.replace(this.step(gesture.to), gesture.from, gesture.environments);
        return this.add(gesture.environments, [gesture.from]);
      case "addBefore": {
        const target = this.step(gesture.before);
        const [first = "", ...others] = target.dependsOn;
        const before = [...target.dependsOn];
        others.forEach((on) => this.replace(target, on, []));
        this.replace(target, first, gesture.environments);
        return this.add(gesture.environments, before);
      }
      case "remove":
        if (gesture.dependents.become === "removed") return this.removeAll(names(gesture.environment));
        return this.remove(names(gesture.environment), gesture.dependents.to);
      case "reorder": {
        const step = this.step(gesture.environment);
        this.plain.steps = this.plain.steps.filter((one) => one !== step);
        this.plain.steps.splice(gesture.to, 0, step);
        return;
      }
      case "depend":
        return names(gesture.environment).forEach((name) => this.step(name).dependsOn.push(gesture.on));
      case "undepend":
        return this.replace(this.step(gesture.environment), gesture.on, []);
    }
  }
}

export function meant(before: Plain, gesture: Gesture, now: Plain): Meant {
  const model = new Model(structuredClone(before), now);
  model.perform(gesture);
  for (const step of model.plain.steps) step.dependsOn = [...new Set(step.dependsOn)];
  return { plain: model.plain, renamed: model.renamed };
}
