// The key under which a release is started: one per content until its answer is there.
import { beforeEach, expect, test } from "vitest";
import { settled, triggerKey } from "./trigger_key";

const BODY = { product: "trio", application: "trio-dev", planDigest: "a1", message: "" };

beforeEach(settled);

test("is the same for the same content while no answer came", () => {
  expect(triggerKey("fan", { ...BODY })).toBe(triggerKey("fan", { ...BODY }));
});

test.each([
  ["flow", "other", BODY],
  ["product", "fan", { ...BODY, product: "duo" }],
  ["plan", "fan", { ...BODY, planDigest: "b2" }],
  ["message", "fan", { ...BODY, message: "again" }],
])("is another one for another %s", (_, flow, body) => {
  expect(triggerKey(flow, body)).not.toBe(triggerKey("fan", BODY));
});

test("is another one once the answer is there", () => {
  const first = triggerKey("fan", BODY);
  settled();
  expect(triggerKey("fan", BODY)).not.toBe(first);
});
