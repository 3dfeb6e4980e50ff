// Messages at the bottom right: six seconds, errors stay. Never interrupts, and lies over nothing that floats.

import { byId, icon } from "./dom";

const SHOWN_FOR = 6_000;

export type Tone = "success" | "error";

function watch(toast: HTMLElement): void {
  toast.querySelector("[data-toast-close]")?.addEventListener("click", () => toast.remove());
  if (toast.dataset.toast !== "error") setTimeout(() => toast.remove(), SHOWN_FOR);
}

/** What stands over the page to be acted with, and what of it is open only until something else is pressed. */
const OPEN = ".popover.floating, dialog[open]";
const FLOATING = `${OPEN}, .float`;
/** Where messages may stand, the first before the next: as `overlay.css` reads it. */
const PLACES = ["", "raised", "left", "top", "top left"];

/** Puts the messages where they cover nothing that floats; where there is no such place, at least nothing that is open. */
function standAside(): void {
  const box = byId("toasts");
  // One that is pointed at stays there.
  if (box === null || box.childElementCount === 0 || box.matches(":hover")) return;
  const covers = (place: string, what: string): boolean => {
    box.dataset.place = place;
    const mine = box.getBoundingClientRect();
    return [...document.querySelectorAll(what)].some((one) => {
      const { left, top, right, bottom } = one.getBoundingClientRect();
      return left < mine.right && mine.left < right && top < mine.bottom && mine.top < bottom;
    });
  };
  box.dataset.place = PLACES.find((place) => !covers(place, FLOATING)) ?? PLACES.find((place) => !covers(place, OPEN)) ?? "";
}

/** Takes away what was said about something that is settled now. */
export function unsay(about: string): void {
  for (const said of document.querySelectorAll<HTMLElement>("#toasts [data-about]")) if (said.dataset.about === about) said.remove();
}

/** Show a message, said again in place of itself; an error stays until it is closed, or something newer is said about the same. */
export function toast(tone: Tone, title: string, text = "", about = ""): void {
  const box = byId("toasts");
  if (box === null) return;
  if (about) unsay(about);
  const element = document.createElement("div");
  element.className = "toast";
  element.dataset.toast = tone;
  if (about) element.dataset.about = about;
  element.setAttribute("role", tone === "error" ? "alert" : "status");
  const words = document.createElement("div");
  words.className = "grow";
  const head = document.createElement("div");
  head.className = "semi";
  head.textContent = title;
  words.append(head);
  if (text) {
    const line = document.createElement("div");
    line.className = "xs dim";
    line.textContent = text;
    words.append(line);
  }
  // The same once more is one message, whose time begins anew.
  for (const said of box.querySelectorAll(".toast > .grow")) if (said.isEqualNode(words)) said.parentElement?.remove();
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn quiet icon xs";
  close.dataset.toastClose = "";
  close.setAttribute("aria-label", "Close");
  close.append(icon("x"));
  const mark = tone === "error" ? icon("st-failed", "c-bad") : icon("st-succeeded", "c-ok");
  element.append(mark, words, close);
  box.append(element);
  standAside();
  watch(element);
}

const NEXT = "lockstep.toast";

/** Show a message on the page that this tab loads next. */
export function toastOnNextPage(title: string): void {
  window.sessionStorage.setItem(NEXT, title);
}

function showKept(): void {
  const title = window.sessionStorage.getItem(NEXT);
  if (title === null) return;
  window.sessionStorage.removeItem(NEXT);
  toast("success", title);
}

export function startToasts(): void {
  document.querySelectorAll<HTMLElement>("#toasts .toast").forEach(watch);
  // What floats is put at the end of the page while it is open.
  new MutationObserver(standAside).observe(document.body, { childList: true });
  byId("toasts")?.addEventListener("pointerleave", standAside);
  // A press may change what stands on the page, and the window's size where it stands: both once it is drawn.
  const afterwards = (): void => void requestAnimationFrame(standAside);
  document.addEventListener("click", afterwards);
  window.addEventListener("resize", afterwards);
  showKept();
  // A form's answer may carry a message: HX-Trigger {"toast": {"title": ..., "text": ...}}.
  document.addEventListener("toast", (event) => {
    const { title, text } = (event as CustomEvent<{ title?: string; text?: string }>).detail;
    toast("success", title ?? "Done", text ?? "");
  });
}
