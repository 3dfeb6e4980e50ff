// The menu of a setting that names a workflow: those that there are, none, and a field for one that is still to come.
import { useRef, useState, type JSX, type KeyboardEvent } from "react";
import { Popover, type Anchor } from "../../shared/popover";
import { useBuilder } from "../builder_context";
import { Choice } from "../choice";

export interface WorkflowChoice {
  /** What a screen reader calls the menu. */
  label: string;
  icon: string;
  /** What the text names now, of several environments each once. */
  values: readonly string[];
  /** Whether the environments differ: then none of the choices is the present one. */
  differ?: boolean;
  /** What it means to name no workflow. */
  none: { icon: string; words: string };
  onChoose: (workflow: string | undefined) => void;
}

interface Props extends WorkflowChoice {
  title: string;
  anchor: Anchor;
  side?: "below" | "above";
  onClose: () => void;
}

export function WorkflowMenu({ label, title, icon, values, differ = false, none, anchor, side = "below", onChoose, onClose }: Props): JSX.Element {
  const { workflows } = useBuilder();
  const [typed, setTyped] = useState("");
  const field = useRef<HTMLInputElement>(null);
  // Whoever types a name at once means the field: the letter goes on into what has the focus then.
  const onKeyDown = ({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): void => {
    if (key.length === 1 && key !== " " && !ctrlKey && !metaKey && !altKey) field.current?.focus();
  };
  // The list also offers what the text names already, registered or not.
  const names = [...new Set([...values, ...(workflows ?? [])])];
  return (
    <Popover anchor={anchor} side={side} label={label} onClose={onClose} className="menu">
      <div className="menu-label">{title}</div>
      <div className="workflows" role="menu" aria-label={label} onKeyDown={onKeyDown}>
        {names.map((name) => (
          <Choice key={name} icon={icon} checked={!differ && values[0] === name} onChoose={() => onChoose(name)}>
            {name}
          </Choice>
        ))}
        {names.length > 0 && <hr />}
        <Choice icon={none.icon} checked={!differ && values.length === 0} onChoose={() => onChoose(undefined)}>
          {none.words}
        </Choice>
      </div>
      <hr />
      {/* A field is no part of a menu, so it stands beside it. */}
      <form
        className="typed"
        onSubmit={(event) => {
          event.preventDefault();
          if (typed.trim() !== "") onChoose(typed.trim());
        }}
      >
        <div className="input sm">
          <input ref={field} aria-label="Name of a workflow" placeholder="Name of a workflow" value={typed} onChange={(event) => setTyped(event.target.value)} />
        </div>
        <button className="btn sm set" type="submit">
          Set
        </button>
      </form>
    </Popover>
  );
}
