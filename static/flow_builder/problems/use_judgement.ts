// What is wrong with the text that is being written, judged once it is painted.
import { useMemo, useState } from "react";
import { usePainted } from "../../shared/hooks";
import type { Problem } from "../../shared/manifest/manifest_text";
import type { FlowFile } from "../saving/use_flow_file";
import { serverOnly } from "../saving/server_problems";
import type { Known } from "./flow_rules";
import { flowProblems, isBlocking } from "./problems";

export interface Judgement {
  /** The text that was judged; the newest may be a letter ahead. */
  text: string;
  problems: readonly Problem[];
}

export interface Judged {
  /** The first that keeps the text from being saved. */
  wrong: Problem | undefined;
  /** The newest text was judged, and nothing keeps it from being saved. */
  ready: boolean;
  /** What is shown of it: nothing of a new flow that nobody has begun. */
  shown: Judgement;
  isFresh: boolean;
  /** From now on what a new flow lacks is shown: a person tried to go on with it. */
  tried: () => void;
}

/** `isBlank`: a new flow, as the page offered it. */
export function useJudgement(text: string, known: Known, serverProblems: FlowFile["serverProblems"], isBlank: boolean): Judged {
  // The chart is painted first, then what is wrong with the text.
  const judged = usePainted(text);
  const judgement = useMemo(() => {
    const found = flowProblems(judged, known);
    return { text: judged, problems: [...found, ...serverOnly(judged, serverProblems, found)] };
  }, [judged, known, serverProblems]);
  const [wasTried, setTried] = useState(false);
  const isFresh = isBlank && !wasTried;
  const shown = useMemo(() => (isFresh ? { ...judgement, problems: [] } : judgement), [isFresh, judgement]);
  const wrong = judgement.problems.find(isBlocking);
  return { wrong, ready: judged === text && !wrong, shown, isFresh, tried: () => setTried(true) };
}
