// A node that leaves the canvas while the view moves takes the keys along, and gets them back where it comes into sight again.
import { useLayoutEffect, useRef, type RefObject } from "react";

/** Who had the keys when it went; there is one chart on a page. */
let gone: string | undefined;

export function useKeptFocus(environment: string): RefObject<HTMLButtonElement | null> {
  const button = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    const element = button.current;
    if (gone === environment) {
      gone = undefined;
      // Whoever has gone on elsewhere meanwhile stays there.
      if (document.activeElement === document.body) element?.focus({ preventScroll: true });
    }
    return () => {
      if (element !== null && document.activeElement === element) gone = environment;
    };
  }, [environment]);
  return button;
}
