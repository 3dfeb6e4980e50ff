// One environment on the chart: its tile and name, its dock of settings in front, the place to add or connect behind.
import { Handle, Position, type Node, type NodeProps } from "@xyflow/react";
import { memo, type JSX } from "react";
import { Icon } from "../../shared/icon";
import { anchorOf } from "../../shared/popover";
import { KindWord, Place } from "../../shared/place";
import { factsId, NodeFacts } from "../alive/node_facts";
import { useAliveHere } from "../alive/use_alive";
import { useNodeState } from "../live/live_provider";
import { NodeState, stateId } from "../live/node_state";
import { Dock } from "./dock";
import type { Facts } from "./facts";
import { FlawMark } from "./flaw_mark";
import { anchorOfStop, useChartMenus, type ChartMenus } from "./menus";
import { useKeptFocus } from "./use_kept_focus";

export type EnvironmentNodeType = Node<{ facts: Facts; selected: boolean; atCursor: boolean }, "environment">;

const flawId = (environment: string): string => `flaw-of-${environment}`;

/** Drawn again only when it says something else: where it stands is its frame's matter. */
export const EnvironmentNode = memo(Environment, (before, now) => before.data === now.data);

function Environment({ data: { facts: node, selected, atCursor } }: NodeProps<EnvironmentNodeType>): JSX.Element {
  const { drop, dragged, releaseShown, select, focused, open, isFar } = useChartMenus();
  const button = useKeptFocus(node.id);
  const state = useNodeState(node.id);
  const hasFacts = useAliveHere().product !== "";
  const described = [node.flaw && flawId(node.id), state ? stateId(node.id) : hasFacts && factsId(node.id)];
  const isTarget = drop?.kind === "after" && drop.environment === node.id;
  const classes = ["node", state && `is-live ${state.look.role}`, node.trigger && "trigger", selected && "is-selected", atCursor && "is-at-cursor", isTarget && "is-target"];
  return (
    <div className="stop">
      {/* While a dependency is dragged, the whole stop catches it, the trigger too: what cannot be is told, not ignored. */}
      <Handle type="target" position={Position.Left} className={catching(node.id, dragged)} isConnectableStart={false} />
      {!node.trigger && !isFar && <Dock node={node} state={state} />}
      <div className={classes.filter(Boolean).join(" ")}>
        {/* Lies over the node, beside the + and not around it: a control inside a control is lost to a screen reader. */}
        <button
          ref={button}
          className="open"
          type="button"
          data-environment={node.id}
          aria-pressed={selected}
          aria-label={`${node.id}${node.trigger ? ", trigger environment" : ""}`}
          aria-describedby={described.filter(Boolean).join(" ") || undefined}
          title={state?.sentence || node.id}
          onClick={(event) => select(node.id, event.shiftKey || event.ctrlKey || event.metaKey)}
          onFocus={(event) => event.target.matches(":focus-visible") && focused(node.id)}
          onContextMenu={(event) => {
            event.preventDefault();
            open({ kind: "node", environment: node.id, anchor: anchorOf(event.currentTarget), stop: anchorOfStop(event.currentTarget) });
          }}
        />
        {node.trigger && (
          <span className="flag">
            <Icon name="bolt" />
            Trigger
          </span>
        )}
        <Place kind={node.kind} size="lg" />
        <div className="words">
          <span className="name cut">{node.id}</span>
          <KindWord kind={node.kind} />
        </div>
        {node.flaw && <FlawMark flaw={node.flaw} id={flawId(node.id)} />}
        {!releaseShown && <AddHandle node={node} />}
      </div>
      {state ? <NodeState state={state} withStep={node.trigger} /> : <Below node={node} />}
    </div>
  );
}

function catching(environment: string, dragged: ChartMenus["dragged"]): string {
  if (!dragged) return "in";
  if (dragged.from === environment) return "in is-catching is-own";
  return dragged.refused.has(environment) ? "in is-catching is-refusing" : "in is-catching";
}

/** What is known of the environment while no release is shown. */
function Below({ node }: { node: Facts }): JSX.Element {
  return (
    <div className="below">
      <NodeFacts environment={node.id} />
      {node.postTrigger !== "" && (
        <div className="validate">
          <Icon name="post" />
          <span className="faint">Validate</span>
          <span className="mono cut">{node.postTrigger}</span>
        </div>
      )}
    </div>
  );
}

/** Pressed, it opens the list of environments to add; dragged to another node, it makes that one depend on this one. */
function AddHandle({ node }: { node: Facts }): JSX.Element {
  const { menu, open } = useChartMenus();
  const isOpen = menu?.kind === "add" && menu.after === node.id;
  return (
    <Handle type="source" position={Position.Right} className={isOpen ? "out is-open" : "out"}>
      <button
        className="add"
        type="button"
        tabIndex={-1}
        aria-label={`Add environments after ${node.id}`}
        title="Add environments after it, or drag to one that should depend on it"
        onClick={(event) => {
          event.stopPropagation();
          open({ kind: "add", after: node.id, anchor: anchorOf(event.currentTarget), chosen: [] });
        }}
      />
    </Handle>
  );
}
