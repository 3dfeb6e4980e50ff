// The middle pane: the flow as a chart whose every gesture edits the text. Holds the view, nothing of the flow.
import "@xyflow/react/dist/base.css";
import { MiniMap, ReactFlow, ReactFlowProvider, useReactFlow, type Connection } from "@xyflow/react";
import { useCallback, useEffect, useMemo, useRef, useState, type DragEvent, type JSX, type KeyboardEvent } from "react";
import { anchorOf } from "../../shared/popover";
import { isProduction } from "../../shared/place";
import { useBuilder } from "../builder_context";
import { ChartPopovers } from "./chart_popovers";
import { neighbour, NODE, type Chart as ChartModel, type ChartNode } from "./chart_model";
import { DependencyEdge, type DependencyEdgeType } from "./dependency_edge";
import { dropTarget } from "./drop_target";
import { EnvironmentNode, type EnvironmentNodeType } from "./environment_node";
import { ChartMenusContext, type DropTarget, type Menu } from "./menus";
import { DRAG_TYPE, Palette } from "./palette";
import { FIT, Toolbar } from "./toolbar";

const nodeTypes = { environment: EnvironmentNode };
const edgeTypes = { dependency: DependencyEdge };

interface Props {
  chart: ChartModel;
  /** The text cannot be read: what is shown is older. */
  stale: boolean;
  canUndo: boolean;
  canRedo: boolean;
  onUndo: () => void;
  onRedo: () => void;
  onOpenSettings: () => void;
}

export function Chart(props: Props): JSX.Element {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  );
}

function Canvas({ chart, stale, canUndo, canRedo, onUndo, onRedo, onOpenSettings }: Props): JSX.Element {
  const { perform, select, selected, atCursor, askDelete, flow } = useBuilder();
  const canvas = useRef<HTMLDivElement>(null);
  const { fitView, screenToFlowPosition } = useReactFlow();
  const [menu, setMenu] = useState<Menu | undefined>();
  const [drop, setDrop] = useState<DropTarget | undefined>();
  const [hovered, setHovered] = useState<string | undefined>();
  const fit = useCallback(() => void fitView(FIT), [fitView]);
  useFitOnGrowth(chart, canvas, fit);

  const [known] = useState(() => ({ nodes: new Map<string, { said: string; made: EnvironmentNodeType }>(), edges: new Map<string, { said: string; made: DependencyEdgeType }>() }));
  const base = useMemo(() => drawnNodes(chart, known.nodes), [chart, known]);
  const nodes = useMemo(
    () => base.map((one) => (one.id === selected || one.id === atCursor ? { ...one, data: { ...one.data, selected: one.id === selected, atCursor: one.id === atCursor } } : one)),
    [base, selected, atCursor],
  );
  const edges = useMemo<DependencyEdgeType[]>(
    () => chart.edges.map((edge) => {
      const said = JSON.stringify([edge, hovered === edge.id]);
      const before = known.edges.get(edge.id);
      if (before?.said === said) return before.made;
      const made: DependencyEdgeType = { id: edge.id, type: "dependency", source: edge.from, target: edge.to, data: { edge, hovered: hovered === edge.id } };
      known.edges.set(edge.id, { said, made });
      return made;
    }),
    [chart, hovered, known],
  );

  const focusNode = (id: string): void => {
    select(id);
    canvas.current?.querySelector<HTMLElement>(`[data-environment="${CSS.escape(id)}"]`)?.focus({ preventScroll: true });
  };
  const openAdd = (id: string): void => {
    const element = canvas.current?.querySelector(`[data-environment="${CSS.escape(id)}"]`);
    if (element) setMenu({ kind: "add", after: id, anchor: anchorOf(element), chosen: [] });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const target = event.target as HTMLElement;
    if (event.ctrlKey || event.metaKey || event.altKey || target.closest("input, textarea, select")) return;
    if (event.key.toLowerCase() === "f") fit();
    else if (event.key === "Escape") select(undefined);
    else if (selected === undefined || !chart.nodes.some((node) => node.id === selected)) return;
    else if (event.key.startsWith("Arrow")) focusNode(neighbour(chart, selected, event.key) ?? selected);
    else if (event.key.toLowerCase() === "a") openAdd(selected);
    else if (event.key === "Delete" || event.key === "Backspace") askDelete(selected);
    else if (event.key === "Enter" && target.dataset["environment"] === selected) onOpenSettings();
    else return;
    event.preventDefault();
  };

  const targetOf = (event: DragEvent): DropTarget | undefined => {
    const over = event.target as Element;
    const edge = over.closest(".react-flow__edge")?.getAttribute("data-id") ?? over.closest("[data-edge]")?.getAttribute("data-edge");
    return dropTarget(chart, screenToFlowPosition({ x: event.clientX, y: event.clientY }), edge ?? undefined);
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
  const onConnect = ({ source, target }: Connection): void => {
    perform({ kind: "depend", environment: target, on: source });
  };

  // What the nodes read stays the same from letter to letter: hundreds of them are not drawn again for nothing.
  const newestSelect = useRef(select);
  useEffect(() => {
    newestSelect.current = select;
  });
  const menus = useMemo(() => ({ menu, open: setMenu, drop, select: (environment: string) => newestSelect.current(environment) }), [menu, drop]);

  return (
    <ChartMenusContext value={menus}>
      <div
        ref={canvas}
        className={stale ? "canvas chart-canvas is-stale-data" : "canvas chart-canvas"}
        onKeyDown={onKeyDown}
        onDragOver={onDragOver}
        onDragLeave={(event) => {
          if (!event.currentTarget.contains(event.relatedTarget as globalThis.Node | null)) setDrop(undefined);
        }}
        onDrop={onDrop}
      >
        <ReactFlow
          nodes={nodes}
          edges={edges}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          nodesDraggable={false}
          nodesFocusable={false}
          edgesFocusable={false}
          elementsSelectable={false}
          deleteKeyCode={null}
          disableKeyboardA11y
          connectOnClick={false}
          connectionDragThreshold={4}
          connectionRadius={40}
          zoomOnDoubleClick={false}
          minZoom={0.2}
          maxZoom={1.5}
          fitView
          fitViewOptions={FIT}
          proOptions={{ hideAttribution: true }}
          onConnect={onConnect}
          onPaneClick={() => select(undefined)}
          onEdgeMouseEnter={(_event, edge) => setHovered(edge.id)}
          onEdgeMouseLeave={() => setHovered(undefined)}
        >
          {chart.nodes.length > 0 && (
            <MiniMap<EnvironmentNodeType>
              className="float minimap"
              ariaLabel="Minimap"
              pannable
              zoomable
              nodeBorderRadius={8}
              nodeComponent={MinimapNode}
              nodeClassName={(node) => (isProduction(node.data.node.kind) ? "prod" : "")}
            />
          )}
        </ReactFlow>
        <Toolbar canUndo={canUndo} canRedo={canRedo} onUndo={onUndo} onRedo={onRedo} onFit={fit} />
        {drop && <DropWords drop={drop} />}
        <Palette />
        <ChartPopovers menu={menu} setMenu={setMenu} />
      </div>
    </ChartMenusContext>
  );
}

/** The node alone, without the dock in front of it, which is part of its box. */
function MinimapNode(props: { x: number; y: number; width: number; height: number; className: string }): JSX.Element {
  const width = Math.min(props.width, NODE.width);
  return <rect className={`mini ${props.className}`} x={props.x + props.width - width} y={props.y} width={width} height={props.height} rx={8} />;
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

/** A node that says the same as before stays the same object, so that only what changed is drawn again. */
function drawnNodes(chart: ChartModel, known: Map<string, { said: string; made: EnvironmentNodeType }>): EnvironmentNodeType[] {
  return chart.nodes.map((node) => {
    const said = JSON.stringify({ ...node, step: undefined });
    const before = known.get(node.id);
    if (before?.said === said) return before.made;
    const made: EnvironmentNodeType = {
      id: node.id, type: "environment", position: node.at, data: { node, selected: false, atCursor: false }, width: node.width, height: NODE.height,
      measured: { width: node.width, height: NODE.height },
      // Without this, nodes that cannot be dragged or selected let every press through to the canvas.
      style: { pointerEvents: "all" },
    };
    known.set(node.id, { said, made });
    return made;
  });
}

const bounds = (nodes: readonly ChartNode[]): string => nodes.map((node) => node.id).sort().join(" ");

/** Brings new environments into view and follows the pane's width; the view stays where it is for any other change. */
function useFitOnGrowth(chart: ChartModel, canvas: { current: HTMLDivElement | null }, fit: () => void): void {
  const known = bounds(chart.nodes);
  useEffect(() => {
    const timer = window.setTimeout(fit, 30);
    return () => window.clearTimeout(timer);
  }, [known, fit]);
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    let timer = 0;
    const observer = new ResizeObserver(() => {
      window.clearTimeout(timer);
      timer = window.setTimeout(fit, 120);
    });
    observer.observe(element);
    return () => {
      window.clearTimeout(timer);
      observer.disconnect();
    };
  }, [canvas, fit]);
}
