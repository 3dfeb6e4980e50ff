// Narrows what a board shows, at once and in the browser; the choice stands in the address. Never loads rows.

import { byId } from "./dom";

interface Filter {
  text: string;
  product: string;
  favourites: boolean;
  /** Column id -> the health statuses that are kept; no entry keeps all. */
  health: Map<string, Set<string>>;
}

let bound: HTMLInputElement | null = null;
const filter: Filter = { text: "", product: "", favourites: false, health: new Map() };

/** Whether a row stays: every chosen criterion must hold. */
export function keeps(
  row: { text: string; product: string; favourite: boolean; health: string },
  wanted: { text: string; product: string; favourites: boolean; health: ReadonlySet<string> | undefined },
): boolean {
  if (wanted.product && row.product !== wanted.product) return false;
  if (wanted.favourites && !row.favourite) return false;
  if (wanted.health && wanted.health.size > 0 && !wanted.health.has(row.health)) return false;
  const words = wanted.text.toLowerCase().split(/\s+/).filter(Boolean);
  return words.every((word) => row.text.toLowerCase().includes(word));
}

function applyColumn(column: HTMLElement): number {
  const health = filter.health.get(column.id);
  let shown = 0;
  column.querySelectorAll<HTMLElement>("[data-row]").forEach((row) => {
    const { text = "", product = "", health: status = "" } = row.dataset;
    const kept = keeps({ text, product, favourite: "favourite" in row.dataset, health: status }, { ...filter, health });
    row.toggleAttribute("data-filtered", !kept);
    if (kept) shown += 1;
  });
  column.querySelectorAll<HTMLElement>("[data-health-filter]").forEach((button) => {
    button.setAttribute("aria-pressed", String(health?.has(button.dataset.healthFilter ?? "") ?? false));
  });
  column.querySelectorAll<HTMLElement>("[data-rows]").forEach((group) => {
    group.toggleAttribute("data-filtered", group.querySelector("[data-row]:not([data-filtered])") === null);
  });
  const nothing = column.querySelector<HTMLElement>("[data-nothing]");
  nothing?.toggleAttribute("data-filtered", shown > 0 || column.querySelector("[data-row]") === null);
  return shown;
}

function active(): boolean {
  return Boolean(filter.text || filter.product || filter.favourites || filter.health.size);
}

function apply(): void {
  let shown = 0;
  document.querySelectorAll<HTMLElement>("[data-filter-column]").forEach((column) => (shown += applyColumn(column)));
  const count = byId("filter-count");
  if (count !== null) {
    count.textContent = active() ? `${shown} of ${count.dataset.all ?? ""}` : (count.dataset.all ?? "");
  }
  byId("filter-clear")?.toggleAttribute("hidden", !active());
}

function write(): void {
  const url = new URL(window.location.href);
  const put = (name: string, value: string): void =>
    value ? url.searchParams.set(name, value) : url.searchParams.delete(name);
  put("q", filter.text);
  put("product", filter.product);
  put("favourites", filter.favourites ? "1" : "");
  history.replaceState(history.state, "", url);
}

function change(): void {
  apply();
  write();
}

function read(search: HTMLInputElement): void {
  const query = new URLSearchParams(window.location.search);
  filter.text = search.value = query.get("q") ?? "";
  filter.product = query.get("product") ?? "";
  filter.favourites = query.get("favourites") === "1";
}

function startControls(search: HTMLInputElement): void {
  const product = byId("filter-product");
  const favourites = byId("filter-favourites");
  const show = (): void => {
    if (product instanceof HTMLSelectElement) product.value = filter.product;
    favourites?.setAttribute("aria-pressed", String(filter.favourites));
  };
  search.addEventListener("input", () => {
    filter.text = search.value;
    change();
  });
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || search.value === "") return;
    search.value = filter.text = "";
    change();
  });
  product?.addEventListener("change", () => {
    filter.product = (product as HTMLSelectElement).value;
    show();
    change();
  });
  favourites?.addEventListener("click", () => {
    filter.favourites = !filter.favourites;
    show();
    change();
  });
  byId("filter-clear")?.addEventListener("click", () => {
    Object.assign(filter, { text: "", product: "", favourites: false, health: new Map() });
    search.value = "";
    show();
    change();
    search.focus();
  });
  show();
}

function startHealth(): void {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-health-filter]") : null;
    const column = button?.closest<HTMLElement>("[data-filter-column]");
    if (!button || !column) return;
    const chosen = new Set(filter.health.get(column.id));
    const status = button.dataset.healthFilter ?? "";
    if (!chosen.delete(status)) chosen.add(status);
    if (chosen.size > 0) filter.health.set(column.id, chosen);
    else filter.health.delete(column.id);
    apply();
  });
}

export function startFilters(): void {
  bindControls();
  startHealth();
  document.addEventListener("live:refreshed", () => {
    bindControls();
    apply();
  });
}

/** The controls of the page; a live change may have drawn the first ones just now. */
function bindControls(): void {
  const search = byId("filter-text");
  if (!(search instanceof HTMLInputElement) || search === bound) return;
  bound = search;
  read(search);
  startControls(search);
  apply();
}

/** `/` goes to the filter of the page, unless somebody is typing. */
export function startFilterKey(): void {
  document.addEventListener("keydown", (event) => {
    const typing = event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing) return;
    const search = byId("filter-text");
    if (search === null) return;
    event.preventDefault();
    search.focus();
  });
}
