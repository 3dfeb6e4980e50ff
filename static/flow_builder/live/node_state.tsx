// What a release adds to a node of the chart: the environment's state, its sentence, its step. Decides nothing.
import type { JSX } from "react";
import { Duration, IssueBox, Mark, State } from "../../shared/release/marks";
import { promotionLook } from "../../shared/release/looks";
import type { StepRow } from "../../shared/release/environment_words";
import type { EnvironmentState } from "./node_states";

/** For `aria-describedby` of the node's button. */
export const stateId = (environment: string): string => `state-of-${environment}`;

/** Below the node; a trigger has no dock, so its step stands here too. */
export function NodeState({ state, withStep }: { state: EnvironmentState; withStep: boolean }): JSX.Element {
  const { environment, look, startedAt, finishedAt, issue, sentence, step } = state;
  return (
    <div className={`live-state ${look.role}`} role="group" aria-label={`${environment}: ${look.word}`} title={sentence || undefined}>
      <div id={stateId(environment)}>
        <div className="state-line">
          <State look={look} />
          <span className="dur">
            <Duration start={startedAt} end={finishedAt} />
          </span>
        </div>
        {issue && <IssueBox {...issue} />}
      </div>
      {withStep && step && <StepWords step={step} />}
    </div>
  );
}

export function StepWords({ step }: { step: StepRow }): JSX.Element {
  return (
    <span className="live-step">
      <Mark look={promotionLook(step.status, step.reason)} />
      <span>
        {step.title}
        {step.made !== "" && <span className="mono"> {step.made}</span>}
      </span>
    </span>
  );
}
