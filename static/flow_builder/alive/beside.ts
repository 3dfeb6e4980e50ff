// Where something fits beside a place on the screen without lying on it; measures nothing itself.

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export interface Placed {
  /** Of the corner that is next to the place, from the window's left or top edge. */
  left: number;
  top: number;
  /** How high it may be; what is longer scrolls. */
  height: number;
}

const GAP = 10;
const EDGE = 8;

export const around = (boxes: readonly Box[]): Box => ({
  left: Math.min(...boxes.map((box) => box.left)),
  top: Math.min(...boxes.map((box) => box.top)),
  right: Math.max(...boxes.map((box) => box.right)),
  bottom: Math.max(...boxes.map((box) => box.bottom)),
});

const within = (wanted: number, size: number, all: number): number => Math.max(EDGE, Math.min(wanted, all - EDGE - size));

/** Below the place, else above, else to a side: whichever first has room; where none has, where there is most. */
export function beside(place: Box, size: { width: number; height: number }, view: { width: number; height: number }): Placed {
  const { width } = size;
  const middle = within((place.left + place.right - width) / 2, width, view.width);
  const below = view.height - EDGE - (place.bottom + GAP);
  const above = place.top - GAP - EDGE;
  const whole = view.height - 2 * EDGE;
  const right = place.right + GAP;
  const left = place.left - GAP - width;
  const under = { left: middle, top: place.bottom + GAP, height: below };
  const over = { left: middle, top: Math.max(EDGE, place.top - GAP - size.height), height: above };
  const beyond = { left: right, top: within(place.top, size.height, view.height), height: whole };
  const before = { left, top: within(place.top, size.height, view.height), height: whole };
  if (below >= size.height) return under;
  if (above >= size.height) return over;
  if (right + width + EDGE <= view.width) return beyond;
  if (left >= EDGE) return before;
  return below >= above ? under : over;
}
