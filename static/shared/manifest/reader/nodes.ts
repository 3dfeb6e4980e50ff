// Values of a document that know their place in the text; never judged here.
import type { ScalarValue } from "./values";

interface Placed {
  start: number;
  end: number;
  /** Values in it, those of aliases counted as if they were spelt out, and how deep they are nested. */
  size: number;
  height: number;
}

export interface ScalarNode extends Placed {
  kind: "scalar";
  value: ScalarValue;
  text: string;
  /** Without quotes and tag. */
  plain: boolean;
}

export interface ListNode extends Placed {
  kind: "list";
  items: ManifestNode[];
}

export interface MappingNode extends Placed {
  kind: "mapping";
  pairs: Map<string, { key: ScalarNode; value: ManifestNode }>;
}

export type ManifestNode = ScalarNode | ListNode | MappingNode;

/** The field that stands first in the text, which is no matter of order where others are merged in. */
export function firstKey(mapping: MappingNode): ScalarNode | undefined {
  let first: ScalarNode | undefined;
  for (const { key } of mapping.pairs.values()) if (!first || key.start < first.start) first = key;
  return first;
}

export function dataOf(node: ManifestNode): unknown {
  if (node.kind === "scalar") return node.value;
  if (node.kind === "list") return node.items.map(dataOf);
  const data: Record<string, unknown> = {};
  for (const [name, { value }] of node.pairs) {
    // Plain assignment would change the prototype.
    if (name === "__proto__") Object.defineProperty(data, name, { value: dataOf(value), enumerable: true, writable: true, configurable: true });
    else data[name] = dataOf(value);
  }
  return data;
}
