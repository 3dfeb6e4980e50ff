// Dialogs: opened from the page or fetched from the server, modal, closed by Esc. Focus returns to the opener.

import htmx from "htmx.org";
import { byId, post, sentence } from "./dom";
import { toast, toastOnNextPage } from "./toasts";

let returnTo: HTMLElement | null = null;

function open(dialog: HTMLDialogElement): void {
  if (dialog.open) return;
  const from = document.activeElement;
  if (from instanceof HTMLElement && from !== document.body) returnTo = from;
  dialog.showModal();
  dialog.querySelector<HTMLElement>("[autofocus]")?.focus();
}

function startFetched(): void {
  document.addEventListener("htmx:after:swap", () => {
    const dialog = byId("dialogs")?.querySelector("dialog");
    if (dialog) open(dialog);
  });
  // The server says that a form is done: HX-Trigger {"dialog:done": null}.
  document.addEventListener("dialog:done", () => byId("dialogs")?.querySelector("dialog")?.close());
  document.addEventListener(
    "close",
    (event) => {
      if (!(event.target instanceof HTMLDialogElement)) return;
      if (event.target.closest("#dialogs")) event.target.remove();
      // The opener may have been drawn anew by a live change: take the one with its id.
      const back = returnTo?.isConnected ? returnTo : byId(returnTo?.id ?? "");
      back?.focus();
      returnTo = null;
    },
    true,
  );
}

function startOpeners(): void {
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const opener = target?.closest<HTMLElement>("[data-dialog]");
    if (opener) {
      const dialog = byId(opener.dataset.dialog ?? "");
      if (dialog instanceof HTMLDialogElement) open(dialog);
    }
    target?.closest("[data-dialog-close]")?.closest("dialog")?.close();
    if (target instanceof HTMLDialogElement && target.dataset.modal !== "strict") closeOnScrim(target, event);
  });
}

function closeOnScrim(dialog: HTMLDialogElement, event: MouseEvent): void {
  const box = dialog.getBoundingClientRect();
  const inside =
    event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
  // A form may hold what somebody typed: only Esc and its buttons close it.
  if (!inside && dialog.querySelector("form") === null) dialog.close();
}

function showError(form: HTMLFormElement, text: string): void {
  const note = form.querySelector<HTMLElement>("[data-error]");
  const words = note?.querySelector("div");
  if (!note || !words) {
    toast("error", text);
    return;
  }
  words.textContent = text;
  note.hidden = false;
}

/** A confirmation that calls the REST API: `<form data-api="/api/..." data-method="POST">`. */
function startApiForms(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.dataset.api === undefined) return;
    event.preventDefault();
    void send(form);
  });
}

async function send(form: HTMLFormElement): Promise<void> {
  const typed = form.querySelector<HTMLInputElement>("[data-must-equal]");
  if (typed && typed.value.trim() !== typed.dataset.mustEqual) {
    typed.classList.add("is-error");
    showError(form, `Type ${typed.dataset.mustEqual ?? "the name"} to confirm.`);
    typed.focus();
    return;
  }
  const button = form.querySelector<HTMLButtonElement>('button[type="submit"]');
  button?.classList.add("is-busy");
  try {
    const fields = Object.fromEntries([...new FormData(form)].filter(([name]) => !name.startsWith("confirm")));
    await post(form.dataset.api ?? "", fields, form.dataset.method ?? "POST");
    form.closest("dialog")?.close();
    succeeded(form.dataset.done ?? "Done", form.dataset.next);
  } catch (error) {
    showError(form, sentence(error));
  } finally {
    button?.classList.remove("is-busy");
  }
}

/** Without a next page, this one shows what became of it. */
function succeeded(words: string, next: string | undefined): void {
  if (next) {
    toastOnNextPage(words);
    document.dispatchEvent(new CustomEvent("page:leave"));
    window.location.assign(next);
  } else {
    toast("success", words);
    document.dispatchEvent(new CustomEvent("live:refresh"));
  }
}

/** Opens a dialog that the server draws, as `hx-get` with `hx-target="#dialogs"` does. */
export function fetchDialog(url: string): void {
  void htmx.ajax("GET", url, { target: "#dialogs", swap: "innerHTML" });
}

export function startDialogs(): void {
  startFetched();
  startOpeners();
  startApiForms();
}
