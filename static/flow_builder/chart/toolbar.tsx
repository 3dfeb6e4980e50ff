// Zoom, fit, undo and redo over the chart.
import { useReactFlow, useViewport } from "@xyflow/react";
import type { JSX } from "react";
import { Icon } from "../../shared/icon";

interface Props {
  canUndo: boolean;
  canRedo: boolean;
  onUndo: () => void;
  onRedo: () => void;
  onFit: () => void;
  onLayOut: () => void;
  /** The view was zoomed. */
  onMoved: () => void;
}

export function Toolbar({ canUndo, canRedo, onUndo, onRedo, onFit, onLayOut, onMoved }: Props): JSX.Element {
  const { zoomIn, zoomOut, zoomTo } = useReactFlow();
  const { zoom } = useViewport();
  const go = (move: () => Promise<boolean>) => (): void => {
    onMoved();
    void move();
  };
  return (
    <div className="row chart-tools">
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
        <button type="button" aria-label="Fit" title="Fit (F)" onClick={onFit}>
          <Icon name="fit" />
        </button>
      </div>
      <div className="tools">
        <button type="button" aria-label="Undo" title="Undo (Ctrl Z)" disabled={!canUndo} onClick={onUndo}>
          <Icon name="undo" />
        </button>
        <button type="button" aria-label="Redo" title="Redo (Ctrl Shift Z)" disabled={!canRedo} onClick={onRedo}>
          <Icon name="redo" />
        </button>
      </div>
      <div className="tools">
        <button type="button" aria-label="Lay out anew" title="Lay out anew, in the order of the text" onClick={onLayOut}>
          <Icon name="flows" />
        </button>
      </div>
    </div>
  );
}
