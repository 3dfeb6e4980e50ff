// A flow as the server keeps it: reading, saving on top of the version it was read at, renaming; never merges by itself.
import { api, ApiError } from "../../shared/api";
import type { ServerProblem } from "../../shared/records";

export interface SavedFlow {
  name: string;
  manifest: string;
  etag: string;
}

/** What another person saved meanwhile. */
export interface TheirSave {
  manifest: string;
  etag: string;
  savedBy: string | null;
  savedAt: string | null;
}

export type SaveOutcome =
  | { kind: "saved"; flow: SavedFlow }
  | { kind: "conflict"; theirs: TheirSave }
  /** A flow of that name exists, and this text is no newer version of it. */
  | { kind: "taken"; name: string }
  | { kind: "invalid"; problems: ServerProblem[]; message: string };

const pathOf = (name: string): string => `/api/flows/${encodeURIComponent(name)}/`;
const quote = (etag: string): string => (etag.startsWith('"') ? etag : `"${etag}"`);

export const flowLoad = (name: string, signal?: AbortSignal): Promise<SavedFlow> =>
  api<SavedFlow>(pathOf(name), signal ? { signal } : {});

/** What a save is made from: a version of the same flow, one of a flow that gets this name, or nothing. */
export type Basis = { kind: "same"; etag: string } | { kind: "rename"; from: string; etag: string } | { kind: "new" };

export async function flowSave(name: string, manifest: string, basis: Basis): Promise<SaveOutcome> {
  const headers: Record<string, string> = basis.kind === "new" ? { "If-None-Match": "*" } : { "If-Match": quote(basis.etag) };
  const query = basis.kind === "rename" ? `?renameFrom=${encodeURIComponent(basis.from)}` : "";
  try {
    return { kind: "saved", flow: await api<SavedFlow>(pathOf(name) + query, { method: "PUT", yaml: manifest, headers }) };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const current = error.problem["current"] as TheirSave | null | undefined;
    // Saved already: by a try whose answer was lost, or by somebody who wrote the same.
    if (error.status === 412 && basis.kind !== "rename" && current?.manifest === manifest) return { kind: "saved", flow: { name, manifest, etag: current.etag } };
    if (error.status === 412 && basis.kind === "new") return { kind: "taken", name };
    if (error.status === 412 && current) return { kind: "conflict", theirs: current };
    const problems = error.problem["problems"];
    if ([413, 422].includes(error.status) && Array.isArray(problems)) {
      return { kind: "invalid", problems: problems as ServerProblem[], message: error.message };
    }
    throw error;
  }
}
