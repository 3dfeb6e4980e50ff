// Which application a release most likely promotes: the one whose files changed last.
import type { Application } from "../../shared/records";

/** Those whose last commit is not known come last, in the given order. */
export const lastChanged = (applications: readonly Application[]): Application | undefined =>
  [...applications].sort((one, other) => (other.commitAt ?? "").localeCompare(one.commitAt ?? ""))[0];
