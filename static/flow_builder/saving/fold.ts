// Which rows of two texts beside each other are drawn: what changed and some lines around it; a long unchanged run waits behind one row.
import type { Sides } from "./side_by_side";

/** Rows from `from` up to the one before `to`, the same on both sides. */
export interface Part {
  from: number;
  to: number;
  /** Whether one row stands for all of them, until it is opened. */
  folded: boolean;
}

/** Unchanged lines that stay beside a change. */
const CONTEXT = 3;
/** A row that stood for fewer would save little. */
const FEWEST = 8;
/** Where nothing differs, the lines that show which text it is. */
const OPENING = 20;
/** Lines that the browser lays out, or leaves for later, together. */
const BLOCK = 50;

export const isChanged = ({ one, other }: Sides, row: number): boolean => (one[row]?.changed ?? false) || (other[row]?.changed ?? false);

/** Every row is in one part, in their order. `opened` has the first row of each run that was asked for. */
export function partsOf(sides: Sides, opened: ReadonlySet<number>): Part[] {
  const parts: Part[] = [];
  const draw = (from: number, to: number): void => {
    for (let at = from; at < to; at += BLOCK) parts.push({ from: at, to: Math.min(at + BLOCK, to), folded: false });
  };
  let drawn = 0;
  for (const { from, to } of longRuns(sides)) {
    draw(drawn, from);
    if (opened.has(from)) draw(from, to);
    else parts.push({ from, to, folded: true });
    drawn = to;
  }
  draw(drawn, sides.one.length);
  return parts;
}

/** What of each unchanged run is worth a fold. */
function* longRuns(sides: Sides): Generator<{ from: number; to: number }> {
  const rows = sides.one.length;
  let begin = 0;
  for (let row = 0; row <= rows; row += 1) {
    if (row < rows && !isChanged(sides, row)) continue;
    const nothingDiffers = begin === 0 && row === rows;
    const from = nothingDiffers ? OPENING : begin === 0 ? 0 : begin + CONTEXT;
    const to = row === rows ? rows : row - CONTEXT;
    if (to - from >= FEWEST) yield { from, to };
    begin = row + 1;
  }
}
