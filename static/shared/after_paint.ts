// What may wait until people see the change before it.

/**
 * Runs `what` with the frame after the next one, so that the next one comes sooner; on a page that nobody sees, when
 * it is seen again. Returns how to call it off.
 */
export function afterPaint(what: () => void): () => void {
  let frame = window.requestAnimationFrame(() => {
    frame = window.requestAnimationFrame(what);
  });
  return () => window.cancelAnimationFrame(frame);
}
