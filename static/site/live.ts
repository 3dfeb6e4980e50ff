// The live client: one WebSocket per feed, in order, caught up after every break. Never touches the page.

export interface FeedEvent {
  number: number;
  kind: string;
  subject: string;
}

export interface Batch {
  /** The events since the last batch, in order; empty where only the gap is known. */
  events: FeedEvent[];
  /** True where events were missed: what was read before is not enough, read the snapshot again. */
  gap: boolean;
}

export interface Stale {
  /** When the page was last known to be right. */
  since: Date;
  /** When the next try starts; null where no try will help (signed out, not allowed). */
  nextTryAt: Date | null;
}

export interface FeedOptions {
  /** Number of the last event that the snapshot at hand contains. */
  after: number;
  onEvents: (batch: Batch) => void;
  onStale: (stale: Stale) => void;
  onLive: () => void;
  /** For tests. */
  random?: () => number;
}

export interface Feed {
  close: () => void;
  /** Try again at once instead of waiting. */
  reconnect: () => void;
}

/** Milliseconds. The server's head message comes every 5 s; two missed ones mean a dead line. */
export const SILENCE = 12_000;
const BATCH = 60;
const HEAD_GRACE = 400;
const FIRST_RETRY = 400;
const LONGEST_RETRY = 15_000;
const WAKE_PAUSE = 1_000;
const LOOKS = ["focus", "visibilitychange"];
const FORBIDDEN = new Set([4401, 4403]);

interface Message {
  type?: unknown;
  number?: unknown;
  kind?: unknown;
  subject?: unknown;
}

function parse(data: unknown): Message | null {
  if (typeof data !== "string") return null;
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === "object" && value !== null ? value : null;
  } catch {
    return null;
  }
}

function absolute(path: string, after: number): string {
  const url = new URL(path, window.location.href);
  url.protocol = url.protocol === "https:" || url.protocol === "wss:" ? "wss:" : "ws:";
  url.searchParams.set("after", String(after));
  return url.href;
}

const waking = new Set<() => void>();

/** The server answered something else: what is lost tries again now, and where that fails, waits as long as before. */
export function wakeFeeds(): void {
  for (const wake of waking) wake();
}

/** Follow a feed until closed. Callbacks never overlap and come in order. */
export function connectFeed(path: string, options: FeedOptions): Feed {
  const random = options.random ?? Math.random;
  let last = options.after;
  let socket: WebSocket | null = null;
  let closed = false;
  let live = false;
  let failures = 0;
  let heardAt = new Date();
  let triedAt = 0;
  let pending: FeedEvent[] = [];
  let gap = false;
  const timers = new Map<string, ReturnType<typeof setTimeout>>();

  const cancel = (name: string): void => {
    clearTimeout(timers.get(name));
    timers.delete(name);
  };
  const later = (name: string, delay: number, run: () => void): void => {
    cancel(name);
    timers.set(
      name,
      setTimeout(() => {
        timers.delete(name);
        run();
      }, delay),
    );
  };

  function flush(): void {
    if (pending.length === 0 && !gap) return;
    const batch = { events: pending, gap };
    pending = [];
    gap = false;
    options.onEvents(batch);
  }

  // Bursts become one batch: the first event starts the clock, later ones do not move it.
  function flushSoon(): void {
    if (!timers.has("batch")) later("batch", BATCH, flush);
  }

  function missed(number: number): void {
    gap = true;
    last = number;
    flushSoon();
  }

  function receive(message: Message): void {
    if (typeof message.number !== "number") return;
    const { number } = message;
    if (message.type === "head") {
      // The head may overtake its event by a moment; if nothing follows, that event was lost.
      if (number > last) later("head", HEAD_GRACE, () => number > last && missed(number));
      // A lower head is another history: the database was restored. Start over from the snapshot.
      else if (number < last) missed(number);
    } else if (message.type === "event" && number > last) {
      if (number > last + 1) gap = true;
      last = number;
      pending.push({ number, kind: String(message.kind ?? ""), subject: String(message.subject ?? "") });
      flushSoon();
    }
  }

  function becomeLive(): void {
    failures = 0;
    if (live) return;
    live = true;
    options.onLive();
  }

  function retry(code: number): void {
    live = false;
    cancel("silence");
    cancel("head");
    if (closed) return;
    if (FORBIDDEN.has(code)) {
      options.onStale({ since: heardAt, nextTryAt: null });
      return;
    }
    failures += 1;
    const limit = Math.min(LONGEST_RETRY, FIRST_RETRY * 2 ** (failures - 1));
    const delay = Math.round(limit / 2 + (random() * limit) / 2);
    options.onStale({ since: heardAt, nextTryAt: new Date(Date.now() + delay) });
    later("retry", delay, open);
  }

  function heard(): void {
    heardAt = new Date();
    later("silence", SILENCE, () => {
      // A dead line often never says so: leave the old socket to itself and go on with a new one.
      const dead = socket;
      socket = null;
      dead?.close();
      retry(0);
    });
  }

  function open(): void {
    cancel("retry");
    triedAt = Date.now();
    const current = new WebSocket(absolute(path, last));
    socket = current;
    later("silence", SILENCE, () => {
      socket = null;
      current.close();
      retry(0);
    });
    current.onmessage = (event: MessageEvent): void => {
      if (socket !== current) return;
      const message = parse(event.data);
      if (message === null) return;
      heard();
      becomeLive();
      receive(message);
    };
    current.onclose = (event: CloseEvent): void => {
      if (socket !== current) return;
      socket = null;
      retry(event.code);
    };
  }

  function reconnect(): void {
    if (closed || socket !== null) return;
    failures = 0;
    open();
  }

  // Answers come in bursts, and one of them may be what a feed that breaks at once asked for.
  function wake(): void {
    if (socket !== null) return;
    const wait = triedAt + WAKE_PAUSE - Date.now();
    if (wait <= 0) open();
    else if (!timers.has("retry")) later("retry", wait, open);
  }

  // Whoever comes back to the page may have signed in elsewhere.
  function look(): void {
    if (document.visibilityState === "visible") wake();
  }

  window.addEventListener("online", reconnect);
  for (const looked of LOOKS) window.addEventListener(looked, look);
  waking.add(wake);
  open();
  return {
    reconnect,
    close: (): void => {
      closed = true;
      window.removeEventListener("online", reconnect);
      for (const looked of LOOKS) window.removeEventListener(looked, look);
      waking.delete(wake);
      for (const name of [...timers.keys()]) cancel(name);
      socket?.close();
      socket = null;
    },
  };
}
