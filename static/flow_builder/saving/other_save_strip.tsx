// The strip that says who else saved the flow that is open here, with the ways to look at it and to go on from it.
import { useEffect, useRef, useState, type JSX } from "react";
import { api, sentenceOf } from "../../shared/api";
import { Icon } from "../../shared/icon";
import type { FlowRevision } from "../../shared/records";
import { clock } from "../../shared/times";
import { toast } from "../../site/toasts";
import { revisionsPath } from "../history/use_revisions";
import type { TheirSave } from "./flow_file";

interface Props {
  name: string;
  revision: FlowRevision;
  /** Something here is not saved, so that theirs cannot simply take its place. */
  dirty: boolean;
  onCompare: (theirs: TheirSave) => void;
  onTake: (theirs: TheirSave) => void;
}

export function OtherSaveStrip({ name, revision, dirty, onCompare, onTake }: Props): JSX.Element {
  const [busy, setBusy] = useState(false);
  const isGone = useRef(false);
  useEffect(() => {
    isGone.current = false;
    return () => {
      isGone.current = true;
    };
  }, []);
  const { savedBy, savedAt, version, etag, number } = revision;
  const withText = (act: (theirs: TheirSave) => void): void => {
    if (busy) return;
    setBusy(true);
    api<{ manifest: string }>(`${revisionsPath(name)}${number}/`)
      .then(
        // What came of another save meanwhile is asked there.
        ({ manifest }) => isGone.current || act({ manifest, etag, savedBy: savedBy || null, savedAt }),
        (problem: unknown) => toast("error", "What was saved cannot be read", sentenceOf(problem), "other-save"),
      )
      .finally(() => setBusy(false));
  };
  return (
    <section className="strip" aria-label="Another save" aria-busy={busy}>
      <Icon name="user" className="i-14" />
      <span className="cut" role="status" title={new Date(savedAt).toLocaleString()}>
        <b>{savedBy || "Somebody"}</b>
        {` saved ${version === "" ? "this flow" : version} at ${clock(savedAt)}, which is newer than what you see`}
      </span>
      <span className="row push">
        <button className="btn sm" type="button" onClick={() => withText(onCompare)}>
          Compare
        </button>
        {!dirty && (
          <button className="btn sm" type="button" onClick={() => withText(onTake)}>
            Use theirs
          </button>
        )}
      </span>
    </section>
  );
}
