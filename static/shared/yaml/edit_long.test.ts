// A long text edited through a short one gets the very bytes that editing all of it gives.
import fc from "fast-check";
import { expect, test } from "vitest";
import { hands, writeFlow, type PlainStep } from "../../flow_builder/gestures/flows.fixture";
import { editText, EditRefused, splice, type Op } from "./edit";
import { editLong } from "./edit_long";

const longFlows = fc.integer({ min: 20, max: 45 }).chain((count) =>
  fc.array(fc.record({ back: fc.integer({ min: 1, max: 4 }), policy: fc.constantFrom({ action: "commit" }, { action: "pr", preAction: "smoke" }, {}) }), { minLength: count, maxLength: count }).map((drawn) =>
    drawn.map(({ back, policy }, at): PlainStep => ({ environment: `e${at}`, dependsOn: [at - back < 0 ? "dev" : `e${at - back}`], policy, hooks: {} })),
  ),
);

/** Operations one after another; positions are taken modulo what the list then holds. */
const draws = fc.array(fc.tuple(fc.constantFrom("insert", "before", "remove", "move", "depend", "policy", "hook", "timeout", "name", "trigger"), fc.nat({ max: 999 })), { minLength: 1, maxLength: 6 });

function opsOf(spec: readonly string[], count: number, drawn: readonly (readonly [string, number])[]): Op[] {
  const list = [...spec, "steps"];
  let left = count;
  return drawn.map(([kind, place], number): Op => {
    const at = place % left;
    switch (kind) {
      case "insert":
        left += 1;
        return { kind: "insert", path: list, index: at + 1, value: { environment: `new-${number}`, dependsOn: ["dev"], policy: { action: "pr" } }, like: [...list, at] };
      case "before":
        left += 1;
        return { kind: "insert", path: list, index: at, value: { environment: `new-${number}`, dependsOn: ["dev"] }, like: [...list, at] };
      case "remove":
        left -= 1;
        return { kind: "remove", path: [...list, at] };
      case "move":
        return { kind: "move", path: [...list, at], to: (place * 7) % left };
      case "depend":
        return { kind: "insert", path: [...list, at, "dependsOn"], index: 1, value: "dev" };
      case "policy":
        return { kind: "set", path: [...list, at, "policy", "action"], value: "none", after: [] };
      case "hook":
        return { kind: "set", path: [...list, at, "hooks"], value: { onStart: "smoke" }, after: ["policy", "dependsOn"] };
      case "timeout":
        return { kind: "set", path: [...spec, "promotionTimeoutLimit"], value: 90 + number, after: ["steps"] };
      case "name":
        return { kind: "set", path: ["metadata", "name"], value: `name-${number}` };
      default:
        return { kind: "set", path: [...spec, "triggerEnvironment"], value: "int" };
    }
  });
}

test("any operations on a long flow of any hand", () => {
  fc.assert(
    fc.property(longFlows, hands, draws, (steps, hand, drawn) => {
      const source = writeFlow(steps, hand);
      const ops = opsOf(hand.wrapped ? ["spec", "properties"] : ["spec"], steps.length, drawn);
      const wanted = editText(source, ops);
      const found = editLong(source, ops);
      expect(found.source).toBe(wanted.source);
      expect(found.edits.reduce(splice, source)).toBe(found.source);
    }),
    { seed: 1, numRuns: 80 },
  );
}, 120_000);

test("any entries that go together from a long flow of any hand", () => {
  fc.assert(
    fc.property(longFlows, hands, fc.array(fc.nat({ max: 44 }), { minLength: 2, maxLength: 15 }), (steps, hand, drawn) => {
      const source = writeFlow(steps, hand);
      const list = [...(hand.wrapped ? ["spec", "properties"] : ["spec"]), "steps"];
      const goes = [...new Set(drawn)].filter((at) => at < steps.length).sort((one, other) => other - one);
      const ops = goes.map((at): Op => ({ kind: "remove", path: [...list, at] }));
      const found = editLong(source, ops);
      expect(found.source).toBe(ops.reduce((text, op) => editText(text, [op]).source, source));
      expect(found.edits.reduce(splice, source)).toBe(found.source);
    }),
    { seed: 1, numRuns: 60 },
  );
}, 120_000);

test("a refusal names the line of the whole text", () => {
  const steps = Array.from({ length: 40 }, (_, at) => `    - environment: e${at}\n      dependsOn: [dev]\n`).join("");
  const source = `spec:\n  steps:\n${steps}  other: x\n`;
  const ops: Op[] = [{ kind: "set", path: ["spec", "steps", 30, "environment", "deeper"], value: "x" }];
  const refused = (edit: typeof editText): string => {
    try {
      edit(source, ops);
    } catch (error) {
      if (error instanceof EditRefused) return error.message;
      throw error;
    }
    return "";
  };
  expect(refused(editLong)).toBe(refused(editText));
  expect(refused(editLong)).not.toBe("");
});
