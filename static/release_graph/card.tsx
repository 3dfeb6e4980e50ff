// One environment's card: its state, its issue, its versions and every step from the start. Opens the panel.
import type { Node, NodeProps } from "@xyflow/react";
import type { JSX } from "react";
import { Icon } from "../shared/icon";
import { KindWord, Place } from "../shared/place";
import { clock } from "../shared/times";
import { briefIssue, issueOf, spokenName, stepRows, versionsOf, whyPending, type StepRow, type Versions } from "../shared/release/environment_words";
import { promotionLook } from "../shared/release/looks";
import { Duration, IssueBox, Mark, State } from "../shared/release/marks";
import type { Environment } from "../shared/release/release";
import { useGraph } from "./graph_context";

export type CardNode = Node<{ environment: Environment }, "card">;

export function Card({ data: { environment } }: NodeProps<CardNode>): JSX.Element {
  const { release, selected, open, hasVersions } = useGraph();
  const look = promotionLook(environment.status, environment.reason);
  const issue = issueOf(environment);
  const versions = versionsOf(environment, release);
  const isSelected = selected === environment.name;
  return (
    <article className={`rcard ${look.role}${isSelected ? " is-selected" : ""}`} aria-label={`${environment.name}: ${look.word}`}>
      <button
        className="open"
        type="button"
        data-environment={environment.name}
        aria-label={spokenName(environment, release, look.word)}
        title={issue?.text ?? (whyPending(environment, release) || undefined)}
        aria-expanded={isSelected}
        aria-controls={isSelected ? "release-panel" : undefined}
        onClick={() => open(environment.name)}
      />
      <div className="head">
        <Place kind={environment.kind} size="lg" />
        <span className="name cut">{environment.name}</span>
        <State look={look} />
        <KindWord kind={environment.kind} />
        <span className="dur">
          {environment.startedAt !== null && (
            <>
              <span className="faint">{clock(environment.startedAt)}</span>
              <Duration start={environment.startedAt} end={environment.finishedAt} />
            </>
          )}
        </span>
      </div>
      {issue && issue.tone !== "move" && <IssueBox tone={issue.tone} text={briefIssue(issue, environment)} />}
      <div className="steps">
        {hasVersions && <VersionRow versions={versions} count={environment.applications.length} />}
        {stepRows(environment, release).map((row) => (
          <StepLine key={row.key} row={row} />
        ))}
      </div>
      {/* What a running step waits for comes and goes: below the steps it moves none of them. */}
      {issue?.tone === "move" && <IssueBox tone={issue.tone} text={briefIssue(issue, environment)} />}
    </article>
  );
}

function VersionRow({ versions, count }: { versions: Versions | undefined; count: number }): JSX.Element {
  return (
    <div className={versions?.planned ? "step todo" : "step"}>
      <Icon name="tag" label="Version" className="faint" />
      <span className="what">
        {versions === undefined && <span className="faint">{count} applications</span>}
        {versions !== undefined && versions.before !== "" && (
          <>
            <span className="ver from">{versions.before}</span>
            <Icon name="arrow-r" className="i-12 to" label="to" />
          </>
        )}
        {versions !== undefined && <span className="ver">{versions.after}</span>}
      </span>
    </div>
  );
}

function StepLine({ row }: { row: StepRow }): JSX.Element {
  const waits = row.status === "PENDING";
  return (
    <div className={waits ? "step todo" : "step"}>
      <Mark look={promotionLook(row.status, row.reason)} />
      <span className="what">
        {row.title}
        {row.made !== "" && <span className="mono made">{row.made}</span>}
      </span>
      <span className="time">{!waits && <Duration start={row.startedAt} end={row.finishedAt} />}</span>
    </div>
  );
}
