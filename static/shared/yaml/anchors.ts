// Why anchors and aliases keep an edit from being exact, with their lines and the way out; never changes anything.
import { isAlias, isMap, isScalar, isSeq, visit, type Alias, type Document, type Node, type Pair } from "yaml";
import type { Path } from "./edit";
import { placeOf } from "./tokens";

interface Read {
  source: string;
  doc: Document.Parsed;
}

const lineAt = ({ source }: Read, node: Node): number => placeOf(source, node.range?.[0] ?? 0).line;

/** Of the `&` itself, which may stand lines before what it names. */
const anchorLine = ({ source }: Read, { anchor, range }: Node & { anchor?: string }): number =>
  placeOf(source, Math.max(0, source.lastIndexOf(`&${anchor}`, range?.[0] ?? 0))).line;

const mergeOf = (map: unknown): Pair | undefined => (isMap(map) ? map.items.find((pair) => isScalar(pair.key) && pair.key.source === "<<") : undefined);

/** The nodes along a path, as far as the text has them; an alias is the last. */
function along({ doc }: Read, path: Path): Node[] {
  const found: Node[] = [];
  let node: unknown = doc.contents;
  for (const key of path) {
    if (!node) break;
    found.push(node as Node);
    node = isMap(node) || isSeq(node) ? node.get(key, true) : undefined;
  }
  return node ? [...found, node as Node] : found;
}

function ofAlias(read: Read, alias: Alias): string {
  const named = alias.resolve(read.doc);
  const line = lineAt(read, alias);
  const of = named ? ` of line ${anchorLine(read, named)}` : "";
  return `Line ${line} is an alias (*${alias.source})${of}: the chart cannot change it exactly. Write its value out in the YAML.`;
}

/** What of a path the text only refers to; undefined where no alias or merge is in the way. */
function elsewhere(read: Read, path: Path): string | undefined {
  const nodes = along(read, path);
  const last = nodes.at(-1);
  if (isAlias(last)) return ofAlias(read, last);
  const merge = nodes.length <= path.length ? mergeOf(last) : undefined;
  if (!merge) return undefined;
  const line = lineAt(read, merge.key as Node);
  return `Line ${line} takes this from elsewhere (<<): the chart cannot change it exactly. Write it out in the YAML.`;
}

const listed = (lines: readonly number[]): string =>
  lines.length === 1 ? `line ${lines[0]}` : `lines ${lines.slice(0, -1).join(", ")} and ${lines.at(-1)}`;

function aliasesBelow(doc: Document.Parsed | Node): Alias[] {
  const found: Alias[] = [];
  visit(doc, { Alias: (_key, alias) => void found.push(alias) });
  return found;
}

/** An anchor at or around the place of an edit that other lines use, or an alias below it whose anchor stands elsewhere. */
function shared(read: Read, path: Path): string | undefined {
  const nodes = along(read, path);
  const target = nodes.length > path.length ? nodes.at(-1) : undefined;
  const below = target ? aliasesBelow(target) : [];
  const anchored = nodes.filter((node) => "anchor" in node && node.anchor);
  if (target) visit(target, { Node: (_key, node) => void ("anchor" in node && node.anchor && anchored.push(node as Node)) });
  for (const node of anchored) {
    const users = aliasesBelow(read.doc).filter((alias) => !below.includes(alias) && alias.resolve(read.doc) === node);
    const lines = [...new Set(users.map((alias) => lineAt(read, alias)))];
    const name = (node as Node & { anchor: string }).anchor;
    const [use, those] = lines.length === 1 ? ["uses", listed(lines)] : ["use", "them"];
    if (lines.length > 0) return `Line ${anchorLine(read, node)} defines &${name}, which ${listed(lines)} ${use}: change ${those} first.`;
  }
  return below[0] && ofAlias(read, below[0]);
}

const inexact = (line: number): string => `Line ${line} is written in a way that the chart cannot change exactly. Edit it in the text.`;

/** Why nothing can be changed at a path. */
export const whyNotThere = (read: Read, path: Path): string =>
  elsewhere(read, path) ?? inexact(Math.max(1, ...along(read, path).slice(-1).map((node) => lineAt(read, node))));

/** Why edits at the paths, the first of which is in `line`, mean more or less than they should. */
export function whyInexact(read: Read, paths: readonly Path[], line: number): string {
  const told = paths.map((path) => elsewhere(read, path) ?? shared(read, path));
  return told.find((one) => one !== undefined) ?? inexact(line);
}
