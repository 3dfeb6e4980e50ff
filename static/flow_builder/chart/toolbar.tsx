// Zoom, fit, undo and redo over the chart.
import { useReactFlow, useViewport } from "@xyflow/react";
import type { JSX } from "react";
import { Icon } from "../../shared/icon";

export const FIT = { padding: 0.12, maxZoom: 1, duration: 180 };

interface Props {
  canUndo: boolean;
  canRedo: boolean;
  onUndo: () => void;
  onRedo: () => void;
  onFit: () => void;
}

export function Toolbar({ canUndo, canRedo, onUndo, onRedo, onFit }: Props): JSX.Element {
  const { zoomIn, zoomOut, zoomTo } = useReactFlow();
  const { zoom } = useViewport();
  return (
    <div className="row chart-tools">
      <div className="tools">
        <button type="button" aria-label="Zoom out" title="Zoom out" onClick={() => void zoomOut()}>
          <Icon name="minus" />
        </button>
        <button type="button" className="zoom" aria-label={`${Math.round(zoom * 100)}%, zoom to 100%`} title="Zoom to 100%" onClick={() => void zoomTo(1)}>
          {`${Math.round(zoom * 100)}%`}
        </button>
        <button type="button" aria-label="Zoom in" title="Zoom in" onClick={() => void zoomIn()}>
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
    </div>
  );
}
