// A manifest's data together with its places in the text, and the findings about it; never judges it.
import { isCollection, isMap, isPair, isScalar, isSeq, type Document, type Node, type Pair, type Scalar } from "yaml";
import { parseManifest } from "../yaml/parse";
import { fromSkeleton, manifestParts, type Parts as TextParts } from "../yaml/parts";
import { placeOf } from "../yaml/tokens";

export type Severity = "error" | "warning";
export type Parts = readonly (string | number)[];

/** One finding at source[from:to]; line and column count from 1. `suggestion` is what may stand there instead. */
export interface Problem {
  severity: Severity;
  message: string;
  code: string;
  path: string;
  from: number;
  to: number;
  line: number;
  column: number;
  suggestion: string | undefined;
}

export interface Finding {
  code: string;
  message: string;
  at: Parts;
  onKey?: boolean;
  severity?: Severity;
  suggestion?: string | undefined;
}

export function pathText(parts: Parts): string {
  return parts.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    if (!/^[A-Za-z_][\w-]{0,60}$/.test(part)) return `${text}["${part}"]`;
    return text ? `${text}.${part}` : part;
  }, "");
}

export function problemAt(source: string, from: number, to: number, rest: Omit<Problem, "from" | "to" | "line" | "column">): Problem {
  return { ...rest, from, to: Math.max(to, from), ...placeOf(source, from) };
}

type Row = Record<string, unknown>;
const isRow = (value: unknown): value is Row => typeof value === "object" && value !== null && !Array.isArray(value);
const row = (value: unknown): Row => (isRow(value) ? value : {});

interface Found {
  key: Node | undefined;
  value: Node | null;
}

/** As far along a path as the text goes. */
function walk(from: Node | null, path: Parts): Found {
  let key: Node | undefined;
  let value = from;
  for (const part of path) {
    if (isMap(value)) {
      const pair = value.items.find((one: Pair) => isScalar(one.key) && String(one.key.value) === String(part));
      if (!isPair(pair)) return { key, value };
      key = pair.key as Node;
      value = pair.value as Node | null;
    } else if (isSeq(value) && typeof part === "number") {
      key = undefined;
      value = value.items[part] as Node | null;
    } else return { key, value };
  }
  return { key, value };
}

/** Paths leave the older form's `spec.properties` out; those in problems have it. */
export class ManifestText {
  private constructor(
    readonly source: string,
    private readonly doc: Document,
    readonly data: Row,
    readonly wrapped: boolean,
    /** Where the text was read in parts, `doc` holds the first entry of its list alone. */
    private readonly parts?: TextParts,
  ) {}

  /** Of a text whose YAML is valid; undefined where it is none or its aliases cannot be resolved. */
  static read(source: string): ManifestText | undefined {
    const parts = manifestParts(source);
    if (parts) return ManifestText.assembled(parts);
    const doc = parseManifest(source);
    if (doc.errors.length > 0) return undefined;
    let data: unknown;
    try {
      data = doc.toJS();
    } catch (error) {
      if (error instanceof ReferenceError) return undefined;
      throw error;
    }
    if (!isRow(data)) return new ManifestText(source, doc, {}, false);
    const inner = isRow(data["spec"]) ? data["spec"]["properties"] : undefined;
    return isRow(inner) ? new ManifestText(source, doc, { ...data, spec: inner }, true) : new ManifestText(source, doc, data, false);
  }

  private static assembled(parts: TextParts): ManifestText {
    const wrapped = parts.path.length > 2;
    const data = row(parts.skeletonData);
    const spec = wrapped ? row(row(data["spec"])["properties"]) : row(data["spec"]);
    const steps = parts.entries.map((entry) => entry.data);
    return new ManifestText(parts.source, parts.skeleton, { ...data, spec: { ...spec, steps } }, wrapped, parts);
  }

  get spec(): Row {
    return isRow(this.data["spec"]) ? this.data["spec"] : {};
  }

  written(parts: Parts): Parts {
    return this.wrapped && parts[0] === "spec" ? ["spec", "properties", ...parts.slice(1)] : parts;
  }

  /** What stands beside the older form's wrapper, where nothing may. */
  besideWrapper(): Problem[] {
    const spec = this.doc.getIn(["spec"], true);
    if (!this.wrapped || !isMap(spec)) return [];
    const others = spec.items.map((pair) => pair.key).filter((key) => isScalar(key) && key.value !== "properties");
    return others.map((key) => {
      const node = key as Scalar;
      const [from, to] = node.range ?? [0, 0];
      const name = String(node.value);
      const message = `"${name}" stands beside "properties". Move it below "properties", or write everything directly below "spec".`;
      return problemAt(this.source, from, to, {
        severity: "error", code: "unknown-field", message, path: pathText(["spec", name]), suggestion: undefined,
      });
    });
  }

  /** What the text holds instead of a mapping; undefined where it is one. */
  get instead(): "nothing" | "something" | undefined {
    if (isMap(this.doc.contents)) return undefined;
    return this.doc.contents === null ? "nothing" : "something";
  }

  private find(parts: Parts): Found & { place: (offset: number) => number } {
    const written = this.written(parts);
    const read = this.parts;
    if (!read) return { ...walk(this.doc.contents as Node | null, written), place: (offset) => offset };
    const depth = read.path.length;
    const index = written[depth];
    const entry = typeof index === "number" && read.path.every((key, at) => key === written[at]) ? read.entries[index] : undefined;
    if (entry) return { ...walk(entry.node, written.slice(depth + 1)), place: (offset) => offset + entry.at };
    return { ...walk(this.doc.contents as Node | null, written), place: (offset) => fromSkeleton(read, offset) };
  }

  /** A scalar itself; the key of anything larger or empty; the first field of an item without a key. */
  span(parts: Parts, onKey = false): [number, number] {
    const { key, value, place } = this.find(parts);
    const range = value?.range;
    if (range && isScalar(value) && range[1] > range[0] && !onKey) return [place(range[0]), place(range[1])];
    if (key?.range) return [place(key.range[0]), place(key.range[1])];
    if (isCollection(value) && isMap(value)) {
      const first = (value.items[0]?.key as Node | undefined)?.range;
      if (first) return [place(first[0]), place(first[1])];
    }
    return range ? [place(range[0]), Math.min(place(range[0]) + 1, this.source.length)] : [0, 0];
  }

  line(parts: Parts): number {
    return placeOf(this.source, this.span(parts)[0]).line;
  }

  problem(finding: Finding): Problem {
    const [from, to] = this.span(finding.at, finding.onKey);
    return problemAt(this.source, from, to, {
      severity: finding.severity ?? "error",
      message: finding.message,
      code: finding.code,
      path: pathText(this.written(finding.at)),
      suggestion: finding.suggestion,
    });
  }
}

/** Offset of a 1-based line and column, columns counted in code points as the server counts them. */
export function offsetAt(source: string, line: number, column: number): number {
  const lines = source.split("\n");
  const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const within = [...(lines[line - 1] ?? "")].slice(0, Math.max(0, column - 1)).join("").length;
  return Math.min(before + within, source.length);
}
