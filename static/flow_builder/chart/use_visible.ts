// The part of the chart that the canvas shows, a little more on every side; it changes in strides, not with every pixel.
import { useStore, type ReactFlowState } from "@xyflow/react";
import type { Bounds } from "../../shared/layout/view";

const STRIDE = 320;

const inStrides = ({ transform: [x, y, zoom], width, height }: ReactFlowState): string => {
  const down = (value: number): number => (Math.floor(value / STRIDE) - 1) * STRIDE;
  const up = (value: number): number => (Math.ceil(value / STRIDE) + 1) * STRIDE;
  return [down(-x / zoom), down(-y / zoom), up((width - x) / zoom), up((height - y) / zoom)].join(" ");
};

/** In the chart's own pixels. */
export function useVisible(): Bounds {
  const [left = 0, top = 0, right = 0, bottom = 0] = useStore(inStrides).split(" ").map(Number);
  return { x: left, y: top, width: right - left, height: bottom - top };
}
