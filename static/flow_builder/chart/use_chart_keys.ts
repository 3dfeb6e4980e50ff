// The chart by keys alone: going from node to node, selecting, adding, reordering, deleting.
import { useEffect, type KeyboardEvent, type RefObject } from "react";
import { anchorOf } from "../../shared/popover";
import { useBuilder } from "../builder_context";
import { neighbour, type Chart } from "./chart_model";
import { anchorOfStop, type Menu } from "./menus";
import { useArrowKeys } from "./use_arrow_keys";
import type { Camera } from "./use_camera";
import { giveFocus, isGiven, oweFocus, oweOnly } from "./use_kept_focus";
import type { PickedArrow } from "./use_picked_arrow";

interface ChartKeys {
  onKeyDown: (event: KeyboardEvent) => void;
  /** The keys arrived at an environment. */
  focused: (environment: string) => void;
}

export function useChartKeys(
  chart: Chart,
  canvas: RefObject<HTMLElement | null>,
  camera: Camera,
  arrow: PickedArrow,
  open: (menu: Menu) => void,
  onOpenSettings: () => void,
  onDiff: (environment: string, node: Element | null) => void,
): ChartKeys {
  const { flow, select, selected, chosen, choose, askDelete, perform } = useBuilder();
  const elementOf = (id: string): HTMLElement | null => canvas.current?.querySelector<HTMLElement>(`[data-environment="${CSS.escape(id)}"]`) ?? null;
  const focus = (id: string): void => {
    camera.reveal(id);
    const element = elementOf(id);
    if (element) giveFocus(id, element);
    else oweFocus(id);
  };
  useEffect(() => oweOnly(chosen), [chosen]);
  const onArrowKey = useArrowKeys(chart, canvas, camera, arrow, (id) => {
    select(id);
    focus(id);
  });
  const focused = (id: string): void => {
    // Sent there by an arrow key, which has selected already, or given back where it came into sight, or by a dialog about several.
    if (!isGiven(id) && !chosen.includes(id)) select(id);
  };

  const go = (from: string, event: KeyboardEvent): void => {
    const next = neighbour(chart, from, event.key) ?? from;
    if (event.shiftKey) choose([...chosen.filter((one) => one !== next), next]);
    else select(next);
    focus(next);
  };
  const reorder = (environment: string, by: number): void => {
    const step = flow.steps.find((one) => one.environment === environment);
    if (step) perform({ kind: "reorder", environment, to: step.index + by });
  };
  const menuAt = (id: string, make: (anchor: Menu["anchor"], stop: Menu["anchor"]) => Menu): void => {
    const element = elementOf(id);
    if (element) open(make(anchorOf(element), anchorOfStop(element)));
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const target = event.target as HTMLElement;
    if (target.closest("input, textarea, select")) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const deletes = (key === "Delete" || key === "Backspace") && !target.closest(".float, .tools");
    const at = selected !== undefined && chart.nodes.some((node) => node.id === selected) ? selected : undefined;
    if ((event.ctrlKey || event.metaKey) && key === "a") choose(chart.nodes.map((node) => node.id));
    else if (event.ctrlKey || event.metaKey) return;
    else if (event.altKey && at !== undefined && (key === "ArrowUp" || key === "ArrowDown")) reorder(at, key === "ArrowUp" ? -1 : 1);
    else if (event.altKey) return;
    else if (key === "f") camera.fit();
    else if (onArrowKey(key, at)) event.preventDefault();
    else if (key === "Escape" && selected !== undefined) select(undefined);
    else if (deletes && arrow.picked) perform({ kind: "undepend", environment: arrow.picked.to, on: arrow.picked.from });
    else if (at === undefined) return;
    else if (key.startsWith("Arrow")) go(at, event);
    else if (key === "a") menuAt(at, (anchor) => ({ kind: "add", after: at, anchor, chosen: [] }));
    else if (key === "b" && at !== flow.trigger) menuAt(at, (_anchor, stop) => ({ kind: "arrows", to: at, anchor: stop }));
    else if (key === "d") onDiff(at, elementOf(at));
    else if (deletes) askDelete(chosen);
    else if (key === "Enter" && (target.dataset["environment"] === at || target === canvas.current)) onOpenSettings();
    else return;
    event.preventDefault();
  };
  return { onKeyDown, focused };
}
