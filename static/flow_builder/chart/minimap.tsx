// The whole flow in small, with the part that the canvas shows; a press or a drag on it looks elsewhere.
import { useStore } from "@xyflow/react";
import { memo, useMemo, useRef, type JSX, type PointerEvent } from "react";
import { usePainted } from "../../shared/hooks";
import { sketchEdge } from "../../shared/layout/route";
import type { Bounds } from "../../shared/layout/view";
import { isProduction } from "../../shared/place";
import { NODE, type Chart, type ChartEdge, type ChartNode } from "./chart_model";
import type { Camera } from "./use_camera";

const BOX = { width: 132, height: 98 };
const MARGIN = 40;

const boxes = (nodes: readonly ChartNode[]): string =>
  nodes.map(({ at, width }) => `M${at.x + width - NODE.width} ${at.y}h${NODE.width}v${NODE.height}h-${NODE.width}z`).join("");

/** To the node itself: its dock is too small to be drawn. */
export const ways = (edges: readonly ChartEdge[]): string =>
  edges.map(({ start, end, lanes }) => sketchEdge(start, { x: end.x + NODE.dock + NODE.gap, y: end.y }, lanes)).join("");

/** `chart` is followed a frame later, so that the chart itself is painted first. */
export function Minimap({ chart: newest, camera }: { chart: Chart; camera: Pick<Camera, "lookAt" | "moveBy"> }): JSX.Element {
  const chart = usePainted(newest);
  const dragged = useRef<{ x: number; y: number } | undefined>(undefined);
  const { bounds } = chart;
  const scale = Math.max((bounds.width + 2 * MARGIN) / BOX.width, (bounds.height + 2 * MARGIN) / BOX.height, 8);
  const [width, height] = [BOX.width * scale, BOX.height * scale];
  const [x, y] = [bounds.x + bounds.width / 2 - width / 2, bounds.y + bounds.height / 2 - height / 2];
  const press = (event: PointerEvent<SVGSVGElement>): void => {
    if (event.buttons !== 1) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    dragged.current = { x: event.clientX, y: event.clientY };
    const box = event.currentTarget.getBoundingClientRect();
    camera.lookAt(x + (event.clientX - box.left) * scale, y + (event.clientY - box.top) * scale);
  };
  // By as much as the pointer moves: where a strip that comes meanwhile puts the map and the canvas' middle is no matter.
  const drag = (event: PointerEvent): void => {
    const from = dragged.current;
    if (!from || event.buttons !== 1) return;
    dragged.current = { x: event.clientX, y: event.clientY };
    camera.moveBy((event.clientX - from.x) * scale, (event.clientY - from.y) * scale);
  };
  return (
    <div className="float minimap">
      <svg viewBox={`${x} ${y} ${width} ${height}`} role="img" aria-label="Map of the flow"
        onPointerDown={press} onPointerMove={drag} onLostPointerCapture={() => void (dragged.current = undefined)}>
        <Ways edges={chart.edges} />
        <Boxes nodes={chart.nodes} />
        <Seen map={{ x, y, width, height }} stroke={1.5 * scale} />
      </svg>
    </div>
  );
}

/** Drawn again only where something stands elsewhere. */
const Ways = memo(function Ways({ edges }: { edges: readonly ChartEdge[] }): JSX.Element {
  return <path className="mini-ways" d={ways(edges)} />;
});

const Boxes = memo(function Boxes({ nodes }: { nodes: readonly ChartNode[] }): JSX.Element {
  const [production, others] = useMemo(() => {
    const isProd = (node: ChartNode): boolean => isProduction(node.facts.kind);
    return [boxes(nodes.filter(isProd)), boxes(nodes.filter((node) => !isProd(node)))];
  }, [nodes]);
  return (
    <>
      <path className="mini" d={others} />
      <path className="mini prod" d={production} />
    </>
  );
});

/** As much of the frame as lies on the map, so that it never loses a side. */
function Seen({ map, stroke }: { map: Bounds; stroke: number }): JSX.Element {
  const [x, y, zoom] = useStore((state) => state.transform);
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const [left, top] = [Math.max(map.x + stroke, -x / zoom), Math.max(map.y + stroke, -y / zoom)];
  const right = Math.min(map.x + map.width - stroke, (width - x) / zoom);
  const bottom = Math.min(map.y + map.height - stroke, (height - y) / zoom);
  return <rect className="seen" x={left} y={top} width={Math.max(0, right - left)} height={Math.max(0, bottom - top)} strokeWidth={stroke} />;
}
