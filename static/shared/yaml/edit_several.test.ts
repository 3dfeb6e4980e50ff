// Entries that go together leave the very bytes that they leave when they go one after another.
import fc from "fast-check";
import { expect, test } from "vitest";
import { hands, plainSteps, writeFlow } from "../../flow_builder/gestures/flows.fixture";
import { editText, EditRefused, splice, type Edit, type Op } from "./edit";

/** As it is done to a text that is read anew for each operation; undefined where it refuses one of them. */
function oneByOne(source: string, ops: readonly Op[]): { source: string; edits: Edit[] } | undefined {
  try {
    const edits: Edit[] = [];
    const left = ops.reduce((text, op) => {
      const done = editText(text, [op]);
      edits.push(...done.edits);
      return done.source;
    }, source);
    return { source: left, edits };
  } catch (error) {
    if (error instanceof EditRefused) return undefined;
    throw error;
  }
}

const removals = (list: readonly string[], positions: readonly number[]): Op[] =>
  [...positions].sort((one, other) => other - one).map((at) => ({ kind: "remove", path: [...list, at] }));

test("any entries of a flow of any hand", () => {
  fc.assert(
    fc.property(plainSteps, hands, fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }), (steps, hand, goes) => {
      const source = writeFlow(steps, hand);
      const list = [...(hand.wrapped ? ["spec", "properties"] : ["spec"]), "steps"];
      const ops = removals(list, [...steps.keys()].filter((at) => goes[at]));
      const found = editText(source, ops);
      expect(found).toEqual(oneByOne(source, ops));
      expect(found.edits.reduce(splice, source)).toBe(found.source);
    }),
    { seed: 1, numRuns: 400 },
  );
}, 120_000);

test.each([
  ["in brackets", "a: {b: [one, two, three]}\n"],
  ["in brackets over lines", "a:\n  b: [\n    one, # 1\n    two,\n    three,\n  ]\n"],
  ["of texts in blocks", "a:\n  b:\n  - |\n    one\n\n  - >+\n    two\n\n  - three"],
  ["behind a dash", "a:\n  b:\n  - - one\n  - two\n\n\n  # three\n  - three\n"],
  ["with comments that stand alone", "a:\n  b:\n  # head\n\n  - one\n\n  # between\n\n  - two\n    # under two\n  - three\n  # foot\nc: d\n"],
])("every choice from a list %s", (_words, source) => {
  let compared = 0;
  for (let chosen = 1; chosen < 8; chosen += 1) {
    const ops = removals(["a", "b"], [0, 1, 2].filter((at) => chosen & (1 << at)));
    const wanted = oneByOne(source, ops);
    // What cannot be done one by one may be done together: the entry that was in the way goes, too.
    if (!wanted) continue;
    compared += 1;
    expect(editText(source, ops)).toEqual(wanted);
  }
  expect(compared).toBeGreaterThan(2);
});
