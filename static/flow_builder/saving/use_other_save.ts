// Hears what others do to the flow that is open here: a save, another name, its end; never changes the text.
import { useEffect, useState } from "react";
import { api, ApiError, sentenceOf, type Page } from "../../shared/api";
import type { Lost } from "../../shared/lost";
import type { FlowRevision } from "../../shared/records";
import { connectFeed, type FeedEvent } from "../../site/live";
import { toast, unsay } from "../../site/toasts";
import { revisionsPath } from "../history/use_revisions";
import type { FlowFile } from "./use_flow_file";

/** What became of the name under which the flow is open here; "unknown" where only its absence was seen. */
export interface Gone {
  how: "renamed" | "deleted" | "unknown";
  /** The flow's name now, where it was renamed. */
  to: string | undefined;
}

export interface OtherSave {
  /** The newest save, where it is not the one that the text here was made from. */
  revision: FlowRevision | undefined;
  gone: Gone | undefined;
  /** Whether the feed is lost. */
  lost: Lost | undefined;
}

/** What a check that failed is said about. */
const UNREAD = "other-save-check";
const UNKNOWN: Gone = { how: "unknown", to: undefined };

/** The last word on the name: whoever saves under it brings it back. */
export function goneAfter(events: readonly FeedEvent[]): Gone | undefined {
  const last = events.at(-1);
  if (last?.kind === "flow.renamed") return { how: "renamed", to: last.subject };
  return last?.kind === "flow.deleted" ? { how: "deleted", to: undefined } : undefined;
}

/** `after` is the flow's last event when the page was made. What a save of one's own does is no news while it is under way. */
export function useOtherSave({ saved, saves, busy }: FlowFile, after: number): OtherSave {
  const name = saved?.name;
  const etag = saved?.etag;
  const [heard, setHeard] = useState<{ name: string; gone: Gone | undefined } | undefined>();
  const [lost, setLost] = useState<Lost | undefined>();
  const [newest, setNewest] = useState<{ etag: string; revision: FlowRevision | undefined } | undefined>();
  useEffect(() => {
    if (name === undefined) return;
    const hear = (events: readonly FeedEvent[]): void => setHeard({ name, gone: goneAfter(events) });
    let wasStale = false;
    const feed = connectFeed(`/ws/flows/${encodeURIComponent(name)}/`, {
      after,
      onEvents: (batch) => hear(batch.events),
      onStale: (stale) => {
        wasStale = true;
        setLost({ ...stale, reconnect: () => feed.reconnect() });
      },
      onLive: () => {
        setLost(undefined);
        if (wasStale) hear([]);
        wasStale = false;
      },
    });
    return () => {
      feed.close();
      setLost(undefined);
    };
  }, [name, after]);
  useEffect(() => {
    // Of a flow that is known to be gone, or goes by another name here now, nothing is asked any more.
    if (heard?.gone || heard?.name !== name) unsay(UNREAD);
    if (busy || name === undefined || etag === undefined || heard?.name !== name || heard.gone) return;
    const abort = new AbortController();
    api<Page<FlowRevision>>(`${revisionsPath(name)}?limit=1`, { signal: abort.signal }).then(
      (page) => {
        if (abort.signal.aborted) return;
        unsay(UNREAD);
        setNewest({ etag, revision: page.results[0] });
      },
      (problem: unknown) => {
        if (abort.signal.aborted) return;
        if (problem instanceof ApiError && problem.status === 404) setHeard({ name, gone: UNKNOWN });
        else toast("error", "Whether somebody else saved this flow cannot be read", sentenceOf(problem), UNREAD);
      },
    );
    return () => abort.abort();
  }, [busy, name, etag, heard]);
  // A save of one's own brings the name back, whether or not the feed has said so yet; taking another person's does not.
  const [heardOf, setHeardOf] = useState(saves);
  if (heardOf !== saves) {
    setHeardOf(saves);
    if (heard?.gone) setHeard({ ...heard, gone: undefined });
  }
  const now = heard?.name === name ? heard?.gone : undefined;
  const [before, setBefore] = useState(now);
  if (!busy && before !== now) setBefore(now);
  const gone = busy ? before : now;
  // What was read while an earlier save was the newest here is no news any more.
  const isNews = !busy && !gone && newest?.etag === etag && newest?.revision?.etag !== etag;
  return { revision: isNews ? newest?.revision : undefined, gone, lost };
}
