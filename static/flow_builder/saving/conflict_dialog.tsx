// Another person saved the same flow meanwhile: their text beside mine, and what can be done; nothing is overwritten unasked.
import type { JSX } from "react";
import { Dialog } from "../../shared/dialog";
import { Icon } from "../../shared/icon";
import { clock } from "../../shared/times";
import type { TheirSave } from "./flow_file";
import { Sides } from "./sides";

interface Props {
  name: string;
  /** The text that both changed. */
  base: string;
  mine: string;
  theirs: TheirSave;
  /** Both changes in one text, where they touch different lines. */
  merged: string | undefined;
  /** Whether my text can be brought back after theirs was taken. */
  undoable: boolean;
  /** Saves mine on top of theirs; undefined where mine has another name, so that it is none of theirs. */
  onOverwrite: (() => void) | undefined;
  onTakeTheirs: () => void;
  onMerge: (merged: string) => void;
  onClose: () => void;
}

function advice({ base, mine, merged, undoable, onOverwrite }: Props): string {
  if (mine === base) return "Nothing is unsaved here: take theirs to go on from what is saved now.";
  if (merged !== undefined) return "Your changes and theirs touch different lines. Merged, both are kept; look at the result before you save it.";
  const same = "Your changes and theirs touch the same lines.";
  const take = undoable
    ? "Take theirs and make your change again: your text stays one undo away."
    : "Their lines end in another way, so taking theirs cannot be undone: download yours first.";
  return `${same} ${take}${onOverwrite ? " Or overwrite theirs with yours: theirs stays in the history." : ""}`;
}

export function ConflictDialog(props: Props): JSX.Element {
  const { name, base, mine, theirs, merged, onOverwrite, onTakeTheirs, onMerge, onClose } = props;
  const who = theirs.savedBy ?? "Somebody";
  return (
    <Dialog
      title={`${who} saved ${name} meanwhile`}
      onClose={onClose}
      className="conflict-dialog"
      foot={
        <>
          <span className="hint">Nothing is overwritten unasked. To keep both apart, go on editing and save under another name.</span>
          <button className="btn" type="button" data-autofocus onClick={onClose}>
            Go on editing mine
          </button>
          {onOverwrite && merged === undefined && mine !== base && (
            <button className="btn" type="button" onClick={onOverwrite}>
              Overwrite with mine
            </button>
          )}
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
        <div>{advice(props)}</div>
      </div>
      <Sides base={base} one={{ title: "Mine", words: mine === base ? "as it was opened" : "not saved", text: mine }}
        other={{ title: who, words: theirs.savedAt === null ? "saved" : `saved ${clock(theirs.savedAt)}`, text: theirs.manifest }} />
    </Dialog>
  );
}
