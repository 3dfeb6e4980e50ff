// The menu of one setting of a step: its values, and leaving it to account-level policies.
import type { JSX } from "react";
import { Popover, type Anchor } from "../../shared/popover";
import { useBuilder } from "../builder_context";
import { Choice } from "../choice";
import type { PolicyKey } from "../model/flow";
import { WorkflowMenu } from "../workflows/workflow_menu";
import { ACTION_NAMES, ACTIONS, BY_POLICY, SETTING_NAMES } from "./policy_words";

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
  const title = `${SETTING_NAMES[setting]} for ${environment}`;
  if (setting !== "action") {
    return (
      <WorkflowMenu label={label} title={title} icon={setting === "preAction" ? "pre" : "post"} values={current === undefined ? [] : [current]}
        none={BY_POLICY} anchor={anchor} side="above" onChoose={choose} onClose={onClose} />
    );
  }
  return (
    <Popover anchor={anchor} side="above" role="menu" label={label} onClose={onClose} className="menu">
      <div className="menu-label">{title}</div>
      {ACTIONS.map((one) => (
        <Choice key={one.value} icon={one.icon} checked={current === one.value} onChoose={() => choose(one.value)}
          note={one.value === "none" && policy.preAction === undefined ? "needs a pre-action" : undefined}>
          {ACTION_NAMES[one.value]}
        </Choice>
      ))}
      <hr />
      <Choice icon={BY_POLICY.icon} checked={current === undefined} onChoose={() => choose(undefined)}>
        {BY_POLICY.words}
      </Choice>
    </Popover>
  );
}
