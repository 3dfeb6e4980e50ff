// The arrows between the environments, as far as they are seen, each with the place to insert environments on it.
import { ViewportPortal } from "@xyflow/react";
import { memo, useMemo, useState, type JSX, type MouseEvent, type PointerEvent } from "react";
import { routeEdge } from "../../shared/layout/route";
import { meets } from "../../shared/layout/view";
import { anchorOf } from "../../shared/popover";
import { useIsMoving, useIsWorking } from "../live/live_provider";
import { NODE, type ChartEdge, type ChartNode } from "./chart_model";
import { useChartMenus } from "./menus";
import { useVisible } from "./use_visible";

const BACK = 17;

/** The arrow that this belongs to: its line, or its button. */
export const edgeUnder = (target: EventTarget): string | undefined => (target as Element).closest<SVGElement | HTMLElement>("[data-edge]")?.dataset["edge"];

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

export function Arrows({ nodes, edges }: { nodes: readonly ChartNode[]; edges: readonly ChartEdge[] }): JSX.Element {
  const { menu, drop, open } = useChartMenus();
  const [hovered, setHovered] = useState<string | undefined>();
  const { x, y, width, height } = useVisible();
  const seen = useMemo(() => edges.filter((edge) => meets(edge.box, { x, y, width, height })), [edges, x, y, width, height]);
  const isWorking = useIsWorking();
  const near = useMemo(() => nodes.filter((node) => meets({ ...node.at, width: node.width, height: NODE.height }, { x, y, width, height })), [nodes, x, y, width, height]);
  const isOpen = (edge: ChartEdge): boolean => menu?.kind === "insert" && menu.from === edge.from && menu.to === edge.to;
  const isTarget = (edge: ChartEdge): boolean => drop?.kind === "between" && drop.from === edge.from && drop.to === edge.to;
  const over = (event: PointerEvent): void => setHovered(edgeUnder(event.target));
  const insert = (event: MouseEvent): void => {
    const button = (event.target as Element).closest("button");
    const edge = edges.find((one) => one.id === edgeUnder(event.target));
    if (button && edge) open({ kind: "insert", from: edge.from, to: edge.to, anchor: anchorOf(button), chosen: [] });
  };
  return (
    <ViewportPortal>
      <div className="arrows" onPointerOver={over} onPointerLeave={() => setHovered(undefined)} onClick={insert}>
        <svg width={1} height={1} aria-hidden="true">
          {seen.map((edge) => (
            <Arrow key={edge.id} edge={edge} lit={hovered === edge.id || isTarget(edge)} />
          ))}
          <Tips nodes={near.filter((node) => !isWorking(node.id))} className="" />
          <Tips nodes={near.filter((node) => isWorking(node.id))} className="is-moving" />
        </svg>
        {seen.map((edge) => (
          <Between key={edge.id} edge={edge} shown={hovered === edge.id || isOpen(edge) || isTarget(edge)} />
        ))}
      </div>
    </ViewportPortal>
  );
}

const Arrow = memo(function Arrow({ edge, lit }: { edge: ChartEdge; lit: boolean }): JSX.Element {
  const path = routeEdge(edge.start, edge.end, edge.lanes);
  const moving = useIsMoving(edge.from, edge.to);
  return (
    <>
      <path className={["arrow", lit && "is-lit", moving && "is-moving"].filter(Boolean).join(" ")} d={path} />
      <path className="reach" d={path} data-edge={edge.id} />
    </>
  );
});

const Between = memo(function Between({ edge, shown }: { edge: ChartEdge; shown: boolean }): JSX.Element {
  const words = `Insert between ${edge.from} and ${edge.to}`;
  return (
    <button className={shown ? "add between is-shown" : "add between"} type="button" tabIndex={-1} data-edge={edge.id} aria-label={words} title={words}
      style={{ left: edge.end.x - BACK - 10, top: edge.end.y - 10 }} />
  );
});
