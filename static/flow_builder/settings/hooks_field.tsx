// The workflows that run when something starts, succeeds or fails: of the flow, or of one of its environments.
import type { JSX } from "react";
import { Icon } from "../../shared/icon";
import { useBuilder } from "../builder_context";
import type { HookKey, Hooks } from "../model/flow";

const HOOKS: readonly { key: HookKey; words: string }[] = [
  { key: "onStart", words: "On start" },
  { key: "onSuccess", words: "On success" },
  { key: "onFail", words: "On fail" },
];

/** Without an environment the hooks are the flow's own. */
export function HooksField({ label, hooks, environment }: { label: string; hooks: Hooks; environment?: string }): JSX.Element {
  const { perform } = useBuilder();
  return (
    <div className="field" role="group" aria-label={label}>
      <span className="label">{label}</span>
      <div className="hooks">
        {HOOKS.map(({ key, words }) => (
          <Hook key={key} words={words} current={hooks[key] ?? ""}
            onChoose={(workflow) => perform({ kind: "hook", hook: key, workflow, ...(environment !== undefined && { environment }) })} />
        ))}
      </div>
    </div>
  );
}

/** A hook names a workflow; the list also offers what the text names already, registered or not. */
function Hook(props: { words: string; current: string; onChoose: (workflow: string | undefined) => void }): JSX.Element {
  const { words, current, onChoose } = props;
  const { workflows } = useBuilder();
  const names = [...new Set([...(current === "" ? [] : [current]), ...(workflows ?? [])])];
  return (
    <label className="hook">
      <span className="faint">{words}</span>
      <span className="hook-value">
        <select className={current === "" ? "is-any" : "mono"} value={current} onChange={(event) => onChoose(event.target.value || undefined)}>
          <option value="">None</option>
          {names.map((name) => <option key={name}>{name}</option>)}
        </select>
        <Icon name="updown" className="i-12" />
      </span>
    </label>
  );
}
