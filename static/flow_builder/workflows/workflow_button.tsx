// A setting that names a workflow, as a button that says which, and opens the menu to choose or type another.
import { useState, type JSX } from "react";
import { Icon } from "../../shared/icon";
import { anchorOf, type Anchor } from "../../shared/popover";
import { WorkflowMenu, type WorkflowChoice } from "./workflow_menu";

interface Props extends Omit<WorkflowChoice, "onChoose"> {
  id?: string;
  /** What the setting is called where it stands, and whose it is. */
  title: string;
  className: string;
  /** Whether the change was made; the menu stays open where it was not. */
  onChoose: (workflow: string | undefined) => boolean;
}

export function WorkflowButton({ id, className, label, values, differ = false, none, onChoose, ...menu }: Props): JSX.Element {
  const [anchor, setAnchor] = useState<Anchor | undefined>();
  const [named] = differ ? [] : values;
  const words = differ ? "Different" : named ?? none.words;
  return (
    <>
      <button id={id} type="button" className={named === undefined ? `${className} is-any` : className} aria-label={`${label}: ${words}`}
        aria-haspopup="dialog" aria-expanded={anchor !== undefined} onClick={(event) => setAnchor(anchorOf(event.currentTarget))}>
        <span className={named === undefined ? "cut" : "cut mono"}>{words}</span>
        <Icon name="updown" />
      </button>
      {anchor && (
        <WorkflowMenu {...menu} label={label} values={values} differ={differ} none={none} anchor={anchor} onClose={() => setAnchor(undefined)}
          onChoose={(workflow) => {
            if (onChoose(workflow)) setAnchor(undefined);
          }} />
      )}
    </>
  );
}
