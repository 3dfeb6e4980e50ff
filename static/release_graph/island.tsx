// The release page's live part: the graph, and beside it the panel of the environment that was opened.
import { useCallback, useEffect, useMemo, useState, type JSX } from "react";
import { useEscape, useMedia } from "../shared/hooks";
import { environmentIn, fragmentOf } from "../shared/release/fragment";
import { changesBetween, stepRows } from "../shared/release/environment_words";
import { NowProvider, useTicking } from "../shared/release/now";
import { isOver, type Release } from "../shared/release/release";
import { useAnnouncement } from "../shared/release/use_announcement";
import { useRelease } from "../shared/release/use_release";
import { cardButton, Graph } from "./graph";
import { GraphProvider } from "./graph_context";
import { graphOf } from "./graph_model";
import { Panel } from "./panel/panel";
import { useEvents } from "./use_events";

const NARROW = "(max-width: 1180px)";

export function ReleaseGraph({ first }: { first: Release }): JSX.Element {
  const { release, staleSince } = useRelease(first);
  const [selected, select] = useSelection(release);
  const narrow = useMedia(NARROW);
  const now = useTicking(!isOver(release), staleSince?.getTime());
  const said = useAnnouncement(release, changesBetween);
  const environment = release.environments.find((one) => one.name === selected);
  const events = useEvents(release.id, environment !== undefined, release.eventNumber);
  const hasVersions = release.version !== "";
  // The layout follows what the flow is, never what has happened: the same text, the same places.
  const shape = JSON.stringify(release.environments.map((one) => ({ name: one.name, dependsOn: one.dependsOn, rows: stepRows(one, release).length })));
  const graph = useMemo(() => graphOf(JSON.parse(shape) as Parameters<typeof graphOf>[0], hasVersions), [shape, hasVersions]);

  const close = useCallback(() => {
    if (selected === undefined) return;
    select(undefined);
    cardButton(selected)?.focus({ preventScroll: true });
  }, [selected, select]);
  useEscape(environment !== undefined, close);

  const context = useMemo(() => ({ release, selected, open: select, hasVersions }), [release, selected, select, hasVersions]);
  return (
    <NowProvider value={now}>
      <GraphProvider value={context}>
        <div className={environment ? "work has-panel" : "work"}>
          <Graph graph={graph} staleSince={staleSince} covered={narrow && environment !== undefined} />
          {environment && <Panel release={release} environment={environment} events={events} stale={staleSince !== undefined} onClose={close} />}
        </div>
        <div className="sr" role="status" aria-live="polite">
          {said}
        </div>
      </GraphProvider>
    </NowProvider>
  );
}

const named = (release: Release): string | undefined => {
  const name = environmentIn(window.location.hash);
  return release.environments.find((one) => one.name === name)?.name;
};

/** The opened environment stands in the address, so that a link can point at it (the page's "Show the cause" does). */
function useSelection(release: Release): [string | undefined, (environment: string | undefined) => void] {
  const [selected, setSelected] = useState(() => named(release));
  useEffect(() => {
    const follow = (): void => setSelected((before) => named(release) ?? before);
    window.addEventListener("hashchange", follow);
    return () => window.removeEventListener("hashchange", follow);
  }, [release]);
  const select = useCallback((environment: string | undefined) => {
    const { pathname, search } = window.location;
    window.history.replaceState(window.history.state, "", environment === undefined ? pathname + search : fragmentOf(environment));
    setSelected(environment);
  }, []);
  return [selected, select];
}
