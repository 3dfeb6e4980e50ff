// The arrows between the environments, as far as they are seen, each with the place to insert environments on it.
import { useReactFlow, ViewportPortal } from "@xyflow/react";
import { memo, useCallback, useMemo, useRef, useState, type JSX, type MouseEvent, type PointerEvent } from "react";
import { routeEdge } from "../../shared/layout/route";
import { meets } from "../../shared/layout/view";
import { anchorOf } from "../../shared/popover";
import { announce } from "../../site/dom";
import { useIsMoving, useIsWorking } from "../live/live_provider";
import { NODE, type ChartEdge, type ChartNode } from "./chart_model";
import { useChartMenus } from "./menus";
import { useVisible } from "./use_visible";

/** What the mouse does somewhere: moves, presses, drags. */
type At = Pick<globalThis.MouseEvent, "clientX" | "clientY"> & { target: EventTarget };

const edgeOf = (element: Element): string | undefined => (element as SVGElement | HTMLElement).dataset["edge"];

/** Tells which arrow is meant: where several share a line, the one whose own place is nearest. */
export function useEdgeAt(edges: readonly ChartEdge[]): (event: At) => ChartEdge | undefined {
  const { screenToFlowPosition } = useReactFlow();
  return useCallback(
    ({ target, clientX, clientY }) => {
      const hit = (target as Element).closest("[data-edge]");
      if (!hit) return undefined;
      const met = hit.matches("path") ? document.elementsFromPoint(clientX, clientY).filter((one) => one.matches("path[data-edge]")) : [hit];
      const ids = new Set(met.map(edgeOf));
      const { x, y } = screenToFlowPosition({ x: clientX, y: clientY });
      const far = ({ place }: ChartEdge): number => Math.hypot(place.x - x, place.y - y);
      const found = edges.filter((edge) => ids.has(edge.id));
      return found.reduce<ChartEdge | undefined>((best, edge) => (best && far(best) <= far(edge) ? best : edge), undefined);
    },
    [edges, screenToFlowPosition],
  );
}

/** From each dock to its node, all in one line and one row of tips. */
function Tips({ nodes, className }: { nodes: readonly ChartNode[]; className: string }): JSX.Element {
  const at = nodes.filter((node) => !node.facts.trigger).map((node) => ({ x: node.at.x + NODE.dock, y: node.at.y + NODE.height / 2 }));
  return (
    <>
      <path className={`arrow ${className}`} d={at.map(({ x, y }) => `M${x} ${y}h12`).join("")} />
      <path className={`tipp ${className}`} d={at.map(({ x, y }) => `M${x + 9} ${y - 4.5}l8 4.5-8 4.5z`).join("")} />
    </>
  );
}

interface Props {
  nodes: readonly ChartNode[];
  edges: readonly ChartEdge[];
  picked: ChartEdge | undefined;
  onPick: (edge: ChartEdge) => void;
  /** The pointer came onto another arrow, or left them. */
  onHover: (edge: ChartEdge | undefined, pointer: PointerEvent) => void;
}

export function Arrows({ nodes, edges, picked, onPick, onHover }: Props): JSX.Element {
  const { menu, drop, releaseShown, open } = useChartMenus();
  const [hovered, setHovered] = useState<string | undefined>();
  const { x, y, width, height } = useVisible();
  // The selected one may have the focus, which it would lose where it goes out of sight.
  const pickedId = picked?.id;
  const seen = useMemo(() => edges.filter((edge) => edge.id === pickedId || meets(edge.box, { x, y, width, height })), [edges, pickedId, x, y, width, height]);
  const isWorking = useIsWorking();
  const near = useMemo(() => nodes.filter((node) => meets({ ...node.at, width: node.width, height: NODE.height }, { x, y, width, height })), [nodes, x, y, width, height]);
  const isOpen = (edge: ChartEdge): boolean => menu?.kind === "insert" && menu.from === edge.from && menu.to === edge.to;
  const isTarget = (edge: ChartEdge): boolean => drop?.kind === "between" && drop.from === edge.from && drop.to === edge.to;
  const edgeAt = useEdgeAt(seen);
  const last = useRef<string | undefined>(undefined);
  const hover = (edge: ChartEdge | undefined, event: PointerEvent): void => {
    if (last.current === edge?.id) return;
    last.current = edge?.id;
    setHovered(edge?.id);
    onHover(edge, event);
  };
  const isPointed = (edge: ChartEdge): boolean => hovered === edge.id || isTarget(edge);
  const press = (event: MouseEvent): void => {
    const button = (event.target as Element).closest("button");
    const edge = edgeAt(event);
    if (!edge || releaseShown) return;
    // By its + too, which covers a short arrow nearly whole: once the menu is closed again, the keys are for the arrow.
    onPick(edge);
    if (!button) announce(`Arrow from ${edge.from} to ${edge.to} selected. Delete removes the dependency`);
    else open({ kind: "insert", from: edge.from, to: edge.to, anchor: anchorOf(button), chosen: [] });
  };
  return (
    <ViewportPortal>
      <div className="arrows" onPointerMove={(event) => hover(edgeAt(event), event)} onPointerLeave={(event) => hover(undefined, event)} onClick={press}>
        <svg width={1} height={1} aria-hidden="true">
          {seen.map((edge) => (
            <Arrow key={edge.id} edge={edge} />
          ))}
          {/* Over the others, for lines are shared. */}
          {seen.filter((edge) => isPointed(edge) || edge.id === pickedId).map((edge) => (
            <path key={edge.id} className={edge.id === pickedId ? "arrow is-lit is-picked" : "arrow is-lit"} d={wayOf(edge)} />
          ))}
          <Tips nodes={near.filter((node) => !isWorking(node.id))} className="" />
          <Tips nodes={near.filter((node) => isWorking(node.id))} className="is-moving" />
        </svg>
        {!releaseShown && seen.map((edge) => (
          <Between key={edge.id} edge={edge} shown={isPointed(edge) || isOpen(edge)} />
        ))}
      </div>
    </ViewportPortal>
  );
}

const wayOf = ({ start, end, lanes }: ChartEdge): string => routeEdge(start, end, lanes);

const Arrow = memo(function Arrow({ edge }: { edge: ChartEdge }): JSX.Element {
  const path = wayOf(edge);
  const moving = useIsMoving(edge.from, edge.to);
  return (
    <>
      <path className={moving ? "arrow is-moving" : "arrow"} d={path} />
      {/* Behind the dock, too: in front of it the two + leave little of a short one. */}
      <path className="reach" d={`${path}M${edge.end.x + NODE.dock} ${edge.end.y}h${NODE.gap}`} data-edge={edge.id} />
    </>
  );
});

/** The arrow to a screen reader and to the keys, too: pressed, it offers what can be inserted on it. */
const Between = memo(function Between({ edge, shown }: { edge: ChartEdge; shown: boolean }): JSX.Element {
  return (
    <button className={shown ? "add between is-shown" : "add between"} type="button" tabIndex={-1} data-edge={edge.id} aria-haspopup="dialog" aria-keyshortcuts="Delete"
      aria-label={`Arrow from ${edge.from} to ${edge.to}`} title={`Insert between ${edge.from} and ${edge.to}`}
      style={{ left: edge.place.x - 10, top: edge.place.y - 10 }} />
  );
});
