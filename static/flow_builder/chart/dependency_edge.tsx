// One arrow of the chart, with the place to insert environments between its ends.
import { BaseEdge, EdgeLabelRenderer, type Edge, type EdgeProps } from "@xyflow/react";
import type { JSX } from "react";
import { Icon } from "../../shared/icon";
import { anchorOf } from "../../shared/popover";
import type { ChartEdge } from "./chart_model";
import { useChartMenus } from "./menus";

export type DependencyEdgeType = Edge<{ edge: ChartEdge; hovered: boolean }, "dependency">;

const BACK = 17;
const REACH = 26;

export function DependencyEdge({ id, data }: EdgeProps<DependencyEdgeType>): JSX.Element | null {
  const { menu, open, drop } = useChartMenus();
  if (!data) return null;
  const { edge, hovered } = data;
  const isOpen = menu?.kind === "insert" && menu.from === edge.from && menu.to === edge.to;
  const isTarget = drop?.kind === "between" && drop.from === edge.from && drop.to === edge.to;
  const shown = isOpen || isTarget || hovered;
  return (
    <>
      <BaseEdge id={id} path={edge.path} interactionWidth={REACH} className={isTarget ? "arrow is-target" : "arrow"} />
      <EdgeLabelRenderer>
        <button
          className={shown ? "add between is-shown" : "add between"}
          type="button"
          tabIndex={-1}
          data-edge={edge.id}
          style={{ transform: `translate(-50%, -50%) translate(${edge.end.x - BACK}px, ${edge.end.y}px)` }}
          aria-label={`Insert between ${edge.from} and ${edge.to}`}
          title={`Insert between ${edge.from} and ${edge.to}`}
          onClick={(event) => open({ kind: "insert", from: edge.from, to: edge.to, anchor: anchorOf(event.currentTarget), chosen: [] })}
        >
          <Icon name="plus" />
        </button>
      </EdgeLabelRenderer>
    </>
  );
}
