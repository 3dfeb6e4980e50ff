// Settings of several environments at once: what is set here is set in all of them, as one step of the history.
import type { JSX } from "react";
import { Icon } from "../../shared/icon";
import { Place } from "../../shared/place";
import { useBuilder } from "../builder_context";
import { ACTION_NAMES, SETTING_NAMES } from "../chart/policy_words";
import type { PolicyKey, Step } from "../model/flow";
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
      <SettingOfAll steps={steps} setting="action" />
      <SettingOfAll steps={steps} setting="preAction" />
      <SettingOfAll steps={steps} setting="postAction" />
      <button className="btn danger" type="button" onClick={() => askDelete(steps.map((step) => step.environment))}>
        <Icon name="trash" />
        {`Delete ${steps.length} from flow`}
      </button>
    </>
  );
}

function SettingOfAll({ steps, setting }: { steps: readonly Step[]; setting: PolicyKey }): JSX.Element {
  const { perform, workflows } = useBuilder();
  const values = [...new Set(steps.map((step) => step.policy[setting] ?? ""))];
  const current = values.length === 1 ? values[0] ?? "" : DIFFERENT;
  const names = setting === "action" ? Object.keys(ACTION_NAMES) : [...new Set([...values.filter((value) => value !== ""), ...(workflows ?? [])])];
  const words = (value: string): string => (setting === "action" ? ACTION_NAMES[value as keyof typeof ACTION_NAMES] ?? value : value);
  const environment = steps.map((step) => step.environment);
  return (
    <Field label={SETTING_NAMES[setting]}>
      {(id) => (
        <span className="select">
          <select id={id} className={current === "" || current === DIFFERENT ? "input is-any" : "input"} value={current}
            onChange={(event) => perform({ kind: "policy", environment, key: setting, value: event.target.value || undefined })}>
            {current === DIFFERENT && <option value={DIFFERENT} disabled>Different</option>}
            {names.map((value) => <option key={value} value={value}>{words(value)}</option>)}
            <option value="">Account-level policy</option>
          </select>
          <Icon name="updown" />
        </span>
      )}
    </Field>
  );
}
