// Saves the text under a name that is asked for: a new flow beside the old one, or the old one renamed.
import { useRef, useState, type JSX } from "react";
import { BusyButton, Dialog } from "../../shared/dialog";
import { Icon } from "../../shared/icon";
import { isName, NAME_RULE } from "../../shared/manifest/names";
import { Field } from "../settings/flow_form";
import { useTaken } from "./use_taken";

interface Props {
  /** The flow's name on the server; undefined while it was never saved, or is not there any more. */
  from: string | undefined;
  suggestion: string;
  busy: boolean;
  /** What the server said of the last try. */
  error: string | undefined;
  onEdit: () => void;
  onSave: (name: string, how: "new" | "rename") => void;
  onClose: () => void;
}

export function SaveAsDialog({ from, suggestion, busy, error, onEdit, onSave, onClose }: Props): JSX.Element {
  const [name, setName] = useState(suggestion);
  const [wanted, setHow] = useState<"new" | "rename">("new");
  const how = from === undefined ? "new" : wanted;
  const field = useRef<HTMLInputElement>(null);
  const taken = useTaken(name, from);
  const wrong = nameError(name, from) ?? taken;
  const save = (): void => {
    if (wrong === undefined) onSave(name, how);
    else field.current?.focus();
  };
  return (
    <Dialog
      title={`Save as ${name}`}
      onClose={onClose}
      onSubmit={save}
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
        <Field label="Name" error={wrong}>
          {(id, state) => (
            <input id={id} {...state} ref={field} className={wrong === undefined ? "input" : "input is-error"} value={name} spellCheck={false}
              autoComplete="off"
              onChange={(event) => {
                setName(event.target.value);
                onEdit();
              }} />
          )}
        </Field>
        {from !== undefined && (
          <fieldset className="ways">
            <legend className="sr">How to save</legend>
            <Way checked={how === "new"} onCheck={() => setHow("new")} title="Save as a new flow" text={`${from} stays as it is.`} />
            <Way checked={how === "rename"} onCheck={() => setHow("rename")} title={`Rename ${from}`}
              text="The new name takes its place, also in the products that use it." />
          </fieldset>
        )}
        {error !== undefined && <ErrorNote text={error} />}
      </div>
    </Dialog>
  );
}

function nameError(name: string, from: string | undefined): string | undefined {
  if (!isName(name)) return `Name the flow: ${NAME_RULE}.`;
  return name === from ? `${name} is the name that it has. Choose another one.` : undefined;
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
