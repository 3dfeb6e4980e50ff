// When the diff of an arrow is shown: the pointer rests on the arrow, or D is pressed on a node. Holds no diff itself.
import { useCallback, useEffect, useMemo, useRef, useState, type JSX } from "react";
import { announce } from "../../site/dom";
import { around, type Box } from "./beside";
import { EdgeDiff, spokenChange } from "./edge_diff";
import { HoverIntent } from "./hover_intent";
import { useAliveHere } from "./use_alive";

interface Shown {
  /** The arrow that the pointer rests on, or the environment where it was asked for by key. */
  key: string;
  environment: string;
  place: Box;
}

export interface EdgeDiffs {
  /** What floats, or nothing. */
  shown: JSX.Element | null;
  /** The pointer came onto the arrow `edge`, which leads to the environment. */
  over: (edge: string, environment: string, pointer: { clientX: number; clientY: number }) => void;
  leave: () => void;
  /** Shows or hides, by key, what the environment of this node would get. */
  toggle: (environment: string, node: Element | null | undefined) => void;
  /** Whether there was something to close. */
  close: () => boolean;
}

const POINTER = 14;
const MARGIN = 4;

/** `enabled` is false while something else is open over the chart. */
export function useEdgeDiffs(enabled: boolean): EdgeDiffs {
  const alive = useAliveHere();
  const [what, setWhat] = useState<Shown | undefined>();
  const [intent] = useState(() => new HoverIntent<Shown>(setWhat));
  const now = useRef({ alive, what, enabled });
  useEffect(() => {
    now.current = { alive, what, enabled };
  });
  useEffect(() => {
    if (!enabled) intent.close();
  }, [enabled, intent]);
  useEffect(() => () => void intent.close(), [intent]);
  const isShown = what !== undefined;
  useEffect(() => {
    if (!isShown) return;
    // In the capturing phase: the topmost thing closes, and the selection under it stays.
    const escape = (event: KeyboardEvent): void => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      intent.close();
    };
    const pressed = (event: PointerEvent): void => {
      if (!(event.target as Element).closest(".edge-diff")) intent.close();
    };
    document.addEventListener("keydown", escape, true);
    document.addEventListener("pointerdown", pressed, true);
    document.addEventListener("wheel", pressed as (event: Event) => void, { capture: true, passive: true });
    return () => {
      document.removeEventListener("keydown", escape, true);
      document.removeEventListener("pointerdown", pressed, true);
      document.removeEventListener("wheel", pressed as (event: Event) => void, true);
    };
  }, [isShown, intent]);

  const over = useCallback<EdgeDiffs["over"]>(
    (edge, environment, { clientX, clientY }) => {
      if (!now.current.enabled || now.current.alive.product === "") return;
      const pointer = { left: clientX - POINTER, top: clientY - POINTER, right: clientX + POINTER, bottom: clientY + POINTER };
      const plus = document.querySelector(`button[data-edge="${CSS.escape(edge)}"]`)?.getBoundingClientRect();
      const places = plus ? [pointer, { left: plus.left - MARGIN, top: plus.top - MARGIN, right: plus.right + MARGIN, bottom: plus.bottom + MARGIN }] : [pointer];
      intent.over({ key: edge, environment, place: around(places) });
    },
    [intent],
  );
  const toggle = useCallback<EdgeDiffs["toggle"]>(
    (environment, node) => {
      const { what: before, alive: here, enabled: isFree } = now.current;
      if (!isFree) return;
      if (before?.key === environment || !node) return void intent.close();
      intent.pin({ key: environment, environment, place: node.getBoundingClientRect() });
      announce(spokenChange(environment, here));
    },
    [intent],
  );
  const leave = useCallback(() => intent.leave(), [intent]);
  const close = useCallback(() => intent.close(), [intent]);
  const hold = useCallback(() => intent.hold(), [intent]);
  return useMemo(
    () => ({
      shown: what ? (
        <EdgeDiff environment={what.environment} place={what.place} byKey={what.key === what.environment} onClose={close} onEnter={hold} onLeave={leave} />
      ) : null,
      over,
      leave,
      toggle,
      close,
    }),
    [what, over, leave, toggle, close, hold],
  );
}
