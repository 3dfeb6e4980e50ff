// What the REST API answers with, as far as the pages' islands read it.

export type Kind = "PROD" | "NON_PROD";

export interface Environment {
  name: string;
  kind: Kind;
  tags: string[];
  position: number;
  targets: { cluster: string; namespaces: string[] }[];
}

export interface Product {
  name: string;
}

export interface Application {
  runtime: string;
  namespace: string;
  name: string;
  environment: string;
  product: string;
  version: string | null;
  syncStatus: string;
  healthStatus: string;
  revision: string | null;
  revisionShort: string | null;
  commit: string | null;
  commitMessage: string | null;
  commitAt: string | null;
  /** Since when its runtime no longer reports it. */
  missingSince: string | null;
  cluster: string;
  destinationNamespace: string;
}

export interface Origin {
  kind: "flow" | "policy" | "default" | "template";
  name?: string;
  line?: number;
  priority?: number;
  /** Policies that say otherwise and lost. */
  wins?: string[];
}

export interface Setting {
  value: string;
  origin: Origin;
}

export interface DiffLine {
  kind: "context" | "removed" | "added";
  oldNumber: number | null;
  newNumber: number | null;
  text: string;
  ending: "lf" | "crlf" | "none";
  segments: { text: string; changed: boolean }[];
}

export interface DiffHunk {
  oldStart: number;
  newStart: number;
  lines: DiffLine[];
}

export interface FileDiff {
  path: string;
  added: number;
  removed: number;
  isNew: boolean;
  hunks: DiffHunk[];
}

/** The server's finding about a manifest; lines and columns from 1, columns in code points. */
export interface ServerProblem {
  message: string;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
  severity: "error" | "warning";
  code: string;
  suggestion: string | null;
}

export interface PreviewEnvironment {
  name: string;
  kind: Kind;
  role: string;
  wave: number;
  /** The first that the product has there; null where it has none. */
  application: string | null;
  /** Commits that changed the promoted values of the trigger side since those it carries; null where unknown. */
  behind: number | null;
  versionFrom: string | null;
  versionTo: string | null;
  downgrade: boolean;
  policy: { action: Setting; preAction: Setting | null; postAction: Setting | null };
  template: { name: string; origin: "product" | "inline" | "selector" | "none" } | null;
  files: FileDiff[];
  problems: { message: string }[];
}

export interface Preview {
  /** Null where the trigger would be refused: the problems say why. */
  planDigest: string | null;
  /** Those that no step's environment is to blame for. */
  problems: { message: string }[];
  /** Null where the trigger environment has nothing to promote yet. */
  source: null | {
    application: string;
    environment: string;
    revision: string;
    commit: string;
    version: string | null;
    message: string | null;
    author: string | null;
    date: string | null;
  };
  waves: string[][];
  environments: PreviewEnvironment[];
}

/** One save of a flow, counted from 1. */
export interface FlowRevision {
  number: number;
  version: string;
  savedAt: string;
  savedBy: string;
  etag: string;
  /** Lines against the save before; null where there is none to tell from. */
  added: number | null;
  removed: number | null;
  /** "" where the save kept the name. */
  renamedFrom: string;
}
