// What hand a YAML text is written in (indentation, flow or block, line ends); writes new items in that hand.
import { isMap, isSeq, visit, type Document, type Node, type Pair } from "yaml";
import { columnOf, itemStart, lineStart } from "./tokens";
import { writeScalar, type Quote, type ScalarValue } from "./scalars";

export type Value = ScalarValue | readonly Value[] | { readonly [key: string]: Value | undefined };

export interface Style {
  newline: string;
  /** Columns that a nested map stands deeper than its key; per key where the text shows it, else the text's habit. */
  step: ReadonlyMap<string, number>;
  stepDefault: number;
  /** Columns that a dash stands deeper than its key, likewise. */
  dash: ReadonlyMap<string, number>;
  dashDefault: number;
  /** Spaces behind a dash, by the key of the list, likewise. */
  gap: ReadonlyMap<string, number>;
  gapDefault: number;
  /** Keys whose value was first written as `[...]` or `{...}`, or not. */
  flow: ReadonlyMap<string, boolean>;
  /** Spaces inside the braces of a flow map. */
  bracePad: string;
  /** Of keys and values in brackets: plain, or as the braces around them quote their keys. */
  quote: Quote;
}

const pairKey = (pair: Pair): string => String((pair.key as { value?: unknown } | null)?.value ?? "");

function firstItem(value: unknown): number | undefined {
  const token = isMap(value) || isSeq(value) ? value.srcToken : undefined;
  const item = token && "items" in token ? token.items[0] : undefined;
  return item && itemStart(item);
}

export function dashGap(source: string, dashAt: number): number | undefined {
  return /^-( +)[^ \r\n#]/.exec(source.slice(dashAt, dashAt + 40))?.[1]?.length;
}

/** A hand shows in the first entries of a list; how far the list goes on changes nothing, nor takes time. */
const ENTRIES_READ = 3;

export function readStyle(source: string, doc: Document | Node): Style {
  const steps = new Map<string, number>();
  const dash = new Map<string, number>();
  const gaps = new Map<string, number>();
  const flow = new Map<string, boolean>();
  let step: number | undefined;
  let dashDefault: number | undefined;
  let gap: number | undefined;
  let bracePad: string | undefined;
  visit(doc, {
    Collection(index, _node, path) {
      return isSeq(path.at(-1)) && typeof index === "number" && index >= ENTRIES_READ ? visit.SKIP : undefined;
    },
    Pair(_index, pair) {
      const value = pair.value;
      const item = pair.srcToken;
      if (!item || (!isMap(value) && !isSeq(value))) return;
      const isFlow = value.flow === true;
      if (value.items.length > 0 && !flow.has(pairKey(pair))) flow.set(pairKey(pair), isFlow);
      const first = firstItem(value);
      const key = itemStart(item);
      if (isFlow && isMap(value) && value.range) bracePad ??= source[value.range[0] + 1] === " " ? " " : "";
      if (isFlow || first === undefined || key === undefined || lineStart(source, first) === lineStart(source, key)) return;
      const deeper = columnOf(source, first) - columnOf(source, key);
      if (isMap(value)) {
        if (!steps.has(pairKey(pair))) steps.set(pairKey(pair), deeper);
        step ??= deeper;
      } else {
        if (!dash.has(pairKey(pair))) dash.set(pairKey(pair), deeper);
        dashDefault ??= deeper;
        const spaces = dashGap(source, first);
        if (spaces !== undefined && !gaps.has(pairKey(pair))) gaps.set(pairKey(pair), spaces);
        gap ??= spaces;
      }
    },
  });
  return {
    newline: /\r?\n/.exec(source)?.[0] ?? "\n",
    step: steps,
    stepDefault: step ?? 2,
    dash,
    dashDefault: dashDefault ?? step ?? 2,
    gap: gaps,
    gapDefault: gap ?? 1,
    flow,
    bracePad: bracePad ?? "",
    quote: "plain",
  };
}

const isList = (value: Value): value is readonly Value[] => Array.isArray(value);
const isScalarValue = (value: Value): value is ScalarValue => typeof value !== "object";
const pad = (columns: number): string => " ".repeat(columns);
const entries = (value: { readonly [key: string]: Value | undefined }): [string, Value][] =>
  Object.entries(value).filter((entry): entry is [string, Value] => entry[1] !== undefined);

export function writeFlow(value: Value, style: Style, quote: Quote = style.quote): string {
  if (isScalarValue(value)) return writeScalar(value, quote, true);
  if (isList(value)) return `[${value.map((one) => writeFlow(one, style)).join(", ")}]`;
  const pairs = entries(value).map(([key, one]) => `${writeScalar(key, style.quote, true)}: ${writeFlow(one, style, quote)}`);
  return pairs.length > 0 ? `{${style.bracePad}${pairs.join(", ")}${style.bracePad}}` : "{}";
}

/** What follows the colon of `key`, the key standing at `column`: ` value`, ` [a, b]`, or lines of their own. */
export function writeAfterColon(key: string, value: Value, column: number, style: Style, quote: Quote = style.quote): string {
  if (isScalarValue(value)) return ` ${writeScalar(value, quote)}`;
  const empty = isList(value) ? value.length === 0 : entries(value).length === 0;
  if (empty || style.flow.get(key)) return ` ${writeFlow(value, style)}`;
  if (isList(value)) {
    const at = column + (style.dash.get(key) ?? style.dashDefault);
    return value.map((one) => `${style.newline}${pad(at)}${writeItem(one, at, style, style.gap.get(key))}`).join("");
  }
  const at = column + (style.step.get(key) ?? style.stepDefault);
  return `${style.newline}${pad(at)}${writePairs(value, at, style, quote)}`;
}

/** The lines of a block map whose first key stands at `column`, without that first indentation. */
export function writePairs(
  value: { readonly [key: string]: Value | undefined },
  column: number,
  style: Style,
  quote: Quote = style.quote,
): string {
  return entries(value)
    .map(([key, one]) => `${writeScalar(key, style.quote)}:${writeAfterColon(key, one, column, style, quote)}`)
    .join(`${style.newline}${pad(column)}`);
}

/** One entry of a block list, beginning with its dash, which stands at `column`, and the spaces behind it. */
export function writeItem(value: Value, column: number, style: Style, gap = style.gapDefault): string {
  const dash = `-${pad(gap)}`;
  if (isScalarValue(value)) return dash + writeScalar(value);
  if (isList(value)) return dash + writeFlow(value, style);
  return dash + writePairs(value, column + dash.length, style);
}
