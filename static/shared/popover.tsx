// Something small that floats beside the button that opened it: placed inside the window, closed by Esc or a press outside.
import { useEffect, useLayoutEffect, useRef, useState, type JSX, type KeyboardEvent, type ReactNode } from "react";
import { createPortal } from "react-dom";

export interface Anchor {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export const anchorOf = (element: Element): Anchor => element.getBoundingClientRect();

const GAP = 6;
const EDGE = 8;

type Side = "below" | "above" | "right" | "left";

interface Props {
  anchor: Anchor;
  onClose: () => void;
  children: ReactNode;
  className?: string;
  label: string;
  role?: "menu" | "dialog";
  /** Which side of the anchor to prefer. */
  side?: Side;
}

function place(anchor: Anchor, width: number, height: number, side: Side): { left: number; top: number } {
  const below = { left: anchor.left, top: anchor.bottom + GAP };
  const above = { left: anchor.left, top: anchor.top - GAP - height };
  const right = { left: anchor.right + GAP, top: anchor.top };
  const left = { left: anchor.left - GAP - width, top: anchor.top };
  const beside = side === "left" && left.left >= EDGE ? left : right;
  const wanted = side === "above" && above.top >= EDGE ? above : side === "right" || side === "left" ? beside : below;
  const flipped = wanted.top + height > window.innerHeight - EDGE && side === "below" && above.top >= EDGE ? above : wanted;
  return {
    left: Math.max(EDGE, Math.min(flipped.left, window.innerWidth - EDGE - width)),
    top: Math.max(EDGE, Math.min(flipped.top, window.innerHeight - EDGE - height)),
  };
}

export function Popover({ anchor, onClose, children, className = "", label, role = "dialog", side = "below" }: Props): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState<{ left: number; top: number } | undefined>();
  const close = useRef(onClose);
  useEffect(() => {
    close.current = onClose;
  });
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const put = (): void => {
      const next = place(anchor, element.offsetWidth, element.offsetHeight, side);
      setAt((before) => (before?.left === next.left && before.top === next.top ? before : next));
    };
    put();
    // What it holds may come a moment later.
    const grown = new ResizeObserver(put);
    grown.observe(element);
    return () => grown.disconnect();
  }, [anchor, side]);
  // Cleaned up while the box still stands: once it is gone, nobody can tell that it had the focus.
  useLayoutEffect(() => {
    const element = box.current;
    const returnTo = document.activeElement;
    element?.querySelector<HTMLElement>("input, button")?.focus();
    const outside = (event: PointerEvent): void => {
      if (!element?.contains(event.target as Node)) close.current();
    };
    // On the document: after a press on something that takes no focus, the keys arrive there.
    const escape = (event: globalThis.KeyboardEvent): void => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      close.current();
    };
    document.addEventListener("pointerdown", outside, true);
    document.addEventListener("keydown", escape, true);
    return () => {
      document.removeEventListener("keydown", escape, true);
      document.removeEventListener("pointerdown", outside, true);
      if (returnTo instanceof HTMLElement && returnTo.isConnected && element?.contains(document.activeElement)) returnTo.focus({ preventScroll: true });
    };
  }, []);
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    event.stopPropagation();
    if (event.key === "ArrowDown" || event.key === "ArrowUp") moveFocus(event, event.key === "ArrowDown" ? 1 : -1);
  };
  return createPortal(
    <div
      ref={box}
      className={`popover floating ${className}`.trim()}
      role={role}
      aria-label={label}
      style={at ?? { opacity: 0, left: 0, top: 0 }}
      onKeyDown={onKeyDown}
    >
      {children}
    </div>,
    document.body,
  );
}

function moveFocus(event: KeyboardEvent<HTMLDivElement>, by: number): void {
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>("button, input, a[href]")];
  const now = stops.indexOf(document.activeElement as HTMLElement);
  const next = stops[(now + by + stops.length) % stops.length];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
