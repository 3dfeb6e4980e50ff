// The left pane: settings of the flow, and of the environment that is selected on the chart.
import type { JSX, KeyboardEvent } from "react";
import { Icon } from "../../shared/icon";
import { useBuilder } from "../builder_context";
import { FlowForm } from "./flow_form";
import { ManyForm } from "./many_form";
import { StepForm } from "./step_form";

interface Props {
  tab: "flow" | "environment";
  onTab: (tab: "flow" | "environment") => void;
  onHide: () => void;
  /** It leaves the other panes little room, so Esc closes it, from its fields too. */
  squeezes: boolean;
  /** The flow's name on the server; undefined while it was never saved. */
  savedName: string | undefined;
  /** The text cannot be read, so there is nothing to set. */
  unread: boolean;
}

export function SettingsPane({ tab, onTab, onHide, squeezes, savedName, unread }: Props): JSX.Element {
  const { selected, chosen, releaseShown } = useBuilder();
  const shown = selected === undefined ? "flow" : tab;
  const several = chosen.length > 1;
  const onKeyDown = (event: KeyboardEvent): void => {
    // What floats over it hears its own Esc.
    if (!squeezes || event.key !== "Escape" || event.defaultPrevented || !event.currentTarget.contains(event.target as Node)) return;
    event.preventDefault();
    onHide();
  };
  return (
    <aside className="settings" aria-label="Settings" onKeyDown={onKeyDown}>
      <div className="pane-head">
        <div className="seg cut" role="group" aria-label="Settings of">
          <button type="button" aria-pressed={shown === "flow"} onClick={() => onTab("flow")}>
            Flow
          </button>
          {selected !== undefined && (
            <button type="button" className="cut" aria-pressed={shown === "environment"} onClick={() => onTab("environment")}>
              <span className="cut">{several ? `${chosen.length} selected` : selected}</span>
            </button>
          )}
        </div>
        <button className="btn quiet icon xs push" type="button" aria-label="Hide settings" onClick={onHide}>
          <Icon name="rail" />
        </button>
      </div>
      {releaseShown && (
        <p className="note settings-note">
          <Icon name="lock" />
          <span>The chart shows a release. Go back to editing to change these.</span>
        </p>
      )}
      <fieldset className="form" disabled={unread || releaseShown}>
        {shown === "flow" && <FlowForm savedName={savedName} />}
        {shown === "environment" && (several ? <ManyForm environments={chosen} /> : <StepForm key={selected} environment={selected ?? ""} />)}
      </fieldset>
    </aside>
  );
}
