// The questions that the release's page asks before a release is terminated or retried, asked in the builder. Does neither.
import htmx from "htmx.org";

/** What went wrong on the way is told by the page, as for every dialog that comes from the server. */
export const releaseAsk = (releaseUrl: string, what: "terminate" | "retry"): Promise<void> =>
  htmx.ajax("GET", releaseUrl, { target: "#dialogs", select: `#${what}-dialog`, swap: "innerHTML" });
