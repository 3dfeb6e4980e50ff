// Keeps the parts of a page that change true: reads the page again and morphs only the parts that differ.

import htmx from "htmx.org";
import { announce, byId } from "./dom";

/** Every region carries `id` and `data-live-region`; what changes inside carries `id` and `data-sig`. */
const REGION = "[data-live-region]";
/** A frame carries in `data-live-frame` what it is made of; only when that differs is it morphed as a whole. */
const FRAME = "[data-live-frame]";

const known = new Map<string, string>();
let running: Promise<void> | null = null;
let again = false;

function liveUrl(): string {
  return document.querySelector<HTMLElement>("[data-live-url]")?.dataset.liveUrl ?? window.location.href;
}

function signatures(region: Element): Map<string, string> {
  const found = [...region.querySelectorAll<HTMLElement>("[id][data-sig]")];
  return new Map(found.map((element) => [element.id, element.dataset.sig ?? ""]));
}

/** Rows that came above while the person reads further down: they wait behind a button. */
function holdBack(region: Element, next: Element): number {
  const scroller = region.closest<HTMLElement>("[data-live-scroll]");
  if (scroller === null || scroller.scrollTop === 0 || !region.hasAttribute("data-live-hold")) return 0;
  const fresh = [...next.children].filter((row) => row.id !== "" && byId(row.id) === null);
  fresh.forEach((row) => row.remove());
  return fresh.length;
}

function offer(count: number): void {
  const button = byId("new-rows");
  if (button === null) return;
  const word = button.dataset.word ?? "row";
  button.querySelector("span")?.replaceChildren(`${count} new ${word}${count === 1 ? "" : "s"}`);
  button.hidden = count === 0;
}

async function morph(region: Element, next: Element): Promise<string[]> {
  const waiting = holdBack(region, next);
  if (region.hasAttribute("data-live-hold")) offer(waiting);
  const before = signatures(region);
  await htmx.swap({
    text: next.outerHTML,
    sourceElement: region,
    target: region,
    swap: "outerMorph",
  } as Parameters<typeof htmx.swap>[0]);
  const said: string[] = [];
  for (const [id, signature] of signatures(byId(region.id) ?? region)) {
    const element = byId(id);
    if (element === null || !before.has(id) || before.get(id) === signature) continue;
    element.classList.add("is-changed");
    element.addEventListener("animationend", () => element.classList.remove("is-changed"), { once: true });
    if (element.dataset.say) said.push(element.dataset.say);
  }
  return said;
}

async function read(): Promise<void> {
  const response = await fetch(liveUrl(), {
    headers: { "X-Live": "1" },
    signal: AbortSignal.timeout(20_000),
  });
  if (response.redirected && new URL(response.url).pathname.startsWith("/login")) {
    window.location.reload();
    return;
  }
  if (!response.ok) throw new Error(`The page answered ${response.status}.`);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const said: string[] = [];
  for (const frame of document.querySelectorAll<HTMLElement>(FRAME)) {
    const next = page.getElementById(frame.id);
    if (next !== null && next.dataset.liveFrame !== frame.dataset.liveFrame) said.push(...(await morph(frame, next)));
  }
  for (const region of document.querySelectorAll(REGION)) {
    const next = page.getElementById(region.id);
    // Compared as the server wrote it, so that what the browser keeps inside (ticks, filters) does not count.
    if (next === null || known.get(region.id) === next.outerHTML) continue;
    known.set(region.id, next.outerHTML);
    said.push(...(await morph(region, next)));
  }
  document.dispatchEvent(new CustomEvent("live:refreshed"));
  announce(...said);
}

/** Read the page again; calls during a read become one more read after it. */
export function refreshRegions(): Promise<void> {
  if (running !== null) {
    again = true;
    return running;
  }
  running = read().finally(() => {
    running = null;
    if (!again) return;
    again = false;
    void refreshRegions();
  });
  return running;
}

export function startRegions(): void {
  byId("new-rows")?.addEventListener("click", () => {
    const scroller = document.querySelector<HTMLElement>("[data-live-scroll]");
    if (scroller !== null) scroller.scrollTop = 0;
    known.clear();
    void refreshRegions();
  });
}
