// The bar of the builder: whose flow it is, whether it is saved, and what can be done with all of it.
import { useState, type JSX } from "react";
import { BusyButton } from "../shared/dialog";
import { Icon } from "../shared/icon";
import { anchorOf, type Anchor } from "../shared/popover";
import { clock } from "../shared/times";
import { MoreMenu, type FileActions } from "./file/more_menu";
import type { Flow } from "./model/flow";
import type { SavedFlow } from "./saving/flow_file";

interface Props {
  flow: Flow;
  saved: SavedFlow | undefined;
  /** When it was saved since the page was opened. */
  savedAt: Date | undefined;
  dirty: boolean;
  busy: boolean;
  /** Why this person may not save, as a sentence; "" where they may. */
  refused: string;
  /** Why this person may not trigger, likewise. */
  triggerRefused: string;
  /** Why nothing can be done with what is saved under the flow's name, likewise. */
  gone: string;
  /** What else keeps the flow from being triggered, likewise. */
  notTriggered: string;
  /** What speaks against triggering with the chosen product, likewise; another one can be chosen. */
  triggerHint: string;
  actions: FileActions;
  onTrigger: () => void;
}

export function Topbar(props: Props): JSX.Element {
  const { flow, saved, savedAt, dirty, busy, refused, triggerRefused, gone, notTriggered, triggerHint, actions, onTrigger } = props;
  const [menu, setMenu] = useState<Anchor | undefined>();
  const pending = dirty || !saved;
  const savesFirst = pending || gone !== "";
  const asNew = saved !== undefined && saved.name !== flow.name;
  const saveWords = gone !== "" ? "Save as a new flow…" : asNew ? "Save as new flow" : "Save";
  return (
    <header className="topbar">
      <div className="crumbs">
        <a href="/flows/">Flows</a>
        <Icon name="chev-r" />
        <h1 className="cut">{flow.name || "Flow without a name"}</h1>
        {flow.version !== "" && <span className="chip fill hide-s">{`v${flow.version}`}</span>}
        {pending && <span className="chip">Not saved</span>}
        {!savesFirst && savedAt && <span className="xs faint">{`Saved ${clock(savedAt.toISOString())}`}</span>}
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
        {!savesFirst && (
          <BusyButton busy={busy} queues className="" refused={refused} onClick={actions.save}>
            Save
          </BusyButton>
        )}
        <BusyButton busy={false} className={savesFirst ? "" : "primary"} icon={triggerHint === "" ? "bolt" : "alert"}
          refused={triggerRefused || notTriggered} hint={triggerHint} onClick={onTrigger}>
          Trigger
        </BusyButton>
        {savesFirst && (
          <BusyButton busy={busy} queues className="primary" refused={refused} onClick={actions.save}>
            {saveWords}
          </BusyButton>
        )}
        <button className="btn quiet icon" type="button" aria-label="More" aria-haspopup="menu" aria-expanded={menu !== undefined}
          onClick={(event) => setMenu(anchorOf(event.currentTarget))}>
          <Icon name="more" />
        </button>
      </div>
      {menu && (
        <MoreMenu anchor={menu} savedName={saved?.name} version={flow.version} refused={refused} triggerRefused={triggerRefused} gone={gone} dirty={dirty} actions={actions}
          onClose={() => setMenu(undefined)} />
      )}
    </header>
  );
}
