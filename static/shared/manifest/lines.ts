// Lines of a text as editors and the server count them; never looks at YAML.

const BREAK = /\r\n|\n|\r/g;
let last: { source: string; starts: number[] } = { source: "", starts: [0] };

/** Where each line begins. Many findings ask about one text. */
export function lineStarts(source: string): readonly number[] {
  if (last.source !== source) {
    const starts = [0];
    for (const found of source.matchAll(BREAK)) starts.push(found.index + found[0].length);
    last = { source, starts };
  }
  return last.starts;
}

/** Line of an offset, from 0. */
export function lineIndex(source: string, offset: number): number {
  const starts = lineStarts(source);
  let [low, high] = [0, starts.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return low;
}
