// Where a canvas looks: whether something stands inside it, and how far to move so that it does. Moves nothing itself.
import type { Point } from "./route";

export interface Bounds {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A graph's point p stands on the screen at `p * zoom + (x, y)`, in pixels from the canvas' corner. */
export interface Viewport {
  x: number;
  y: number;
  zoom: number;
}

export interface Size {
  width: number;
  height: number;
}

/** Pixels of the canvas that something lies over. */
export interface Margins {
  top: number;
  right: number;
  bottom: number;
  left: number;
}

export const evenly = (margin: number): Margins => ({ top: margin, right: margin, bottom: margin, left: margin });

export function boundsOf(nodes: readonly Bounds[]): Bounds {
  if (nodes.length === 0) return { x: 0, y: 0, width: 0, height: 0 };
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y, width, height } of nodes) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + width);
    bottom = Math.max(bottom, y + height);
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}

export const meets = (one: Bounds, other: Bounds): boolean =>
  one.x <= other.x + other.width && other.x <= one.x + one.width && one.y <= other.y + other.height && other.y <= one.y + one.height;

/** Whether all of it stands inside what is left of the canvas. */
export function isInside(bounds: Bounds, view: Viewport, canvas: Size, margins: Margins = evenly(0)): boolean {
  const [left, top] = [bounds.x * view.zoom + view.x, bounds.y * view.zoom + view.y];
  const [right, bottom] = [left + bounds.width * view.zoom, top + bounds.height * view.zoom];
  return left >= margins.left && top >= margins.top && right <= canvas.width - margins.right && bottom <= canvas.height - margins.bottom;
}

/** How far to move the view, in screen pixels, so that it stands inside what is left of the canvas; what is too large, with its beginning. */
export function shiftIntoView(bounds: Bounds, view: Viewport, canvas: Size, margins: Margins = evenly(16)): Point {
  const shift = (start: number, size: number, room: number, before: number, after: number): number => {
    if (start < before || size > room - before - after) return before - start;
    return Math.min(0, room - after - start - size);
  };
  return {
    x: shift(bounds.x * view.zoom + view.x, bounds.width * view.zoom, canvas.width, margins.left, margins.right),
    y: shift(bounds.y * view.zoom + view.y, bounds.height * view.zoom, canvas.height, margins.top, margins.bottom),
  };
}
