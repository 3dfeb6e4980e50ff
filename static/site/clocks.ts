// Durations that tick and times that age, in the words of the server. Never asks the server.

/** "21s", "2m 08s", "1h 05m", "3d 4h"; the same rule as duration_text on the server. */
export function durationText(seconds: number): string {
  const total = Math.max(0, Math.floor(seconds));
  const two = (value: number): string => String(value).padStart(2, "0");
  if (total < 60) return `${total}s`;
  if (total < 3_600) return `${Math.floor(total / 60)}m ${two(total % 60)}s`;
  if (total < 86_400) return `${Math.floor(total / 3_600)}h ${two(Math.floor((total % 3_600) / 60))}m`;
  return `${Math.floor(total / 86_400)}d ${Math.floor((total % 86_400) / 3_600)}h`;
}

/** "just now", "14 min ago", "4 h ago"; the same rule as ago_text on the server. */
export function agoText(seconds: number): string {
  const minutes = Math.max(0, Math.floor(seconds / 60));
  if (minutes < 1) return "just now";
  return minutes < 60 ? `${minutes} min ago` : `${Math.floor(minutes / 60)} h ago`;
}

/** "14:02:11" in the person's time zone. */
export function clockText(moment: Date): string {
  return moment.toLocaleTimeString("en-GB", { hour12: false });
}

function write(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

function tick(): void {
  // What is not known to be true now does not tick: its time stands still with the rest.
  if (document.body.classList.contains("is-stale-page")) return;
  const now = Date.now();
  document.querySelectorAll<HTMLElement>("[data-since]").forEach((element) => {
    write(element, durationText((now - Date.parse(element.dataset.since ?? "")) / 1_000));
  });
  document.querySelectorAll<HTMLTimeElement>("time[data-ago]").forEach((element) => {
    write(element, agoText((now - Date.parse(element.dateTime)) / 1_000));
  });
}

export function startClocks(): void {
  tick();
  setInterval(tick, 1_000);
}
