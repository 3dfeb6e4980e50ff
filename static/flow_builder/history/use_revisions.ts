// The saves of a flow, the newest first, a page at a time; never their texts.
import { useEffect, useState } from "react";
import { api, sentenceOf, type Page } from "../../shared/api";
import type { FlowRevision } from "../../shared/records";

const PAGE = 50;

export const revisionsPath = (name: string): string => `/api/flows/${encodeURIComponent(name)}/revisions/`;

export interface Revisions {
  rows: readonly FlowRevision[];
  loading: boolean;
  error: string | undefined;
  /** Loads older ones; undefined where there are none. */
  more: (() => void) | undefined;
}

export function useRevisions(name: string): Revisions {
  const [rows, setRows] = useState<FlowRevision[]>([]);
  const [next, setNext] = useState<string | undefined>();
  const [wanted, setWanted] = useState<string | undefined>(`${revisionsPath(name)}?limit=${PAGE}`);
  const [error, setError] = useState<string | undefined>();
  useEffect(() => {
    if (wanted === undefined) return;
    const abort = new AbortController();
    api<Page<FlowRevision>>(wanted, { signal: abort.signal }).then(
      (page) => {
        if (abort.signal.aborted) return;
        setRows((before) => [...before, ...page.results]);
        setNext(page.next === null ? undefined : pathOf(page.next));
        setError(undefined);
        setWanted(undefined);
      },
      (problem: unknown) => {
        if (abort.signal.aborted) return;
        setError(sentenceOf(problem));
        setNext(wanted);
        setWanted(undefined);
      },
    );
    return () => abort.abort();
  }, [wanted]);
  return { rows, loading: wanted !== undefined, error, more: next === undefined ? undefined : () => setWanted(next) };
}

/** The server writes full URLs; only the path is ours to follow. */
function pathOf(next: string): string {
  const url = new URL(next, window.location.href);
  return url.pathname + url.search;
}
