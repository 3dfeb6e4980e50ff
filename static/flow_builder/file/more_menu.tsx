// The menu of all that is done with the flow's file; never does any of it itself.
import type { JSX } from "react";
import { Icon } from "../../shared/icon";
import { Popover, type Anchor } from "../../shared/popover";
import { toast } from "../../site/toasts";
import { nextVersion } from "./next_version";

export interface FileActions {
  save: () => void;
  saveAs: () => void;
  saveAndTrigger: () => void;
  raiseVersion: () => void;
  discard: () => void;
  history: () => void;
  importFile: () => void;
  download: () => void;
  remove: () => void;
  keys: () => void;
}

interface Props {
  anchor: Anchor;
  /** The flow's name on the server; undefined while it was never saved. */
  savedName: string | undefined;
  version: string;
  /** Why this person may not save, or not trigger, as sentences; "" where they may. */
  refused: string;
  triggerRefused: string;
  /** Why nothing can be done with what is saved under the flow's name, likewise. */
  gone: string;
  dirty: boolean;
  actions: FileActions;
  onClose: () => void;
}

export function MoreMenu({ anchor, savedName, version, refused, triggerRefused, gone, dirty, actions, onClose }: Props): JSX.Element {
  /** What cannot be done can be chosen all the same, and then leads to the reason. */
  const item = (icon: string, words: string, act: () => void, { key, why = "", className }: { key?: string; why?: string; className?: string } = {}): JSX.Element => (
    <button type="button" role="menuitem" className={className} title={why || undefined} aria-disabled={why !== ""}
      onClick={() => {
        onClose();
        if (gone !== "" && why === gone) toast("error", "Not done", gone, "gone");
        else act();
      }}>
      <Icon name={icon} />
      {words}
      {key !== undefined && <span className="push kbd">{key}</span>}
    </button>
  );
  return (
    <Popover anchor={anchor} role="menu" label="More" className="menu" onClose={onClose}>
      {item("file", "Save as…", actions.saveAs, { key: "Ctrl Shift S", why: refused })}
      {item("bolt", "Save and trigger", actions.saveAndTrigger, { why: refused || triggerRefused || gone })}
      <hr />
      {item("tag", `Raise version to ${nextVersion(version)}`, actions.raiseVersion)}
      {savedName !== undefined && item("clock", "History", actions.history, { why: gone })}
      {dirty && item("undo", "Discard changes", actions.discard)}
      <hr />
      {savedName !== undefined && gone !== "" && item("copy", "Duplicate", actions.saveAs, { why: gone })}
      {savedName !== undefined && gone === "" && (
        <a role="menuitem" href={`/flows/new/?from=${encodeURIComponent(savedName)}`}>
          <Icon name="copy" />
          Duplicate
        </a>
      )}
      {item("arrow-u", "Import YAML…", actions.importFile)}
      {item("arrow-d", "Download YAML", actions.download)}
      <hr />
      {item("info", "Keys", actions.keys, { key: "?" })}
      {savedName !== undefined && item("trash", "Delete flow", actions.remove, { why: gone, className: "danger" })}
    </Popover>
  );
}
