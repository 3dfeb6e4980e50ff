// The frame around every page: navigation, theme, time zone. Choices are the person's, kept by the server.

import { byId, post, sentence } from "./dom";
import { toast } from "./toasts";

const YEAR = 365 * 24 * 3_600;

async function remember(name: string, value: string): Promise<void> {
  try {
    await post("/preferences/", new URLSearchParams({ [name]: value }));
  } catch (error) {
    toast("error", "Your choice was not kept", sentence(error));
  }
}

function startNavigation(): void {
  const button = byId("nav-fold");
  button?.addEventListener("click", () => {
    const folded = byId("shell")?.classList.toggle("is-rail") ?? false;
    button.setAttribute("aria-pressed", String(folded));
    void remember("nav", folded ? "rail" : "open");
  });
}

function startTheme(): void {
  const choices = document.querySelectorAll<HTMLElement>("[data-theme-choice]");
  choices.forEach((choice) =>
    choice.addEventListener("click", () => {
      const theme = choice.dataset.themeChoice ?? "system";
      if (theme === "system") delete document.documentElement.dataset.theme;
      else document.documentElement.dataset.theme = theme;
      choices.forEach((other) => other.setAttribute("aria-checked", String(other === choice)));
      void remember("theme", theme);
    }),
  );
}

/** Pages are written in the person's time zone; the server learns it from this cookie. */
function tellTimeZone(): void {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  document.cookie = `tz=${zone}; path=/; max-age=${YEAR}; samesite=lax`;
}

export function startShell(): void {
  tellTimeZone();
  startNavigation();
  startTheme();
}

export { remember };
