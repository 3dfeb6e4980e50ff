// Flows for the tests: one as people write it, and generated ones in every hand, with comments wherever comments stand.
import fc from "fast-check";

export const PARALLEL = `apiVersion: codefresh.io/v1beta1
kind: PromotionFlow
metadata:
  name: multi-env-sequential-promotion
  annotations:
    description: Sequential promotion flow
    version: "1.00"
spec:
  triggerEnvironment: dev
  steps:
    - environment: qa
      dependsOn: [dev]
      policy:
        action: commit
        preAction: pre-action   # smoke first
    # the regions go out together, after qa
    - environment: prod
      dependsOn: [qa]
      policy: {action: pr}
  hooks:
    onFail: page-on-call
  promotionTimeoutLimit: 60
`;

export interface Hand {
  step: number;
  dash: number;
  gap: number;
  /** How dependencies are listed: lines with dashes, brackets on one line or over several. */
  list: "dashes" | "line" | "lines";
  flowPolicy: boolean;
  flowHooks: boolean;
  newline: string;
  ended: boolean;
  blankLines: "none" | "even" | "some";
  comments: "none" | "some" | "all";
  keys: readonly StepKey[];
  /** The older form under spec.properties. */
  wrapped: boolean;
  quoted: boolean;
  /** Keys that no schema knows. */
  foreign: boolean;
  /** Decides what "some" means. */
  salt: number;
}

type StepKey = "environment" | "dependsOn" | "policy" | "hooks" | "weight";

export const hands: fc.Arbitrary<Hand> = fc.record({
  step: fc.constantFrom(2, 4),
  dash: fc.constantFrom(0, 2, 4),
  gap: fc.constantFrom(1, 3),
  list: fc.constantFrom("dashes", "line", "lines"),
  flowPolicy: fc.boolean(),
  flowHooks: fc.boolean(),
  newline: fc.constantFrom("\n", "\r\n"),
  ended: fc.boolean(),
  blankLines: fc.constantFrom("none", "even", "some"),
  comments: fc.constantFrom("none", "none", "some", "some", "some", "all"),
  keys: fc.constantFrom<readonly StepKey[]>(
    ["environment", "dependsOn", "policy", "hooks", "weight"],
    ["dependsOn", "policy", "weight", "hooks", "environment"],
    ["policy", "hooks", "environment", "weight", "dependsOn"],
  ),
  wrapped: fc.boolean(),
  quoted: fc.boolean(),
  foreign: fc.constantFrom(false, false, true),
  salt: fc.nat({ max: 1000 }),
});

export interface PlainStep {
  environment: string;
  dependsOn: string[];
  policy: { [key: string]: string };
  hooks: { [key: string]: string };
}

export const NAMES = ["qa", "perf", "prod", "prod-eu", "no"];
const LONG = [...NAMES, ...Array.from({ length: 35 }, (_one, at) => `region-${at + 1}`)];

/** A valid flow: every step depends on the trigger `dev` or on steps before it. */
const stepsNamed = (names: readonly string[]): fc.Arbitrary<PlainStep[]> =>
  fc.tuple(
    ...names.map((environment, at) =>
      fc.record({
        environment: fc.constant(environment),
        dependsOn: fc.subarray(["dev", ...names.slice(0, at)], { minLength: 1, maxLength: Math.min(at + 1, 4) }),
        policy: fc.constantFrom<PlainStep["policy"]>({ action: "commit" }, { action: "pr", preAction: "smoke" }, {}, { postAction: "report" }),
        hooks: fc.constantFrom<PlainStep["hooks"]>({}, {}, { onFail: "page" }, { onStart: "announce", onFail: "page" }),
      }),
    ),
  );

export const plainSteps: fc.Arbitrary<PlainStep[]> = fc.oneof(
  { weight: 80, arbitrary: fc.integer({ min: 1, max: NAMES.length }).chain((count) => stepsNamed(NAMES.slice(0, count))) },
  { weight: 1, arbitrary: fc.integer({ min: 30, max: LONG.length }).chain((count) => stepsNamed(LONG.slice(0, count))) },
);

/** Writes one flow; a comment names its place and the item that it describes, as a path: `# over steps/qa/dependsOn/dev`. */
class Pen {
  constructor(private readonly hand: Hand) {}

  /** The same choice for the same question in the same hand. */
  chance(question: string, outOf: number): boolean {
    let hash = this.hand.salt;
    for (const letter of question) hash = (hash * 31 + letter.charCodeAt(0)) % 9973;
    return hash % outOf === 0;
  }

  private wants(comment: string): boolean {
    return this.hand.comments === "all" || (this.hand.comments === "some" && this.chance(comment, 3));
  }

  over(path: string): string[] {
    return this.wants(`over ${path}`) ? [`# over ${path}`] : [];
  }

  behind(path: string): string {
    return this.wants(`behind ${path}`) ? `${this.chance(path, 2) ? " " : "   "}# behind ${path}` : "";
  }

  under(path: string): string[] {
    return this.wants(`under ${path}`) ? [`# under ${path}`] : [];
  }

  /** A comment that describes no item: blank lines keep it from what comes next, and mostly from what came before. */
  aside(name: string): string[] {
    if (!this.wants(`aside ${name}`) || !this.chance(`aside ${name}`, 2)) return [];
    return [...(this.chance(`apart ${name}`, 3) ? [] : [""]), `# aside ${name}`, ""];
  }

  blank(name: string): string[] {
    const { blankLines } = this.hand;
    if (blankLines === "even") return [""];
    return blankLines === "none" || !this.chance(`blank ${name}`, 2) ? [] : this.chance(`two ${name}`, 3) ? ["", ""] : [""];
  }

  name(value: string): string {
    if (value === "no" || value === "on") return `"${value}"`;
    return !this.hand.quoted ? value : this.chance(value, 2) ? `"${value}"` : `'${value}'`;
  }

  field(path: string, written: string): string[] {
    return [...this.over(path), `${written}${this.behind(path)}`];
  }

  block(path: string, key: string, entries: { [key: string]: string | number }, inBraces: boolean): string[] {
    const pairs = Object.entries(entries);
    if (pairs.length === 0) return [];
    if (inBraces) return this.field(path, `${key}: {${pairs.map(([name, value]) => `${name}: ${value}`).join(", ")}}`);
    const lines = pairs.flatMap(([name, value]) => this.field(`${path}/${name}`, `${name}: ${value}`));
    return [...this.field(path, `${key}:`), ...deeper([...lines, ...this.under(path)], this.hand.step)];
  }

  dependsOn(path: string, names: readonly string[]): string[] {
    const { list, dash, gap, step } = this.hand;
    const written = names.map((name) => this.name(name));
    if (list === "line") return this.field(path, `dependsOn: [${written.join(", ")}]`);
    const trailing = this.chance(path, 2) ? "," : "";
    const entry = (at: number): string =>
      list === "lines" ? `${written[at]}${at < names.length - 1 ? "," : trailing}` : `-${" ".repeat(gap)}${written[at]}`;
    const entries = names.flatMap((name, at) => this.field(`${path}/${name}`, entry(at)));
    if (list === "lines") return [...this.field(path, "dependsOn: ["), ...deeper(entries, step), "]"];
    return [...this.field(path, "dependsOn:"), ...deeper([...entries, ...(dash > 0 ? this.under(path) : [])], dash)];
  }

  step(step: PlainStep): string[] {
    const { hand } = this;
    const path = `steps/${step.environment}`;
    const foreign = hand.foreign && Object.keys(step.policy).length > 0 && !hand.flowPolicy ? { reviewers: "[ann, bob]" } : {};
    const lines: Record<StepKey, string[]> = {
      environment: this.field(`${path}/environment`, `environment: ${this.name(step.environment)}`),
      dependsOn: this.dependsOn(`${path}/dependsOn`, step.dependsOn),
      policy: this.block(`${path}/policy`, "policy", { ...step.policy, ...foreign }, hand.flowPolicy),
      hooks: this.block(`${path}/hooks`, "hooks", step.hooks, hand.flowHooks),
      weight: hand.foreign ? this.field(`${path}/weight`, "weight: 3") : [],
    };
    const [first = [], ...others] = hand.keys.map((key) => lines[key]).filter((one) => one.length > 0);
    const spaced = others.flatMap((one, at) => [...(hand.blankLines === "some" && this.chance(`${path} ${at}`, 6) ? [""] : []), ...one]);
    // What would stand over the first key stands over the step.
    const [dashLine = "", ...rest] = first.filter((line, at) => at > 0 || !line.startsWith("#"));
    const indent = hand.gap + 1;
    return [...this.over(path), `-${" ".repeat(hand.gap)}${dashLine}`, ...deeper([...rest, ...spaced, ...this.under(path)], indent)];
  }

  metadata(): string[] {
    const { hand } = this;
    const description = this.chance("literal", 3)
      ? [...this.over("metadata/annotations/description"), `description: |${this.behind("metadata/annotations/description")}`, ...deeper(["two", "lines"], hand.step)]
      : this.field("metadata/annotations/description", "description: Why it is so");
    const annotations = [
      ...description,
      ...(this.chance("version", 2) ? this.field("metadata/annotations/version", 'version: "1.00"') : []),
      ...(this.chance("owner", 3) ? this.field("metadata/annotations/owner", "owner: platform") : []),
    ];
    return [
      ...this.field("metadata/name", "name: flow-under-test"),
      ...(this.chance("labels", 2) ? this.block("metadata/labels", "labels", { team: "platform", tier: "one" }, this.chance("braces", 2)) : []),
      ...(this.chance("annotations", 2) ? [...this.field("metadata/annotations", "annotations:"), ...deeper(annotations, hand.step)] : []),
    ];
  }

  spec(steps: readonly PlainStep[]): string[] {
    const { hand } = this;
    const hooks: { [key: string]: string } = this.chance("hooks", 2) ? { onFail: "page" } : { onStart: "announce", onSuccess: "party" };
    const list = steps.flatMap((step, at) => [
      ...(at > 0 ? [...this.blank(step.environment), ...this.aside(step.environment)] : this.aside("head").filter((line) => line !== "")),
      ...(at === 0 && this.aside("head").length > 0 ? [""] : []),
      ...this.step(step),
    ]);
    return [
      ...this.field("spec/triggerEnvironment", `triggerEnvironment: ${this.name("dev")}`),
      ...(this.chance("postTrigger", 3) ? this.field("spec/postTrigger", "postTrigger: smoke") : []),
      ...this.field("spec/steps", "steps:"),
      ...deeper([...list, ...this.aside("foot")], hand.dash),
      ...(this.chance("flow hooks", 2) ? this.block("spec/hooks", "hooks", hooks, hand.flowHooks) : []),
      ...this.field("spec/promotionTimeoutLimit", "promotionTimeoutLimit: 60"),
      ...(hand.foreign ? this.field("spec/owner", "owner: platform") : []),
    ];
  }
}

const deeper = (lines: readonly string[], columns: number): string[] =>
  lines.map((line) => (line === "" ? "" : " ".repeat(columns) + line));

export function writeFlow(steps: readonly PlainStep[], hand: Hand): string {
  const pen = new Pen(hand);
  const content = pen.spec(steps);
  const lines = [
    ...(pen.chance("start", 5) ? ["---"] : []),
    "apiVersion: codefresh.io/v1beta1",
    "kind: PromotionFlow",
    "metadata:",
    ...deeper(pen.metadata(), hand.step),
    "spec:",
    ...deeper(hand.wrapped ? ["properties:", ...deeper(content, hand.step)] : content, hand.step),
    ...(pen.aside("end").length > 0 ? ["# aside end"] : []),
  ];
  return lines.join(hand.newline) + (hand.ended ? hand.newline : "");
}
