// The same operations on plain data, so that every text edit can be compared with what it should mean.
import type { Op, Path } from "./edit";

export type Data = unknown;
type Row = Record<string, Data>;

const isRow = (data: Data): data is Row => typeof data === "object" && data !== null && !Array.isArray(data);

function change(data: Data, path: Path, at: (data: Data) => Data): Data {
  const [head, ...rest] = path;
  if (head === undefined) return at(data);
  if (typeof head === "number") {
    const list = Array.isArray(data) ? [...(data as Data[])] : [];
    list[head] = change(list[head], rest, at);
    return list;
  }
  const row: Row = isRow(data) ? { ...data } : {};
  row[head] = change(row[head], rest, at);
  return row;
}

export function applyToData(data: Data, op: Op): Data {
  if (op.kind === "set") return change(data, op.path, () => structuredClone(op.value));
  if (op.kind === "insert") {
    return change(data, op.path, (list) => {
      const items = Array.isArray(list) ? (list as Data[]) : [];
      return [...items.slice(0, op.index), structuredClone(op.value), ...items.slice(op.index)];
    });
  }
  const last = op.path.at(-1);
  if (op.kind === "move") {
    return change(data, op.path.slice(0, -1), (list) => {
      const items = Array.isArray(list) ? (list as Data[]) : [];
      const others = items.filter((_item, index) => index !== last);
      return [...others.slice(0, op.to), items[Number(last)], ...others.slice(op.to)];
    });
  }
  return change(data, op.path.slice(0, -1), (parent) => {
    if (Array.isArray(parent)) return (parent as Data[]).filter((_item, index) => index !== last);
    if (!isRow(parent)) return parent;
    return Object.fromEntries(Object.entries(parent).filter(([key]) => key !== last));
  });
}

export function sameData(one: Data, other: Data): boolean {
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => sameData(item, other[index]));
  }
  if (isRow(one) && isRow(other)) {
    const keys = Object.keys(one).filter((key) => one[key] !== undefined);
    const others = Object.keys(other).filter((key) => other[key] !== undefined);
    return keys.length === others.length && keys.every((key) => key in other && sameData(one[key], other[key]));
  }
  return Object.is(one, other);
}
