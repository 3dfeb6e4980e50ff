// Settings of one environment of the flow: what it depends on, what is done there, and removing it.
import type { JSX } from "react";
import { Icon } from "../../shared/icon";
import { KindWord, Place } from "../../shared/place";
import { ACTION_NAMES, BY_POLICY, SETTING_NAMES } from "../chart/policy_words";
import { useBuilder } from "../builder_context";
import type { PolicyKey, Step } from "../model/flow";
import { allDependents } from "../model/graph";
import { WorkflowButton } from "../workflows/workflow_button";
import { Field } from "./flow_form";
import { HooksField } from "./hooks_field";

export function StepForm({ environment }: { environment: string }): JSX.Element {
  const { flow, environments, askDelete, perform } = useBuilder();
  const kind = environments?.find((one) => one.name === environment)?.kind;
  const step = flow.steps.find((one) => one.environment === environment);
  return (
    <>
      <div className="row who">
        <Place kind={kind} size="lg" />
        <div className="cut">
          <div className="name cut">{environment}</div>
          <KindWord kind={kind} />
        </div>
      </div>
      {step ? (
        <>
          <DependsOn step={step} />
          <ActionField step={step} />
          <WorkflowField step={step} setting="preAction" />
          <WorkflowField step={step} setting="postAction" />
          <HooksField label="Environment hooks" hooks={step.hooks} environment={environment} />
          <button className="btn danger" type="button" onClick={() => askDelete([environment])}>
            <Icon name="trash" />
            Delete from flow
          </button>
        </>
      ) : environment !== flow.trigger ? (
        <p className="note">
          <Icon name="info" />
          <span>The text in the editor has no {environment}.</span>
        </p>
      ) : (
        <>
          <p className="note">
            <Icon name="bolt" />
            <span>The flow starts here: it promotes what runs in {environment}. Another one is chosen in the flow’s settings.</span>
          </p>
          <Field label="Validate with" hint="Runs before the first environment gets anything; where it fails, none does.">
            {(id) => (
              <WorkflowButton id={id} className="input" label={`Validate ${environment} with`} title={`Validate ${environment} with`} icon="post"
                values={flow.postTrigger === "" ? [] : [flow.postTrigger]} none={{ icon: "none", words: "Nothing" }}
                onChoose={(workflow) => perform({ kind: "postTrigger", workflow })} />
            )}
          </Field>
        </>
      )}
    </>
  );
}

function DependsOn({ step }: { step: Step }): JSX.Element {
  const { flow, perform } = useBuilder();
  const { environment } = step;
  const others = [flow.trigger, ...flow.steps.map((one) => one.environment)].filter(
    (name) => name !== "" && name !== environment && !step.dependsOn.includes(name),
  );
  const after = new Set(allDependents(flow, environment));
  const later = others.filter((name) => after.has(name));
  return (
    <div className="field">
      <span className="label">Depends on</span>
      <ul className="depends">
        {step.dependsOn.map((on) => (
          <li key={on}>
            <span className="cut">{on}</span>
            <button className="btn quiet icon xs" type="button" aria-label={`${environment} no longer depends on ${on}`}
              onClick={() => perform({ kind: "undepend", environment, on })}>
              <Icon name="x" className="i-14" />
            </button>
          </li>
        ))}
        {others.length > 0 && (
          <li className="more">
            <Icon name="plus" className="i-14" />
            <select aria-label="Add a dependency" value="" onChange={(event) => perform({ kind: "depend", environment, on: event.target.value })}>
              <option value="">Add a dependency</option>
              {others.filter((name) => !after.has(name)).map((name) => <option key={name}>{name}</option>)}
              {/* Offered too: who looks for one of these is told which circle it would close. */}
              {later.length > 0 && (
                <optgroup label={`After ${environment}`}>
                  {later.map((name) => <option key={name}>{name}</option>)}
                </optgroup>
              )}
            </select>
          </li>
        )}
      </ul>
    </div>
  );
}

function ActionField({ step }: { step: Step }): JSX.Element {
  const { perform } = useBuilder();
  return (
    <Field label={SETTING_NAMES.action}>
      {(id) => (
        <span className="select">
          <select id={id} className="input" value={step.policy.action ?? ""}
            onChange={(event) => perform({ kind: "policy", environment: step.environment, key: "action", value: event.target.value || undefined })}>
            {Object.entries(ACTION_NAMES).map(([value, words]) => <option key={value} value={value}>{words}</option>)}
            <option value="">{BY_POLICY.words}</option>
          </select>
          <Icon name="updown" />
        </span>
      )}
    </Field>
  );
}

function WorkflowField({ step, setting }: { step: Step; setting: Exclude<PolicyKey, "action"> }): JSX.Element {
  const { perform } = useBuilder();
  const { environment, policy } = step;
  const current = policy[setting];
  return (
    <Field label={SETTING_NAMES[setting]}>
      {(id) => (
        <WorkflowButton id={id} className="input" label={`${SETTING_NAMES[setting]} of ${environment}`} title={`${SETTING_NAMES[setting]} for ${environment}`}
          icon={setting === "preAction" ? "pre" : "post"} values={current === undefined ? [] : [current]} none={BY_POLICY}
          onChoose={(value) => perform({ kind: "policy", environment, key: setting, value })} />
      )}
    </Field>
  );
}
