// Flows for the tests: the ones people write by hand, and generated ones in every hand that YAML allows.
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
  flowList: boolean;
  flowPolicy: boolean;
  newline: string;
  ended: boolean;
  blankLines: boolean;
  comments: boolean;
  environmentLast: boolean;
}

export const hands: fc.Arbitrary<Hand> = fc.record({
  step: fc.constantFrom(2, 4),
  dash: fc.constantFrom(0, 2, 4),
  gap: fc.constantFrom(1, 3),
  flowList: fc.boolean(),
  flowPolicy: fc.boolean(),
  newline: fc.constantFrom("\n", "\r\n"),
  ended: fc.boolean(),
  blankLines: fc.boolean(),
  comments: fc.boolean(),
  environmentLast: fc.boolean(),
});

export interface PlainStep {
  environment: string;
  dependsOn: string[];
  action: string | undefined;
}

export const NAMES = ["qa", "staging", "perf", "prod", "prod-eu", "prod-asia"];

/** A valid flow: every step depends on the trigger `dev` or on steps before it. */
export const plainSteps: fc.Arbitrary<PlainStep[]> = fc.integer({ min: 1, max: NAMES.length }).chain((count) =>
  fc.tuple(
    ...NAMES.slice(0, count).map((environment, at) =>
      fc.record({
        environment: fc.constant(environment),
        dependsOn: fc.subarray(["dev", ...NAMES.slice(0, at)], { minLength: 1 }),
        action: fc.constantFrom("commit", "pr", undefined),
      }),
    ),
  ),
);

function stepLines(step: PlainStep, hand: Hand): string[] {
  const remark = hand.comments ? `  # why ${step.environment}` : "";
  const list = hand.flowList
    ? [`dependsOn: [${step.dependsOn.join(", ")}]${remark}`]
    : ["dependsOn:", ...step.dependsOn.map((on) => `${" ".repeat(hand.dash)}-${" ".repeat(hand.gap)}${on}${remark}`)];
  const policy =
    step.action === undefined
      ? []
      : hand.flowPolicy
        ? [`policy: {action: ${step.action}}`]
        : ["policy:", `${" ".repeat(hand.step)}action: ${step.action}`];
  const name = [`environment: ${step.environment}`];
  return hand.environmentLast ? [...list, ...policy, ...name] : [...name, ...list, ...policy];
}

export function writeFlow(steps: readonly PlainStep[], hand: Hand): string {
  const pad = " ".repeat(hand.step);
  const at = pad + " ".repeat(hand.dash);
  const lines = [
    "apiVersion: codefresh.io/v1beta1",
    "kind: PromotionFlow",
    "metadata:",
    `${pad}name: flow-under-test${hand.comments ? " # named by us" : ""}`,
    "spec:",
    `${pad}triggerEnvironment: dev`,
    `${pad}steps:${hand.comments ? " # in order" : ""}`,
    ...steps.flatMap((step, index) => [
      ...(hand.blankLines && index > 0 ? [""] : []),
      ...(hand.comments ? [`${at}# over ${step.environment}`] : []),
      ...stepLines(step, hand).map((line, row) => at + (row === 0 ? `-${" ".repeat(hand.gap)}` : " ".repeat(hand.gap + 1)) + line),
    ]),
    `${pad}promotionTimeoutLimit: 60`,
    ...(hand.comments ? ["# the end"] : []),
  ];
  return lines.join(hand.newline) + (hand.ended ? hand.newline : "");
}
