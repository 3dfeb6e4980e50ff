// A node that leaves the canvas while the view moves takes the keys along, and gets them back where it comes into sight again.
import { useLayoutEffect, useRef, type RefObject } from "react";
import { writes } from "../../shared/hooks";

/** Who gets the keys as soon as it is on the canvas, and whether a key sent them there; there is one chart on a page. */
let owed: { environment: string; sent: boolean } | undefined;

/** Sends the keys to a node that is not on the canvas yet. */
export function oweFocus(environment: string): void {
  owed = { environment, sent: true };
}

/** Whoever has gone on elsewhere meanwhile stays there; a key that is sent leaves what it was pressed on. */
const isFree = (sent: boolean, { activeElement }: Document): boolean =>
  activeElement === document.body || (sent && !writes(activeElement) && activeElement?.closest(".chart-canvas") !== null);

export function useKeptFocus(environment: string): RefObject<HTMLButtonElement | null> {
  const button = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    const element = button.current;
    if (owed?.environment === environment) {
      const { sent } = owed;
      owed = undefined;
      if (isFree(sent, document)) element?.focus({ preventScroll: true });
    }
    return () => {
      if (!owed?.sent && element !== null && document.activeElement === element) owed = { environment, sent: false };
    };
  }, [environment]);
  return button;
}
