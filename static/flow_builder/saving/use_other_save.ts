// Hears that somebody else saved the flow that is open here, and reads who and when; never changes the text.
import { useEffect, useState } from "react";
import { api, ApiError, sentenceOf, type Page } from "../../shared/api";
import type { Lost } from "../../shared/lost";
import type { FlowRevision } from "../../shared/records";
import { connectFeed } from "../../site/live";
import { toast } from "../../site/toasts";
import { revisionsPath } from "../history/use_revisions";
import type { SavedFlow } from "./flow_file";

/**
 * The newest save, where it is not the one that the text here was made from, and whether the feed is lost. `after` is
 * the flow's last event when the page was made.
 */
export function useOtherSave(saved: SavedFlow | undefined, after: number): [FlowRevision | undefined, Lost | undefined] {
  const name = saved?.name;
  const etag = saved?.etag;
  const [heard, setHeard] = useState(0);
  const [lost, setLost] = useState<Lost | undefined>();
  const [newest, setNewest] = useState<{ etag: string; revision: FlowRevision | undefined } | undefined>();
  useEffect(() => {
    if (name === undefined) return;
    const hear = (): void => setHeard((before) => before + 1);
    let wasStale = false;
    const feed = connectFeed(`/ws/flows/${encodeURIComponent(name)}/`, {
      after,
      onEvents: hear,
      onStale: (stale) => {
        wasStale = true;
        setLost({ ...stale, reconnect: () => feed.reconnect() });
      },
      onLive: () => {
        setLost(undefined);
        if (wasStale) hear();
        wasStale = false;
      },
    });
    return () => {
      feed.close();
      setLost(undefined);
    };
  }, [name, after]);
  useEffect(() => {
    if (name === undefined || etag === undefined || heard === 0) return;
    const abort = new AbortController();
    api<Page<FlowRevision>>(`${revisionsPath(name)}?limit=1`, { signal: abort.signal }).then(
      (page) => abort.signal.aborted || setNewest({ etag, revision: page.results[0] }),
      (problem: unknown) => {
        if (abort.signal.aborted) return;
        if (problem instanceof ApiError && problem.status === 404) {
          toast("error", `There is no flow ${name} any more`, "Somebody deleted it or gave it another name. Your text is still here: save it as a new flow to keep it.", "other-save");
        } else toast("error", "Whether somebody else saved this flow cannot be read", sentenceOf(problem), "other-save");
      },
    );
    return () => abort.abort();
  }, [name, etag, heard]);
  // What was read while an earlier save was the newest here is no news any more.
  return [newest?.etag === etag && newest?.revision?.etag !== etag ? newest?.revision : undefined, lost];
}
