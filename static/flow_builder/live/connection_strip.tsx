// The strip that says that the connection is lost, since when and what comes next; it goes by itself when it is back.
import { useEffect, useLayoutEffect, useRef, useState, type JSX } from "react";
import { Icon } from "../../shared/icon";
import type { Lost } from "../../shared/lost";
import { clockText } from "../../site/clocks";
import { byId, signInAddress } from "../../site/dom";

const isSignedOut = (lost: Lost): boolean => lost.nextTryAt === null;

/** Of the feeds that the builder follows, those that are lost: what a person must do comes first, then what is longest lost. */
export function ConnectionStrip({ feeds }: { feeds: readonly (Lost | undefined)[] }): JSX.Element | null {
  const lost = feeds.filter((one) => one !== undefined);
  const [first] = [...lost].sort((one, other) => Number(isSignedOut(other)) - Number(isSignedOut(one)) || one.since.getTime() - other.since.getTime());
  return first ? <Strip lost={first} onReconnect={() => lost.forEach((one) => one.reconnect())} /> : null;
}

function Strip({ lost, onReconnect }: { lost: Lost; onReconnect: () => void }): JSX.Element {
  const button = useRef<HTMLButtonElement>(null);
  const signedOut = isSignedOut(lost);
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
          <b>{lost.why ?? (signedOut ? "You are signed out." : "Connection lost.")}</b> {`You see the state of ${clockText(lost.since)}.`}
          {signedOut && <SignInAgain />}
        </span>{" "}
        <NextTry at={lost.nextTryAt} />
      </span>
      <button ref={button} className="btn sm push" type="button" onClick={onReconnect}>
        <Icon name="refresh" />
        {lost.why === undefined && !signedOut ? "Reconnect now" : "Try again now"}
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
  if (!at) return null;
  const seconds = Math.round((at.getTime() - now) / 1_000);
  return <span>{seconds > 0 ? `Next try in ${seconds} s.` : "Trying now."}</span>;
}

/** In a tab of its own, so that what is not saved stays here. */
function SignInAgain(): JSX.Element {
  return (
    <>
      {" "}
      <a href={signInAddress()} target="_blank">
        Sign in again
      </a>{" "}
      in a new tab, then go on here.
    </>
  );
}
