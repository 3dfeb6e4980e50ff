// How each state looks: its icon, its colour role and its word, as `lockstep/templatetags/ui.py` draws them on pages.

export type Role = "ok" | "move" | "wait" | "bad" | "end" | "idle";

export interface Look {
  icon: string;
  role: Role;
  word: string;
  turns: boolean;
}

const look = (icon: string, role: Role, word: string, turns = false): Look => ({ icon, role, word, turns });

const PROMOTION: Readonly<Record<string, Look>> = {
  PENDING: look("st-pending", "idle", "Pending"),
  QUEUED: look("st-queued", "idle", "Queued"),
  RUNNING: look("st-running", "move", "Running", true),
  WAITING: look("st-running", "move", "Waiting", true),
  SUSPENDED: look("st-suspended", "wait", "Suspended"),
  SUCCEEDED: look("st-succeeded", "ok", "Succeeded"),
  SKIPPED: look("st-nochange", "idle", "Skipped"),
  FAILED: look("st-failed", "bad", "Failed"),
  ERROR: look("st-failed", "bad", "Error"),
  TERMINATING: look("st-terminating", "end", "Terminating", true),
  TERMINATED: look("st-terminated", "end", "Terminated"),
};

const HEALTH: Readonly<Record<string, Look>> = {
  Healthy: look("hl-healthy", "ok", "Healthy"),
  Progressing: look("hl-progressing", "move", "Progressing"),
  Degraded: look("hl-degraded", "bad", "Degraded"),
  Suspended: look("hl-suspended", "wait", "Suspended"),
  Missing: look("hl-missing", "wait", "Missing"),
};

const SYNC: Readonly<Record<string, Look>> = {
  Synced: look("sy-synced", "ok", "Synced"),
  OutOfSync: look("sy-outofsync", "wait", "OutOfSync"),
};

/** Circle of a release's, an environment's or a step's state; a success without a change has its own. */
export function promotionLook(status: string, reason = ""): Look {
  if (status === "SUCCEEDED" && reason === "NO_CHANGES") return look("st-nochange", "ok", "No changes");
  return PROMOTION[status] ?? look("st-pending", "idle", status);
}

export const healthLook = (health: string): Look => HEALTH[health] ?? look("hl-unknown", "idle", "Unknown");

export const syncLook = (sync: string): Look => SYNC[sync] ?? look("sy-unknown", "idle", "Unknown");
