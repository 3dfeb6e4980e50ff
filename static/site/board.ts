// The board's rows: compact or detailed, arrows between rows, reordering by the column's menu.

import { byId, post, sentence } from "./dom";
import { remember } from "./shell";
import { toast } from "./toasts";

function choose(rows: string): void {
  byId("board")?.classList.toggle("is-detailed", rows === "detailed");
  document
    .querySelectorAll<HTMLElement>("[data-density]")
    .forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.density === rows)));
  void remember("rows", rows);
}

function rows(column: Element): HTMLElement[] {
  return [...column.querySelectorAll<HTMLElement>("[data-row]:not([data-filtered])")].filter(
    (row) => row.checkVisibility(),
  );
}

/** The row to go to from a row: up and down within the column, left and right to the same height. */
function next(row: HTMLElement, key: string): HTMLElement | undefined {
  const column = row.closest(".col");
  if (column === null) return undefined;
  const here = rows(column);
  const index = here.indexOf(row);
  if (key === "ArrowDown") return here[index + 1];
  if (key === "ArrowUp") return here[index - 1];
  const columns = [...document.querySelectorAll(".col")];
  const step = key === "ArrowRight" ? 1 : -1;
  for (let at = columns.indexOf(column) + step; columns[at]; at += step) {
    const there = rows(columns[at] as Element);
    if (there.length > 0) return there[Math.min(index, there.length - 1)];
  }
  return undefined;
}

function startArrows(): void {
  document.addEventListener("keydown", (event) => {
    const row = event.target instanceof HTMLElement && event.target.matches("[data-row]") ? event.target : null;
    if (row === null) return;
    if (event.key === "Enter") row.querySelector<HTMLAnchorElement>("a.name")?.click();
    if (!event.key.startsWith("Arrow")) return;
    const to = next(row, event.key);
    if (to === undefined) return;
    event.preventDefault();
    to.focus();
  });
}

/** Move one column by a step; everybody sees the same order. */
async function move(name: string, step: number): Promise<void> {
  const names = [...document.querySelectorAll<HTMLElement>("[data-environment]")].map((c) => c.dataset.environment);
  const position = names.indexOf(name) + step;
  if (position < 0 || position >= names.length) {
    toast("error", `${name} stands at the ${step < 0 ? "left" : "right"} end already`);
    return;
  }
  try {
    await post(`/api/environments/${encodeURIComponent(name)}/`, { position }, "PATCH");
    document.dispatchEvent(new CustomEvent("live:refresh"));
  } catch (error) {
    toast("error", `${name} was not moved`, sentence(error));
  }
}

export function startBoard(): void {
  startArrows();
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const density = target?.closest<HTMLElement>("[data-density]");
    if (density) choose(density.dataset.density ?? "compact");
    const button = target?.closest<HTMLElement>("[data-move]");
    if (button) void move(button.dataset.name ?? "", Number(button.dataset.move));
  });
}
