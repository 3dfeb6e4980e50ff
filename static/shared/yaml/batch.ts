// Operations that do not concern each other are planned on one reading of the text: reading it takes most of an edit's time.
import type { Edit, Op, Path } from "./edit";

/** The list or map whose entries an operation changes. */
const holder = (op: Op): Path => (op.kind === "insert" ? op.path : op.path.slice(0, -1));

/** Two operations in different branches of the document: neither moves or changes what the other one is about. */
function areApart(one: Op, other: Op): boolean {
  const [path, beside] = [holder(one), holder(other)];
  return path.slice(0, beside.length).some((part, depth) => part !== beside[depth]);
}

const samePath = (one: Path, other: Path): boolean => one.length === other.length && one.every((part, depth) => part === other[depth]);

/** Two removals from one list, the later entry first: where the earlier one stands is the same before and after. */
function goUpwards(one: Op | undefined, next: Op | undefined): boolean {
  if (one?.kind !== "remove" || next?.kind !== "remove" || !samePath(holder(one), holder(next))) return false;
  const [at, above] = [one.path.at(-1), next.path.at(-1)];
  return typeof at === "number" && typeof above === "number" && above < at;
}

/** Whether a batch takes several entries out of one list. */
export const removesSeveral = (batch: readonly Op[]): boolean => goUpwards(batch[0], batch[1]);

/** The operations in their order, those together that can be planned on one text: all apart, or removals that go up one list. */
export function batches(ops: readonly Op[]): Op[][] {
  const found: Op[][] = [];
  for (const op of ops) {
    const last = found.at(-1);
    const goesOn = last && goUpwards(last.at(-1), op) && (last.length === 1 || removesSeveral(last));
    const isApart = last && !removesSeveral(last) && last.every((one) => areApart(one, op));
    if (goesOn || isApart) last.push(op);
    else found.push([op]);
  }
  return found;
}

const growth = (edits: readonly Edit[]): number => edits.reduce((sum, edit) => sum + edit.text.length - (edit.end - edit.start), 0);

/** Edits of several operations that were planned on one text, as edits that follow each other. */
export function inOrder(planned: readonly (readonly Edit[])[]): Edit[] {
  const done: { at: number; by: number }[] = [];
  return planned.flatMap((edits) => {
    const at = Math.min(...edits.map((edit) => edit.start));
    const shift = done.reduce((sum, one) => (one.at <= at ? sum + one.by : sum), 0);
    done.push({ at, by: growth(edits) });
    return edits.map((edit) => ({ start: edit.start + shift, end: edit.end + shift, text: edit.text }));
  });
}
