// The time that durations are counted to: ticks every second, stands still while nothing is known to be true.
import { createContext, use, useEffect, useState } from "react";

const NowContext = createContext(0);
export const NowProvider = NowContext.Provider;

/** Milliseconds since the epoch. */
export const useNow = (): number => use(NowContext);

/** Ticks while `running`; `stoppedAt` (milliseconds) holds it there instead. */
export function useTicking(running: boolean, stoppedAt: number | undefined): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!running || stoppedAt !== undefined) return;
    setNow(Date.now());
    const timer = window.setInterval(() => setNow(Date.now()), 1_000);
    return () => window.clearInterval(timer);
  }, [running, stoppedAt]);
  return stoppedAt ?? now;
}

/** Seconds between two RFC 3339 times, the second one or `now` (milliseconds); undefined before the start. */
export function secondsBetween(start: string | null, end: string | null, now: number): number | undefined {
  if (start === null) return undefined;
  return Math.max(0, ((end === null ? now : Date.parse(end)) - Date.parse(start)) / 1_000);
}
