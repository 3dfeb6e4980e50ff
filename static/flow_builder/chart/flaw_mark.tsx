// The mark of something that is wrong, on a node or on one of its settings: red for an error, amber for a warning.
import type { JSX } from "react";
import type { Flaw } from "./facts";

/** For those who do not see its colour. */
export const flawWords = ({ severity, message }: Flaw): string => `${severity === "error" ? "Error" : "Warning"}: ${message}`;

/** Alone it says its words; in a button, whose title says them, it has none. */
export function FlawMark({ flaw, id }: { flaw: Flaw; id?: string }): JSX.Element {
  const words = flawWords(flaw);
  const meaning = id === undefined ? {} : { id, role: "img", title: words, "aria-label": words };
  return (
    <span className={flaw.severity === "error" ? "badge-dot" : "badge-dot wait"} {...meaning}>
      !
    </span>
  );
}
