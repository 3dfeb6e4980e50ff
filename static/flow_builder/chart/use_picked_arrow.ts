// Which arrow is selected, pressed by the mouse: it is taken away by key. Never while environments are selected.
import { useState } from "react";
import { useBuilder } from "../builder_context";
import type { Chart, ChartEdge } from "./chart_model";

export interface PickedArrow {
  picked: ChartEdge | undefined;
  pick: (edge: ChartEdge | undefined) => void;
}

export function usePickedArrow(chart: Chart): PickedArrow {
  const { chosen, select } = useBuilder();
  const [id, setId] = useState<string | undefined>();
  const picked = id === undefined || chosen.length > 0 ? undefined : chart.edges.find((edge) => edge.id === id);
  if (id !== undefined && !picked) setId(undefined);
  const pick = (edge: ChartEdge | undefined): void => {
    setId(edge?.id);
    if (edge) select(undefined);
  };
  return { picked, pick };
}
