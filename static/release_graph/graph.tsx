// The canvas: cards and arrows that pan and zoom together, walked with the arrow keys. Changes nothing of the release.
import "@xyflow/react/dist/base.css";
import { ReactFlow, ReactFlowProvider, useReactFlow, useViewport, ViewportPortal } from "@xyflow/react";
import { useMemo, type JSX, type KeyboardEvent } from "react";
import { Icon } from "../shared/icon";
import { clockText } from "../site/clocks";
import { Card, type CardNode } from "./card";
import { useGraph } from "./graph_context";
import { CARD, neighbour, type Graph as GraphModel } from "./graph_model";
import { useView, ZOOM, type View } from "./use_view";

const nodeTypes = { card: Card };

interface Props {
  graph: GraphModel;
  staleSince: Date | undefined;
  /** The panel lies over the canvas instead of beside it. */
  covered: boolean;
}

export function Graph(props: Props): JSX.Element {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  );
}

/** The button of an environment's card; focus returns there when its panel closes. */
export const cardButton = (environment: string): HTMLElement | null =>
  document.querySelector<HTMLElement>(`#release-graph button.open[data-environment="${CSS.escape(environment)}"]`);

function Canvas({ graph, staleSince, covered }: Props): JSX.Element {
  const { release, selected } = useGraph();
  const view = useView(graph, selected, covered);
  const nodes = useMemo<CardNode[]>(() => {
    const places = new Map(graph.nodes.map((node) => [node.id, node.at]));
    return release.environments.map((environment) => ({
      id: environment.name,
      type: "card",
      position: places.get(environment.name) ?? { x: 0, y: 0 },
      // Told, not measured: a node that waits to be measured again, as each new state of it did, is not seen until then.
      measured: { width: CARD.width, height: graph.height },
      data: { environment },
    }));
  }, [graph, release]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = (event.target as HTMLElement).dataset["environment"];
    if (event.key.toLowerCase() === "f") view.fit();
    else if (at !== undefined && event.key.startsWith("Arrow")) cardButton(neighbour(graph, at, event.key) ?? at)?.focus({ preventScroll: true });
    else return;
    event.preventDefault();
  };
  const classes = ["left canvas", view.placed ? "" : "is-unplaced", staleSince ? "is-stale-data" : ""];
  return (
    <section
      className={classes.filter(Boolean).join(" ")}
      aria-label="Flow"
      onKeyDown={onKeyDown}
      onFocus={(event) => {
        const at = (event.target as HTMLElement).dataset["environment"];
        if (at !== undefined && event.target.matches(":focus-visible")) view.reveal(at);
      }}
    >
      <ReactFlow
        nodes={nodes}
        nodeTypes={nodeTypes}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        deleteKeyCode={null}
        disableKeyboardA11y
        zoomOnDoubleClick={false}
        minZoom={ZOOM.least}
        maxZoom={ZOOM.most}
        proOptions={{ hideAttribution: true }}
        onMove={(event) => {
          // Without an event it is the view that moves itself; a press that moves nothing never comes here.
          if (event !== null) view.taken();
        }}
      >
        <ViewportPortal>
          <Arrows graph={graph} />
        </ViewportPortal>
      </ReactFlow>
      <Tools view={view} staleSince={staleSince} />
    </section>
  );
}

/** Arrows only show what depends on what: one drawing without behaviour. */
function Arrows({ graph }: { graph: GraphModel }): JSX.Element {
  return (
    <svg className="edges" width={1} height={1} aria-hidden="true">
      {graph.edges.map((edge) => (
        <path key={edge.id} d={edge.path} />
      ))}
      {graph.edges.map((edge) => (
        <path key={`tip ${edge.id}`} className="tipp" d={edge.tip} />
      ))}
    </svg>
  );
}

function Tools({ view, staleSince }: { view: View; staleSince: Date | undefined }): JSX.Element {
  const { zoomIn, zoomOut, zoomTo } = useReactFlow();
  const { zoom } = useViewport();
  const go = (move: () => Promise<boolean>) => (): void => {
    view.taken();
    void move();
  };
  return (
    <div className="row graph-tools">
      <div className="tools">
        <button type="button" aria-label="Zoom out" title="Zoom out" onClick={go(() => zoomOut())}>
          <Icon name="minus" />
        </button>
        <button type="button" className="zoom" aria-label={`${Math.round(zoom * 100)}%, zoom to 100%`} title="Zoom to 100%" onClick={go(() => zoomTo(1))}>
          {`${Math.round(zoom * 100)}%`}
        </button>
        <button type="button" aria-label="Zoom in" title="Zoom in" onClick={go(() => zoomIn())}>
          <Icon name="plus" />
        </button>
        <button type="button" aria-label="Fit" title="Fit (F)" onClick={view.fit}>
          <Icon name="fit" />
        </button>
      </div>
      {staleSince && (
        <span className="chip">
          <Icon name="offline" />
          As of {clockText(staleSince)}
        </span>
      )}
    </div>
  );
}
