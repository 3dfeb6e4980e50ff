// The middle pane: the flow as a chart whose every gesture edits the text. Holds the view, nothing of the flow.
import "@xyflow/react/dist/base.css";
import { ReactFlow, ReactFlowProvider, useReactFlow, useStore, type Connection } from "@xyflow/react";
import { useCallback, useEffect, useMemo, useRef, useState, type DragEvent, type JSX, type KeyboardEvent } from "react";
import { anchorOf } from "../../shared/popover";
import { useBuilder } from "../builder_context";
import { Arrows } from "./arrows";
import { ChartPopovers } from "./chart_popovers";
import { neighbour, type Chart as ChartModel } from "./chart_model";
import { dropTarget } from "./drop_target";
import { EnvironmentNode } from "./environment_node";
import { ChartMenusContext, type DropTarget, type Menu } from "./menus";
import { Minimap } from "./minimap";
import { DRAG_TYPE, Palette } from "./palette";
import { Toolbar } from "./toolbar";
import { useCamera, ZOOM } from "./use_camera";
import { useDrawnNodes } from "./use_drawn_nodes";

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
  const { perform, select, selected, atCursor, askDelete, flow } = useBuilder();
  const canvas = useRef<HTMLDivElement>(null);
  const { screenToFlowPosition } = useReactFlow();
  const [menu, setMenu] = useState<Menu | undefined>();
  const [drop, setDrop] = useState<DropTarget | undefined>();
  const camera = useCamera(chart);
  const isFar = useStore((state) => state.transform[2] < ZOOM.legible / 2);
  const nodes = useDrawnNodes(chart, selected, atCursor);
  const wanted = useRef<string | undefined>(undefined);

  const elementOf = (id: string): HTMLElement | null => canvas.current?.querySelector<HTMLElement>(`[data-environment="${CSS.escape(id)}"]`) ?? null;
  const focusNode = (id: string): void => {
    select(id);
    camera.reveal(id);
    wanted.current = id;
    elementOf(id)?.focus({ preventScroll: true });
  };
  // A node out of sight is not there yet: it gets the focus as soon as it is.
  useEffect(() => {
    const id = wanted.current;
    if (id === undefined || id !== selected) return;
    const element = elementOf(id);
    if (!element) return;
    wanted.current = undefined;
    if (document.activeElement !== element) element.focus({ preventScroll: true });
  });
  const openAdd = (id: string): void => {
    const element = elementOf(id);
    if (element) setMenu({ kind: "add", after: id, anchor: anchorOf(element), chosen: [] });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const target = event.target as HTMLElement;
    if (event.ctrlKey || event.metaKey || event.altKey || target.closest("input, textarea, select")) return;
    if (event.key.toLowerCase() === "f") camera.fit();
    else if (event.key === "Escape" && selected !== undefined) select(undefined);
    else if (selected === undefined || !chart.nodes.some((node) => node.id === selected)) return;
    else if (event.key.startsWith("Arrow")) focusNode(neighbour(chart, selected, event.key) ?? selected);
    else if (event.key.toLowerCase() === "a") openAdd(selected);
    else if (event.key === "Delete" || event.key === "Backspace") askDelete(selected);
    else if (event.key === "Enter" && target.dataset["environment"] === selected) onOpenSettings();
    else return;
    event.preventDefault();
  };

  const targetOf = (event: DragEvent): DropTarget | undefined => {
    const edge = (event.target as Element).closest<SVGElement | HTMLElement>("[data-edge]")?.dataset["edge"];
    return dropTarget(chart, screenToFlowPosition({ x: event.clientX, y: event.clientY }), edge);
  };
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

  // What the nodes read stays the same from letter to letter: hundreds of them are not drawn again for nothing.
  const newestSelect = useRef(select);
  useEffect(() => {
    newestSelect.current = select;
  });
  const menus = useMemo(() => ({ menu, open: setMenu, drop, isFar, select: (environment: string) => newestSelect.current(environment) }), [menu, drop, isFar]);
  const selectNothing = useCallback(() => newestSelect.current(undefined), []);
  const { taken } = camera;
  const onMove = useCallback((event: MouseEvent | TouchEvent | null) => event !== null && taken(), [taken]);
  const classes = ["canvas", "chart-canvas", stale && "is-stale-data", isFar && "is-far"];

  return (
    <ChartMenusContext value={menus}>
      <div
        ref={canvas}
        className={classes.filter(Boolean).join(" ")}
        onKeyDown={onKeyDown}
        onDragOver={onDragOver}
        onDragLeave={(event) => {
          if (!event.currentTarget.contains(event.relatedTarget as globalThis.Node | null)) setDrop(undefined);
        }}
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
          connectionRadius={40}
          zoomOnDoubleClick={false}
          minZoom={ZOOM.least}
          maxZoom={ZOOM.most}
          proOptions={{ hideAttribution: true }}
          onConnect={onConnect}
          onPaneClick={selectNothing}
          onMove={onMove}
        >
          <Arrows nodes={chart.nodes} edges={chart.edges} />
        </ReactFlow>
        <Toolbar canUndo={canUndo} canRedo={canRedo} onUndo={onUndo} onRedo={onRedo} onFit={camera.fit} onLayOut={onLayOut} onMoved={taken} />
        {drop && <DropWords drop={drop} />}
        <Palette />
        {chart.nodes.length > 0 && <Minimap chart={chart} lookAt={camera.lookAt} />}
        <ChartPopovers menu={menu} setMenu={setMenu} />
      </div>
    </ChartMenusContext>
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
