// Builds a document's values out of what the grammar finds, within the server's bounds; never reads text by itself.
import { quoted } from "../names";
import type { Fault } from "./fault";
import type { ListNode, ManifestNode, MappingNode, ScalarNode } from "./nodes";
import { Strict } from "./strict";
import { isCoreTag, resolve, TAG } from "./values";

export const MOST_DEPTH = 100;
export const MOST_NODES = 100_000;

/** A fault after which nothing more can be read. */
export class Unreadable extends Error {
  constructor(readonly fault: Fault) {
    super(fault.message);
  }
}

/** What stands in front of a value, and where the value begins with it. */
export interface Properties {
  anchor: string | undefined;
  tag: string | undefined;
  start: number;
}

interface Open {
  node: ListNode | MappingNode;
  /** Of the innermost list or mapping without brackets; -1 outside of any. */
  column: number;
  inBrackets: boolean;
  anchor: string | undefined;
  members: ManifestNode[];
}

export class Composer {
  faults: Fault[] = [];
  letPass: Fault[] = [];
  readonly longScalars: [number, number][] = [];
  private readonly strict: Strict;
  private nodes = 0;
  private open: Open[] = [];
  private anchors = new Map<string, ManifestNode>();
  private pending = new Set<string>();

  constructor(
    text: string,
    private readonly lineOf: (at: number) => number,
  ) {
    this.strict = new Strict(text, lineOf);
  }

  /** Anchors and findings belong to one document; the bound on values holds for the whole text. */
  begin(): void {
    this.faults = [];
    this.letPass = [];
    this.anchors.clear();
    this.pending.clear();
  }

  /** A scalar; the root if nothing is open. */
  scalar(props: Properties, text: string, style: string, end: number): ManifestNode {
    const { anchor, tag, start } = props;
    this.count(1, start, end, false);
    const node: ScalarNode = { kind: "scalar", start, end, size: 1, height: 1, value: text, text, plain: style === "" && tag === undefined };
    if (tag !== undefined && tag !== "!" && !isCoreTag(tag)) this.unknownTag(tag, start, end);
    else {
      const found = resolve(text, tag, style === "");
      if (found.problem === undefined) node.value = found.value;
      else this.fault("bad-number", `${quoted(text)} ${found.problem}. Put it in quotes if it is meant as text.`, start, end);
    }
    if (text.includes("\0")) {
      this.fault("character", "This text holds the character U+0000, which cannot be stored. Remove the escape.", start, end);
    }
    if (this.isLong(start, end)) this.longScalars.push([start, end]);
    if (style === "'" || style === '"') this.letPass.push(...this.strict.inQuotes(start, end, this.column));
    if (anchor !== undefined) {
      this.anchors.set(anchor, node);
      this.pending.delete(anchor);
    }
    return this.add(node);
  }

  private get column(): number {
    return this.open.at(-1)?.column ?? -1;
  }

  private isLong(start: number, end: number): boolean {
    return this.lineOf(start) < this.lineOf(end);
  }

  /** `column` is where the collection's members stand; undefined for one in brackets. */
  openCollection(kind: "list" | "mapping", props: Properties, end: number, column?: number): void {
    const { anchor, tag, start } = props;
    this.count(1, start, end, false);
    if (tag !== undefined && tag !== "!" && tag !== `${TAG}map` && tag !== `${TAG}seq`) this.unknownTag(tag, start, end);
    if (this.open.length >= MOST_DEPTH) {
      throw unreadable("too-deep", `The text is nested deeper than ${MOST_DEPTH} levels here. Flatten it.`, start, end);
    }
    if (anchor !== undefined) {
      this.anchors.delete(anchor);
      this.pending.add(anchor);
    }
    const place = { start, end, size: 1, height: 1 };
    const node: ListNode | MappingNode = kind === "list" ? { kind, ...place, items: [] } : { kind, ...place, pairs: new Map() };
    this.open.push({ node, anchor, members: [], column: column ?? this.column, inBrackets: column === undefined });
  }

  close(end: number): ManifestNode {
    const { node, anchor, members, column, inBrackets } = this.open.pop() as Open;
    node.end = end;
    if (inBrackets) this.letPass.push(...this.strict.inBrackets(node.start, end, this.open.at(-1)?.inBrackets ? -1 : column));
    let height = 0;
    for (const member of members) {
      node.size += member.size;
      height = Math.max(height, member.height);
    }
    node.height += height;
    if (node.kind === "mapping") this.fill(node, members);
    else node.items = members;
    if (anchor !== undefined) {
      this.anchors.set(anchor, node);
      this.pending.delete(anchor);
    }
    return this.add(node);
  }

  alias(name: string, start: number, end: number): ManifestNode {
    if (this.pending.has(name)) {
      throw unreadable("alias", `The alias *${name} stands inside what it refers to. Write the value out.`, start, end);
    }
    const node = this.anchors.get(name);
    if (!node) {
      throw unreadable("alias", `No anchor &${name} stands above this alias. Define it, or write the value out.`, start, end);
    }
    this.count(node.size, start, end, true);
    if (this.open.length + node.height - 1 > MOST_DEPTH) {
      const message = `With this alias the text is nested deeper than ${MOST_DEPTH} levels. Flatten it.`;
      throw unreadable("too-deep", message, start, end);
    }
    return this.add(node);
  }

  private add(node: ManifestNode): ManifestNode {
    this.open.at(-1)?.members.push(node);
    return node;
  }

  private fill(mapping: MappingNode, members: readonly ManifestNode[]): void {
    const merges: [ManifestNode, ManifestNode][] = [];
    for (let at = 0; at + 1 < members.length; at += 2) {
      const [key, value] = [members[at] as ManifestNode, members[at + 1] as ManifestNode];
      if (key.kind !== "scalar") {
        this.fault("bad-key", "A field's name must be text, not a list or mapping. Put it in quotes.", key.start, key.end);
      } else if (key.text === "<<" && key.plain) merges.push([key, value]);
      else if (mapping.pairs.has(key.text)) this.twice(mapping, key);
      else mapping.pairs.set(key.text, { key, value });
    }
    for (const [key, value] of merges) this.merge(mapping, key, value);
  }

  private twice(mapping: MappingNode, key: ScalarNode): void {
    const first = mapping.pairs.get(key.text)?.key.start ?? 0;
    const message = `${quoted(key.text)} stands twice here, first on line ${this.lineOf(first)}. Keep one.`;
    this.fault("duplicate-key", message, key.start, key.end);
  }

  private merge(mapping: MappingNode, key: ManifestNode, value: ManifestNode): void {
    for (const merged of value.kind === "list" ? value.items : [value]) {
      if (merged.kind !== "mapping") {
        this.fault("merge", 'The merge key "<<" takes a mapping or a list of mappings. Write the fields out.', key.start, key.end);
        return;
      }
      for (const [name, pair] of merged.pairs) if (!mapping.pairs.has(name)) mapping.pairs.set(name, pair);
    }
  }

  private count(nodes: number, start: number, end: number, spelt: boolean): void {
    this.nodes += nodes;
    if (this.nodes <= MOST_NODES) return;
    const what = spelt ? "With its aliases spelt out the" : "The";
    const message = `${what} text has more than 100,000 values by here. Split it, or repeat less.`;
    throw unreadable("too-many-nodes", message, start, end);
  }

  private unknownTag(tag: string, start: number, end: number): void {
    this.fault("tag", `The tag ${quoted(tag)} is not known here. Remove it: a manifest needs no tags.`, start, end);
  }

  private fault(code: string, message: string, from: number, to: number): void {
    this.faults.push({ code, message, from, to });
  }
}

const unreadable = (code: string, message: string, from: number, to: number): Unreadable => new Unreadable({ code, message, from, to });
