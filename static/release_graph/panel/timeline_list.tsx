// The timeline: what happened when, to the second.
import type { JSX } from "react";
import { Icon } from "../../shared/icon";
import { clockText, durationText } from "../../site/clocks";
import type { TimelineEntry } from "../timeline";

interface Props {
  entries: readonly TimelineEntry[];
  loaded: boolean;
  error: string | undefined;
}

export function Timeline({ entries, loaded, error }: Props): JSX.Element {
  return (
    <>
      {error !== undefined && <p className="error-text">{error}</p>}
      {entries.length === 0 && error === undefined && <p className="faint xs">{loaded ? "Nothing has happened here yet." : "Reading what happened."}</p>}
      <ol className="tl">
        {entries.map((entry) => (
          <Entry key={entry.number} entry={entry} />
        ))}
      </ol>
    </>
  );
}

function Entry({ entry }: { entry: TimelineEntry }): JSX.Element {
  return (
    <li>
      <time dateTime={entry.at}>{clockText(new Date(entry.at))}</time>
      {entry.icon === undefined ? <span className="dot" /> : <Icon name={entry.icon} className={`c-${entry.role}`} label={entry.label} />}
      <span className={entry.fatal ? "t-at" : ""}>
        {entry.text}
        {entry.seconds !== undefined && entry.seconds >= 1 && <span className="faint"> {durationText(entry.seconds)}</span>}
      </span>
    </li>
  );
}
