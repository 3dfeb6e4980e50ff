// What was saved of a flow before, each save beside another text; a former text goes into the editor, never straight to the server.
import { useCallback, useState, type JSX } from "react";
import { api } from "../../shared/api";
import { Dialog } from "../../shared/dialog";
import { useResource } from "../../shared/hooks";
import { Icon } from "../../shared/icon";
import type { FlowRevision } from "../../shared/records";
import { clock } from "../../shared/times";
import { readFlow } from "../model/flow";
import { renamedText } from "../new_flow";
import { ErrorNote } from "../saving/save_as_dialog";
import { Sides } from "../saving/sides";
import { RevisionList, savedBy } from "./revision_list";
import { revisionsPath, useRevisions } from "./use_revisions";

interface Props {
  name: string;
  /** As it stands in the editor. */
  text: string;
  /** Of the text that the editor's was made from. */
  savedEtag: string;
  /** `done`: what is said when the text is there. */
  onRestore: (manifest: string, done: string) => void;
  onClose: () => void;
}

type SavedText = FlowRevision & { manifest: string };
/** What a save is held against: what the editor has now, or what it changed. */
type Against = "editor" | "before";

const whoAndWhen = (one: FlowRevision): string => `${savedBy(one)} saved ${clock(one.savedAt)}`;

export function HistoryDialog({ name, text, savedEtag, onRestore, onClose }: Props): JSX.Element {
  const revisions = useRevisions(name);
  const { rows } = revisions;
  const [chosen, setChosen] = useState<number | undefined>();
  const [against, setAgainst] = useState<Against>("editor");
  const shown = rows.find((one) => one.number === chosen) ?? rows.find((one) => one.etag !== savedEtag) ?? rows[0];
  const revision = useSavedText(name, shown?.number);
  const before = useSavedText(name, against === "before" && shown && shown.number > 1 ? shown.number - 1 : undefined);
  const [missing, setMissing] = useState<string | undefined>();
  const error = missing ?? revisions.error ?? revision.error ?? before.error;
  const restore = (): void => {
    if (!revision.saved) return setMissing("The text is not there yet.");
    // What was saved before a rename would take the name back, too: only a rename does that.
    const { manifest } = revision.saved;
    const restored = readFlow(manifest).flow?.name === name ? manifest : renamedText(manifest, name);
    if (restored === text) setMissing("That is the text in the editor already. Choose another one.");
    else onRestore(restored, `The text that ${whoAndWhen(revision.saved)} is back in the editor${restored === manifest ? "" : `, under the present name ${name}`}`);
  };
  return (
    <Dialog
      title={`History of ${name}`}
      onClose={onClose}
      onSubmit={restore}
      className="history-dialog"
      foot={
        <>
          <span className="hint">Restoring puts the text into the editor; nothing is saved until you save it.</span>
          <button className="btn" type="button" data-autofocus onClick={onClose}>
            Close
          </button>
          <button className="btn primary" type="submit">
            <Icon name="undo" />
            Restore this text
          </button>
        </>
      }
    >
      <div className="history">
        <RevisionList revisions={revisions} chosen={shown} savedEtag={savedEtag}
          onChoose={(number) => {
            setChosen(number);
            setMissing(undefined);
          }} />
        <div className="compared">
          <div className="seg" role="group" aria-label="Compare with">
            {([["editor", "With the editor"], ["before", "With the save before"]] as const).map(([value, words]) => (
              <button key={value} type="button" aria-pressed={against === value} onClick={() => setAgainst(value)}>
                {words}
              </button>
            ))}
          </div>
          {error !== undefined && <ErrorNote text={error} />}
          {revision.saved && against === "editor" && <WithEditor revision={revision.saved} text={text} />}
          {revision.saved && against === "before" && <WithBefore revision={revision.saved} before={before.saved} />}
        </div>
      </div>
    </Dialog>
  );
}

/** The text of one save; undefined while another one's is still there. */
function useSavedText(name: string, number: number | undefined): { saved: SavedText | undefined; error: string | undefined } {
  const load = useCallback((signal: AbortSignal) => api<SavedText>(`${revisionsPath(name)}${number}/`, { signal }), [name, number]);
  const { data, error } = useResource(number === undefined ? undefined : load);
  return { saved: data?.number === number ? data : undefined, error };
}

function WithEditor({ revision, text }: { revision: SavedText; text: string }): JSX.Element {
  return (
    <Sides one={{ title: `Save ${revision.number}`, words: whoAndWhen(revision), text: revision.manifest, tone: "rem" }}
      other={{ title: "In the editor", words: revision.manifest === text ? "the same text" : "now", text, tone: "ins" }} />
  );
}

/** What one save changed; before the first one there was nothing. */
function WithBefore({ revision, before }: { revision: SavedText; before: SavedText | undefined }): JSX.Element | null {
  if (revision.number > 1 && !before) return null;
  return (
    <Sides one={{ title: before ? `Save ${before.number}` : "Before", words: before ? whoAndWhen(before) : "nothing was saved", text: before?.manifest ?? "", tone: "rem" }}
      other={{ title: `Save ${revision.number}`, words: whoAndWhen(revision), text: revision.manifest, tone: "ins" }} />
  );
}
