// Lines that a form may have several of: `data-repeat-add` clones a template, `data-repeat-remove` removes a line.

import { byId } from "./dom";

/** A field that only one choice of a select needs: `data-shown-when="SELECT-ID" data-shown-value="VALUE"`. */
function showNeeded(): void {
  document.querySelectorAll<HTMLElement>("[data-shown-when]").forEach((field) => {
    const select = byId(field.dataset.shownWhen ?? "");
    if (select instanceof HTMLSelectElement) field.hidden = select.value !== field.dataset.shownValue;
  });
}

export function startRepeats(): void {
  showNeeded();
  document.addEventListener("change", showNeeded);
  document.addEventListener("htmx:after:swap", showNeeded);
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const add = target?.closest<HTMLElement>("[data-repeat-add]");
    if (add) {
      const template = byId(add.dataset.repeatAdd ?? "");
      const list = byId(add.dataset.repeatTo ?? "");
      if (!(template instanceof HTMLTemplateElement) || list === null) return;
      list.append(template.content.cloneNode(true));
      list.lastElementChild?.querySelector<HTMLElement>("input, select, textarea")?.focus();
    }
    const up = target?.closest("[data-repeat-up]")?.closest<HTMLElement>("[data-repeat-item]");
    if (up?.previousElementSibling) {
      up.parentElement?.insertBefore(up, up.previousElementSibling);
      (target as HTMLElement).closest<HTMLElement>("[data-repeat-up]")?.focus();
    }
    const item = target?.closest("[data-repeat-remove]")?.closest<HTMLElement>("[data-repeat-item]");
    if (item) {
      const near = item.previousElementSibling ?? item.nextElementSibling ?? item.parentElement;
      item.remove();
      near?.querySelector<HTMLElement>("input, select, textarea")?.focus();
    }
  });
}
