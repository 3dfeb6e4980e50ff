// What the live client promises: order, no loss unnoticed, reconnection, and honest staleness.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Batch, connectFeed, type Feed, SILENCE, type Stale, wakeFeeds } from "./live";

class FakeSocket {
  static all: FakeSocket[] = [];
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  closed = false;
  constructor(readonly url: string) {
    FakeSocket.all.push(this);
  }
  close(): void {
    this.closed = true;
  }
  says(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
  event(number: number): void {
    this.says({ type: "event", number, kind: "release.status", subject: "" });
  }
  head(number: number): void {
    this.says({ type: "head", number });
  }
  drops(code = 1006): void {
    this.onclose?.({ code });
  }
}

let batches: Batch[];
let stales: Stale[];
let lives: number;
let feed: Feed;

const numbers = (): number[] => batches.flatMap((batch) => batch.events.map((event) => event.number));
const socket = (): FakeSocket => FakeSocket.all.at(-1) as FakeSocket;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", FakeSocket);
  vi.stubGlobal("window", Object.assign(new EventTarget(), { location: { href: "https://host/environments/" } }));
  vi.stubGlobal("document", { visibilityState: "visible" });
  FakeSocket.all = [];
  batches = [];
  stales = [];
  lives = 0;
  feed = connectFeed("/ws/environments/", {
    after: 7,
    onEvents: (batch) => batches.push(batch),
    onStale: (stale) => stales.push(stale),
    onLive: () => (lives += 1),
    random: () => 1,
  });
});

afterEach(() => {
  feed.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("a connection", () => {
  it("asks for what came after the snapshot, over wss on an https page", () => {
    expect(socket().url).toBe("wss://host/ws/environments/?after=7");
  });

  it("is live once the server has spoken, not before", () => {
    expect(lives).toBe(0);
    socket().head(7);
    expect(lives).toBe(1);
  });

  it("hands a burst on as one batch, in order", () => {
    for (const number of [8, 9, 10]) socket().event(number);
    vi.advanceTimersByTime(100);
    expect(batches).toHaveLength(1);
    expect(numbers()).toEqual([8, 9, 10]);
    expect(batches[0]?.gap).toBe(false);
  });

  it("hands nothing on twice", () => {
    for (const number of [8, 8, 7, 9, 8]) socket().event(number);
    vi.advanceTimersByTime(100);
    expect(numbers()).toEqual([8, 9]);
  });

  it("survives what is no message", () => {
    socket().onmessage?.({ data: "not json" });
    socket().says({ type: "event" });
    socket().event(8);
    vi.advanceTimersByTime(100);
    expect(numbers()).toEqual([8]);
  });
});

describe("a gap", () => {
  it("is told when an event jumps ahead", () => {
    socket().event(10);
    vi.advanceTimersByTime(100);
    expect(batches).toEqual([{ events: [{ number: 10, kind: "release.status", subject: "" }], gap: true }]);
  });

  it("is told when the last event was lost and only the head shows it", () => {
    socket().head(9);
    vi.advanceTimersByTime(1_000);
    expect(batches).toEqual([{ events: [], gap: true }]);
  });

  it("is none when the event follows its head by a moment", () => {
    socket().head(8);
    vi.advanceTimersByTime(100);
    socket().event(8);
    vi.advanceTimersByTime(1_000);
    expect(batches).toHaveLength(1);
    expect(batches[0]?.gap).toBe(false);
  });

  it("is told when the server's numbers start over", () => {
    socket().head(2);
    vi.advanceTimersByTime(100);
    expect(batches).toEqual([{ events: [], gap: true }]);
    socket().event(3);
    vi.advanceTimersByTime(100);
    expect(numbers()).toEqual([3]);
  });
});

describe("a lost connection", () => {
  it("says since when the page is stale, and when the next try comes", () => {
    vi.setSystemTime(1_000_000);
    socket().head(7);
    vi.setSystemTime(1_003_000);
    socket().drops();
    expect(stales).toEqual([{ since: new Date(1_000_000), nextTryAt: new Date(1_003_400) }]);
  });

  it("goes on after the last event it got", () => {
    socket().event(8);
    socket().drops();
    vi.advanceTimersByTime(500);
    expect(FakeSocket.all).toHaveLength(2);
    expect(socket().url).toContain("after=8");
    socket().event(9);
    vi.advanceTimersByTime(100);
    expect(numbers()).toEqual([8, 9]);
    expect(lives).toBe(2);
  });

  it("waits longer each time, up to 15 s, and starts small again once live", () => {
    const waits: number[] = [];
    for (let i = 0; i < 8; i += 1) {
      socket().drops();
      const wait = (stales.at(-1)?.nextTryAt?.getTime() ?? 0) - Date.now();
      waits.push(wait);
      vi.advanceTimersByTime(wait);
    }
    expect(waits).toEqual([400, 800, 1_600, 3_200, 6_400, 12_800, 15_000, 15_000]);
    socket().head(7);
    socket().drops();
    expect((stales.at(-1)?.nextTryAt?.getTime() ?? 0) - Date.now()).toBe(400);
  });

  it("is noticed by silence where the line dies without a word", () => {
    socket().head(7);
    vi.advanceTimersByTime(SILENCE + 1);
    expect(stales).toHaveLength(1);
    expect(FakeSocket.all[0]?.closed).toBe(true);
    vi.advanceTimersByTime(500);
    expect(FakeSocket.all).toHaveLength(2);
  });

  it("is tried again at once when asked or when the network is back", () => {
    socket().drops();
    feed.reconnect();
    expect(FakeSocket.all).toHaveLength(2);
    socket().drops();
    window.dispatchEvent(new Event("online"));
    expect(FakeSocket.all).toHaveLength(3);
    vi.advanceTimersByTime(5_000);
    expect(FakeSocket.all).toHaveLength(3);
  });

  it("is final when the server no longer lets us in", () => {
    socket().drops(4403);
    vi.advanceTimersByTime(60_000);
    expect(stales.at(-1)?.nextTryAt).toBeNull();
    expect(FakeSocket.all).toHaveLength(1);
  });

  const focus = (): unknown => window.dispatchEvent(new Event("focus"));
  const show = (): unknown => window.dispatchEvent(new Event("visibilitychange"));
  it.each([
    ["the server answers something else", wakeFeeds],
    ["somebody comes back to the window", focus],
    ["somebody comes back to the tab", show],
  ])("is tried again where it was final, when %s", (_, wake) => {
    vi.advanceTimersByTime(10_000);
    socket().drops(4401);
    wake();
    expect(FakeSocket.all).toHaveLength(2);
    socket().head(7);
    wake();
    expect(FakeSocket.all).toHaveLength(2);
    expect(lives).toBe(1);
  });

  it("is left alone when the tab goes out of sight", () => {
    vi.stubGlobal("document", { visibilityState: "hidden" });
    vi.advanceTimersByTime(10_000);
    socket().drops(4401);
    show();
    vi.advanceTimersByTime(60_000);
    expect(FakeSocket.all).toHaveLength(1);
  });

  it("is tried again once a second at most, however much is answered, and waits no less for it", () => {
    for (let i = 0; i < 5; i += 1) {
      socket().drops();
      vi.advanceTimersByTime((stales.at(-1)?.nextTryAt?.getTime() ?? 0) - Date.now());
    }
    socket().drops(4401);
    for (let i = 0; i < 30; i += 1) {
      wakeFeeds();
      vi.advanceTimersByTime(100);
      socket().drops();
    }
    expect(FakeSocket.all).toHaveLength(6 + 2);
    expect((stales.at(-1)?.nextTryAt?.getTime() ?? 0) - Date.now()).toBeGreaterThan(10_000);
  });

  it("ignores a late word of the old socket", () => {
    const old = socket();
    old.drops();
    vi.advanceTimersByTime(500);
    old.event(50);
    old.drops();
    vi.advanceTimersByTime(100);
    expect(numbers()).toEqual([]);
    expect(stales).toHaveLength(1);
  });

  it("ends with close", () => {
    feed.close();
    socket().drops();
    vi.advanceTimersByTime(60_000);
    expect(FakeSocket.all).toHaveLength(1);
    expect(stales).toHaveLength(0);
  });
});
