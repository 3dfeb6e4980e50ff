// The canvas's view: shows the whole flow until a person moves it, and keeps the opened card in sight.
import { getViewportForBounds, useReactFlow, useStore, useStoreApi } from "@xyflow/react";
import { useCallback, useEffect, useRef } from "react";
import { isInside, shiftIntoView } from "../shared/layout/view";
import { CARD, type Graph } from "./graph_model";

export const ZOOM = { least: 0.2, most: 1.5, fit: 1 };
const PADDING = { top: "16px", bottom: "16px", x: "24px" } as const;
const PANEL = 440;
const DURATION = 180;

export interface View {
  fit: () => void;
  /** Moves the view as little as needed. */
  reveal: (environment: string) => void;
  /** A person has chosen where to look: nothing is fitted by itself from now on. */
  taken: () => void;
  /** Whether the first view is set; before, nothing is worth showing. */
  placed: boolean;
}

const pace = (): number => (window.matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : DURATION);

export function useView(graph: Graph, selected: string | undefined, covers: boolean): View {
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const ready = useStore((state) => state.panZoom !== null) && width > 0;
  const { setViewport, getViewport } = useReactFlow();
  const store = useStoreApi();
  const shown = useRef({ top: 0, width: 0, bounds: graph.bounds });
  const isTaken = useRef(false);
  const isPlaced = useRef(false);
  const { bounds } = graph;

  const fit = useCallback(() => {
    isTaken.current = false;
    const view = getViewportForBounds(bounds, width, height, ZOOM.least, ZOOM.fit, PADDING);
    void setViewport(view, { duration: isPlaced.current ? pace() : 0 });
    isPlaced.current = true;
  }, [bounds, width, height, setViewport]);

  const reveal = useCallback(
    (environment: string) => {
      const node = graph.nodes.find((one) => one.id === environment);
      if (!node) return;
      const view = getViewport();
      const room = { width: covers ? Math.max(CARD.width, width - PANEL) : width, height };
      const shift = shiftIntoView({ ...node.at, width: CARD.width, height: graph.height }, view, room);
      if (shift.x !== 0 || shift.y !== 0) void setViewport({ ...view, x: view.x + shift.x, y: view.y + shift.y }, { duration: pace() });
    },
    [graph, covers, width, height, getViewport, setViewport],
  );

  /** A strip came or went above the canvas: the cards stay where they are on the screen, if they still fit there. */
  const held = useCallback((): boolean => {
    const top = store.getState().domNode?.getBoundingClientRect().top ?? 0;
    const before = shown.current;
    shown.current = { top, width, bounds };
    if (before.top === top || before.width !== width || before.bounds !== bounds) return false;
    const view = getViewport();
    const next = { ...view, y: view.y + before.top - top };
    if (!isTaken.current && !isInside(bounds, next, { width, height })) return false;
    void setViewport(next);
    return true;
  }, [store, width, height, bounds, getViewport, setViewport]);

  useEffect(() => {
    if (!ready || held()) return;
    // An open panel takes room: the cards keep their size, and only move as far as the opened one needs.
    if (!isPlaced.current || (!isTaken.current && selected === undefined)) fit();
    if (selected !== undefined) reveal(selected);
  }, [ready, held, fit, reveal, selected]);

  const taken = useCallback(() => {
    isTaken.current = true;
  }, []);
  return { fit, reveal, taken, placed: ready };
}
