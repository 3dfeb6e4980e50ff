// The question that the release's page asks before a release is terminated, asked in the builder. Terminates nothing itself.
import htmx from "htmx.org";

/** What went wrong on the way is told by the page, as for every dialog that comes from the server. */
export const terminateAsk = (releaseUrl: string): Promise<void> => htmx.ajax("GET", releaseUrl, { target: "#dialogs", select: "#terminate-dialog", swap: "innerHTML" });
