// Talks to the REST API as the signed-in person: CSRF token, JSON and problem details; never retries by itself.
import { csrfToken } from "../site/dom";
import { wakeFeeds } from "../site/live";

export interface ProblemDetails {
  status: number;
  title: string;
  detail?: string;
  code?: string;
  [member: string]: unknown;
}

/** The server answered with an error; `problem` is its problem details document. */
export class ApiError extends Error {
  override name = "ApiError";

  constructor(readonly problem: ProblemDetails) {
    super(problem.detail ?? problem.title);
  }

  get status(): number {
    return this.problem.status;
  }
}

/** No answer came: the sentence says what to do. */
export class Unreachable extends Error {
  override name = "Unreachable";

  constructor() {
    super("The server did not answer. Check the connection and try again.");
  }
}

export interface Request {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  json?: unknown;
  /** A manifest, sent as application/yaml. */
  yaml?: string;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

const TIMEOUT_MS = 30_000;

/** Raises ApiError for an error answer and for one that is no JSON, Unreachable for none; an aborted request raises its AbortError. */
export async function api<T>(path: string, request: Request = {}): Promise<T> {
  const { method = "GET", json, yaml, headers = {}, signal } = request;
  const body = yaml ?? (json === undefined ? undefined : JSON.stringify(json));
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const asked = fetch(path, {
    method,
    credentials: "same-origin",
    headers: {
      Accept: "application/json",
      ...(body !== undefined && { "Content-Type": yaml === undefined ? "application/json" : "application/yaml" }),
      ...(method !== "GET" && { "X-CSRFToken": csrfToken() }),
      ...headers,
    },
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    ...(body !== undefined && { body }),
  });
  const response = await arrived(asked, signal);
  if (!response.ok) throw new ApiError(await arrived(readProblem(response), signal));
  wakeFeeds();
  return (response.status === 204 ? undefined : await arrived(response.json(), signal)) as T;
}

/** A connection breaks, or takes too long, before an answer begins or in the middle of it. */
async function arrived<T>(coming: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  try {
    return await coming;
  } catch (error) {
    if (signal?.aborted) throw error;
    // It came whole, but from whom? A sign-in page of a proxy, say.
    if (error instanceof SyntaxError) throw new ApiError({ status: 502, title: "What came is no answer of Lockstep's. Reload the page in another tab to see what answers." });
    throw new Unreachable();
  }
}

async function readProblem(response: Response): Promise<ProblemDetails> {
  const fallback = { status: response.status, title: `The server answered ${response.status} ${response.statusText}`.trim() };
  if (!(response.headers.get("Content-Type") ?? "").includes("json")) return fallback;
  return { ...fallback, ...((await response.json()) as Partial<ProblemDetails>) };
}

/** A sentence for the person, whatever went wrong; anything that is no failure of the API is raised again. */
export function sentenceOf(error: unknown): string {
  if (error instanceof ApiError && error.status === 401) return "You are signed out. Sign in again in a new tab, then do this again.";
  if (error instanceof ApiError || error instanceof Unreachable) return error.message;
  throw error;
}

export interface Page<T> {
  results: T[];
  next: string | null;
}

const MOST_PAGES = 20;

/** Every row of a list, page after page, up to 4,000. */
export async function apiAll<T>(path: string, signal?: AbortSignal): Promise<T[]> {
  const rows: T[] = [];
  let next: string | null = `${path}${path.includes("?") ? "&" : "?"}limit=200`;
  for (let page = 0; next !== null && page < MOST_PAGES; page += 1) {
    const answer: Page<T> = await api<Page<T>>(next, signal ? { signal } : {});
    rows.push(...answer.results);
    // The server writes full URLs; only the path is ours to follow, whatever host it thinks it has.
    const url: URL | null = answer.next ? new URL(answer.next, window.location.href) : null;
    next = url && url.pathname + url.search;
  }
  return rows;
}

/** One key per thing that must happen once, also where the page is served without TLS and has no randomUUID. */
export function idempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
