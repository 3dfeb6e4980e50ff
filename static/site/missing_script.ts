// Says that a script of the page did not load, where the page has a place for it. Knows nothing of what the script does.

/** Scripts of modules run in their order and fail in it, too: this one, being first, hears of each that comes after it. */
export function startMissingScript(): void {
  document.addEventListener(
    "error",
    (event) => {
      if (!(event.target instanceof HTMLScriptElement)) return;
      for (const place of document.querySelectorAll<HTMLElement>("[data-loading]")) place.hidden = true;
      for (const place of document.querySelectorAll<HTMLElement>("[data-not-loaded]")) place.hidden = false;
    },
    true,
  );
  document.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("[data-reload]")) window.location.reload();
  });
}
