// Menus on the platform's popovers: placed beside their button, walked by arrows. Esc and focus come for free.

const GAP = 4;

function items(menu: HTMLElement): HTMLElement[] {
  return [...menu.querySelectorAll<HTMLElement>('[role^="menuitem"]')];
}

function opener(menu: HTMLElement): HTMLElement | null {
  return document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`);
}

function put(menu: HTMLElement): void {
  const button = opener(menu);
  if (button === null) return;
  const at = button.getBoundingClientRect();
  const size = menu.getBoundingClientRect();
  const up = menu.dataset.menu === "up" || at.bottom + GAP + size.height > window.innerHeight;
  const top = up ? at.top - GAP - size.height : at.bottom + GAP;
  const left = menu.dataset.menu === "up" ? at.left : at.right - size.width;
  menu.style.top = `${Math.max(GAP, top)}px`;
  menu.style.left = `${Math.max(GAP, Math.min(left, window.innerWidth - size.width - GAP))}px`;
}

function walk(menu: HTMLElement, event: KeyboardEvent): void {
  const all = items(menu);
  const here = all.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: all.length - 1 }[event.key];
  if (to === undefined || all.length === 0) return;
  event.preventDefault();
  all[(to + all.length) % all.length]?.focus();
}

export function startMenus(): void {
  // `toggle` does not bubble, so it is caught on its way down: menus come and go with live regions.
  document.addEventListener(
    "toggle",
    (event) => {
      const menu = event.target;
      if (!(menu instanceof HTMLElement) || !menu.matches(".menu[popover]")) return;
      const open = (event as ToggleEvent).newState === "open";
      opener(menu)?.setAttribute("aria-expanded", String(open));
      if (!open) return;
      put(menu);
      items(menu)[0]?.focus();
    },
    true,
  );
  document.addEventListener("keydown", (event) => {
    const menu = document.querySelector<HTMLElement>(".menu:popover-open");
    if (menu !== null) walk(menu, event);
  });
  document.addEventListener("click", (event) => {
    const target = event.target;
    if (target instanceof Element && target.closest('[role^="menuitem"]')) {
      target.closest<HTMLElement>(".menu:popover-open")?.hidePopover();
    }
  });
}
