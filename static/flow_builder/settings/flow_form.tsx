// The flow's own settings; every field writes straight into the text.
import { useId, type JSX, type ReactNode } from "react";
import flowSchema from "../../../promotions/manifests/schemas/PromotionFlow.json";
import { Icon } from "../../shared/icon";
import { isName, NAME_RULE } from "../../shared/manifest/names";
import { useBuilder } from "../builder_context";
import { nextVersion } from "../file/next_version";
import type { OnFailure } from "../model/flow";
import { useTaken } from "../saving/use_taken";
import { HooksField } from "./hooks_field";

const FAILURES: readonly { value: OnFailure; words: string }[] = [
  { value: "continue", words: "Finish what runs" },
  { value: "halt", words: "Cancel what runs" },
  { value: "revert", words: "Put everything back" },
];

/** No error: the file may be meant for another installation. */
const CANNOT_REVERT = "This version cannot put anything back yet: a flow with this can be saved, but not triggered.";

const DEFAULT_MINUTES = 1440;
const { minimum: FEWEST_MINUTES, maximum: MOST_MINUTES } = flowSchema.properties.spec.properties.promotionTimeoutLimit;

const timeoutError = (minutes: number | undefined): string | undefined =>
  minutes === undefined || (minutes >= FEWEST_MINUTES && minutes <= MOST_MINUTES) ? undefined : `From ${FEWEST_MINUTES} to ${MOST_MINUTES} minutes.`;

export function FlowForm({ savedName }: { savedName: string | undefined }): JSX.Element {
  const { flow, perform, environments } = useBuilder();
  const renamed = savedName !== undefined && flow.name !== savedName;
  const taken = useTaken(flow.name, savedName);
  const nameError = isName(flow.name) ? taken : `Name the flow: ${NAME_RULE}.`;
  const next = nextVersion(flow.version);
  const steps = new Set(flow.steps.map((step) => step.environment));
  const unread = flow.onFailure === undefined && flow.keys.includes("onFailure");
  const choices = [...new Set([flow.trigger, ...(environments ?? []).map((one) => one.name)])].filter((name) => !steps.has(name));
  return (
    <>
      <Field label="Name" error={nameError}
        hint={renamed ? <>A new name saves a new flow. <b>{savedName}</b> stays as it is.</> : undefined}>
        {(id, state) => (
          <input id={id} {...state} className={nameError === undefined ? "input cutbox" : "input cutbox is-error"} value={flow.name} spellCheck={false} autoComplete="off"
            onChange={(event) => perform({ kind: "name", value: event.target.value }, "typing")} />
        )}
      </Field>
      <Field label="Description" optional>
        {(id) => (
          <textarea id={id} className="input" rows={2} value={flow.description}
            onChange={(event) => perform({ kind: "description", value: event.target.value }, "typing")} />
        )}
      </Field>
      <div className="two">
        <Field label="Timeout" error={timeoutError(flow.timeout)}>
          {(id, state) => (
            <span className={timeoutError(flow.timeout) === undefined ? "input" : "input is-error"}>
              <input id={id} {...state} inputMode="numeric" value={flow.timeout ?? ""} placeholder={String(DEFAULT_MINUTES)}
                onChange={(event) => {
                  const digits = event.target.value.replace(/\D/g, "").slice(0, 6);
                  perform({ kind: "timeout", minutes: digits === "" ? undefined : Number(digits) }, "typing");
                }} />
              <span className="faint xs">min</span>
            </span>
          )}
        </Field>
        <Field label="Version">
          {(id) => (
            <span className="input raisable">
              <input id={id} value={flow.version} spellCheck={false} autoComplete="off"
                onChange={(event) => perform({ kind: "version", value: event.target.value }, "typing")} />
              <button className="btn quiet icon xs" type="button" aria-label={`Raise to ${next}`} title={`Raise to ${next}`}
                onClick={() => perform({ kind: "version", value: next })}>
                <Icon name="arrow-u" />
              </button>
            </span>
          )}
        </Field>
      </div>
      <Field label="Trigger environment">
        {(id) => (
          <span className="select">
            <select id={id} className={flow.trigger === "" ? "input is-any" : "input"} value={flow.trigger}
              onChange={(event) => event.target.value !== "" && perform({ kind: "trigger", environment: event.target.value })}>
              {flow.trigger === "" && <option value="">Choose one</option>}
              {choices.filter((name) => name !== "").map((name) => <option key={name}>{name}</option>)}
            </select>
            <Icon name="updown" />
          </span>
        )}
      </Field>
      <Field label="When an environment fails" hint={flow.onFailure === "revert" ? CANNOT_REVERT : undefined}>
        {(id, state) => (
          <span className="select">
            <select id={id} {...state} className={unread ? "input is-any" : "input"} value={unread ? "" : (flow.onFailure ?? "continue")}
              onChange={(event) => perform({ kind: "onFailure", value: event.target.value as OnFailure })}>
              {unread && <option value="">Not a known value</option>}
              {FAILURES.map((one) => <option key={one.value} value={one.value}>{one.words}</option>)}
            </select>
            <Icon name="updown" />
          </span>
        )}
      </Field>
      <HooksField label="Flow hooks" hooks={flow.hooks} />
    </>
  );
}

/** For the control itself, so that whoever does not see the words below it hears them. */
interface FieldState {
  "aria-invalid"?: true;
  "aria-describedby"?: string;
}

export function Field(props: {
  label: string;
  optional?: boolean;
  hint?: ReactNode;
  error?: string | undefined;
  children: (id: string, state: FieldState) => ReactNode;
}): JSX.Element {
  const id = useId();
  const wordsId = `${id}-words`;
  const described = props.error !== undefined || props.hint !== undefined ? { "aria-describedby": wordsId } : {};
  return (
    <div className="field">
      <label htmlFor={id}>
        {props.label} {props.optional && <span className="opt">(optional)</span>}
      </label>
      {props.children(id, props.error === undefined ? described : { "aria-invalid": true, ...described })}
      {props.error !== undefined ? (
        <p className="error-text" id={wordsId}>
          <Icon name="alert" />
          {props.error}
        </p>
      ) : (
        props.hint !== undefined && <p className="hint" id={wordsId}>{props.hint}</p>
      )}
    </div>
  );
}
