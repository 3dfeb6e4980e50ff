// The builder's keys that work wherever the focus is but in a dialog: undo, redo, save, help, the next pane.
import { useEffect, useRef } from "react";
import { writes } from "../shared/hooks";
import { focusPane } from "./pane_focus";

interface Shortcuts {
  undo: () => boolean;
  redo: () => boolean;
  save: () => void;
  saveAs: () => void;
  help: () => void;
}

export function useShortcuts(shortcuts: Shortcuts): void {
  const current = useRef(shortcuts);
  useEffect(() => {
    current.current = shortcuts;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const { undo, redo, save, saveAs, help } = current.current;
      if (event.defaultPrevented || document.querySelector("dialog:modal")) return;
      if (event.key === "?" && !writes(event.target)) {
        event.preventDefault();
        help();
        return;
      }
      if (event.key === "F6" && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        focusPane(event.shiftKey);
        return;
      }
      if (event.altKey || !(event.ctrlKey || event.metaKey)) return;
      const key = event.key.toLowerCase();
      if (key === "s" && event.shiftKey) saveAs();
      else if (key === "s") save();
      // Fields write through to the text, so its history is theirs too: the browser's own undo would be a second one.
      else if (key === "z" && event.shiftKey) redo();
      else if (key === "z") undo();
      else if (key === "y") redo();
      else return;
      event.preventDefault();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, []);
}
