// The strip that says that the connection is lost, since when and what comes next; it goes by itself when it is back.
import { useEffect, useLayoutEffect, useRef, useState, type JSX } from "react";
import { Icon } from "../../shared/icon";
import type { Lost } from "../../shared/lost";
import { clockText } from "../../site/clocks";
import { byId } from "../../site/dom";

/** Of the feeds that the builder follows, those that are lost. */
export function ConnectionStrip({ feeds }: { feeds: readonly (Lost | undefined)[] }): JSX.Element | null {
  const lost = feeds.filter((one) => one !== undefined);
  const [first] = [...lost].sort((one, other) => one.since.getTime() - other.since.getTime());
  return first ? <Strip lost={first} onReconnect={() => lost.forEach((one) => one.reconnect())} /> : null;
}

function Strip({ lost, onReconnect }: { lost: Lost; onReconnect: () => void }): JSX.Element {
  const button = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    const element = button.current;
    return () => {
      if (document.activeElement === element) byId("main")?.focus({ preventScroll: true });
    };
  }, []);
  return (
    <div className="strip">
      <Icon name="offline" />
      <span>
        <span role="status">
          <b>{lost.why ?? "Connection lost."}</b> {`You see the state of ${clockText(lost.since)}.`}
        </span>{" "}
        <NextTry at={lost.nextTryAt} />
      </span>
      <button ref={button} className="btn sm push" type="button" onClick={onReconnect}>
        <Icon name="refresh" />
        {lost.why === undefined ? "Reconnect now" : "Try again now"}
      </button>
    </div>
  );
}

/** Beside what is announced: nobody wants to hear every second. */
function NextTry({ at }: { at: Lost["nextTryAt"] }): JSX.Element | null {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    setNow(Date.now());
    const timer = window.setInterval(() => setNow(Date.now()), 1_000);
    return () => window.clearInterval(timer);
  }, [at]);
  if (at === undefined) return null;
  if (at === null) return <span>Sign in again to go on.</span>;
  const seconds = Math.round((at.getTime() - now) / 1_000);
  return <span>{seconds > 0 ? `Next try in ${seconds} s.` : "Trying now."}</span>;
}
