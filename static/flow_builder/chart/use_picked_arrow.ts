// Which arrow is selected, by the mouse or by key: it is removed by key. Never while environments are selected, or a release is shown.
import { useState } from "react";
import { useBuilder } from "../builder_context";
import type { Chart, ChartEdge } from "./chart_model";

export interface PickedArrow {
  picked: ChartEdge | undefined;
  /** The environment that the keys came from to it; undefined where it was pressed. */
  cameFrom: string | undefined;
  pick: (edge: ChartEdge | undefined, cameFrom?: string) => void;
}

export function usePickedArrow(chart: Chart): PickedArrow {
  const { chosen, select, releaseShown } = useBuilder();
  const [at, setAt] = useState<{ id: string; cameFrom: string | undefined } | undefined>();
  const picked = at === undefined || releaseShown || chosen.length > 0 ? undefined : chart.edges.find((edge) => edge.id === at.id);
  if (at !== undefined && !picked) setAt(undefined);
  const pick = (edge: ChartEdge | undefined, cameFrom?: string): void => {
    // Pressed by Enter, it is still the one that the keys came to.
    if (releaseShown || (edge && edge.id === picked?.id && cameFrom === undefined)) return;
    setAt(edge && { id: edge.id, cameFrom });
    if (edge) select(undefined);
  };
  return { picked, cameFrom: picked && at?.cameFrom, pick };
}
