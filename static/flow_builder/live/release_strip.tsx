// The strip over the builder while it shows a release: whose, how far, whether live, and the ways on and back.
import { useEffect, useLayoutEffect, useRef, useState, type JSX, type RefObject } from "react";
import { BusyButton } from "../../shared/dialog";
import { useEscape } from "../../shared/hooks";
import { Icon } from "../../shared/icon";
import { fragmentOf } from "../../shared/release/fragment";
import { promotionLook } from "../../shared/release/looks";
import { Duration, State } from "../../shared/release/marks";
import type { Release } from "../../shared/release/release";
import { useAnnouncement } from "../../shared/release/use_announcement";
import { clockText } from "../../site/clocks";
import { byId } from "../../site/dom";
import { releaseAsk } from "./release_ask";
import { progressOf, spokenChanges, troubleOf } from "./strip_words";
import type { ShownRelease } from "./use_live_release";

interface Props {
  live: ShownRelease;
  /** The flow that the builder has open; a release of another one says so. */
  flow: string | undefined;
  /** A person has just triggered it: the focus goes to it. */
  takesFocus: boolean;
  onBack: () => void;
}

export function ReleaseStrip({ live, flow, takesFocus, onBack }: Props): JSX.Element {
  const { release, error, reload } = live;
  const strip = useRef<HTMLElement>(null);
  useFocus(strip, takesFocus, release?.id);
  useEscape(true, onBack);
  return (
    <section ref={strip} className="strip live-strip" tabIndex={-1} aria-busy={!release && error === undefined}
      aria-label={release ? nameOf(release) : "Release"}>
      {release ? <Facts release={release} staleSince={live.staleSince} flow={flow} /> : <Missing error={error} onRetry={reload} />}
      <div className="row ways-on">
        {release && <WaysOn release={release} staleSince={live.staleSince} />}
        <button className="btn sm" type="button" title="Back to editing (Esc)" onClick={onBack}>
          Back to editing
        </button>
      </div>
    </section>
  );
}

const nameOf = (release: Release): string => `Release ${release.number} of ${release.product}`;

function Facts({ release, staleSince, flow }: { release: Release; staleSince: Date | undefined; flow: string | undefined }): JSX.Element {
  const said = useAnnouncement(release, spokenChanges);
  const trouble = troubleOf(release);
  const { count, what } = progressOf(release);
  return (
    <div className={staleSince ? "row strip-facts is-stale-data" : "row strip-facts"}>
      <b className="cut" title={nameOf(release)}>{nameOf(release)}</b>
      {release.flow !== flow && <span className="dim cut">{`flow ${release.flow}`}</span>}
      <State look={promotionLook(release.status, release.reason)} badge>
        {release.startedAt !== null && (
          <>
            {" · "}
            <Duration start={release.startedAt} end={release.finishedAt} />
          </>
        )}
      </State>
      <span className="nowrap">
        {count}
        <span className="hide-s"> {what}</span> promoted
      </span>
      {trouble && (
        <span className="trouble">
          <Icon name={trouble.tone === "bad" ? "alert" : "info"} className={trouble.tone === "bad" ? "c-bad" : ""} />
          {trouble.environment === undefined ? (
            <span className="cut" title={trouble.text}>{trouble.text}</span>
          ) : (
            <a className="cut" href={release.url + fragmentOf(trouble.environment)} title={`${trouble.text} Show the cause`}>
              {trouble.text}
            </a>
          )}
        </span>
      )}
      <div className="sr" role="status" aria-live="polite">
        {said}
      </div>
    </div>
  );
}

function WaysOn({ release, staleSince }: { release: Release; staleSince: Date | undefined }): JSX.Element {
  return (
    <>
      <span className={staleSince ? "live is-stale" : "live"}>{staleSince ? `Stale since ${clockText(staleSince)}` : "Live"}</span>
      <a className="nowrap" href={release.url}>
        View release details
      </a>
      {release.actions.retry && <Ask url={release.url} what="retry" icon="retry" className="sm" words="Retry" />}
      {release.actions.terminate && <Ask url={release.url} what="terminate" icon="stop" className="danger sm" words="Terminate" />}
    </>
  );
}

function Ask(props: { url: string; what: "terminate" | "retry"; icon: string; className: string; words: string }): JSX.Element {
  const { url, what, icon, className, words } = props;
  const [asking, setAsking] = useState(false);
  const place = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    const button = place.current;
    // The release ended, or goes on, under the focus: it stays in the strip.
    return () => {
      if (button?.contains(document.activeElement)) button.closest<HTMLElement>(".live-strip")?.focus({ preventScroll: true });
    };
  }, []);
  const ask = (): void => {
    setAsking(true);
    void releaseAsk(url, what).finally(() => setAsking(false));
  };
  return (
    <span ref={place}>
      <BusyButton busy={asking} className={className} icon={icon} onClick={ask}>
        {words}
      </BusyButton>
    </span>
  );
}

function Missing({ error, onRetry }: { error: string | undefined; onRetry: () => void }): JSX.Element {
  if (error === undefined) return <span className="dim">The release is loading</span>;
  return (
    <div className="row strip-facts" role="alert">
      <b className="nowrap">The release cannot be shown.</b>
      <span className="cut" title={error}>{error}</span>
      <button className="btn sm" type="button" onClick={onRetry}>
        Try again
      </button>
    </div>
  );
}

/** To the strip when a release was triggered; back to where it was, or to the page, when the strip goes. */
function useFocus(strip: RefObject<HTMLElement | null>, takesFocus: boolean, id: string | undefined): void {
  useEffect(() => {
    const before = document.activeElement;
    return () => {
      if (document.activeElement !== document.body) return;
      if (before instanceof HTMLElement && before !== document.body && before.isConnected) before.focus({ preventScroll: true });
      else byId("main")?.focus({ preventScroll: true });
    };
  }, []);
  useEffect(() => {
    if (takesFocus && id !== undefined) strip.current?.focus({ preventScroll: true });
  }, [strip, takesFocus, id]);
}
