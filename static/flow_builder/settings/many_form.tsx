// Settings of several environments at once: what is set here is set in all of them, as one step of the history.
import type { JSX } from "react";
import { Icon } from "../../shared/icon";
import { Place } from "../../shared/place";
import { useBuilder } from "../builder_context";
import { ACTION_NAMES, BY_POLICY, SETTING_NAMES } from "../chart/policy_words";
import type { PolicyKey, Step } from "../model/flow";
import { WorkflowButton } from "../workflows/workflow_button";
import { Field } from "./flow_form";

/** Stands where the environments differ: no value of its own. */
const DIFFERENT = "\u0000different";

export function ManyForm({ environments }: { environments: readonly string[] }): JSX.Element {
  const { flow, environments: known, choose, askDelete } = useBuilder();
  const steps = flow.steps.filter((step) => environments.includes(step.environment));
  const kindOf = (name: string): "PROD" | "NON_PROD" | undefined => known?.find((one) => one.name === name)?.kind;
  return (
    <>
      <div className="field">
        <span className="label">{`${environments.length} environments`}</span>
        <ul className="depends">
          {environments.map((name) => (
            <li key={name}>
              <Place kind={kindOf(name)} />
              <span className="cut">{name}</span>
              <button className="btn quiet icon xs" type="button" aria-label={`Take ${name} out of the selection`}
                onClick={() => choose(environments.filter((one) => one !== name))}>
                <Icon name="x" className="i-14" />
              </button>
            </li>
          ))}
        </ul>
      </div>
      <ActionOfAll steps={steps} />
      <WorkflowOfAll steps={steps} setting="preAction" />
      <WorkflowOfAll steps={steps} setting="postAction" />
      <button className="btn danger" type="button" onClick={() => askDelete(steps.map((step) => step.environment))}>
        <Icon name="trash" />
        {`Delete ${steps.length} from flow`}
      </button>
    </>
  );
}

function ActionOfAll({ steps }: { steps: readonly Step[] }): JSX.Element {
  const { perform } = useBuilder();
  const values = [...new Set(steps.map((step) => step.policy.action ?? ""))];
  const current = values.length === 1 ? values[0] ?? "" : DIFFERENT;
  const environment = steps.map((step) => step.environment);
  return (
    <Field label={SETTING_NAMES.action}>
      {(id) => (
        <span className="select">
          <select id={id} className={current === "" || current === DIFFERENT ? "input is-any" : "input"} value={current}
            onChange={(event) => perform({ kind: "policy", environment, key: "action", value: event.target.value || undefined })}>
            {current === DIFFERENT && <option value={DIFFERENT} disabled>Different</option>}
            {Object.entries(ACTION_NAMES).map(([value, words]) => <option key={value} value={value}>{words}</option>)}
            <option value="">{BY_POLICY.words}</option>
          </select>
          <Icon name="updown" />
        </span>
      )}
    </Field>
  );
}

function WorkflowOfAll({ steps, setting }: { steps: readonly Step[]; setting: Exclude<PolicyKey, "action"> }): JSX.Element {
  const { perform } = useBuilder();
  const set = [...new Set(steps.map((step) => step.policy[setting]))];
  const environment = steps.map((step) => step.environment);
  const label = `${SETTING_NAMES[setting]} of ${environment.length} environments`;
  return (
    <Field label={SETTING_NAMES[setting]}>
      {(id) => (
        <WorkflowButton id={id} className="input" label={label} title={label} icon={setting === "preAction" ? "pre" : "post"}
          values={set.filter((one) => one !== undefined)} differ={set.length > 1} none={BY_POLICY}
          onChoose={(value) => perform({ kind: "policy", environment, key: setting, value })} />
      )}
    </Field>
  );
}
