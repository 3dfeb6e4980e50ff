// The arrows by keys alone: onto one of an environment's, along them, and back; the focus never gets lost with one.
import { useEffect, useRef, type RefObject } from "react";
import { announce } from "../../site/dom";
import { useBuilder } from "../builder_context";
import { arrowOf, nextArrow, type Reached } from "./arrow_walk";
import type { Chart } from "./chart_model";
import type { Camera } from "./use_camera";
import type { PickedArrow } from "./use_picked_arrow";

const WORDS = { in: "No arrow leads to", out: "No arrow leads on from" };

/**
 * Does what a key means for arrows, and says whether it means anything. `at` is the environment that is selected, if
 * one is; `back` gives the focus to an environment.
 */
export function useArrowKeys(
  chart: Chart,
  canvas: RefObject<HTMLElement | null>,
  camera: Camera,
  { picked, cameFrom, pick }: PickedArrow,
  back: (environment: string) => void,
): (key: string, at: string | undefined) => boolean {
  const { releaseShown } = useBuilder();
  const wanted = useRef<string | undefined>(undefined);
  const held = useRef<{ id: string; ends: readonly string[] } | undefined>(undefined);
  useEffect(() => {
    const button = picked && canvas.current?.querySelector<HTMLElement>(`button[data-edge="${CSS.escape(picked.id)}"]`);
    if (picked && button) {
      if (wanted.current === picked.id) button.focus({ preventScroll: true });
      wanted.current = undefined;
      if (document.activeElement === button) held.current = { id: picked.id, ends: cameFrom === picked.from ? [picked.from, picked.to] : [picked.to, picked.from] };
      // While its menu is open, the menu has the focus; pressed by the mouse, the arrow never had it.
      else if (held.current?.id !== picked.id) held.current = document.activeElement?.closest(".popover") ? { id: picked.id, ends: [] } : undefined;
      return;
    }
    const last = held.current;
    held.current = undefined;
    if (!last || document.activeElement !== document.body || chart.edges.some((edge) => edge.id === last.id)) return;
    // It was removed, or something was inserted on it: the focus goes to where the keys came from, if that is still there.
    const end = last.ends.find((id) => chart.nodes.some((node) => node.id === id));
    if (end === undefined) canvas.current?.focus({ preventScroll: true });
    else back(end);
  });

  const go = ({ edge, from }: Reached): void => {
    wanted.current = edge.id;
    pick(edge, from);
    camera.revealPoint(edge.place);
  };
  return (key, at) => {
    if (releaseShown) return false;
    if (picked && key === "Escape") {
      pick(undefined);
      if (cameFrom !== undefined) back(cameFrom);
    } else if (picked && key.startsWith("Arrow")) {
      const next = nextArrow(chart, { edge: picked, from: cameFrom ?? picked.to }, key);
      if (next) go(next);
    } else if (at !== undefined && (key === "i" || key === "o")) {
      const side = key === "i" ? "in" : "out";
      const first = arrowOf(chart, at, side);
      if (first) go(first);
      else announce(`${WORDS[side]} ${at}`);
    } else return false;
    return true;
  };
}
