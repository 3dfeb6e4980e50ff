// What people who listen hear of a release: the changes from one snapshot to the next, the first few of them.
import { useEffect, useRef, useState } from "react";
import type { Release } from "./release";

const MOST_SAID = 3;

/** The last changes in sentences, for a polite live region; `between` must be stable. */
export function useAnnouncement(release: Release, between: (before: Release, after: Release) => string[]): string {
  const before = useRef(release);
  const [said, setSaid] = useState("");
  useEffect(() => {
    const changes = between(before.current, release);
    before.current = release;
    if (changes.length > 0) setSaid(changes.slice(0, MOST_SAID).join(" "));
  }, [release, between]);
  return said;
}
