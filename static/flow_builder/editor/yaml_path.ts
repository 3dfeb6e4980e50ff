// Where the cursor stands in YAML text, told by indentation alone, so that it works while the text cannot be read.

/** Names of fields from the outside in; "[]" stands for an entry of a list. */
export type YamlPath = readonly string[];

export interface Spot {
  path: YamlPath;
  /** What is being written there: the name of a field of `path`, or the value at `path`. */
  kind: "field" | "value";
  /** The part that stands already, and where it begins. */
  typed: string;
  from: number;
  /** Fields that the mapping has already. */
  beside: readonly string[];
  indent: number;
}

interface Line {
  dashes: number[];
  /** Column of the key, or of whatever stands behind the dashes. */
  column: number;
  key: string | undefined;
}

const SHAPE = /^( *)((?:- +)*)(?:(["']?)([\w./-]+)\3:(?=\s|$))?/;

function shapeOf(text: string): Line | undefined {
  if (/^\s*(?:#|$)/.test(text)) return undefined;
  const [, indent = "", items = "", , key] = SHAPE.exec(text) ?? [];
  const dashes: number[] = [];
  for (let at = 0; at < items.length; at += 1) if (items[at] === "-") dashes.push(indent.length + at);
  if (/^ *-$/.test(text)) return { dashes: [indent.length], column: indent.length + 2, key: undefined };
  return { dashes, column: indent.length + items.length, key };
}

/** The path of what stands at a column of a line: the lines above with less indentation, from the inside out. */
function above(lines: readonly string[], at: number, column: number, dashes: readonly number[]): YamlPath {
  const path: string[] = [];
  let edge = column;
  let inList = false;
  const enter = (around: readonly number[]): void => {
    for (const dash of [...around].reverse()) {
      path.unshift("[]");
      edge = dash;
      inList = true;
    }
  };
  enter(dashes);
  for (let row = at - 1; row >= 0; row -= 1) {
    const line = shapeOf(lines[row] ?? "");
    if (!line || line.column > edge) continue;
    if (line.column === edge && !inList) {
      enter(line.dashes.filter((dash) => dash < edge));
      continue;
    }
    if (line.key === undefined || line.dashes.includes(edge)) continue;
    path.unshift(line.key);
    edge = line.column;
    inList = false;
    enter(line.dashes);
  }
  return path;
}

function fieldsBeside(lines: readonly string[], at: number, column: number): string[] {
  const found: string[] = [];
  const look = (step: 1 | -1): void => {
    for (let row = at + step; row >= 0 && row < lines.length; row += step) {
      const line = shapeOf(lines[row] ?? "");
      if (!line) continue;
      if (line.column < column || (step === 1 && line.dashes.length > 0 && line.column === column)) return;
      if (line.column === column && line.key !== undefined) found.push(line.key);
      if (step === -1 && line.column === column && line.dashes.length > 0) return;
    }
  };
  if ((shapeOf(lines[at] ?? "")?.dashes.length ?? 0) === 0) look(-1);
  look(1);
  return found;
}

/** Undefined where nothing of the manifest is written: in comments, for example. */
export function spotAt(source: string, offset: number): Spot | undefined {
  const lines = source.split("\n");
  const row = source.slice(0, offset).split("\n").length - 1;
  const start = source.lastIndexOf("\n", offset - 1) + 1;
  const before = source.slice(start, offset);
  if (/(?:^|\s)#/.test(before)) return undefined;
  const list = /^( *(?:- +)*)([\w.-]+): *\[(?:[^\]]*, *)?([^\],\s]*)$/.exec(before);
  const value = /^( *(?:- +)*)([\w.-]+): +(\S*)$/.exec(before);
  const bare = /^( *(?:- +)*)([^\s:[\]{},]*)$/.exec(before);
  const found = list ?? value ?? bare;
  if (!found) return undefined;
  const lead = found[1] ?? "";
  const dashes = [...lead].flatMap((character, at) => (character === "-" ? [at] : []));
  const around = above(lines, row, lead.length, dashes);
  const typed = (bare && !list && !value ? found[2] : found[3]) ?? "";
  const spot = { typed, from: offset - typed.length, indent: lead.length };
  if (list) return { ...spot, kind: "value", path: [...around, found[2] ?? "", "[]"], beside: [] };
  if (value) return { ...spot, kind: "value", path: [...around, found[2] ?? ""], beside: [] };
  return { ...spot, kind: "field", path: around, beside: fieldsBeside(lines, row, lead.length) };
}

/** The field whose name or value stands at an offset, with the range of its name. */
export function fieldAt(source: string, offset: number): { path: YamlPath; from: number; to: number } | undefined {
  const start = source.lastIndexOf("\n", offset - 1) + 1;
  const end = source.indexOf("\n", offset);
  const text = source.slice(start, end < 0 ? source.length : end);
  const line = shapeOf(text);
  if (line?.key === undefined) return undefined;
  const from = start + text.indexOf(line.key, line.column);
  const row = source.slice(0, offset).split("\n").length - 1;
  const path = [...above(source.split("\n"), row, line.column, line.dashes), line.key];
  return offset < from ? undefined : { path, from, to: from + line.key.length };
}
