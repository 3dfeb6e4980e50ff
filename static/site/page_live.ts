// Connects a server-rendered page to its feed and shows whether it is live. Islands use live.ts themselves.

import { clockText } from "./clocks";
import { byId, sentence, signInAddress } from "./dom";
import { connectFeed, type Feed, type Stale } from "./live";
import { refreshRegions, startRegions } from "./regions";
import { toast } from "./toasts";

let countdown: ReturnType<typeof setInterval> | undefined;
let leaving = false;

/** Show on the page that it is not live, and since when; islands call this too. */
export function showStale({ since, nextTryAt }: Stale): void {
  if (leaving) return;
  document.body.classList.add("is-stale-page");
  const mark = byId("live-mark");
  mark?.classList.add("is-stale");
  mark?.replaceChildren(`Stale since ${clockText(since)}`);
  const write = (what: string, ...next: (string | Node)[]): void => {
    const lead = document.createElement("b");
    lead.textContent = what;
    byId("stale-text")?.replaceChildren(lead, ` You see the state of ${clockText(since)}. `, ...next);
  };
  const count = (at: Date): void => {
    write("Connection lost.", `Next try in ${Math.max(0, Math.round((at.getTime() - Date.now()) / 1_000))} s.`);
  };
  clearInterval(countdown);
  if (nextTryAt === null) {
    write("You are signed out.", signInLink(), " in a new tab, then go on here.");
  } else {
    count(nextTryAt);
    countdown = setInterval(() => count(nextTryAt), 1_000);
  }
  const strip = byId("stale-strip");
  if (strip !== null) strip.hidden = false;
}

/** In a tab of its own, so that what is written in a form stays here. */
function signInLink(): HTMLAnchorElement {
  const link = document.createElement("a");
  link.href = signInAddress();
  link.target = "_blank";
  link.textContent = "Sign in again";
  return link;
}

/** The page is live again. */
export function showLive(): void {
  clearInterval(countdown);
  document.body.classList.remove("is-stale-page");
  const mark = byId("live-mark");
  mark?.classList.remove("is-stale");
  mark?.replaceChildren("Live");
  const strip = byId("stale-strip");
  if (strip !== null) strip.hidden = true;
}

async function refresh(): Promise<void> {
  try {
    await refreshRegions();
  } catch (error) {
    // The feed still runs; the next event reads the page again. Say it, for until then the page is behind.
    toast("error", "The page could not be read again", sentence(error));
  }
}

/** Start the feed that the page names: `<main data-feed="/ws/..." data-after="N">`. */
export function startPageLive(): void {
  startRegions();
  document.addEventListener("live:refresh", () => void refresh());
  window.addEventListener("pagehide", () => (leaving = true));
  const main = document.querySelector<HTMLElement>("[data-feed]");
  if (main === null) return;
  let wasStale = false;
  const feed: Feed = connectFeed(main.dataset.feed ?? "", {
    after: Number(main.dataset.after ?? "0"),
    onEvents: () => void refresh(),
    onStale: (stale) => {
      wasStale = true;
      showStale(stale);
    },
    onLive: () => {
      showLive();
      // What happened meanwhile comes as events; what is no event (a deploy of ours) is read here.
      if (wasStale) void refresh();
    },
  });
  byId("reconnect")?.addEventListener("click", feed.reconnect);
  window.addEventListener("pageshow", (event) => {
    leaving = false;
    if (event.persisted) feed.reconnect();
  });
}
