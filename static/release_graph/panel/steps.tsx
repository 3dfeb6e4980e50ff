// Every step of every application: how it ended, what it said, how often it was tried.
import type { JSX } from "react";
import { promotionLook } from "../../shared/release/looks";
import { Duration, Mark } from "../../shared/release/marks";
import type { Environment, Release, Step } from "../../shared/release/release";
import { Section } from "./section";

export function Steps({ environment, release }: { environment: Environment; release: Release }): JSX.Element {
  const many = environment.applications.length > 1;
  return (
    <Section title="Steps">
      {environment.applications.map((one) => (
        <div key={one.identity} className="step-group">
          {many && <h4 className="label">{one.name}</h4>}
          <ol className="step-list">
            {one.steps.map((step) => (
              <Line key={step.id} step={step} revision={release.source.commit} />
            ))}
          </ol>
        </div>
      ))}
    </Section>
  );
}

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : []);

function Line({ step, revision }: { step: Step; revision: string }): JSX.Element {
  const bad = step.status === "FAILED" || step.status === "ERROR";
  const skipped = texts(step.outputs["skipped"]);
  return (
    <li>
      <Mark look={promotionLook(step.status, step.reason)} />
      <div className="grow">
        <div className="row">
          <span className={step.status === "PENDING" ? "faint" : "med"}>{step.title}</span>
          {step.attempt > 1 && <span className="chip fill">Attempt {step.attempt}</span>}
          <span className="push faint">{step.status !== "PENDING" && <Duration start={step.startedAt} end={step.finishedAt} />}</span>
        </div>
        {step.message !== "" && <p className={bad ? "said bad" : "said"}>{step.message}</p>}
        {step.kind === "freeze" && step.status === "SUCCEEDED" && <p className="said sha">{revision}</p>}
        {skipped.length > 0 && <p className="said">The source lacks {skipped.join(", ")}; left as it was.</p>}
      </div>
    </li>
  );
}
