// The strip that says that the flow open here is not there any more under its name, with the ways on; loses no text.
import type { JSX } from "react";
import { Icon } from "../../shared/icon";
import type { Gone } from "./use_other_save";

interface Props {
  name: string;
  gone: Gone;
  onSaveAs: () => void;
}

const WHAT: Record<Gone["how"], string> = {
  renamed: "was given another name",
  deleted: "was deleted",
  unknown: "is not there any more",
};

/** Completes the flow's name to a sentence without its end. */
export const goneWords = ({ how, to }: Gone): string => `${WHAT[how]}${to === undefined ? "" : `: ${to}`}`;

/** Why nothing can be done any more with what was saved under the name, as a sentence; "" while it is there. */
export const whyGone = (name = "", gone: Gone | undefined): string => (gone ? `${name} ${goneWords(gone)}. Save your text as a new flow to go on.` : "");

export function GoneStrip({ name, gone, onSaveAs }: Props): JSX.Element {
  return (
    <section className="strip" aria-label="The flow is gone">
      <Icon name="alert" className="i-14" />
      <span className="cut" role="status">
        <b>{name}</b>
        {` ${goneWords(gone)}. Your text is still here.`}
      </span>
      <span className="row push">
        {gone.to !== undefined && (
          <a className="btn sm" href={`/flows/${encodeURIComponent(gone.to)}/`}>
            {`Open ${gone.to}`}
          </a>
        )}
        <button className="btn sm" type="button" onClick={onSaveAs}>
          Save as a new flow…
        </button>
      </span>
    </section>
  );
}
