// Takes the keys from pane to pane: from the top of a new flow it is some thirty Tabs to the chart.

interface Pane {
  pane: string;
  /** Where the keys arrive in it: the first of these that is there. */
  entries: readonly string[];
}

const CHART: Pane = { pane: ".chart", entries: ['[data-environment][aria-pressed="true"]', "[data-environment]", ".palette button", ".chart-canvas"] };
const PANES: readonly Pane[] = [
  { pane: ".settings", entries: ["button"] },
  CHART,
  { pane: ".editor", entries: [".cm-content"] },
];

/** The pane after the one that has the focus, or before it; the chart, from elsewhere. Panes that are hidden are left out. */
export function focusPane(back: boolean): void {
  const shown = PANES.filter(({ pane }) => document.querySelector(pane));
  const at = shown.findIndex(({ pane }) => document.activeElement?.closest(pane));
  const next = at < 0 ? (shown.find((one) => one === CHART) ?? shown[0]) : shown.at((at + (back ? -1 : 1)) % shown.length);
  const entry = next?.entries.map((selector) => document.querySelector<HTMLElement>(`${next.pane} ${selector}`)).find((one) => one !== null);
  entry?.focus({ preventScroll: true });
}
