// What was saved of a flow before, each save beside the present text; a former text goes into the editor, never straight to the server.
import { useCallback, useMemo, useState, type JSX } from "react";
import { api, apiAll } from "../../shared/api";
import { Dialog } from "../../shared/dialog";
import { useResource } from "../../shared/hooks";
import { Icon } from "../../shared/icon";
import type { FlowRevision } from "../../shared/records";
import { Side } from "../../shared/sides";
import { clock } from "../../shared/times";
import { ErrorNote } from "../saving/save_as_dialog";
import { sideBySide } from "../saving/merge";

interface Props {
  name: string;
  /** As it stands in the editor. */
  text: string;
  /** Of the text that the editor's was made from. */
  savedEtag: string;
  onRestore: (manifest: string, words: string) => void;
  onClose: () => void;
}

const pathOf = (name: string): string => `/api/flows/${encodeURIComponent(name)}/revisions/`;
const whoAndWhen = (one: FlowRevision): string => `${one.savedBy === "" ? "the system" : one.savedBy} saved ${clock(one.savedAt)}`;

export function HistoryDialog({ name, text, savedEtag, onRestore, onClose }: Props): JSX.Element {
  const loadAll = useCallback((signal: AbortSignal) => apiAll<FlowRevision>(pathOf(name), signal), [name]);
  const revisions = useResource(loadAll);
  const rows = revisions.data ?? [];
  const [chosen, setChosen] = useState<number | undefined>();
  const shown = rows.find((one) => one.number === chosen) ?? rows.find((one) => one.etag !== savedEtag) ?? rows[0];
  const number = shown?.number;
  const loadText = useCallback(
    (signal: AbortSignal) => api<FlowRevision & { manifest: string }>(`${pathOf(name)}${number}/`, { signal }),
    [name, number],
  );
  const loaded = useResource(number === undefined ? undefined : loadText);
  const revision = loaded.data?.number === number ? loaded.data : undefined;
  const error = revisions.error ?? loaded.error;
  const [missing, setMissing] = useState<string | undefined>();
  const restore = (): void => {
    if (!revision) setMissing("The text is not there yet.");
    else if (revision.manifest === text) setMissing("That is the text in the editor already. Choose another one.");
    else onRestore(revision.manifest, `that ${whoAndWhen(revision)}`);
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
        <div className="saves" role="listbox" aria-label="Saved versions" aria-busy={revisions.loading}>
          {revisions.data && rows.length === 0 && <p className="hint none">No save of this flow was kept.</p>}
          {rows.map((one) => (
            <button key={one.number} className="eitem" type="button" role="option" aria-selected={one.number === number}
              onClick={() => {
                setChosen(one.number);
                setMissing(undefined);
              }}>
              <span className="n cut">{one.savedBy === "" ? "The system" : one.savedBy}</span>
              <span className="pm">{one.version === "" ? `#${one.number}` : `v${one.version}`}</span>
              <span className="when" title={one.savedAt}>
                {clock(one.savedAt)}
                {one.etag === savedEtag && ", saved now"}
              </span>
            </button>
          ))}
        </div>
        <div className="compared">
          {(missing ?? error) !== undefined && <ErrorNote text={missing ?? error ?? ""} />}
          {revision && <Compared revision={revision} manifest={revision.manifest} text={text} />}
        </div>
      </div>
    </Dialog>
  );
}

function Compared({ revision, manifest, text }: { revision: FlowRevision; manifest: string; text: string }): JSX.Element {
  const sides = useMemo(() => sideBySide(text, manifest), [text, manifest]);
  return (
    <div className="sides">
      <Side title={`Save ${revision.number}`} words={whoAndWhen(revision)} lines={sides.theirs} tone="rem" />
      <Side title="In the editor" words={manifest === text ? "the same text" : "now"} lines={sides.mine} tone="ins" />
    </div>
  );
}
