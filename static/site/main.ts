// What every page runs: styles, fonts, htmx, the shell, dialogs, menus, filters, clocks, the live feed.

import "@fontsource-variable/inter/index.css";
import "@fontsource-variable/jetbrains-mono/index.css";
import "../look/tokens.css";
import "../look/components.css";
import htmx from "htmx.org";
import { startBoard } from "./board";
import { startClocks } from "./clocks";
import { startDialogs } from "./dialogs";
import { csrfToken } from "./dom";
import { startFilterKey, startFilters } from "./filters";
import { startMenus } from "./menus";
import { startMissingScript } from "./missing_script";
import { startPageLive } from "./page_live";
import { startRepeats } from "./repeat";
import { startShell } from "./shell";
import { startToasts, toast } from "./toasts";

function startHtmx(): void {
  // What the browser adds to the server's markup survives a morph: menu places and filtered rows.
  htmx.config.morphIgnore = ["data-htmx-powered", "style", "data-filtered"];
  document.addEventListener("htmx:config:request", (event) => {
    event.detail.ctx.request.headers["X-CSRFToken"] = csrfToken();
  });
  document.addEventListener("htmx:before:swap", (event) => {
    const { response } = event.detail.ctx;
    const status = response?.status ?? 200;
    // 422 is a form with its errors, so is a form that the role forbids; other failures are no content for this place.
    if (status < 400 || status === 422 || response?.headers.has("X-Refused")) return;
    event.preventDefault();
    const words = status === 403 ? "The server refused this form." : `The server answered ${status}.`;
    toast("error", words, "Nothing was changed. Reload the page and try again.");
  });
  document.addEventListener("htmx:error", () => {
    toast("error", "The server cannot be reached", "Nothing was changed. Check the connection, then try again.");
  });
}

/** A form that was there before somebody signed in anew, in another tab perhaps, holds a token that is void by now. */
function startTokens(): void {
  const renew = (event: SubmitEvent): void => {
    const field = event.target instanceof HTMLFormElement && event.target.elements.namedItem("csrfmiddlewaretoken");
    if (field instanceof HTMLInputElement) field.value = csrfToken() || field.value;
  };
  // On its way down, before anything reads the form.
  document.addEventListener("submit", renew, true);
}

startMissingScript();
startTokens();
startHtmx();
startToasts();
startShell();
startMenus();
startDialogs();
startFilterKey();
startFilters();
startBoard();
startRepeats();
startClocks();
startPageLive();
