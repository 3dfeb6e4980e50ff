// Asks before a text whose lines end in another way takes the place of one that nobody saved: undo cannot bring that back.
import type { JSX } from "react";
import { Dialog } from "../../shared/dialog";

export function ReplaceDialog({ onReplace, onClose }: { onReplace: () => void; onClose: () => void }): JSX.Element {
  return (
    <Dialog title="Replace the text?" onClose={onClose} onSubmit={onReplace}
      foot={
        <>
          <button className="btn" type="button" data-autofocus onClick={onClose}>
            Keep my text
          </button>
          <button className="btn danger-solid" type="submit">
            Replace text
          </button>
        </>
      }>
      <div className="dialog-body">
        <p>The lines of the new text end in another way (Windows or Unix). The history of the editor begins anew with it, so that undo cannot bring your unsaved changes back.</p>
      </div>
    </Dialog>
  );
}
