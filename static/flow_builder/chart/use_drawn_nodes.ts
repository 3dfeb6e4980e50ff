// The chart's nodes as the canvas wants them: the same object while a node says and stands the same.
import { Position } from "@xyflow/react";
import { useMemo, useState } from "react";
import { NODE, type Chart, type ChartNode } from "./chart_model";
import type { EnvironmentNodeType } from "./environment_node";

const REACH = 26;

interface Drawn {
  node: ChartNode;
  mark: string;
  made: EnvironmentNodeType;
}

/** With its size and handles told, nothing has to be measured on the page. */
function drawn({ id, at, width, facts }: ChartNode, selected: boolean, atCursor: boolean): EnvironmentNodeType {
  const { height } = NODE;
  return {
    id, type: "environment", position: at, data: { facts, selected, atCursor }, width, height, measured: { width, height },
    // Without an id, but told so: else none of them is known again as the one that a dependency is dragged to.
    handles: [
      { id: null, type: "target", position: Position.Left, x: 0, y: 0, width, height },
      { id: null, type: "source", position: Position.Right, x: width - REACH / 2, y: (height - REACH) / 2, width: REACH, height: REACH },
    ],
  };
}

export function useDrawnNodes(chart: Chart, chosen: readonly string[], atCursor: string | undefined): EnvironmentNodeType[] {
  const [known] = useState(() => new Map<string, Drawn>());
  return useMemo(
    () =>
      chart.nodes.map((node) => {
        const selected = chosen.includes(node.id);
        const mark = `${selected} ${node.id === atCursor}`;
        const before = known.get(node.id);
        if (before?.node === node && before.mark === mark) return before.made;
        const next = drawn(node, selected, node.id === atCursor);
        const isSameWords = before?.node.facts === node.facts && before.mark === mark;
        const made = isSameWords ? { ...next, data: before.made.data } : next;
        known.set(node.id, { node, mark, made });
        return made;
      }),
    [chart, chosen, atCursor, known],
  );
}
