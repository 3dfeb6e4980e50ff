// The words and icons of a step's settings: what it does, and who decided that.
import type { Action, PolicyKey } from "../model/flow";
import type { Decided } from "./facts";

export const ACTIONS: readonly { value: Action; icon: string; word: string }[] = [
  { value: "commit", icon: "commit", word: "commit" },
  { value: "pr", icon: "pr", word: "pull request" },
  { value: "none", icon: "none", word: "none" },
];

export const ACTION_NAMES: Record<Action, string> = { commit: "Commit", pr: "Pull request", none: "None" };

export const SETTING_NAMES: Record<PolicyKey, string> = { action: "Action", preAction: "Pre-action", postAction: "Post-action" };

/** What is left to account-level policies. */
export const BY_POLICY = { icon: "policies", words: "Account-level policy" };

export const actionWord = (value: string | undefined): string =>
  ACTIONS.find((one) => one.value === value)?.word ?? value ?? "by policy";

export function settingIcon(key: PolicyKey, decided: Decided): string {
  if (key === "preAction") return "pre";
  if (key === "postAction") return "post";
  return ACTIONS.find((one) => one.value === decided.value)?.icon ?? (decided.value === undefined ? "policies" : "none");
}

export function originWord(decided: Decided): string {
  if (decided.by === "flow") return "this flow";
  if (decided.by === "policy") return decided.policy ?? "policy";
  return decided.by === "default" ? "default" : "account level";
}
