// Another person saved the same flow meanwhile: their text beside mine, and what can be done; nothing is overwritten.
import type { JSX } from "react";
import { Dialog } from "../../shared/dialog";
import { Icon } from "../../shared/icon";
import { Side } from "../../shared/sides";
import { clock } from "../../shared/times";
import type { TheirSave } from "./flow_file";
import { sideBySide } from "./merge";

interface Props {
  name: string;
  mine: string;
  theirs: TheirSave;
  /** Both changes in one text, where they touch different lines. */
  merged: string | undefined;
  onTakeTheirs: () => void;
  onMerge: (merged: string) => void;
  onClose: () => void;
}

export function ConflictDialog({ name, mine, theirs, merged, onTakeTheirs, onMerge, onClose }: Props): JSX.Element {
  const sides = sideBySide(mine, theirs.manifest);
  const who = theirs.savedBy ?? "Somebody";
  return (
    <Dialog
      title={`${who} saved ${name} meanwhile`}
      onClose={onClose}
      className="conflict-dialog"
      foot={
        <>
          <span className="hint">Nothing is overwritten. To keep both apart, go on editing and save under another name.</span>
          <button className="btn" type="button" onClick={onClose}>
            Go on editing mine
          </button>
          <button className={merged === undefined ? "btn primary" : "btn"} type="button" onClick={onTakeTheirs}>
            Take theirs
          </button>
          {merged !== undefined && (
            <button className="btn primary" type="button" onClick={() => onMerge(merged)}>
              Merge both
            </button>
          )}
        </>
      }
    >
      <div className="note wait conflict-note">
        <Icon name="alert" />
        <div>
          {merged === undefined
            ? "Your changes and theirs touch the same lines. Take theirs and make your change again: your text stays one undo away."
            : "Your changes and theirs touch different lines. Merged, both are kept; look at the result before you save it."}
        </div>
      </div>
      <div className="sides">
        <Side title="Mine" words="not saved" lines={sides.mine} tone="ins" />
        <Side title={who} words={theirs.savedAt === null ? "saved" : `saved ${clock(theirs.savedAt)}`} lines={sides.theirs} tone="rem" />
      </div>
    </Dialog>
  );
}
