// The width of the YAML pane, dragged or moved by key at its divider and remembered on this browser.
import { useRef, type CSSProperties, type HTMLAttributes, type PointerEvent } from "react";
import { useRemembered } from "../shared/hooks";
import type { View } from "./flow_builder";

const LEAST = 280;
const MOST = 900;
const STEP = 24;

const clamp = (width: number): number => Math.max(LEAST, Math.min(MOST, Math.round(width)));

export function useColumns(view: View): { style: CSSProperties; divider: HTMLAttributes<HTMLDivElement> } {
  const [width, setWidth] = useRemembered<number>("lockstep.builder.yaml", window.innerWidth > 1180 ? 384 : 350);
  const from = useRef<{ x: number; width: number } | undefined>(undefined);
  const move = (event: PointerEvent<HTMLDivElement>): void => {
    if (from.current) setWidth(clamp(from.current.width - (event.clientX - from.current.x)));
  };
  return {
    style: { "--yaml": view === "both" ? `${width}px` : "0px" } as CSSProperties,
    divider: {
      className: "divider",
      role: "separator",
      tabIndex: 0,
      "aria-orientation": "vertical",
      "aria-label": "Width of the YAML pane",
      "aria-valuenow": width,
      "aria-valuemin": LEAST,
      "aria-valuemax": MOST,
      onPointerDown: (event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        from.current = { x: event.clientX, width };
      },
      onPointerMove: move,
      onPointerUp: () => {
        from.current = undefined;
      },
      onKeyDown: (event) => {
        if (event.key === "ArrowLeft") setWidth(clamp(width + STEP));
        if (event.key === "ArrowRight") setWidth(clamp(width - STEP));
      },
    },
  };
}
