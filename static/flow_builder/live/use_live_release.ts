// Which release the builder shows, kept in the address so that a reload shows it again, and its live state.
import { useCallback, useEffect, useState } from "react";
import { useResource } from "../../shared/hooks";
import type { Lost } from "../../shared/lost";
import { releaseRead, type Release } from "../../shared/release/release";
import { followRelease } from "../../shared/release/use_release";

/** As the trigger answered it, or by the id that stood in the address. */
export type Shown = Release | string;

export interface ShownRelease {
  /** Undefined until it is first read. */
  release: Release | undefined;
  /** Since when nothing newer is known; undefined while live. */
  staleSince: Date | undefined;
  lost: Lost | undefined;
  /** Why there is nothing to show. */
  error: string | undefined;
  reload: () => void;
}

const PARAMETER = "release";

export const releaseInAddress = (): string | undefined => new URLSearchParams(window.location.search).get(PARAMETER) ?? undefined;

const idOf = (shown: Shown | undefined): string | undefined => (typeof shown === "object" ? shown.id : shown);

/** `saved` changes with each save, which writes the flow's plain address: the release then stands in it again. */
export function useShownRelease(initial: string | undefined, saved: unknown): [Shown | undefined, (shown: Shown | undefined) => void] {
  const [shown, show] = useState<Shown | undefined>(initial);
  const id = idOf(shown);
  useEffect(() => {
    const url = new URL(window.location.href);
    if (id === undefined) url.searchParams.delete(PARAMETER);
    else {
      url.searchParams.set(PARAMETER, id);
      // It was triggered: a reload shows it, and asks for no other.
      url.searchParams.delete("trigger");
    }
    if (url.href !== window.location.href) window.history.replaceState(window.history.state, "", url);
  }, [id, saved]);
  return [shown, show];
}

export function useLiveRelease(shown: Shown | undefined): ShownRelease | undefined {
  const load = useCallback(
    (signal: AbortSignal) => (typeof shown === "object" ? Promise.resolve(shown) : releaseRead(shown ?? "", signal)),
    [shown],
  );
  const { data: first, error, reload } = useResource(shown === undefined ? undefined : load);
  const [known, setKnown] = useState<Release | undefined>();
  const [lost, setLost] = useState<Lost | undefined>();
  useEffect(() => {
    if (!first) return;
    setKnown(first);
    const feed = followRelease(first, (update) => setKnown((before) => update(before ?? first)), setLost);
    return () => {
      feed.close();
      setLost(undefined);
    };
  }, [first]);
  if (shown === undefined) return undefined;
  const start = typeof shown === "object" ? shown : undefined;
  return { release: known?.id === idOf(shown) ? known : start, staleSince: lost?.since, lost, error, reload };
}
