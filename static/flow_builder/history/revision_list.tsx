// The saves to choose from: who, when, which version, how much it changed; arrows walk them, and older ones load at the end.
import { useEffect, useRef, type JSX, type KeyboardEvent } from "react";
import { Icon } from "../../shared/icon";
import type { FlowRevision } from "../../shared/records";
import { clock, clockToSecond } from "../../shared/times";
import type { Revisions } from "./use_revisions";

interface Props {
  revisions: Revisions;
  chosen: FlowRevision | undefined;
  savedEtag: string;
  onChoose: (number: number) => void;
}

export const savedBy = (one: FlowRevision): string => (one.savedBy === "" ? "The system" : one.savedBy);

const STEPS: Record<string, (at: number, last: number) => number> = {
  ArrowDown: (at, last) => Math.min(at + 1, last),
  ArrowUp: (at) => Math.max(at - 1, 0),
  Home: () => 0,
  End: (_at, last) => last,
};

export function RevisionList({ revisions, chosen, savedEtag, onChoose }: Props): JSX.Element {
  const { rows, loading, more } = revisions;
  const list = useRef<HTMLDivElement>(null);
  const number = chosen?.number;
  useEffect(() => {
    const option = list.current?.querySelector<HTMLElement>('[aria-selected="true"]');
    if (list.current?.contains(document.activeElement)) option?.focus();
  }, [number]);
  const walk = (event: KeyboardEvent): void => {
    const at = rows.findIndex((one) => one.number === number);
    const to = rows[STEPS[event.key]?.(at, rows.length - 1) ?? -1];
    if (!to) return;
    event.preventDefault();
    onChoose(to.number);
  };
  const inMinute = new Map<string, number>();
  for (const { savedAt } of rows) inMinute.set(clock(savedAt), (inMinute.get(clock(savedAt)) ?? 0) + 1);
  const when = ({ savedAt }: FlowRevision): string => ((inMinute.get(clock(savedAt)) ?? 0) > 1 ? clockToSecond(savedAt) : clock(savedAt));
  const current = rows.find((one) => one.etag === savedEtag);
  return (
    <div className="saves">
      <div role="listbox" aria-label="Saved versions" aria-busy={loading} ref={list} onKeyDown={walk}>
        {rows.map((one) => (
          <button key={one.number} className="eitem" type="button" role="option" aria-selected={one.number === number}
            tabIndex={one.number === number ? 0 : -1} onClick={() => onChoose(one.number)}>
            <span className="n cut">{savedBy(one)}</span>
            <span className="pm">{one.version !== "" && `v${one.version}`}</span>
            <span className="when" title={one.savedAt}>
              <span className="faint">{`#${one.number}`}</span> {when(one)}
              {one === current && ", saved now"}
            </span>
            {one.added !== null && one.removed !== null && (
              <span className="pm">
                <span className="plus">+{one.added}</span> <span className="minus">−{one.removed}</span>
              </span>
            )}
            {one.renamedFrom !== "" && <span className="when renamed cut" title={one.renamedFrom}>{`renamed from ${one.renamedFrom}`}</span>}
          </button>
        ))}
      </div>
      {!loading && rows.length === 0 && !revisions.error && <p className="hint none">No save of this flow was kept.</p>}
      {more && (
        <button className="btn quiet sm older" type="button" onClick={more}>
          <Icon name="arrow-d" />
          Show older saves
        </button>
      )}
    </div>
  );
}
