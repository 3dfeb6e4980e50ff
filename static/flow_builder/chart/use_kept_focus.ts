// A node that leaves the canvas while the view moves takes the keys along, and gets them back where it comes into sight again.
import { useLayoutEffect, useRef, type RefObject } from "react";
import { writes } from "../../shared/hooks";

/** Who gets the keys as soon as it is on the canvas, and whether a key sent them there; there is one chart on a page. */
let owed: { environment: string; sent: boolean } | undefined;

/** Who gets them just now from here, not by a Tab or a press. */
let given: string | undefined;

/** Sends the keys to a node that is not on the canvas yet. */
export function oweFocus(environment: string): void {
  owed = { environment, sent: true };
}

/** Whoever has selected something else no longer waits for a node that did not come: it would keep the others from theirs. */
export function oweOnly(selected: readonly string[]): void {
  if (owed?.sent && selected.length > 0 && !selected.includes(owed.environment)) owed = undefined;
}

export function giveFocus(environment: string, element: HTMLElement | null): void {
  given = environment;
  element?.focus({ preventScroll: true });
  given = undefined;
}

/** Whether the focus came to it so: what is selected is settled then. */
export const isGiven = (environment: string): boolean => given === environment;

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
      if (isFree(sent, document)) giveFocus(environment, element);
    }
    return () => {
      if (!owed?.sent && element !== null && document.activeElement === element) owed = { environment, sent: false };
    };
  }, [environment]);
  return button;
}
