// The bar of the builder: whose flow it is, whether it is saved, and what can be done with all of it.
import { useId, useState, type JSX } from "react";
import { BusyButton } from "../shared/dialog";
import { Icon } from "../shared/icon";
import type { Problem } from "../shared/manifest/manifest_text";
import { anchorOf, type Anchor } from "../shared/popover";
import { MoreMenu, type FileActions } from "./file/more_menu";
import type { Flow } from "./model/flow";
import type { SavedFlow } from "./saving/flow_file";

interface Props {
  flow: Flow;
  saved: SavedFlow | undefined;
  dirty: boolean;
  busy: boolean;
  /** Why this person may not save, as a sentence; "" where they may. */
  refused: string;
  /** What keeps the text from being triggered. */
  wrong: Problem | undefined;
  actions: FileActions;
  onTrigger: () => void;
  toProblem: (problem: Problem) => void;
}

export function Topbar({ flow, saved, dirty, busy, refused, wrong, actions, onTrigger, toProblem }: Props): JSX.Element {
  const [menu, setMenu] = useState<Anchor | undefined>();
  const pending = dirty || !saved;
  const asNew = saved !== undefined && saved.name !== flow.name;
  return (
    <header className="topbar">
      <div className="crumbs">
        <a href="/flows/">Flows</a>
        <Icon name="chev-r" />
        <h1 className="cut">{flow.name || "Flow without a name"}</h1>
        {flow.version !== "" && <span className="chip fill hide-s">{`v${flow.version}`}</span>}
        {pending && <span className="chip">Not saved</span>}
        {refused !== "" && (
          <span className="chip" title={refused}>
            <Icon name="lock" />
            View only
            <span className="sr">: {refused}</span>
          </span>
        )}
      </div>
      <div className="actions">
        {dirty && (
          <button className="btn quiet hide-s" type="button" onClick={actions.discard}>
            Discard
          </button>
        )}
        {!pending && (
          <BusyButton busy={busy} className="" onClick={actions.save}>
            Save
          </BusyButton>
        )}
        <TriggerButton primary={!pending} wrong={wrong} onTrigger={onTrigger} toProblem={toProblem} />
        {pending && (
          <BusyButton busy={busy} className="primary" onClick={actions.save}>
            {asNew ? "Save as new flow" : "Save"}
          </BusyButton>
        )}
        <button className="btn quiet icon" type="button" aria-label="More" aria-haspopup="menu" aria-expanded={menu !== undefined}
          onClick={(event) => setMenu(anchorOf(event.currentTarget))}>
          <Icon name="more" />
        </button>
      </div>
      {menu && (
        <MoreMenu anchor={menu} savedName={saved?.name} version={flow.version} dirty={dirty} actions={actions}
          onClose={() => setMenu(undefined)} />
      )}
    </header>
  );
}

/** With a problem in the text it looks as what cannot be done, says why, and leads there instead. */
function TriggerButton(props: Pick<Props, "wrong" | "onTrigger" | "toProblem"> & { primary: boolean }): JSX.Element {
  const { primary, wrong, onTrigger, toProblem } = props;
  const id = useId();
  const why = wrong && `What is in the editor cannot be triggered: line ${wrong.line} has a problem. ${wrong.message}`;
  return (
    <>
      <button className={primary && !wrong ? "btn primary" : "btn"} type="button" title={why} aria-disabled={wrong !== undefined}
        aria-describedby={wrong && id} onClick={() => (wrong ? toProblem(wrong) : onTrigger())}>
        <Icon name="bolt" />
        Trigger
      </button>
      {wrong && <span id={id} hidden>{why}</span>}
    </>
  );
}
