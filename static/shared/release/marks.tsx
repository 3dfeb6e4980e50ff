// Marks wherever a release is drawn: a state's circle with its word, a duration that ticks, an issue. Decides nothing.
import type { JSX, ReactNode } from "react";
import { durationText } from "../../site/clocks";
import { Icon } from "../icon";
import type { Issue } from "./environment_words";
import type { Look } from "./looks";
import { secondsBetween, useNow } from "./now";

/** The icon alone: the word is its label. */
export function Mark({ look }: { look: Look }): JSX.Element {
  return <Icon name={look.icon} className={`c-${look.role}${look.turns ? " spin" : ""}`} label={look.word} />;
}

/** With what belongs to the word behind it, such as the duration. */
export function State({ look, badge = false, children }: { look: Look; badge?: boolean; children?: ReactNode }): JSX.Element {
  return (
    <span className={`st c-${look.role}${badge ? " badge" : ""}`}>
      <Icon name={look.icon} className={look.turns ? "spin" : ""} />
      <span>
        {look.word}
        {children}
      </span>
    </span>
  );
}

/** From the start to the end, or to now. */
export function Duration({ start, end }: { start: string | null; end: string | null }): JSX.Element | null {
  const seconds = secondsBetween(start, end, useNow());
  return seconds === undefined ? null : <>{durationText(seconds)}</>;
}

const ISSUE_ICON = { bad: "alert", wait: "user", move: "clock" } as const;

export function IssueBox({ tone, text }: Issue): JSX.Element {
  return (
    <div className={`issue ${tone}`}>
      <Icon name={ISSUE_ICON[tone]} />
      <span className="issue-text">{text}</span>
    </div>
  );
}
