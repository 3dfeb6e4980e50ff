import { expect, test } from "vitest";
import { environment, release } from "../shared/release/release.fixture";
import { causeOf } from "./cause_words";

const failed = environment("qa", { status: "FAILED", message: "values.yaml at v1.2.3 was changed by 7c1e0fa. Nothing was written." });

test.each([
  [release([failed]), "Nothing was written. Retry becomes possible when the release has ended."],
  [release([failed], { status: "FAILED", actions: { terminate: false, retry: true } }), "Nothing was written. Retry goes on from the step that did not succeed."],
])("the cause comes first, then what can be done now", (whole, rest) => {
  expect(causeOf(failed, whole)).toEqual({ tone: "bad", icon: "alert", lead: "values.yaml at v1.2.3 was changed by 7c1e0fa.", rest });
});

test("a plain success needs no cause, one without a change says so", () => {
  const done = environment("qa", { status: "SUCCEEDED" });
  expect(causeOf(done, release([done]))).toBeUndefined();
  expect(causeOf({ ...done, reason: "NO_CHANGES", message: "qa carried it." }, release([done]))?.lead).toBe("qa carried it.");
});
