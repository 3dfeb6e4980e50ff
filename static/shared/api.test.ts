// What is said when an answer breaks off: the same as when none came.
import { afterEach, describe, expect, test, vi } from "vitest";
import { connectFeed } from "../site/live";
import { api, ApiError, sentenceOf, Unreachable } from "./api";

const answering = (response: () => Response): void => void vi.stubGlobal("fetch", () => Promise.resolve(response()));
/** An answer of which the second half does not come. */
const broken = (status: number): Response =>
  new Response(
    new ReadableStream({
      start: (stream) => stream.enqueue(new TextEncoder().encode('{"name":')),
      pull: (stream) => stream.error(new DOMException("Too late", "TimeoutError")),
    }),
    { status, headers: { "Content-Type": "application/json" } },
  );

afterEach(() => vi.unstubAllGlobals());

describe("an answer", () => {
  test("is what the server sent", async () => {
    answering(() => Response.json({ name: "fan" }));
    expect(await api("/api/flows/fan/")).toEqual({ name: "fan" });
  });

  test.each([200, 503])("of status %i that breaks off in the middle is none", async (status) => {
    answering(() => broken(status));
    await expect(api("/api/flows/fan/")).rejects.toThrow(Unreachable);
  });

  test("that breaks off because nobody wants it any more is not told as a failure of the connection", async () => {
    const abort = new AbortController();
    answering(() => broken(200));
    const asked = api("/api/flows/fan/", { signal: abort.signal });
    abort.abort();
    await expect(asked).rejects.not.toThrow(Unreachable);
  });

  test.each([200, 500])("of status %i that is whole and no JSON is told as one of somebody else", async (status) => {
    answering(() => new Response("<html>", { status, headers: { "Content-Type": "application/json" } }));
    const error: unknown = await api("/api/flows/fan/").catch((problem: unknown) => problem);
    expect(error).toBeInstanceOf(ApiError);
    expect(sentenceOf(error)).toContain("no answer of Lockstep's");
  });
});

describe("a feed that is lost", () => {
  const sockets: Refused[] = [];
  class Refused {
    onclose: ((event: { code: number }) => void) | null = null;
    constructor() {
      sockets.push(this);
    }
    close(): void {}
  }

  test("tries again with an answer that lets the person in, and with no refusal", async () => {
    vi.stubGlobal("window", Object.assign(new EventTarget(), { location: { href: "https://host/" } }));
    vi.stubGlobal("WebSocket", Refused);
    vi.useFakeTimers();
    const feed = connectFeed("/ws/flows/fan/", { after: 0, onEvents: () => {}, onStale: () => {}, onLive: () => {} });
    vi.advanceTimersByTime(5_000);
    sockets.at(-1)?.onclose?.({ code: 4401 });
    answering(() => Response.json({}, { status: 401 }));
    await expect(api("/api/flows/fan/")).rejects.toThrow(ApiError);
    expect(sockets).toHaveLength(1);
    answering(() => Response.json({ name: "fan" }));
    await api("/api/flows/fan/");
    expect(sockets).toHaveLength(2);
    feed.close();
    vi.useRealTimers();
  });
});
