// In front of a node: its pre-action, action and post-action, each opening its menu and showing its step of a release.
import type { JSX } from "react";
import { Icon } from "../../shared/icon";
import { anchorOf } from "../../shared/popover";
import type { Look } from "../../shared/release/looks";
import { StepWords } from "../live/node_state";
import type { EnvironmentState } from "../live/node_states";
import type { PolicyKey } from "../model/flow";
import type { Facts } from "./facts";
import { FlawMark, flawWords } from "./flaw_mark";
import { useChartMenus } from "./menus";
import { actionWord, originWord, settingIcon, SETTING_NAMES } from "./policy_words";

const KEYS: readonly PolicyKey[] = ["preAction", "action", "postAction"];

/** With the state of the release that is shown, if one is. */
export function Dock({ node, state }: { node: Facts; state: EnvironmentState | undefined }): JSX.Element {
  const { action } = node.policy;
  return (
    <>
      <div className="dock" role="group" aria-label={`Settings of ${node.id}`}>
        {KEYS.map((key) => (
          <DockButton key={key} node={node} setting={key} look={state?.settings[key]} />
        ))}
      </div>
      <span className="dock-word">
        {state?.step ? (
          <StepWords step={state.step} />
        ) : (
          <>
            <span>{actionWord(action.value)}</span>
            <span className="origin">
              {action.by === "policy" && <Icon name="policies" />}
              {originWord(action)}
            </span>
          </>
        )}
      </span>
    </>
  );
}

/** `look`: how far the release is with it. */
function DockButton({ node, setting, look }: { node: Facts; setting: PolicyKey; look: Look | undefined }): JSX.Element {
  const { menu, releaseShown, open } = useChartMenus();
  const decided = node.policy[setting];
  const flaw = node.policyFlaws[setting];
  const isOpen = menu?.kind === "policy" && menu.environment === node.id && menu.key === setting;
  const isSet = decided.value !== undefined || setting === "action";
  const classes = [isOpen && "is-open", !isSet && "unset", isSet && decided.by !== "flow" && "policy", flaw && `flaw ${flaw.severity}`];
  const value = setting === "action" ? actionWord(decided.value) : decided.value ?? "none in this flow";
  const words = look ? `${value}, ${look.word.toLowerCase()}` : value;
  return (
    <button
      className={classes.filter(Boolean).join(" ")}
      type="button"
      disabled={releaseShown}
      aria-haspopup={releaseShown ? undefined : setting === "action" ? "menu" : "dialog"}
      aria-label={`${SETTING_NAMES[setting]} of ${node.id}: ${words}`}
      title={flaw ? flawWords(flaw) : `${SETTING_NAMES[setting]}: ${words}`}
      onClick={(event) => {
        event.stopPropagation();
        open({ kind: "policy", environment: node.id, key: setting, anchor: anchorOf(event.currentTarget) });
      }}
    >
      <Icon name={settingIcon(setting, decided)} />
      {look && (
        <span className="step-state">
          <Icon name={look.icon} className={look.turns ? `c-${look.role} spin` : `c-${look.role}`} />
        </span>
      )}
      {flaw && <FlawMark flaw={flaw} />}
    </button>
  );
}
