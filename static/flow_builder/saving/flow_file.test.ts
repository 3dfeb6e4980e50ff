// What the server's refusals of a save mean to the person who saved.
import { afterEach, describe, expect, test, vi } from "vitest";
import { flowSave, type Basis } from "./flow_file";

const refusing = (manifest: string): void => {
  const current = { manifest, etag: "e2", savedBy: "paul", savedAt: "2026-01-02T03:04:05Z" };
  vi.stubGlobal("document", { cookie: "csrftoken=t" });
  vi.stubGlobal("fetch", () => Promise.resolve(Response.json({ title: "Stale", current }, { status: 412 })));
};

afterEach(() => vi.unstubAllGlobals());

const SAME: Basis = { kind: "same", etag: "e1" };

describe("a save that is refused", () => {
  test.each<[string, Basis]>([
    ["over what was read", SAME],
    ["of a new flow", { kind: "new" }],
  ])("%s, where the very text stands already, had its answer lost before: it is saved", async (_words, basis) => {
    refusing("mine");
    expect(await flowSave("fan", "mine", basis)).toEqual({ kind: "saved", flow: { name: "fan", manifest: "mine", etag: "e2" } });
  });

  test("over another text is a conflict with it", async () => {
    refusing("theirs");
    expect(await flowSave("fan", "mine", SAME)).toMatchObject({ kind: "conflict", theirs: { manifest: "theirs", etag: "e2" } });
  });

  test("of a new flow finds the name taken", async () => {
    refusing("theirs");
    expect(await flowSave("fan", "mine", { kind: "new" })).toEqual({ kind: "taken", name: "fan" });
  });

  test("of a rename is no save, whatever stands there", async () => {
    refusing("mine");
    expect(await flowSave("fan", "mine", { kind: "rename", from: "old", etag: "e1" })).toMatchObject({ kind: "conflict" });
  });
});
