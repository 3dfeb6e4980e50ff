// Keeps the snapshot of one release true: reads it again when its feed says so, and knows when it cannot.
import { useEffect, useRef, useState } from "react";
import { connectFeed, type Feed } from "../../site/live";
import type { Lost } from "../lost";
import { ApiError, sentenceOf, Unreachable } from "../api";
import { releaseRead, type Release } from "./release";

const FIRST_RETRY = 500;
const MOST_RETRIES = 6;

export interface LiveRelease {
  release: Release;
  /** Since when nothing newer is known; undefined while live. */
  staleSince: Date | undefined;
}

export function useRelease(first: Release): LiveRelease {
  const [release, setRelease] = useState(first);
  const [staleSince, setStaleSince] = useState<Date | undefined>();
  const start = useRef(first);
  useEffect(() => followRelease(start.current, setRelease, (lost) => setStaleSince(lost?.since)).close, []);
  return { release, staleSince };
}

type Show = (update: (known: Release) => Release) => void;

/** A burst of events is one read; events during a read are one more read after it. */
export function followRelease(first: Release, show: Show, setLost: (lost: Lost | undefined) => void): Feed {
  const { id } = first;
  const abort = new AbortController();
  let reading = false;
  let again = false;
  let offline = false;
  let readAt = new Date();
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function read(): Promise<void> {
    if (reading) {
      again = true;
      return;
    }
    reading = true;
    again = false;
    clearTimeout(timer);
    try {
      const next = await releaseRead(id, abort.signal);
      failures = 0;
      readAt = new Date();
      // Two reads can overtake each other on their way through a proxy: the newer state stays.
      show((known) => (next.eventNumber >= known.eventNumber ? next : known));
      if (!offline) setLost(undefined);
    } catch (error) {
      if (abort.signal.aborted) return;
      if (!(error instanceof ApiError || error instanceof Unreachable)) throw error;
      failed(error instanceof ApiError ? `The release cannot be read: ${sentenceOf(error)}` : undefined);
    } finally {
      reading = false;
    }
    if (again) void read();
  }

  // What is shown is behind the feed now: say so at once, try again a few times; the next event tries anew as well.
  function failed(why: string | undefined): void {
    failures += 1;
    const delay = failures > MOST_RETRIES ? undefined : FIRST_RETRY * 2 ** (failures - 1) * (0.75 + Math.random() / 2);
    setLost({ since: readAt, nextTryAt: delay === undefined ? undefined : new Date(Date.now() + delay), ...(why !== undefined && { why }), reconnect });
    if (delay !== undefined) timer = setTimeout(() => void read(), delay);
  }

  const feed = connectFeed(`/ws/releases/${encodeURIComponent(id)}/`, {
    after: first.eventNumber,
    onEvents: () => void read(),
    onStale: (stale) => {
      offline = true;
      setLost({ ...stale, reconnect });
    },
    onLive: () => {
      const wasOffline = offline;
      offline = false;
      if (wasOffline) void read();
    },
  });
  function reconnect(): void {
    if (offline) return feed.reconnect();
    failures = 0;
    void read();
  }

  return {
    reconnect,
    close: () => {
      abort.abort();
      clearTimeout(timer);
      feed.close();
    },
  };
}
