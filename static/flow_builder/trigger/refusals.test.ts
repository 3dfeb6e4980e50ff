import { expect, test } from "vitest";
import type { Preview } from "../../shared/records";
import type { Alive } from "../alive/use_alive";
import { refusedFor, troublesOf } from "./refusals";

const problem = (message: string): { message: string } => ({ message });
const preview = (whole: readonly string[], ofQa: readonly string[] = []): Preview =>
  ({ problems: whole.map(problem), environments: [{ name: "qa", problems: ofQa.map(problem) }] }) as unknown as Preview;
const state = (more: Partial<Alive>): Alive => ({
  product: "shop", applications: [], preview: preview([]), previewed: "text", loading: false, error: undefined, trigger: "dev", staleSince: undefined, ...more,
});

test("what refuses the chosen product is said with the way to another one", () => {
  const way = "Another product or application can be chosen next.";
  expect(refusedFor(state({ preview: preview(["dev is empty."]) }), "text")).toBe(`shop would be refused: dev is empty. ${way}`);
  expect(refusedFor(state({ preview: preview(["dev is empty."], ["qa too."]) }), "text")).toBe(
    `shop would be refused: dev is empty. 1 more problem is in the way. ${way}`,
  );
  expect(refusedFor(state({ preview: preview([], ["qa is empty."]) }), "text")).toBe(`shop would be refused: qa is empty. ${way}`);
  expect(refusedFor(state({ error: "No commit." }), "text")).toBe(`shop cannot be previewed: No commit. ${way}`);
});

test("nothing is said where nothing is in the way, or of another text", () => {
  expect(refusedFor(state({}), "text")).toBe("");
  expect(refusedFor(state({ preview: preview(["dev is empty."]) }), "text, changed")).toBe("");
  expect(refusedFor(state({ product: "", preview: undefined, previewed: undefined }), "text")).toBe("");
});

test("nothing is said while the feed is lost, beside the chart or with the button", () => {
  for (const known of [state({ preview: preview(["dev is empty."]) }), state({ error: "No commit." })]) {
    expect([refusedFor(known, "text"), troublesOf(known)]).not.toEqual(["", []]);
    const lost = { ...known, staleSince: new Date() };
    expect([refusedFor(lost, "text"), troublesOf(lost)]).toEqual(["", []]);
  }
});
