// Where the canvas looks: at all of a small flow, at the beginning of a large one, and at what was just added. What
// a person acts on stays where it is on the screen.
import { getViewportForBounds, useReactFlow, useStore, useStoreApi } from "@xyflow/react";
import { useCallback, useEffect, useLayoutEffect, useRef } from "react";
import { boundsOf, isInside, meets, shiftIntoView, type Bounds, type Margins, type Viewport } from "../../shared/layout/view";
import type { Point } from "../../shared/layout/route";
import { NODE, type Chart, type ChartNode } from "./chart_model";

/** A flow that fits at `whole` is shown whole; a larger one opens at its beginning, in a size that is easily read. */
export const ZOOM = { least: 0.1, far: 0.3, whole: 0.45, legible: 0.6, most: 1.5, full: 1 };

/** The tools, and the palette with the map, lie over the canvas. */
const MARGINS: Margins = { top: 64, right: 32, bottom: 124, left: 32 };
const DURATION = 180;

export interface Camera {
  /** Shows the whole flow, however small. */
  fit: () => void;
  /** Moves as little as needed for an environment to be seen. */
  reveal: (environment: string) => void;
  /** Likewise for a point of the chart. */
  revealPoint: (point: Point) => void;
  /** Puts a point of the chart into the middle. */
  lookAt: (x: number, y: number) => void;
  /** Looks further to the right and down, by lengths of the chart. */
  moveBy: (x: number, y: number) => void;
  /** A person has moved the view: it is theirs until they fit it. */
  taken: () => void;
}

const pace = (): number => (window.matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : DURATION);
const boxOf = (node: ChartNode): Bounds => ({ ...node.at, width: node.width, height: NODE.height });
const padding = { top: `${MARGINS.top}px`, right: `${MARGINS.right}px`, bottom: `${MARGINS.bottom}px`, left: `${MARGINS.left}px` } as const;

/** Who stays where it is from one chart to the next: what the new ones come after, or the gone ones came after. */
function anchorOf(before: Chart, now: Chart): ChartNode | undefined {
  const [old, present] = [new Set(before.nodes.map((node) => node.id)), new Set(now.nodes.map((node) => node.id))];
  const border =
    now.edges.find((edge) => !old.has(edge.to) && old.has(edge.from)) ?? before.edges.find((edge) => !present.has(edge.to) && present.has(edge.from));
  const both = now.nodes.filter((node) => old.has(node.id));
  return both.find((node) => node.id === border?.from) ?? both[0];
}

/** `selected`: who stays in sight when the canvas becomes smaller. */
export function useCamera(chart: Chart, selected: string | undefined): Camera {
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const ready = useStore((state) => state.panZoom !== null) && width > 0;
  const { setViewport, getViewport } = useReactFlow();
  const store = useStoreApi();
  const shown = useRef<{ chart: Chart; width: number; height: number; top: number; screen: number } | undefined>(undefined);
  const isTaken = useRef(false);
  const { bounds } = chart;

  const go = useCallback((view: Viewport, duration = pace()): void => void setViewport(view, { duration }), [setViewport]);

  /** All of it; where that could not be read, its beginning. */
  const opening = useCallback((): Viewport => {
    const whole = getViewportForBounds(bounds, width, height, ZOOM.least, ZOOM.full, padding);
    const [first] = chart.nodes;
    if (whole.zoom >= ZOOM.whole || !first) return whole;
    const zoom = ZOOM.legible;
    return { x: MARGINS.left - bounds.x * zoom, y: height / 2 - (first.at.y + NODE.height / 2) * zoom, zoom };
  }, [bounds, chart, width, height]);

  const fit = useCallback(() => {
    isTaken.current = false;
    go(getViewportForBounds(bounds, width, height, ZOOM.least, ZOOM.full, padding));
  }, [bounds, width, height, go]);

  const revealBox = useCallback(
    (box: Bounds) => {
      const view = getViewport();
      const shift = shiftIntoView(box, view, { width, height }, MARGINS);
      if (shift.x !== 0 || shift.y !== 0) go({ ...view, x: view.x + shift.x, y: view.y + shift.y });
    },
    [width, height, getViewport, go],
  );
  const reveal = useCallback(
    (environment: string) => {
      const node = chart.nodes.find((one) => one.id === environment);
      if (node) revealBox(boxOf(node));
    },
    [chart, revealBox],
  );
  const revealPoint = useCallback((point: Point) => revealBox({ ...point, width: 0, height: 0 }), [revealBox]);

  // Before it is painted: nobody sees the chart at the place that it jumps from.
  useLayoutEffect(() => {
    if (!ready) return;
    const last = shown.current;
    const isSized = last?.width !== width || last.height !== height;
    const top = isSized ? (store.getState().domNode?.getBoundingClientRect().top ?? 0) : last.top;
    const screen = window.innerHeight;
    shown.current = { chart, width, height, top, screen };
    if (last === undefined || last.chart.nodes.length === 0) {
      if (chart.nodes.length > 0) go(opening(), 0);
      return;
    }
    if (isSized) {
      // A strip came or went above or below the canvas: what is drawn stays where it is on the screen.
      if (last.width === width && last.screen === screen) {
        const now = getViewport();
        if (last.top !== top) go({ ...now, y: now.y + last.top - top }, 0);
        return;
      }
      const now = getViewport();
      const next = isTaken.current ? now : opening();
      const node = chart.nodes.find((one) => one.id === selected);
      const seen = { x: -now.x / now.zoom, y: -now.y / now.zoom, width: last.width / now.zoom, height: last.height / now.zoom };
      const shift = node && meets(boxOf(node), seen) ? shiftIntoView(boxOf(node), next, { width, height }, MARGINS) : { x: 0, y: 0 };
      go({ ...next, x: next.x + shift.x, y: next.y + shift.y }, 0);
      return;
    }
    if (last.chart.layout === chart.layout) return;
    const anchor = anchorOf(last.chart, chart);
    const stood = last.chart.nodes.find((node) => node.id === anchor?.id);
    if (!anchor || !stood) return go(opening(), 0);
    const now = getViewport();
    const right = (node: ChartNode): number => node.at.x + node.width;
    const view = { ...now, x: now.x + (right(stood) - right(anchor)) * now.zoom, y: now.y + (stood.at.y - anchor.at.y) * now.zoom };
    go(view, 0);
    if (isInside(bounds, view, { width, height }, MARGINS)) return;
    const wide = opening();
    if (!isTaken.current && isInside(bounds, wide, { width, height }, { ...MARGINS, right: 0, left: 0, top: 0 })) return go(wide);
    const known = new Set(last.chart.nodes.map((node) => node.id));
    const added = chart.nodes.filter((node) => !known.has(node.id));
    if (added.length === 0) return;
    const shift = shiftIntoView(boundsOf(added.map(boxOf)), view, { width, height }, MARGINS);
    if (shift.x !== 0 || shift.y !== 0) go({ ...view, x: view.x + shift.x, y: view.y + shift.y });
  }, [ready, chart, selected, width, height, bounds, opening, store, getViewport, go]);

  const lookAt = useCallback(
    (x: number, y: number) => {
      isTaken.current = true;
      const { zoom } = getViewport();
      go({ x: width / 2 - x * zoom, y: height / 2 - y * zoom, zoom }, 0);
    },
    [width, height, getViewport, go],
  );
  const moveBy = useCallback(
    (x: number, y: number) => {
      isTaken.current = true;
      const view = getViewport();
      go({ ...view, x: view.x - x * view.zoom, y: view.y - y * view.zoom }, 0);
    },
    [getViewport, go],
  );
  const taken = useCallback(() => {
    isTaken.current = true;
  }, []);
  useEffect(() => () => void (shown.current = undefined), []);
  return { fit, reveal, revealPoint, lookAt, moveBy, taken };
}
