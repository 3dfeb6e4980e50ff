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
  const label = `${SETTING_NAMES[setting]} of ${environment}`;
  const title = <div className="menu-label">{`${SETTING_NAMES[setting]} for ${environment}`}</div>;
  const byPolicy = (
    <Choice icon="policies" checked={current === undefined} onChoose={() => choose(undefined)}>
      Account-level policy
    </Choice>
  );
  if (setting !== "action") {
    return (
      <Popover anchor={anchor} side="above" label={label} onClose={onClose} className="menu">
        {title}
        <Workflows label={label} icon={setting === "preAction" ? "pre" : "post"} current={current} onChoose={choose} byPolicy={byPolicy} />
      </Popover>
    );
  }
  return (
    <Popover anchor={anchor} side="above" role="menu" label={label} onClose={onClose} className="menu">
      {title}
      {ACTIONS.map((one) => (
        <Choice key={one.value} icon={one.icon} checked={current === one.value} onChoose={() => choose(one.value)}
          note={one.value === "none" && policy.preAction === undefined ? "needs a pre-action" : undefined}>
          {ACTION_NAMES[one.value]}
        </Choice>
      ))}
      <hr />
      {byPolicy}
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

/** Registered workflows, and a field for one that is still to come; a field is no part of a menu, so it stands beside it. */
function Workflows(props: {
  label: string;
  icon: string;
  current: string | undefined;
  onChoose: (value: string) => void;
  byPolicy: JSX.Element;
}): JSX.Element {
  const { label, icon, current, onChoose, byPolicy } = props;
  const { workflows } = useBuilder();
  const [typed, setTyped] = useState("");
  const names = [...new Set([...(current === undefined ? [] : [current]), ...(workflows ?? [])])];
  return (
    <>
      <div role="menu" aria-label={label}>
        {names.map((name) => (
          <Choice key={name} icon={icon} checked={name === current} onChoose={() => onChoose(name)}>
            {name}
          </Choice>
        ))}
        {names.length > 0 && <hr />}
        {byPolicy}
      </div>
      <hr />
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
