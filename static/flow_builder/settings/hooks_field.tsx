// The workflows that run when something starts, succeeds or fails: of the flow, or of one of its environments.
import type { JSX } from "react";
import { useBuilder } from "../builder_context";
import type { HookKey, Hooks } from "../model/flow";
import { WorkflowButton } from "../workflows/workflow_button";

const HOOKS: readonly { key: HookKey; words: string }[] = [
  { key: "onStart", words: "On start" },
  { key: "onSuccess", words: "On success" },
  { key: "onFail", words: "On fail" },
];

const NO_HOOK = { icon: "none", words: "None" };

/** Without an environment the hooks are the flow's own. */
export function HooksField({ label, hooks, environment }: { label: string; hooks: Hooks; environment?: string }): JSX.Element {
  const { perform } = useBuilder();
  const whose = environment ?? "the flow";
  return (
    <div className="field" role="group" aria-label={label}>
      <span className="label">{label}</span>
      <div className="hooks">
        {HOOKS.map(({ key, words }) => (
          <div className="hook" key={key}>
            <span className="faint">{words}</span>
            <WorkflowButton className="hook-value" label={`${words} of ${whose}`} title={`${words} of ${whose}`} icon="workflows"
              values={hooks[key] ? [hooks[key]] : []} none={NO_HOOK}
              onChoose={(workflow) => perform({ kind: "hook", hook: key, workflow, ...(environment !== undefined && { environment }) })} />
          </div>
        ))}
      </div>
    </div>
  );
}
