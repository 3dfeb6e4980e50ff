// Keeps the chosen product's applications and the preview of the present text, live; shows nothing itself.
import { createContext, useContext, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { api, apiAll } from "../../shared/api";
import type { Lost } from "../../shared/lost";
import type { Application, Preview } from "../../shared/records";
import { connectFeed, type Batch } from "../../site/live";
import { AliveStore, type AliveState, type Asked, type Wanted } from "./alive_store";

export interface Alive extends AliveState {
  trigger: string;
  /** Since when nothing newer is known of what runs; undefined while live. */
  staleSince: Date | undefined;
}

const ASKED: Asked = {
  applications: (product, signal) => apiAll<Application>(`/api/applications/?${new URLSearchParams({ product }).toString()}`, signal),
  preview: ({ flow, ...json }, signal) => api<Preview>(`/api/flows/${encodeURIComponent(flow)}/preview/`, { method: "POST", json, signal }),
};

/** And whether the feed is lost. `after` is the board's last event when the page was made; `hear` must be stable. */
export function useAlive({ product, flow, trigger, text, ready }: Wanted, after: number, hear: (batch: Batch) => void): [Alive, Lost | undefined] {
  const [store] = useState(() => new AliveStore(ASKED));
  const [lost, setLost] = useState<Lost | undefined>();
  useEffect(() => store.want({ product, flow, trigger, text, ready }), [store, product, flow, trigger, text, ready]);
  useEffect(() => () => store.close(), [store]);
  useEffect(() => {
    let wasStale = false;
    const feed = connectFeed("/ws/environments/", {
      after,
      onEvents: (batch) => {
        store.refresh();
        hear(batch);
      },
      onStale: (stale) => {
        wasStale = true;
        setLost({ ...stale, reconnect: () => feed.reconnect() });
      },
      onLive: () => {
        setLost(undefined);
        if (wasStale) store.refresh();
        wasStale = false;
      },
    });
    return () => {
      feed.close();
      setLost(undefined);
    };
  }, [store, after, hear]);
  const state = useSyncExternalStore(store.subscribe, store.read);
  // The same while a lost feed only plans its next try: hundreds of nodes read it.
  const since = lost?.since.getTime();
  const alive = useMemo(() => ({ ...state, trigger, staleSince: since === undefined ? undefined : new Date(since) }), [state, trigger, since]);
  return [alive, lost];
}

export const AliveContext = createContext<Alive | undefined>(undefined);

export function useAliveHere(): Alive {
  const alive = useContext(AliveContext);
  if (!alive) throw new Error("What shows a product's facts stands inside the builder.");
  return alive;
}
