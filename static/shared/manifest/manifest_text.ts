// A manifest's data together with its places in the text, and the findings about it; never judges it.
import { lineIndex, lineStarts } from "./lines";
import type { Fault } from "./reader/fault";
import { dataOf, firstKey, type ManifestNode, type ScalarNode } from "./reader/nodes";
import { readManifest, type Tree } from "./reader/read";
import { readInParts, type PartReading } from "./reader/read_parts";

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
  const line = lineIndex(source, from);
  return { ...rest, from, to: Math.max(to, from), line: line + 1, column: from - (lineStarts(source)[line] ?? 0) + 1 };
}

type Row = Record<string, unknown>;
const isRow = (value: unknown): value is Row => typeof value === "object" && value !== null && !Array.isArray(value);
const row = (value: unknown): Row => (isRow(value) ? value : {});

interface Found {
  key: ScalarNode | undefined;
  value: ManifestNode | undefined;
}

/** As far along a path as the text goes. */
function walk(from: ManifestNode | undefined, path: Parts): Found {
  let key: ScalarNode | undefined;
  let value = from;
  for (const part of path) {
    if (value?.kind === "mapping") {
      const pair = value.pairs.get(String(part));
      if (!pair) return { key, value };
      ({ key, value } = pair);
    } else if (value?.kind === "list" && typeof part === "number") {
      key = undefined;
      value = value.items[part];
    } else return { key, value };
  }
  return { key, value };
}

/** Paths leave the older form's `spec.properties` out; those in problems have it. */
export class ManifestText {
  private constructor(
    readonly source: string,
    private readonly tree: Tree | undefined,
    readonly data: Row,
    readonly wrapped: boolean,
    /** Where the text was read in parts, there is no tree. */
    private readonly parts?: PartReading,
  ) {}

  /** Of a text whose YAML is valid and one document; undefined where it cannot be read. */
  static read(source: string): ManifestText | undefined {
    const parts = readInParts(source);
    if (parts) return ManifestText.assembled(source, parts);
    const { trees, stopped } = readManifest(source);
    if (stopped || trees.length > 1) return undefined;
    const data = trees[0] && dataOf(trees[0].root);
    if (!isRow(data)) return new ManifestText(source, trees[0], {}, false);
    const inner = isRow(data["spec"]) ? data["spec"]["properties"] : undefined;
    return isRow(inner) ? new ManifestText(source, trees[0], { ...data, spec: inner }, true) : new ManifestText(source, trees[0], data, false);
  }

  private static assembled(source: string, parts: PartReading): ManifestText {
    const wrapped = parts.path.length > 2;
    const data = row(parts.skeleton.data);
    const spec = wrapped ? row(row(data["spec"])["properties"]) : row(data["spec"]);
    const steps = parts.entries.map((entry) => entry.data);
    return new ManifestText(source, undefined, { ...data, spec: { ...spec, steps } }, wrapped, parts);
  }

  get spec(): Row {
    return isRow(this.data["spec"]) ? this.data["spec"] : {};
  }

  written(parts: Parts): Parts {
    return this.wrapped && parts[0] === "spec" ? ["spec", "properties", ...parts.slice(1)] : parts;
  }

  /** What no value of the text can be, whatever its kind: a field that stands twice, a number too large. */
  faults(): Problem[] {
    return this.told(this.tree?.faults ?? []);
  }

  /** What the parser lets pass and the chart's does not. */
  letPass(): Problem[] {
    return this.told(this.tree?.letPass ?? []);
  }

  private told(faults: readonly Fault[]): Problem[] {
    return faults.map(({ code, message, from, to }) =>
      problemAt(this.source, from, to, { severity: "error", code, message, path: "", suggestion: undefined }),
    );
  }

  /** What stands beside the older form's wrapper, where nothing may. */
  besideWrapper(): Problem[] {
    const spec = this.tree?.root.kind === "mapping" ? this.tree.root.pairs.get("spec")?.value : undefined;
    if (!this.wrapped || spec?.kind !== "mapping") return [];
    const others = [...spec.pairs].filter(([name]) => name !== "properties");
    return others.map(([name, { key }]) => {
      const message = `"${name}" stands beside "properties". Move it below "properties", or write everything directly below "spec".`;
      return problemAt(this.source, key.start, key.end, {
        severity: "error", code: "unknown-field", message, path: pathText(["spec", name]), suggestion: undefined,
      });
    });
  }

  /** What the text holds instead of a mapping; undefined where it is one. */
  get instead(): "nothing" | "something" | undefined {
    if (this.parts) return undefined;
    if (!this.tree) return "nothing";
    return this.tree.root.kind === "mapping" ? undefined : "something";
  }

  private find(parts: Parts): Found & { place: (offset: number) => number } {
    const written = this.written(parts);
    const read = this.parts;
    if (!read) return { ...walk(this.tree?.root, written), place: (offset) => offset };
    const depth = read.path.length;
    const index = written[depth];
    const entry = typeof index === "number" && read.path.every((key, at) => key === written[at]) ? read.entries[index] : undefined;
    if (entry) return { ...walk(entry.root, written.slice(depth + 1)), place: (offset) => offset + entry.at };
    return { ...walk(read.skeleton.root, written), place: read.fromSkeleton };
  }

  /** A scalar itself; the key of anything larger or empty; the first field of an item without a key. */
  span(parts: Parts, onKey = false): [number, number] {
    const { key, value, place } = this.find(parts);
    if (value?.kind === "scalar" && value.end > value.start && !onKey) return [place(value.start), place(value.end)];
    if (key) return [place(key.start), place(key.end)];
    const first = value?.kind === "mapping" ? firstKey(value) : undefined;
    if (first) return [place(first.start), place(first.end)];
    return value ? [place(value.start), Math.min(place(value.start) + 1, this.source.length)] : [0, 0];
  }

  /** A scalar as it reads in the text, `1.00` say, without quotes and tag. */
  scalarText(parts: Parts): string | undefined {
    const { value } = this.find(parts);
    return value?.kind === "scalar" ? value.text : undefined;
  }

  line(parts: Parts): number {
    return lineIndex(this.source, this.span(parts)[0]) + 1;
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
  const starts = lineStarts(source);
  const from = starts[Math.min(line, starts.length) - 1] ?? 0;
  const within = [...source.slice(from, starts[line] ?? source.length)].slice(0, Math.max(0, column - 1)).join("").length;
  return Math.min(from + within, source.length);
}
