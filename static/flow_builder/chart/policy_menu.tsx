// The menu of one setting of a step: its values, and leaving it to account-level policies.
import { useState, type JSX } from "react";
import { Icon } from "../../shared/icon";
import { Popover, type Anchor } from "../../shared/popover";
import { useBuilder } from "../builder_context";
import type { PolicyKey } from "../model/flow";
import { ACTION_NAMES, ACTIONS, SETTING_NAMES } from "./policy_words";

interface Props {
  environment: string;
  setting: PolicyKey;
  anchor: Anchor;
  onClose: () => void;
}

export function PolicyMenu({ environment, setting, anchor, onClose }: Props): JSX.Element {
  const { flow, perform } = useBuilder();
  const policy = flow.steps.find((step) => step.environment === environment)?.policy ?? {};
  const current = policy[setting];
  const choose = (value: string | undefined): void => {
    if (perform({ kind: "policy", environment, key: setting, value })) onClose();
  };
  return (
    <Popover anchor={anchor} side="above" role="menu" label={`${SETTING_NAMES[setting]} of ${environment}`} onClose={onClose} className="menu">
      <div className="menu-label">{`${SETTING_NAMES[setting]} for ${environment}`}</div>
      {setting === "action" ? (
        ACTIONS.map((one) => (
          <Choice key={one.value} icon={one.icon} checked={current === one.value} onChoose={() => choose(one.value)}
            note={one.value === "none" && policy.preAction === undefined ? "needs a pre-action" : undefined}>
            {ACTION_NAMES[one.value]}
          </Choice>
        ))
      ) : (
        <Workflows icon={setting === "preAction" ? "pre" : "post"} current={current} onChoose={choose} />
      )}
      <hr />
      <Choice icon="policies" checked={current === undefined} onChoose={() => choose(undefined)}>
        Account-level policy
      </Choice>
    </Popover>
  );
}

function Choice(props: { icon: string; checked: boolean; onChoose: () => void; children: string; note?: string | undefined }): JSX.Element {
  const { icon, checked, onChoose, children, note } = props;
  return (
    <button type="button" role="menuitemradio" aria-checked={checked} className={checked ? "is-active" : ""} onClick={onChoose}>
      <Icon name={icon} />
      {children}
      {checked ? (
        <span className="push">
          <Icon name="check" />
        </span>
      ) : (
        note !== undefined && <span className="note-end">{note}</span>
      )}
    </button>
  );
}

/** Registered workflows, and a field for one that is still to come. */
function Workflows(props: { icon: string; current: string | undefined; onChoose: (value: string) => void }): JSX.Element {
  const { icon, current, onChoose } = props;
  const { workflows } = useBuilder();
  const [typed, setTyped] = useState("");
  const names = [...new Set([...(current === undefined ? [] : [current]), ...(workflows ?? [])])];
  return (
    <>
      {names.map((name) => (
        <Choice key={name} icon={icon} checked={name === current} onChoose={() => onChoose(name)}>
          {name}
        </Choice>
      ))}
      <form
        className="typed"
        onSubmit={(event) => {
          event.preventDefault();
          if (typed.trim() !== "") onChoose(typed.trim());
        }}
      >
        <div className="input sm">
          <input aria-label="Name of a workflow" placeholder="Name of a workflow" value={typed} onChange={(event) => setTyped(event.target.value)} />
        </div>
        <button className="btn sm set" type="submit">
          Set
        </button>
      </form>
    </>
  );
}
