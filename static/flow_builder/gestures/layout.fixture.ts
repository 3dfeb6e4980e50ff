// Says of every line of a generated flow which item it is about, from the columns alone; knows nothing of the code under test.
import type { Plain } from "./model.fixture";

export interface Line {
  text: string;
  kind: "code" | "comment" | "blank";
  /** `steps/qa/dependsOn/dev`, `spec/hooks`, ... */
  owner: string;
  /** An entry of brackets over several lines: whether a comma follows says nothing about it. */
  inBrackets: boolean;
}

interface Open {
  column: number;
  path: string;
}

const columnOf = (text: string): number => /^ */.exec(text)?.[0].length ?? 0;
const unquoted = (text: string): string => text.replace(/^(["'])(.*)\1$/, "$2");

function below(parent: string, key: string): string {
  if (parent === "spec/steps") return `steps/${key}`;
  if (parent === "spec" && key === "properties") return "spec";
  return parent === "" ? key : `${parent}/${key}`;
}

class Reader {
  readonly lines: Line[] = [];
  private open: Open[] = [];
  private brackets: string | undefined;
  private literal: number | undefined;
  private steps = 0;
  /** Comments that may be about the next line of code. */
  private waiting: Line[] = [];

  constructor(private readonly plain: Plain) {}

  read(text: string): void {
    const kind = text.trim() === "" ? "blank" : text.trim().startsWith("#") ? "comment" : "code";
    const line: Line = { text, kind, owner: "", inBrackets: this.brackets !== undefined };
    this.lines.push(line);
    if (kind === "code") this.code(line);
    else if (kind === "blank") this.waiting = [];
    else this.comment(line);
  }

  /** About the innermost item that it is set deeper than, or about the code that follows in the same column. */
  private comment(line: Line): void {
    const column = columnOf(line.text);
    line.owner = this.open.filter((one) => one.column < column).at(-1)?.path ?? "";
    this.waiting.push(line);
  }

  private code(line: Line): void {
    const column = columnOf(line.text);
    if (this.literal !== undefined && column > this.literal) {
      line.owner = this.open.at(-1)?.path ?? "";
      return;
    }
    this.literal = undefined;
    const first = this.brackets === undefined ? this.items(line.text, column) : this.bracketed(line.text);
    line.owner = this.brackets === undefined ? this.open.at(-1)?.path ?? "" : first;
    if (/: \[(?:\s+#.*)?$/.test(line.text.trimEnd())) this.brackets = line.owner;
    if (/: \|[-+\d]*(?:\s+#.*)?$/.test(line.text.trimEnd())) this.literal = column;
    for (const comment of this.waiting) if (columnOf(comment.text) === column) comment.owner = first;
    this.waiting = [];
  }

  private bracketed(text: string): string {
    const parent = this.brackets ?? "";
    if (text.trim().startsWith("]")) {
      this.brackets = undefined;
      return parent;
    }
    const name = /^\s*([^\s,]+),?(?:\s+#.*)?\s*$/.exec(text)?.[1];
    return name === undefined ? parent : below(parent, unquoted(name));
  }

  /** Opens what the line begins, and returns the outermost of it. */
  private items(text: string, start: number): string {
    let column = start;
    let rest = text.trim();
    let first: string | undefined;
    const dash = /^-(\s+|$)/.exec(rest);
    if (dash) {
      // A list may stand in the column of its key, which stays open then.
      while (this.open.length > 0 && ((this.open.at(-1)?.column ?? 0) > column || this.isEntry(column))) this.open.pop();
      const parent = this.open.at(-1)?.path ?? "";
      const value = rest.slice(dash[0].length).replace(/\s+#.*$/, "");
      const name = parent === "spec/steps" ? this.plain.steps[this.steps++]?.environment ?? "" : unquoted(value);
      first = below(parent, name);
      this.open.push({ column, path: first });
      column += dash[0].length;
      rest = rest.slice(dash[0].length);
    }
    const key = /^([\w.-]+):(?:\s|$)/.exec(rest)?.[1];
    if (key === undefined) return first ?? this.open.at(-1)?.path ?? "";
    while ((this.open.at(-1)?.column ?? -1) >= column) this.open.pop();
    const path = below(this.open.at(-1)?.path ?? "", key);
    this.open.push({ column, path });
    return first ?? path;
  }

  /** The innermost open item is an entry of the list whose dashes stand in this column. */
  private isEntry(column: number): boolean {
    const last = this.open.at(-1);
    const before = this.open.at(-2);
    return last?.column === column && (/^steps\/[^/]+$/.test(last.path) || before?.path.endsWith("/dependsOn") === true);
  }
}

export function layout(source: string, plain: Plain): Line[] {
  const reader = new Reader(plain);
  source.replace(/\r?\n$/, "").split(/\r?\n/).forEach((text) => reader.read(text));
  return reader.lines;
}

export interface Pieces {
  head: string[];
  /** In the text's order, with the comments over and under each. */
  steps: Map<string, string[]>;
  /** What stands between a step and the next one, by the place of the former. */
  gaps: string[][];
  foot: string[];
}

const stepAt = (line: Line): string | undefined => /^steps\/([^/]+)/.exec(line.owner)?.[1];

/** Undefined where there are no steps. */
export function pieces(lines: readonly Line[]): Pieces | undefined {
  const found = new Map<string, [number, number]>();
  lines.forEach((line, at) => {
    const step = line.kind === "blank" ? undefined : stepAt(line);
    if (step !== undefined) found.set(step, [found.get(step)?.[0] ?? at, at]);
  });
  const ranges = [...found.values()];
  const [first, last] = [ranges[0], ranges.at(-1)];
  if (!first || !last) return undefined;
  const texts = (from: number, to: number): string[] => lines.slice(from, to).map((line) => line.text);
  return {
    head: texts(0, first[0]),
    steps: new Map([...found].map(([name, [from, to]]) => [name, texts(from, to + 1)])),
    gaps: ranges.slice(1).map(([from], at) => texts((ranges[at]?.[1] ?? 0) + 1, from)),
    foot: texts(last[1] + 1, lines.length),
  };
}
