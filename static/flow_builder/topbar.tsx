// The bar of the builder: whose flow it is, whether it is saved, and what can be done with all of it.
import { useState, type JSX } from "react";
import { BusyButton } from "../shared/dialog";
import { Icon } from "../shared/icon";
import { anchorOf, Popover, type Anchor } from "../shared/popover";
import type { Flow } from "./model/flow";
import type { SavedFlow } from "./saving/flow_file";

interface Props {
  flow: Flow;
  saved: SavedFlow | undefined;
  dirty: boolean;
  busy: boolean;
  text: string;
  onDiscard: () => void;
  onSave: () => void;
  onTrigger: () => void;
  onSaveAndTrigger: () => void;
  onHistory: () => void;
  onKeys: () => void;
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "application/yaml" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `${name}.yaml`;
  link.click();
  URL.revokeObjectURL(url);
}

export function Topbar(props: Props): JSX.Element {
  const { flow, saved, dirty, busy, text, onDiscard, onSave, onTrigger, onSaveAndTrigger, onHistory, onKeys } = props;
  const [menu, setMenu] = useState<Anchor | undefined>();
  const pending = dirty || !saved;
  const asNew = saved !== undefined && saved.name !== flow.name;
  const choose = (act: () => void): void => {
    setMenu(undefined);
    act();
  };
  return (
    <header className="topbar">
      <div className="crumbs">
        <a href="/flows/">Flows</a>
        <Icon name="chev-r" />
        <h1 className="cut">{flow.name || "Flow without a name"}</h1>
        {flow.version !== "" && <span className="chip fill hide-s">{`v${flow.version}`}</span>}
        {pending && <span className="chip">Not saved</span>}
      </div>
      <div className="actions">
        {dirty && (
          <button className="btn quiet hide-s" type="button" onClick={onDiscard}>
            Discard
          </button>
        )}
        {!pending && (
          <BusyButton busy={busy} className="" onClick={onSave}>
            Save
          </BusyButton>
        )}
        <button className={pending ? "btn" : "btn primary"} type="button" onClick={onTrigger}>
          <Icon name="bolt" />
          Trigger
        </button>
        {pending && (
          <BusyButton busy={busy} className="primary" onClick={onSave}>
            {asNew ? "Save as new flow" : "Save"}
          </BusyButton>
        )}
        <button className="btn quiet icon" type="button" aria-label="More" aria-haspopup="menu"
          onClick={(event) => setMenu(anchorOf(event.currentTarget))}>
          <Icon name="more" />
        </button>
      </div>
      {menu && (
        <Popover anchor={menu} role="menu" label="More" className="menu" onClose={() => setMenu(undefined)}>
          <button type="button" role="menuitem" onClick={() => choose(onSaveAndTrigger)}>
            <Icon name="bolt" />
            Save and trigger
          </button>
          <button type="button" role="menuitem" onClick={() => choose(() => download(flow.name || "flow", text))}>
            <Icon name="arrow-d" />
            Download YAML
          </button>
          {saved && (
            <button type="button" role="menuitem" onClick={() => choose(onHistory)}>
              <Icon name="clock" />
              History
            </button>
          )}
          <button type="button" role="menuitem" onClick={() => choose(onKeys)}>
            <Icon name="info" />
            Keys
            <span className="push kbd">?</span>
          </button>
          {dirty && (
            <button type="button" role="menuitem" onClick={() => choose(onDiscard)}>
              <Icon name="undo" />
              Discard changes
            </button>
          )}
        </Popover>
      )}
    </header>
  );
}
