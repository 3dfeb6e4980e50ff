// A box drawn over the empty canvas with Shift and the mouse: every environment in it is selected. Never moves the view.
import { useReactFlow } from "@xyflow/react";
import { useEffect, useRef, useState, type MouseEvent, type PointerEvent } from "react";
import type { Point } from "../../shared/layout/route";
import { boundsOf, meets, type Bounds } from "../../shared/layout/view";
import { NODE, type Chart } from "./chart_model";

interface BoxSelect {
  /** What is drawn at the moment, in pixels from the canvas' corner. */
  drawn: Bounds | undefined;
  onPointerDownCapture: (event: PointerEvent) => void;
  onMouseDownCapture: (event: MouseEvent<HTMLElement>) => void;
}

const between = (one: Point, other: Point): Bounds => boundsOf([one, other].map((point) => ({ ...point, width: 0, height: 0 })));

const begins = (event: MouseEvent): boolean =>
  event.shiftKey && event.button === 0 && (event.target as Element).classList.contains("react-flow__pane");

export function useBoxSelect(chart: Chart, onSelect: (environments: readonly string[]) => void): BoxSelect {
  const { screenToFlowPosition } = useReactFlow();
  const [drawn, setDrawn] = useState<Bounds | undefined>();
  const stop = useRef<(() => void) | undefined>(undefined);
  useEffect(() => () => stop.current?.(), []);

  const onPointerDownCapture = (event: PointerEvent): void => {
    if (!begins(event)) return;
    event.stopPropagation();
    stop.current?.();
    const from = { x: event.clientX, y: event.clientY };
    const { left, top } = event.currentTarget.getBoundingClientRect();
    const draw = (moved: globalThis.PointerEvent): void => {
      const box = between(from, { x: moved.clientX, y: moved.clientY });
      setDrawn({ ...box, x: box.x - left, y: box.y - top });
    };
    const end = (released: globalThis.PointerEvent): void => {
      stop.current?.();
      const box = between(screenToFlowPosition(from), screenToFlowPosition({ x: released.clientX, y: released.clientY }));
      const inside = chart.nodes.filter(({ at, width }) => meets(box, { x: at.x + width - NODE.width, y: at.y, width: NODE.width, height: NODE.height }));
      onSelect(inside.map((node) => node.id));
      // The press ends in a click on the empty canvas, which would select nothing again.
      const swallow = (click: Event): void => click.stopPropagation();
      window.addEventListener("click", swallow, { capture: true, once: true });
      window.setTimeout(() => window.removeEventListener("click", swallow, { capture: true }), 0);
    };
    const cancel = (): void => stop.current?.();
    stop.current = () => {
      window.removeEventListener("pointermove", draw);
      window.removeEventListener("pointerup", end);
      window.removeEventListener("pointercancel", cancel);
      stop.current = undefined;
      setDrawn(undefined);
    };
    window.addEventListener("pointermove", draw);
    window.addEventListener("pointerup", end);
    window.addEventListener("pointercancel", cancel);
  };
  // The canvas moves the view from mouse events, which follow the pointer's.
  const onMouseDownCapture = (event: MouseEvent<HTMLElement>): void => {
    if (!begins(event)) return;
    event.stopPropagation();
    // With Shift, words would be selected as far as here; the focus, which goes with that, is brought instead.
    event.preventDefault();
    event.currentTarget.focus({ preventScroll: true });
  };
  return { drawn, onPointerDownCapture, onMouseDownCapture };
}
