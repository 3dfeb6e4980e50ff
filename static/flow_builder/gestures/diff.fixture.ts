// Shows what a gesture does to a text, line by line, for tests that spell it out.
import { perform, type Gesture } from "./gesture";

/** The lines that a gesture took away (-) and brought (+), in the text's order. */
export function diff(source: string, gesture: Gesture): string[] {
  const before = source.split("\n");
  const now = perform(source, gesture).source.split("\n");
  const common = before.map(() => now.map(() => 0));
  const at = (i: number, j: number): number => common[i]?.[j] ?? 0;
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = now.length - 1; j >= 0; j -= 1) {
      (common[i] as number[])[j] = before[i] === now[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: string[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < now.length) {
    if (i < before.length && j < now.length && before[i] === now[j]) [i, j] = [i + 1, j + 1];
    else if (i < before.length && (j >= now.length || at(i + 1, j) >= at(i, j + 1))) lines.push(`-${before[i++]}`);
    else lines.push(`+${now[j++]}`);
  }
  return lines;
}
