// Saving a flow from the builder: what was last saved, what a save led to; the text itself lives elsewhere.
import { useCallback, useState } from "react";
import { sentenceOf } from "../../shared/api";
import type { ServerProblem } from "../../shared/records";
import { flowSave, type Basis, type SavedFlow, type TheirSave } from "./flow_file";

export interface FlowFile {
  /** As it stands on the server; undefined while it was never saved. */
  saved: SavedFlow | undefined;
  savedAt: Date | undefined;
  /** How often it was saved from this page; what another person saved does not count. */
  saves: number;
  busy: boolean;
  error: string | undefined;
  conflict: TheirSave | undefined;
  serverProblems: { text: string; problems: ServerProblem[] } | undefined;
  /** Whether the text stands on the server now. With `over`, on top of that save of another person's, and of no newer one. */
  save: (name: string, text: string, how: "same" | "new" | "rename", over?: TheirSave) => Promise<boolean>;
  /** Holds another person's save against the text on the page, before a save of ours does. */
  compare: (theirs: TheirSave) => void;
  /** Goes on from what another person saved. */
  adopt: (theirs: TheirSave) => void;
  closeConflict: () => void;
  clearError: () => void;
}

export function useFlowFile(initial: SavedFlow | undefined): FlowFile {
  const [saved, setSaved] = useState(initial);
  const [savedAt, setSavedAt] = useState<Date | undefined>();
  const [saves, setSaves] = useState(0);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | undefined>();
  const [conflict, setConflict] = useState<TheirSave | undefined>();
  const [serverProblems, setServerProblems] = useState<FlowFile["serverProblems"]>();

  const save = async (name: string, text: string, how: "same" | "new" | "rename", over?: TheirSave): Promise<boolean> => {
    setBusy(true);
    setError(undefined);
    try {
      const outcome = await flowSave(name, text, over ? { kind: "same", etag: over.etag } : basisOf(saved, how));
      if (outcome.kind === "conflict") setConflict(outcome.theirs);
      else if (outcome.kind === "taken") setError(`There is a flow named ${outcome.name} already. Choose another name.`);
      else if (outcome.kind === "invalid") {
        setServerProblems({ text, problems: outcome.problems });
        setError(outcome.message);
      } else {
        // The bytes that were sent, not the answer's: dirty means that the text on the page differs from the saved one.
        setSaved({ ...outcome.flow, name, manifest: text });
        setSavedAt(new Date());
        setSaves((before) => before + 1);
        // Reloading shows what was saved, whatever page it began on.
        window.history.replaceState(null, "", `/flows/${encodeURIComponent(name)}/`);
        document.title = `${name} · Lockstep`;
        return true;
      }
    } catch (problem) {
      setError(sentenceOf(problem));
    } finally {
      setBusy(false);
    }
    return false;
  };

  const adopt = useCallback((theirs: TheirSave) => {
    setSaved((before) => before && { ...before, manifest: theirs.manifest, etag: theirs.etag });
    setSavedAt(theirs.savedAt === null ? undefined : new Date(theirs.savedAt));
    setConflict(undefined);
  }, []);
  const closeConflict = useCallback(() => setConflict(undefined), []);
  const clearError = useCallback(() => setError(undefined), []);
  return { saved, savedAt, saves, busy, error, conflict, serverProblems, save, adopt, closeConflict, clearError, compare: setConflict };
}

function basisOf(saved: SavedFlow | undefined, how: "same" | "new" | "rename"): Basis {
  if (!saved || how === "new") return { kind: "new" };
  return how === "same" ? { kind: "same", etag: saved.etag } : { kind: "rename", from: saved.name, etag: saved.etag };
}
