// The chart of the present flow, or of the one that a release runs, made on top of the one shown before; a person may have it laid out anew.
import { useCallback, useMemo, useState } from "react";
import type { DrawnFlow } from "../model/flow";
import { chartOf, type Chart } from "./chart_model";
import type { Around } from "./facts";

/** `around` must be stable while nothing in it changes. */
export function useChart(flow: DrawnFlow, around: Around): { chart: Chart; layOutAnew: () => void } {
  const [memory] = useState<{ chart: Chart | undefined }>(() => ({ chart: undefined }));
  const [turn, setTurn] = useState(0);
  const chart = useMemo(() => {
    void turn;
    memory.chart = chartOf(flow, around, memory.chart);
    return memory.chart;
  }, [flow, around, memory, turn]);
  const layOutAnew = useCallback(() => {
    memory.chart = undefined;
    setTurn((before) => before + 1);
  }, [memory]);
  return { chart, layOutAnew };
}
