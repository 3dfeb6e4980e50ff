// Makes a gesture on the text and says what came of it: what was done, or why it was refused.
import { useCallback, useEffect, useRef } from "react";
import { announce } from "../../site/dom";
import { toast, unsay } from "../../site/toasts";
import { changesChart } from "../gestures/chart_gestures";
import type { Gesture } from "../gestures/gesture";
import { GestureRefused } from "../gestures/refused";
import { EXTENDED_API } from "../gestures/settings";
import { spoken } from "../gestures/spoken";
import { refuseWhileShown } from "../live/refuse_while_shown";
import { readFlow } from "../model/flow";
import type { FlowText, Grouping } from "./flow_text";

const EXTENSION = "What happens when an environment fails is an extension of Lockstep.";
const NO_EXTENSION = "Nothing in the flow is an extension of Lockstep any more.";

export type Perform = (gesture: Gesture, grouping?: Grouping) => boolean;

interface Doing {
  /** Whether the change was made; a refusal is shown to the person. */
  perform: Perform;
  /** The text's, refused on the chart where a release is shown. */
  history: Pick<FlowText, "undo" | "redo">;
}

export function usePerform(flowText: FlowText, text: string, apiVersion: string, releaseShown: boolean): Doing {
  /** The apiVersion that was last told of; another one since then, as by an undo, makes it untrue. */
  const told = useRef<string | undefined>(undefined);
  const perform = useCallback<Perform>(
    (gesture, grouping) => {
      if (releaseShown && changesChart(gesture)) return refuseWhileShown();
      const before = readFlow(flowText.text).flow?.apiVersion;
      try {
        flowText.perform(gesture, grouping);
      } catch (refused) {
        if (!(refused instanceof GestureRefused)) throw refused;
        toast("error", refused.message, "", "gesture");
        return false;
      }
      unsay("gesture");
      const now = readFlow(flowText.text).flow?.apiVersion;
      if (now !== undefined && now !== before) {
        told.current = now;
        toast("success", `apiVersion is ${now} now`, now === EXTENDED_API ? EXTENSION : NO_EXTENSION, "api-version");
      }
      announce(spoken(gesture));
      return true;
    },
    [flowText, releaseShown],
  );
  // What was said of a try is settled once the text is another one, or the chart is the flow's again.
  useEffect(() => unsay("gesture"), [text, releaseShown]);
  useEffect(() => {
    if (told.current !== undefined && told.current !== apiVersion) unsay("api-version");
  }, [apiVersion]);
  return { perform, history: releaseShown ? { undo: refuseWhileShown, redo: refuseWhileShown } : flowText };
}
