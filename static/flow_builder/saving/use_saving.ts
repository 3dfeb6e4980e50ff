// What a person does to the file as a whole: save, save under a name, discard, replace; the text itself lives elsewhere.
import { useEffect, useRef, useState } from "react";
import { useUnsavedGuard } from "../../shared/hooks";
import type { Problem } from "../../shared/manifest/manifest_text";
import { toast } from "../../site/toasts";
import type { OpenDialog } from "../builder_dialogs";
import { renamedText } from "../new_flow";
import { isBlocking } from "../problems/problems";
import type { FlowText } from "../text/flow_text";
import type { TheirSave } from "./flow_file";
import type { FlowFile } from "./use_flow_file";
import type { Gone } from "./use_other_save";

interface Options {
  file: FlowFile;
  /** What became of the flow that is open: what is saved then is a new one. */
  gone: Gone | undefined;
  /** The flow's name as the text says it. */
  name: string;
  text: string;
  initialText: string;
  flowText: FlowText;
  /** What is wrong with the text at this moment; what the page shows may be a letter behind. */
  judge: () => readonly Problem[];
  /** Why this person may not save, as a sentence; "" where they may. */
  refused: string;
  dialog: OpenDialog | undefined;
  setDialog: (dialog: OpenDialog | undefined) => void;
  toProblem: (problem: Problem) => void;
}

/** A save that was asked for while another one was under way; however often, it is one. */
interface Asked {
  next: "trigger" | undefined;
}

export interface Saving {
  /** The text on the page is another one than the saved one. */
  dirty: boolean;
  /** The flow that a save under another name begins from; undefined where there is none. */
  from: string | undefined;
  /** A question or a problem on the way leaves the rest to the person. */
  save: (then?: "trigger") => Promise<void>;
  askSaveAs: () => void;
  saveAs: (name: string, how: "new" | "rename", then: "trigger" | undefined) => Promise<void>;
  /** Saves the text on top of what another person saved and this one has seen; a newer save of theirs is asked about again. */
  overwrite: (theirs: TheirSave) => void;
  discard: () => void;
  /** Puts another text into the editor; asks first where that would lose what nobody saved. */
  replace: (next: string, done: string) => void;
  replaceUnasked: (next: string, done: string) => void;
}

export function useSaving(options: Options): Saving {
  const { file, gone, name, text, initialText, flowText, judge, refused, dialog, setDialog, toProblem } = options;
  const savedText = file.saved?.manifest ?? initialText;
  const dirty = text !== savedText;
  const from = gone ? undefined : file.saved?.name;
  useUnsavedGuard(dirty);
  useSaveErrors(file, dialog);

  /** Whether something is in the way of a save; it is shown. */
  const isBlocked = (): boolean => {
    const blocking = judge().find(isBlocking);
    if (refused !== "") toast("error", "Not saved", refused, "save");
    else if (blocking) toProblem(blocking);
    return refused !== "" || blocking !== undefined;
  };
  const underWay = useRef(false);
  const askedMeanwhile = useRef<Asked | undefined>(undefined);
  const [again, saveAgain] = useState<Asked | undefined>();
  /** A save before the one under way is answered would conflict with it: it waits, and is dropped where that one fails. */
  const once = async (act: () => Promise<boolean>): Promise<boolean> => {
    if (underWay.current) return false;
    underWay.current = true;
    let isSaved = false;
    try {
      isSaved = await act();
    } finally {
      underWay.current = false;
      if (!isSaved) askedMeanwhile.current = undefined;
    }
    return isSaved;
  };
  /** Tells of a save, unless another one was asked for meanwhile: that one is begun, and tells. */
  const settle = (next: Asked["next"], tell: () => void): void => {
    const asked = askedMeanwhile.current;
    askedMeanwhile.current = undefined;
    if (asked) return saveAgain({ next: asked.next ?? next });
    tell();
    if (next === "trigger") setDialog({ kind: "trigger" });
  };
  const tellSaved = (): void => toast("success", `Saved ${name}`, "", "save");
  const save = async (next?: "trigger"): Promise<void> => {
    if (underWay.current) {
      askedMeanwhile.current = { next: next ?? askedMeanwhile.current?.next };
      return;
    }
    if (isBlocked()) return;
    if (file.saved && from !== name) return setDialog({ kind: "save-as", suggestion: name, then: next });
    if (await once(() => file.save(name, text, "same"))) settle(next, tellSaved);
  };
  const goOn = useRef<(asked: Asked) => void>(undefined);
  useEffect(() => {
    // A key that was held down asked for what is saved by now.
    goOn.current = ({ next }) => (dirty ? void save(next) : settle(next, tellSaved));
  });
  useEffect(() => {
    // The version that was just saved is known once the page is drawn with it.
    if (!again || file.busy) return;
    saveAgain(undefined);
    goOn.current?.(again);
  }, [again, file.busy]);
  const askSaveAs = (): void => {
    if (isBlocked()) return;
    setDialog({ kind: "save-as", suggestion: from === name ? `${name}-copy` : name, then: undefined });
  };
  const saveAs = async (as: string, how: "new" | "rename", next: "trigger" | undefined): Promise<void> => {
    if (!(await once(() => file.save(as, as === name ? text : renamedText(text, as), how)))) return;
    if (as !== name) flowText.perform({ kind: "name", value: as });
    setDialog(undefined);
    settle(next, () => toast("success", how === "rename" && file.saved ? `Renamed to ${as}` : `Saved ${as}`, "", "save"));
  };
  const overwrite = (theirs: TheirSave): void => {
    file.closeConflict();
    if (isBlocked()) return;
    void once(() => file.save(name, text, "same", theirs)).then((saved) => {
      if (saved) settle(undefined, () => toast("success", `Saved ${name}`, `What ${theirs.savedBy ?? "somebody else"} saved stays in the history.`, "save"));
    });
  };
  const replaceUnasked = (next: string, done: string): void => {
    const undoable = flowText.replace(next);
    setDialog(undefined);
    toast("success", done, [next === savedText ? "It is what is saved." : "It is not saved yet.", undoable && "Ctrl Z takes it out again."].filter(Boolean).join(" "));
  };
  const replace = (next: string, done: string): void => {
    if (dirty && !flowText.comesBackAfter(next)) setDialog({ kind: "replace", next, done });
    else replaceUnasked(next, done);
  };
  const discard = (): void => {
    const undoable = flowText.replace(savedText);
    toast("success", "Changes discarded", undoable ? "Ctrl Z brings them back." : "");
  };
  return { dirty, from, save, askSaveAs, saveAs, overwrite, discard, replace, replaceUnasked };
}

/** A save that failed outside a dialog that shows it. */
function useSaveErrors(file: FlowFile, dialog: OpenDialog | undefined): void {
  const { error, clearError } = file;
  const shownInDialog = dialog?.kind === "save-as";
  useEffect(() => {
    if (error === undefined || shownInDialog) return;
    toast("error", "Not saved", error, "save");
    clearError();
  }, [error, shownInDialog, clearError]);
}
