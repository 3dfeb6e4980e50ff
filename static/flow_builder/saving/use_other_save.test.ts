import { expect, test } from "vitest";
import { goneAfter } from "./use_other_save";

const event = (kind: string, subject = "mine") => ({ number: 1, kind, subject });

test("the last event on a name says whether the flow still has it", () => {
  expect(goneAfter([])).toBeUndefined();
  expect(goneAfter([event("flow.saved")])).toBeUndefined();
  expect(goneAfter([event("flow.saved"), event("flow.renamed", "further")])).toEqual({ how: "renamed", to: "further" });
  expect(goneAfter([event("flow.deleted")])).toEqual({ how: "deleted", to: undefined });
  expect(goneAfter([event("flow.deleted"), event("flow.saved")])).toBeUndefined();
});
