// The canvas follows text and feed: when it asks, for what, and what it shows meanwhile.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Unreachable } from "../../shared/api";
import type { Application, Preview } from "../../shared/records";
import { AliveStore, PAUSE, type PreviewRequest, type Wanted } from "./alive_store";
import { applicationOf, previewOf } from "./alive.fixture";

const TEXT: Wanted = { product: "trio", flow: "fan", trigger: "dev", text: "one", ready: true };

interface Call<T> {
  signal: AbortSignal;
  answer: (value: T) => Promise<void>;
  fail: () => Promise<void>;
}

let reads: (Call<Application[]> & { product: string })[];
let previews: (Call<Preview> & { request: PreviewRequest })[];
let store: AliveStore;

function call<T>(signal: AbortSignal): { promise: Promise<T>; call: Call<T> } {
  let resolve: (value: T) => void = () => undefined;
  let reject: (reason: Error) => void = () => undefined;
  const promise = new Promise<T>((done, failed) => ([resolve, reject] = [done, failed]));
  const settle = async (): Promise<void> => void (await vi.advanceTimersByTimeAsync(0));
  const answer = (value: T): Promise<void> => (resolve(value), settle());
  const fail = (): Promise<void> => (reject(new Unreachable()), settle());
  return { promise, call: { signal, answer, fail } };
}

beforeEach(() => {
  vi.useFakeTimers();
  reads = [];
  previews = [];
  store = new AliveStore({
    applications: (product, signal) => {
      const made = call<Application[]>(signal);
      reads.push({ ...made.call, product });
      return made.promise;
    },
    preview: (request, signal) => {
      const made = call<Preview>(signal);
      previews.push({ ...made.call, request });
      return made.promise;
    },
  });
});
afterEach(() => {
  store.close();
  vi.useRealTimers();
});

const RUNNING = [applicationOf("dev", "2.0"), applicationOf("qa", "1.0")];
const pause = (): Promise<unknown> => vi.advanceTimersByTimeAsync(PAUSE);
const type = (text: string, ready = true): void => store.want({ ...TEXT, text, ready });

async function begin(): Promise<void> {
  store.want(TEXT);
  await reads[0]?.answer(RUNNING);
  await previews[0]?.answer(previewOf({ qa: { behind: 1 } }));
}

describe("a product", () => {
  test("is asked for once it is chosen, first what runs and then what would change", async () => {
    store.want({ ...TEXT, product: "" });
    expect(reads).toHaveLength(0);
    store.want(TEXT);
    expect(store.read()).toMatchObject({ product: "trio", applications: undefined, loading: true });
    expect(previews).toHaveLength(0);
    await reads[0]?.answer(RUNNING);
    expect(store.read().previewed).toBeUndefined();
    expect(previews.map((one) => one.request)).toEqual([{ flow: "fan", product: "trio", manifest: "one" }]);
    await previews[0]?.answer(previewOf({ qa: { behind: 1 } }));
    expect(store.read()).toMatchObject({ loading: false, error: undefined, applications: RUNNING, previewed: "one" });
    expect(store.read().preview?.environments[0]?.behind).toBe(1);
    type("two");
    expect(store.read().previewed).toBe("one");
  });

  test("that is exchanged takes nothing of the other one along", async () => {
    await begin();
    store.want({ ...TEXT, product: "duo" });
    expect(store.read()).toMatchObject({ product: "duo", applications: undefined, preview: undefined });
    store.want({ ...TEXT, product: "" });
    expect(reads[1]?.signal.aborted).toBe(true);
    await reads[1]?.answer(RUNNING);
    expect(store.read()).toMatchObject({ product: "", applications: undefined, loading: false });
  });

  test("with several applications in the trigger environment is previewed by the first, as the trigger dialog does", async () => {
    store.want(TEXT);
    await reads[0]?.answer([...RUNNING, { ...applicationOf("dev", "3.0"), name: "worker" }]);
    expect(previews[0]?.request.application).toBe("local/argocd/trio-dev");
  });

  test("leaves out what its runtime no longer reports", async () => {
    store.want(TEXT);
    await reads[0]?.answer([...RUNNING, { ...applicationOf("prod", "1.0"), missingSince: "2026-01-01T00:00:00Z" }]);
    expect(store.read().applications).toEqual(RUNNING);
  });
});

describe("a preview on its way", () => {
  test.each<[string, () => void]>([
    ["another product is chosen", () => store.want({ ...TEXT, product: "duo" })],
    ["no product is chosen", () => store.want({ ...TEXT, product: "" })],
    ["the page is left", () => store.close()],
  ])("is given up where %s, with what waited for it", async (_words, act) => {
    await begin();
    type("two");
    await pause();
    type("three");
    await pause();
    act();
    expect(previews[1]?.signal.aborted).toBe(true);
    await previews[1]?.answer(previewOf({ qa: { behind: 2 } }));
    await pause();
    expect(store.read().preview).toBeUndefined();
    expect(previews).toHaveLength(2);
  });

  test("does not keep another product's from being asked for", async () => {
    await begin();
    type("two");
    await pause();
    store.want({ ...TEXT, product: "duo" });
    await reads[1]?.answer(RUNNING);
    expect(previews[2]?.request.product).toBe("duo");
    await previews[1]?.answer(previewOf({ qa: { behind: 2 } }));
    expect(store.read()).toMatchObject({ loading: true, preview: undefined });
    store.want({ ...TEXT, product: "duo", text: "three" });
    await pause();
    expect(previews).toHaveLength(3);
    await previews[2]?.answer(previewOf({ qa: { behind: 3 } }));
    expect(previews[3]?.request).toMatchObject({ product: "duo", manifest: "three" });
    await previews[3]?.answer(previewOf({ qa: { behind: 4 } }));
    expect(store.read()).toMatchObject({ loading: false, preview: { environments: [{ behind: 4 }] } });
  });
});

describe("the text", () => {
  test("is previewed after a pause, once, and what is known stays until the answer", async () => {
    await begin();
    let told = 0;
    store.subscribe(() => (told += 1));
    for (const text of ["on", "o", "other"]) {
      type(text, false);
      type(text);
      await vi.advanceTimersByTimeAsync(PAUSE - 1);
    }
    expect(told).toBe(1);
    expect(previews).toHaveLength(1);
    expect(store.read()).toMatchObject({ loading: true });
    await vi.advanceTimersByTimeAsync(1);
    expect(previews.map((one) => one.request.manifest)).toEqual(["one", "other"]);
    expect(store.read().preview?.environments[0]?.behind).toBe(1);
    await previews[1]?.answer(previewOf({ qa: { behind: 2 } }));
    expect(store.read().preview?.environments[0]?.behind).toBe(2);
  });

  test("that changes again is asked about when the older answer is there, which does not pass for its own", async () => {
    await begin();
    for (const text of ["two", "three", "four"]) {
      type(text);
      await pause();
    }
    expect(previews.map((one) => one.request.manifest)).toEqual(["one", "two"]);
    expect(previews[1]?.signal.aborted).toBe(false);
    await previews[1]?.answer(previewOf({ qa: { behind: 2 } }));
    expect(store.read()).toMatchObject({ loading: true, preview: { environments: [{ behind: 2 }] } });
    expect(previews.map((one) => one.request.manifest)).toEqual(["one", "two", "four"]);
    await previews[2]?.answer(previewOf({ qa: { behind: 4 } }));
    expect(store.read()).toMatchObject({ loading: false, preview: { environments: [{ behind: 4 }] } });
    await pause();
    expect(previews).toHaveLength(3);
  });

  test("that still changes when the older answer comes is not that answer's", async () => {
    await begin();
    type("two");
    await pause();
    type("three");
    await previews[1]?.answer(previewOf({ qa: { behind: 2 } }));
    expect(store.read()).toMatchObject({ loading: true });
    expect(previews).toHaveLength(2);
    await pause();
    expect(previews.map((one) => one.request.manifest)).toEqual(["one", "two", "three"]);
  });

  test("that changed last of all goes along when another one waited for its turn, and is asked about once", async () => {
    await begin();
    type("two");
    await pause();
    type("three");
    await pause();
    type("four");
    await previews[1]?.answer(previewOf({ qa: { behind: 2 } }));
    expect(previews.map((one) => one.request.manifest)).toEqual(["one", "two", "four"]);
    await previews[2]?.answer(previewOf({ qa: { behind: 4 } }));
    await pause();
    expect(store.read()).toMatchObject({ loading: false });
    expect(previews).toHaveLength(3);
  });

  test("that has errors when its turn comes is not asked about", async () => {
    await begin();
    type("two");
    await pause();
    type("three");
    await pause();
    type("broken", false);
    await previews[1]?.answer(previewOf({ qa: { behind: 2 } }));
    await pause();
    expect(store.read()).toMatchObject({ loading: false });
    expect(previews).toHaveLength(2);
    type("mended");
    await pause();
    expect(previews[2]?.request.manifest).toBe("mended");
  });

  test("with errors is not asked about, and is once they are mended", async () => {
    await begin();
    type("broken", false);
    await pause();
    expect(previews).toHaveLength(1);
    expect(store.read()).toMatchObject({ loading: false });
    type("broken", true);
    await pause();
    expect(previews.map((one) => one.request.manifest)).toEqual(["one", "broken"]);
  });
});

describe("the feed", () => {
  test("has a new version shown and previewed at once", async () => {
    await begin();
    store.refresh();
    await reads[1]?.answer([applicationOf("dev", "3.0"), applicationOf("qa", "1.0")]);
    expect(store.read().applications?.[0]?.version).toBe("3.0");
    expect(previews).toHaveLength(2);
  });

  test("has what moved meanwhile previewed once, after the preview that is on its way", async () => {
    await begin();
    type("two");
    await pause();
    for (const version of ["3.0", "4.0"]) {
      store.refresh();
      await reads.at(-1)?.answer([applicationOf("dev", version), applicationOf("qa", "1.0")]);
    }
    expect(previews).toHaveLength(2);
    await previews[1]?.answer(previewOf({ qa: { behind: 2 } }));
    expect(store.read()).toMatchObject({ loading: true });
    expect(previews.map((one) => one.request.manifest)).toEqual(["one", "two", "two"]);
  });

  test("asks for no preview where nothing moved, or health alone", async () => {
    await begin();
    store.refresh();
    await reads[1]?.answer(RUNNING);
    store.refresh();
    await reads[2]?.answer(RUNNING.map((one) => ({ ...one, healthStatus: "Degraded" })));
    expect(store.read().applications?.[0]?.healthStatus).toBe("Degraded");
    expect(previews).toHaveLength(1);
  });

  test("that has much to tell leads to one look at a time", async () => {
    await begin();
    for (let event = 0; event < 5; event += 1) store.refresh();
    expect(reads).toHaveLength(2);
    await reads[1]?.answer(RUNNING);
    expect(reads).toHaveLength(3);
    await reads[2]?.answer(RUNNING);
    expect(reads).toHaveLength(3);
  });
});

describe("a failure", () => {
  test("is told, keeps what is known, and is over with the next look", async () => {
    await begin();
    type("two");
    await pause();
    await previews[1]?.fail();
    expect(store.read()).toMatchObject({ loading: false, error: new Unreachable().message });
    expect(store.read().preview?.environments[0]?.behind).toBe(1);
    store.refresh();
    await reads[1]?.answer(RUNNING);
    await previews[2]?.answer(previewOf({ qa: { behind: 0 } }));
    expect(store.read().error).toBeUndefined();
  });

  test("of an older text's preview is not told while a newer one is asked about", async () => {
    await begin();
    type("two");
    await pause();
    type("three");
    await pause();
    await previews[1]?.fail();
    expect(store.read()).toMatchObject({ loading: true, error: undefined });
    expect(previews[2]?.request.manifest).toBe("three");
    await previews[2]?.fail();
    expect(store.read()).toMatchObject({ loading: false, error: new Unreachable().message });
  });

  test("of an earlier text is over once the text is answered, though what moved is still to be looked at", async () => {
    await begin();
    type("two");
    await pause();
    await previews[1]?.fail();
    type("three");
    await pause();
    store.refresh();
    await reads.at(-1)?.answer([applicationOf("dev", "3.0"), applicationOf("qa", "1.0")]);
    await previews[2]?.answer(previewOf({ qa: { behind: 3 } }));
    expect(previews[3]?.request.manifest).toBe("three");
    expect(store.read()).toMatchObject({ loading: true, previewed: "three", error: undefined });
  });

  test("that is kept while the next text is asked about is no word on a text between them", async () => {
    await begin();
    type("two");
    await pause();
    await previews[1]?.fail();
    type("three");
    await pause();
    type("four");
    await previews[2]?.answer(previewOf({ qa: { behind: 3 } }));
    expect(store.read()).toMatchObject({ loading: true, previewed: undefined, error: new Unreachable().message });
  });

  test("to see what runs is tried again with the next text", async () => {
    store.want(TEXT);
    await reads[0]?.fail();
    expect(store.read()).toMatchObject({ applications: undefined, error: new Unreachable().message });
    type("two");
    await pause();
    await reads[1]?.answer(RUNNING);
    expect(previews[0]?.request.manifest).toBe("two");
  });
});
