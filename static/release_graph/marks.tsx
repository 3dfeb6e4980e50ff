// Marks of the graph and its panel: a state's circle with its word, a duration that ticks. Decides nothing.
import type { JSX } from "react";
import { Icon } from "../shared/icon";
import { durationText } from "../site/clocks";
import type { Look } from "./looks";
import { secondsBetween, useNow } from "./now";

/** The icon alone: the word is its label. */
export function Mark({ look }: { look: Look }): JSX.Element {
  return <Icon name={look.icon} className={`c-${look.role}${look.turns ? " spin" : ""}`} label={look.word} />;
}

export function State({ look, badge = false }: { look: Look; badge?: boolean }): JSX.Element {
  return (
    <span className={`st c-${look.role}${badge ? " badge" : ""}`}>
      <Icon name={look.icon} className={look.turns ? "spin" : ""} />
      <span>{look.word}</span>
    </span>
  );
}

/** From the start to the end, or to now. */
export function Duration({ start, end }: { start: string | null; end: string | null }): JSX.Element | null {
  const seconds = secondsBetween(start, end, useNow());
  return seconds === undefined ? null : <>{durationText(seconds)}</>;
}
