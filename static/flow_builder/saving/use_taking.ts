// Goes on from what another person saved of the open flow: into the editor where nothing is lost, else side by side.
import { useEffect, useRef } from "react";
import { toast } from "../../site/toasts";
import type { OpenDialog } from "../builder_dialogs";
import type { FlowText } from "../text/flow_text";
import type { TheirSave } from "./flow_file";
import type { FlowFile } from "./use_flow_file";

interface Taking {
  compareTheirs: (theirs: TheirSave) => void;
  takeTheirs: (theirs: TheirSave) => void;
}

/** Their text came a moment later: what is asked meanwhile goes on, and what was written meanwhile is not overwritten. */
export function useTaking(file: FlowFile, flowText: FlowText, dialog: OpenDialog | undefined): Taking {
  const newestDialog = useRef(dialog);
  useEffect(() => {
    newestDialog.current = dialog;
  }, [dialog]);
  const compareTheirs = (theirs: TheirSave): void => {
    if (newestDialog.current === undefined) file.compare(theirs);
  };
  const takeTheirs = (theirs: TheirSave): void => {
    if (flowText.text !== file.saved?.manifest) return compareTheirs(theirs);
    file.adopt(theirs);
    const undoable = flowText.replace(theirs.manifest);
    toast("success", `The text that ${theirs.savedBy ?? "somebody"} saved is in the editor`, undoable ? "Ctrl Z takes it out again." : "", "save");
  };
  return { compareTheirs, takeTheirs };
}
