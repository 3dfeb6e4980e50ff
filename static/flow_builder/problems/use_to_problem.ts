// Leads a person to a problem of the text: says it, and puts the cursor there.
import { useEffect, useRef } from "react";
import type { Problem } from "../../shared/manifest/manifest_text";
import { toast, unsay } from "../../site/toasts";
import type { FlowText } from "../text/flow_text";

/** `wrong`: what is in the way at the moment; `showText` makes room for the editor. */
export function useToProblem(flowText: FlowText, wrong: Problem | undefined, showText: () => void): (problem: Problem) => void {
  const told = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (told.current !== undefined && told.current !== wrong?.message) unsay("problem");
  }, [wrong]);
  return (problem) => {
    showText();
    told.current = problem.message;
    toast("error", `Line ${problem.line}: ${problem.message}`, "", "problem");
    window.setTimeout(() => flowText.reveal(problem.from), 0);
  };
}
