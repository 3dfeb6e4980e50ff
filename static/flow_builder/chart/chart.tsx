// The middle pane: the flow as a chart whose every gesture edits the text. Holds the view, nothing of the flow.
import "@xyflow/react/dist/base.css";
import { ReactFlow, ReactFlowProvider, useConnection, useReactFlow, useStore, type Connection, type FinalConnectionState } from "@xyflow/react";
import { useCallback, useEffect, useMemo, useRef, useState, type DragEvent, type JSX } from "react";
import { useEdgeDiffs } from "../alive/use_edge_diff";
import { Icon } from "../../shared/icon";
import { useBuilder } from "../builder_context";
import { refuseWhileShown } from "../live/refuse_while_shown";
import { cannotDependOn } from "../model/graph";
import { Arrows, useEdgeAt } from "./arrows";
import { ChartPopovers } from "./chart_popovers";
import type { Chart as ChartModel } from "./chart_model";
import { dropTarget } from "./drop_target";
import { EnvironmentNode } from "./environment_node";
import { ChartMenusContext, type DropTarget, type Menu } from "./menus";
import { Minimap } from "./minimap";
import { DRAG_TYPE, Palette } from "./palette";
import { Toolbar } from "./toolbar";
import { useBoxSelect } from "./use_box_select";
import { useCamera, ZOOM } from "./use_camera";
import { useChartKeys } from "./use_chart_keys";
import { useDrawnNodes } from "./use_drawn_nodes";
import { usePickedArrow } from "./use_picked_arrow";

const nodeTypes = { environment: EnvironmentNode };

interface Props {
  chart: ChartModel;
  /** The text cannot be read: what is shown is older. */
  stale: boolean;
  canUndo: boolean;
  canRedo: boolean;
  onUndo: () => void;
  onRedo: () => void;
  onLayOut: () => void;
  onOpenSettings: () => void;
}

export function Chart(props: Props): JSX.Element {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  );
}

function Canvas({ chart, stale, canUndo, canRedo, onUndo, onRedo, onLayOut, onOpenSettings }: Props): JSX.Element {
  const { perform, select, selected, chosen, choose, toggle, atCursor, flow, releaseShown } = useBuilder();
  const canvas = useRef<HTMLDivElement>(null);
  const { screenToFlowPosition } = useReactFlow();
  const [menu, setMenu] = useState<Menu | undefined>();
  // A menu that is open when a release comes is closed: back at editing, nobody asks for it any more.
  if (releaseShown && menu) setMenu(undefined);
  const open = useCallback((next: Menu) => (releaseShown ? void refuseWhileShown() : setMenu(next)), [releaseShown]);
  const from = useConnection((connection) => (connection.inProgress ? connection.fromNode.id : undefined));
  const dragged = useMemo(() => (from === undefined ? undefined : { from, refused: cannotDependOn(flow, from) }), [flow, from]);
  const [drop, setDrop] = useState<DropTarget | undefined>();
  const camera = useCamera(chart, selected);
  const isFar = useStore((state) => state.transform[2] < ZOOM.far);
  const nodes = useDrawnNodes(chart, chosen, atCursor);
  const { drawn, ...boxing } = useBoxSelect(chart, choose);
  const diffs = useEdgeDiffs(!releaseShown && menu === undefined && drop === undefined && drawn === undefined);
  const arrow = usePickedArrow(chart);
  const { onKeyDown, focused } = useChartKeys(chart, canvas, camera, arrow, open, onOpenSettings, releaseShown ? refuseWhileShown : diffs.toggle);

  const edgeAt = useEdgeAt(chart.edges);
  const targetOf = (event: DragEvent): DropTarget | undefined =>
    dropTarget(chart, screenToFlowPosition({ x: event.clientX, y: event.clientY }), edgeAt(event));
  const onDragOver = (event: DragEvent): void => {
    if (!event.dataTransfer.types.includes(DRAG_TYPE)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    const next = targetOf(event);
    setDrop((before) => (JSON.stringify(before) === JSON.stringify(next) ? before : next));
  };
  const onDrop = (event: DragEvent): void => {
    event.preventDefault();
    const name = event.dataTransfer.getData(DRAG_TYPE);
    const target = targetOf(event);
    setDrop(undefined);
    if (name === "") return;
    if (flow.trigger === "") perform({ kind: "trigger", environment: name });
    else if (target?.kind === "between") perform({ kind: "insert", from: target.from, to: target.to, environments: [name] });
    else if (target) perform({ kind: "add", after: target.environment, environments: [name] });
  };
  const onConnect = useCallback(({ source, target }: Connection): void => void perform({ kind: "depend", environment: target, on: source }), [perform]);

  /** Let go over nothing, it asks what to add, there; over a node, `onConnect` was told. */
  const onConnectEnd = useCallback((event: MouseEvent | TouchEvent, { fromNode }: FinalConnectionState): void => {
    const { clientX: left, clientY: top } = "changedTouches" in event ? (event.changedTouches[0] ?? { clientX: 0, clientY: 0 }) : event;
    const under = document.elementFromPoint(left, top);
    if (!fromNode || !under?.closest(".react-flow") || under.closest(".react-flow__node")) return;
    open({ kind: "add", after: fromNode.id, anchor: { left, top, right: left, bottom: top }, chosen: [] });
  }, [open]);

  // What the nodes read stays the same from letter to letter: hundreds of them are not drawn again for nothing.
  const newest = useRef({ select, toggle, focused, pick: arrow.pick });
  useEffect(() => {
    newest.current = { select, toggle, focused, pick: arrow.pick };
  });
  const menus = useMemo(
    () => ({
      menu, open, drop, dragged, releaseShown, isFar,
      select: (environment: string, add: boolean) => (add ? newest.current.toggle(environment) : newest.current.select(environment)),
      focused: (environment: string) => newest.current.focused(environment),
    }),
    [menu, open, drop, dragged, releaseShown, isFar],
  );
  const selectNothing = useCallback(() => {
    newest.current.select(undefined);
    newest.current.pick(undefined);
  }, []);
  const { taken } = camera;
  const onMove = useCallback((event: MouseEvent | TouchEvent | null) => event !== null && taken(), [taken]);
  const classes = ["canvas", "chart-canvas", stale && "is-stale-data", isFar && "is-far", releaseShown && "is-release"];

  return (
    <ChartMenusContext value={menus}>
      <div
        ref={canvas}
        // A press on what takes no focus brings it here, so that the chart's keys work where the mouse was.
        tabIndex={-1}
        className={classes.filter(Boolean).join(" ")}
        onKeyDown={onKeyDown}
        {...boxing}
        onDragOver={onDragOver}
        onDragLeave={(event) => {
          if (!event.currentTarget.contains(event.relatedTarget as globalThis.Node | null)) setDrop(undefined);
        }}
        onDragEnd={() => setDrop(undefined)}
        onDrop={onDrop}
      >
        <ReactFlow
          nodes={nodes}
          nodeTypes={nodeTypes}
          nodesDraggable={false}
          nodesFocusable={false}
          elementsSelectable={false}
          onlyRenderVisibleElements
          deleteKeyCode={null}
          disableKeyboardA11y
          connectOnClick={false}
          connectionDragThreshold={4}
          connectionRadius={0}
          zoomOnDoubleClick={false}
          selectionKeyCode={null}
          multiSelectionKeyCode={null}
          minZoom={ZOOM.least}
          maxZoom={ZOOM.most}
          proOptions={{ hideAttribution: true }}
          onConnect={onConnect}
          onConnectEnd={onConnectEnd}
          onPaneClick={selectNothing}
          onMove={onMove}
        >
          <Arrows nodes={chart.nodes} edges={chart.edges} picked={arrow.picked} onPick={arrow.pick}
            onHover={(edge, pointer) => (edge ? diffs.over(edge.id, edge.to, pointer) : diffs.leave())} />
        </ReactFlow>
        <Toolbar canUndo={canUndo} canRedo={canRedo} onUndo={onUndo} onRedo={onRedo} onFit={camera.fit} onLayOut={onLayOut} onMoved={taken} />
        {drop && <DropWords drop={drop} />}
        {drawn && <div className="drawn-box" style={{ left: drawn.x, top: drawn.y, width: drawn.width, height: drawn.height }} />}
        {chart.nodes.length === 0 && <NothingYet />}
        {!releaseShown && <Palette />}
        {chart.nodes.length > 0 && <Minimap chart={chart} camera={camera} />}
        <ChartPopovers chart={chart} menu={menu} setMenu={setMenu} />
      </div>
      {diffs.shown}
    </ChartMenusContext>
  );
}

function NothingYet(): JSX.Element {
  return (
    <div className="empty chart-empty">
      <Icon name="flows" className="art" />
      <h3>Start with a trigger environment</h3>
      <p>It is where a change is when its promotion begins. Press one below, drag it here, or choose it in the settings.</p>
    </div>
  );
}

function DropWords({ drop }: { drop: DropTarget }): JSX.Element {
  return (
    <div className="float drop-words" role="status">
      {drop.kind === "after" ? (
        <>
          Adds it after <b>{drop.environment}</b>
        </>
      ) : (
        <>
          Inserts it between <b>{drop.from}</b> and <b>{drop.to}</b>
        </>
      )}
    </div>
  );
}
