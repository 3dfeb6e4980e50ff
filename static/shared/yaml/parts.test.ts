// Read in parts, a text says exactly what it says as a whole, at the same places, or is not read in parts at all.
import fc from "fast-check";
import { expect, test } from "vitest";
import { isCollection, isSeq, visit, type Node } from "yaml";
import { hands, plainSteps, writeFlow } from "../../flow_builder/gestures/flows.fixture";
import { sameData } from "./data";
import { parsedAnew } from "./parse";
import { fromSkeleton, manifestParts, type Parts } from "./parts";
import { tokenEnd } from "./tokens";

const wanted = Number(process.env["LOCKSTEP_PARTS"] ?? 1500);

type Row = Record<string, unknown>;
const within = (data: unknown, path: readonly string[]): unknown => path.reduce<unknown>((part, key) => (part as Row)[key], data);

function withSteps(parts: Parts): unknown {
  const data = structuredClone(parts.skeletonData);
  const spec = within(data, parts.path.slice(0, -1)) as Row;
  spec[parts.path.at(-1) ?? ""] = parts.entries.map((entry) => entry.data);
  return data;
}

/** Where every node below one begins and its content ends: what comments a collection counts as its own, nobody asks. */
function ranges(node: Node, place: (offset: number) => number): number[][] {
  const found: number[][] = [];
  visit(node, {
    Node: (_key, one) => void found.push([place(one.range?.[0] ?? 0), place((isCollection(one) && one.srcToken ? tokenEnd(one.srcToken) : one.range?.[1]) ?? 0)]),
  });
  return found;
}

/** Everything in order; throws at the first difference. */
function expectSame(source: string, parts: Parts): void {
  const whole = parsedAnew(source);
  expect([...whole.errors, ...whole.warnings].map((one) => one.message)).toEqual([]);
  if (!sameData(whole.toJS(), withSteps(parts))) expect(withSteps(parts)).toEqual(whole.toJS());
  const list = whole.getIn(parts.path, true);
  if (!isSeq(list)) throw new Error("no list");
  const placed = parts.entries.map((entry) => ranges(entry.node, (offset) => offset + entry.at));
  expect(JSON.stringify(placed)).toBe(JSON.stringify(list.items.map((item) => ranges(item as Node, (offset) => offset))));
  const lines = parts.entries.map((entry) => source.slice(0, entry.at).split("\n").length - 1);
  expect(parts.entries.map((entry) => entry.line)).toEqual(lines);
  const foot = whole.getIn(["spec", "promotionTimeoutLimit"], true) as Node | undefined;
  const mine = parts.skeleton.getIn(["spec", "promotionTimeoutLimit"], true) as Node | undefined;
  expect(mine && fromSkeleton(parts, mine.range?.[0] ?? 0)).toBe(foot?.range?.[0]);
}

const ODD = ['"', "'", "|", ">", "[", "]", "{", "}", "#", ":", ": ", "- ", "\n", "\n    - x", "\t", "&a ", "*a", "!t ", "%", ",", "---\n", "...", "<<: ", " ", "  ", "\r", "steps:", '"a\n    - b"', "# x\n"];

/** What fingers do to a text: letters in, letters out, lines twice, gone, or moved sideways. */
const slips = fc.array(
  fc.record({ kind: fc.constantFrom("insert", "delete", "double", "drop", "indent", "outdent"), at: fc.nat({ max: 9999 }), odd: fc.constantFrom(...ODD), much: fc.integer({ min: 1, max: 4 }) }),
  { maxLength: 3 },
);

function slip(source: string, { kind, at, odd, much }: { kind: string; at: number; odd: string; much: number }): string {
  const place = at % (source.length + 1);
  if (kind === "insert") return source.slice(0, place) + odd + source.slice(place);
  if (kind === "delete") return source.slice(0, place) + source.slice(place + much);
  const lines = source.split("\n");
  const line = at % lines.length;
  const text = lines[line] ?? "";
  const changed = { double: [text, text], drop: [], indent: [" ".repeat(much) + text], outdent: [text.replace(new RegExp(`^ {0,${much}}`), "")] }[kind] ?? [];
  return [...lines.slice(0, line), ...changed, ...lines.slice(line + 1)].join("\n");
}

test("texts of any hand, with slips, say the same in parts as in one", () => {
  let read = 0;
  fc.assert(
    fc.property(plainSteps, hands, slips, (steps, hand, mistakes) => {
      const source = mistakes.reduce(slip, writeFlow(steps, hand));
      const parts = manifestParts(source);
      if (!parts) return;
      read += 1;
      expectSame(source, parts);
    }),
    { seed: Number(process.env["LOCKSTEP_PARTS_SEED"] ?? 1), numRuns: wanted },
  );
  expect(read).toBeGreaterThan(wanted / 5);
}, 180_000);

test("what reaches over an entry's border is left to the whole text", () => {
  const steps = "    - environment: qa\n      dependsOn: [dev]\n    - environment: prod\n      dependsOn: [qa]\n";
  const flow = (text: string): string => `spec:\n  triggerEnvironment: dev\n  steps:\n${text}`;
  expect(manifestParts(flow(steps))?.entries).toHaveLength(2);
  const left = [
    steps.replace("[qa]", "[qa]\n      policy:\n        preAction: |\n          a\n\n          # b"), // a literal that ends like a comment
    steps.replace("qa\n", '"qa\n    - x"\n'),
    steps.replace("[dev]", "&on [dev]").replace("[qa]", "*on"),
    steps.replace("      dependsOn: [qa]", "      <<: {dependsOn: [qa]}"),
    `${steps}...\n`,
    steps.replace("    - environment: prod", "\t- environment: prod"),
    steps.slice(0, steps.indexOf("    - environment: prod")),
  ];
  expect(left.map((text) => manifestParts(flow(text)))).toEqual(left.map(() => undefined));
  expect(manifestParts(flow(steps).replace("  steps", "  properties: {}\n  steps"))).toBeUndefined();
});
