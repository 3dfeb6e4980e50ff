// A flow saved under another name: a new flow beside the old one, or the old one renamed.
import { useState, type JSX } from "react";
import { BusyButton, Dialog } from "../../shared/dialog";
import { Icon } from "../../shared/icon";

interface Props {
  from: string;
  to: string;
  busy: boolean;
  error: string | undefined;
  onSave: (how: "new" | "rename") => void;
  onClose: () => void;
}

export function SaveAsDialog({ from, to, busy, error, onSave, onClose }: Props): JSX.Element {
  const [how, setHow] = useState<"new" | "rename">("new");
  return (
    <Dialog
      title={`Save as ${to}`}
      onClose={onClose}
      onSubmit={() => onSave(how)}
      foot={
        <>
          <button className="btn" type="button" onClick={onClose}>
            Cancel
          </button>
          <BusyButton busy={busy} className="primary" type="submit">
            {how === "new" ? "Save as new flow" : "Rename flow"}
          </BusyButton>
        </>
      }
    >
      <div className="dialog-body">
        <fieldset className="ways">
          <legend className="sr">How to save</legend>
          <Way checked={how === "new"} onCheck={() => setHow("new")} title="Save as a new flow" text={`${from} stays as it is.`} />
          <Way checked={how === "rename"} onCheck={() => setHow("rename")} title={`Rename ${from}`}
            text={`${to} takes its place, also in the products that use it.`} />
        </fieldset>
        {error !== undefined && <ErrorNote text={error} />}
      </div>
    </Dialog>
  );
}

function Way(props: { checked: boolean; onCheck: () => void; title: string; text: string }): JSX.Element {
  return (
    <label className="choice way">
      <input type="radio" name="how" checked={props.checked} onChange={props.onCheck} />
      <span>
        <span className="med">{props.title}</span>
        <span className="xs dim">{props.text}</span>
      </span>
    </label>
  );
}

export function ErrorNote({ text }: { text: string }): JSX.Element {
  return (
    <div className="note bad" role="alert">
      <Icon name="alert" />
      <div>{text}</div>
    </div>
  );
}
