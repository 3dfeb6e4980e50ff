// Everything about one environment of the release: its cause, timeline, change, steps and workloads. Only shows.
import { useEffect, useRef, type JSX } from "react";
import { Icon } from "../../shared/icon";
import { Place } from "../../shared/place";
import { clockText } from "../../site/clocks";
import { healthLook, promotionLook, syncLook } from "../../shared/release/looks";
import { State } from "../../shared/release/marks";
import type { Application, Environment, Release } from "../../shared/release/release";
import { timelineOf } from "../timeline";
import type { Events } from "../use_events";
import { Cause } from "./cause";
import { Change } from "./change";
import { Section } from "./section";
import { Steps } from "./steps";
import { Timeline } from "./timeline_list";
import { Workloads } from "./workloads";

interface Props {
  release: Release;
  environment: Environment;
  events: Events;
  stale: boolean;
  onClose: () => void;
}

export function Panel({ release, environment, events, stale, onClose }: Props): JSX.Element {
  const panel = useRef<HTMLElement>(null);
  const { name, applications } = environment;
  useEffect(() => panel.current?.focus({ preventScroll: true }), [name]);
  return (
    <aside ref={panel} className={stale ? "panel is-stale-data" : "panel"} id="release-panel" aria-label={name} tabIndex={-1}>
      <div className="panel-head">
        <div className="row">
          <Place kind={environment.kind} />
          <h2 className="cut" title={name}>
            {name}
          </h2>
          <State look={promotionLook(environment.status, environment.reason)} badge />
          <button className="btn quiet icon sm push" type="button" aria-label="Close" title="Close (Esc)" onClick={onClose}>
            <Icon name="x" />
          </button>
        </div>
        {applications.map((one) => (
          <Facts key={one.identity} application={one} />
        ))}
      </div>
      <div className="grow-y scroll">
        <Cause release={release} environment={environment} />
        <Section title="Timeline" aside={<Span environment={environment} />}>
          <Timeline entries={timelineOf(events.events, environment)} loaded={events.loaded} error={events.error} />
        </Section>
        {environment.role === "TARGET" && <Change environment={environment} />}
        <Steps environment={environment} release={release} />
        <Workloads applications={applications} />
      </div>
    </aside>
  );
}

function Facts({ application }: { application: Application }): JSX.Element {
  const { name, destination, versionBefore, versionAfter, sync, health } = application;
  return (
    <div className="facts">
      <span title={application.identity}>
        <Icon name="products" />
        <a className="cut" href={`/environments/?q=${encodeURIComponent(name)}`}>
          <b>{name}</b>
        </a>
      </span>
      {destination !== "" && (
        <span>
          <Icon name="cluster" />
          {destination}
        </span>
      )}
      {versionAfter !== "" && versionAfter !== versionBefore && (
        <span>
          <Icon name="tag" />
          <span className="ver">{versionBefore}</span>
          {versionBefore !== "" && <Icon name="arrow-r" className="i-12" label="to" />}
          <span className="ver">{versionAfter}</span>
        </span>
      )}
      {sync !== "" && <State look={syncLook(sync)} />}
      {health !== "" && <State look={healthLook(health)} />}
    </div>
  );
}

function Span({ environment: { startedAt, finishedAt } }: { environment: Environment }): JSX.Element | null {
  if (startedAt === null) return null;
  const words = [clockText(new Date(startedAt)), finishedAt && clockText(new Date(finishedAt))].filter(Boolean).join(" to ");
  return <span className="push aside">{words}</span>;
}
