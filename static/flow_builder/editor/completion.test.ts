// The editor offers what the schema allows at the cursor, and the names that there are; every field can say what it means.
import { describe, expect, test } from "vitest";
import { PARALLEL } from "../gestures/flows.fixture";
import { completionsAt } from "./completion";
import { fieldsAt, schemaAt, wordsFor } from "./flow_fields";
import { fieldAt, spotAt } from "./yaml_path";

const known = { environments: ["dev", "qa", "prod", "prod-eu"], workflows: ["smoke", "report"] };

/** What is offered at the mark `|`. */
function offered(marked: string): string[] {
  const at = marked.indexOf("|");
  return completionsAt(marked.replace("|", ""), at, known)?.options.map((one) => one.label) ?? [];
}

const HEAD = "apiVersion: codefresh.io/v1beta1\nkind: PromotionFlow\nspec:\n  triggerEnvironment: dev\n";

/** The text once that word is chosen at the mark `|`. */
function chosen(marked: string, label: string): string {
  const [source, at] = [marked.replace("|", ""), marked.indexOf("|")];
  const offer = completionsAt(source, at, known);
  const option = offer?.options.find((one) => one.label === label);
  if (!offer || !option) throw new Error(`${label} is not offered`);
  return source.slice(0, offer.from) + (typeof option.apply === "string" ? option.apply : option.label) + source.slice(offer.to);
}

describe("a choice in the middle of a word", () => {
  test.each([
    ["environment: qa\n", "environment: p|qa\n", "prod-eu", "environment: prod-eu\n"],
    ["dependsOn: [qa]", "dependsOn: [q|a]", "dev", "dependsOn: [dev]"],
    ["action: commit", "action: c|ommit", "none", "action: none"],
    ["promotionTimeoutLimit: 60", "pro|motionTimeout: 60", "promotionTimeoutLimit", "promotionTimeoutLimit: 60"],
    ["dependsOn: [dev]", "depend|On: [dev]", "dependsOn", "dependsOn: [dev]"],
  ])("takes the place of all of it: %j written %j", (there, written, word, after) => {
    expect(chosen(PARALLEL.replace(there, written), word)).toBe(PARALLEL.replace(there, after));
  });
});

describe("fields", () => {
  test("of a step, without those that it has", () => {
    expect(offered(`${HEAD}  steps:\n    - environment: qa\n      dependsOn: [dev]\n      |`)).toEqual(["policy", "hooks"]);
    expect(offered(`${HEAD}  steps:\n    - |`)).toEqual(["environment", "dependsOn", "policy", "hooks"]);
    expect(offered(`${HEAD}  steps:\n  - environment: qa\n    policy:\n      pre|`)).toEqual(["action", "preAction", "postAction"]);
  });

  test("of the flow, also in the older form and while the text cannot be read", () => {
    expect(offered(`${HEAD}  |\n  steps: [`)).toEqual(["postTrigger", "hooks", "promotionTimeoutLimit", "onFailure"]);
    expect(offered("spec:\n  properties:\n    ho|")).toContain("hooks");
    expect(offered("|\nkind: PromotionFlow")).toEqual(["apiVersion", "metadata", "spec"]);
  });

  test("are written with what follows them", () => {
    const at = (marked: string, label: string): unknown =>
      completionsAt(marked.replace("|", ""), marked.indexOf("|"), known)?.options.find((one) => one.label === label)?.apply;
    expect(at(`${HEAD}  |`, "steps")).toBe("steps:\n    - ");
    expect(at(`${HEAD}  |`, "hooks")).toBe("hooks:\n    ");
    expect(at(`${HEAD}  |`, "onFailure")).toBe("onFailure: ");
  });

  test("nothing is offered inside a comment or behind a value", () => {
    expect(offered(`${HEAD}  # ho|`)).toEqual([]);
    expect(offered(`${HEAD.trimEnd()} more |`)).toEqual([]);
  });
});

describe("values", () => {
  test("an environment: those that the flow lacks, and the one that stands there", () => {
    expect(offered(PARALLEL.replace("environment: prod\n", "environment: |\n"))).toEqual(["prod", "prod-eu"]);
    expect(offered(PARALLEL.replace("environment: qa\n", "environment: q|a\n"))).toEqual(["qa", "prod-eu"]);
    expect(offered(PARALLEL.replace("triggerEnvironment: dev", "triggerEnvironment: d|ev"))).toEqual(["dev", "prod-eu"]);
  });

  test("dependencies: environments of the flow that the step neither is nor has, as a list of lines or in brackets", () => {
    expect(offered(PARALLEL.replace("dependsOn: [qa]", "dependsOn: [qa, |]"))).toEqual(["dev"]);
    expect(offered(PARALLEL.replace("dependsOn: [qa]", "dependsOn: [q|a]"))).toEqual(["dev", "qa"]);
    expect(offered(PARALLEL.replace("dependsOn: [qa]", "dependsOn:\n        - |"))).toEqual(["dev", "qa"]);
    expect(offered(PARALLEL.replace("dependsOn: [qa]", "dependsOn: [|"))).toEqual(["dev", "qa"]);
  });

  test("no dependency that would close a circle, however long", () => {
    const chain = `${HEAD}  steps:\n    - environment: qa\n      dependsOn: [|]\n    - environment: prod\n      dependsOn: [qa]\n    - environment: prod-eu\n      dependsOn: [prod]\n`;
    expect(offered(chain)).toEqual(["dev"]);
  });

  test("workflows and fixed words", () => {
    expect(offered(PARALLEL.replace("pre-action   # smoke first", "|"))).toEqual(["smoke", "report"]);
    expect(offered(PARALLEL.replace("action: commit", "action: |"))).toEqual(["commit", "pr", "none"]);
    expect(offered(PARALLEL.replace("60", "60\n  onFailure: |"))).toEqual(["continue", "halt", "revert"]);
  });
});

describe("places", () => {
  test("the path is told by indentation, dashes beneath their key or not", () => {
    expect(spotAt("spec:\n  steps:\n  - policy:\n      action: co", 43)?.path).toEqual(["spec", "steps", "[]", "policy", "action"]);
    const flow = PARALLEL;
    const at = flow.indexOf("onFail");
    expect(fieldAt(flow, at)).toEqual({ path: ["spec", "hooks", "onFail"], from: at, to: at + "onFail".length });
    expect(fieldAt(flow, flow.indexOf("dependsOn: [qa]"))?.path).toEqual(["spec", "steps", "[]", "dependsOn"]);
    expect(fieldAt(flow, flow.indexOf("# the regions"))).toBeUndefined();
  });

  test("every field of a flow says what it means", () => {
    const silent: string[] = [];
    const look = (path: string[]): void => {
      for (const [name] of fieldsAt(path)) {
        const here = [...path, name];
        const kubernetesOwn = path[0] === "metadata" && !["name", "annotations", "labels"].includes(name);
        if (wordsFor(here) === undefined && !kubernetesOwn) silent.push(here.join("."));
        look(schemaAt(here)?.items ? [...here, "[]"] : here);
      }
    };
    look([]);
    expect(silent).toEqual([]);
  });
});
