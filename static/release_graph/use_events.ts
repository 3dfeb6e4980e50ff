// The release's events for the panel's timeline: read when a panel first opens, then only what came since.
import { useEffect, useRef, useState } from "react";
import { sentenceOf } from "../shared/api";
import { eventsRead, type ReleaseEvent } from "../shared/release/release";

export interface Events {
  events: readonly ReleaseEvent[];
  loaded: boolean;
  /** Why there are no newer ones; what was read before stays. */
  error: string | undefined;
}

/** `upTo` is the number of the newest event that is known to exist. */
export function useEvents(id: string, wanted: boolean, upTo: number): Events {
  const [state, setState] = useState<Events>({ events: [], loaded: false, error: undefined });
  const known = useRef<ReleaseEvent[]>([]);
  useEffect(() => {
    const last = known.current.at(-1)?.number ?? 0;
    if (!wanted || (last >= upTo && last > 0)) return;
    const abort = new AbortController();
    eventsRead(id, last, abort.signal).then(
      (fresh) => {
        if (abort.signal.aborted) return;
        known.current = [...known.current, ...fresh];
        setState({ events: known.current, loaded: true, error: undefined });
      },
      (error: unknown) => {
        if (!abort.signal.aborted) setState((before) => ({ ...before, loaded: true, error: sentenceOf(error) }));
      },
    );
    return () => abort.abort();
  }, [id, wanted, upTo]);
  return state;
}
