// The text's history is the builder's history: chart, settings and typing undo in order, to the very bytes.
import { EditorState, type Transaction } from "@codemirror/state";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hands, PARALLEL, plainSteps, writeFlow } from "../gestures/flows.fixture";
import { FlowText, newest } from "./flow_text";
import type { LateEditor } from "./late_editor";

describe("a flow's text", () => {
  test("undo and redo walk through gestures one by one", () => {
    const flow = new FlowText(PARALLEL);
    flow.perform({ kind: "name", value: "other" });
    flow.perform({ kind: "add", after: "qa", environments: ["prod-eu", "prod-asia"] });
    const done = flow.text;
    flow.undo();
    expect(flow.text).toBe(PARALLEL.replace("multi-env-sequential-promotion", "other"));
    flow.undo();
    expect(flow.text).toBe(PARALLEL);
    expect(flow.read()).toMatchObject({ canUndo: false, canRedo: true });
    flow.redo();
    flow.redo();
    expect(flow.text).toBe(done);
  });

  test("letters typed into a field are undone together, a gesture after them alone", () => {
    const flow = new FlowText(PARALLEL);
    for (const value of ["n", "ne", "new"]) flow.perform({ kind: "name", value }, "typing");
    flow.perform({ kind: "timeout", minutes: 5 });
    flow.undo();
    expect(flow.text).toContain("name: new\n");
    flow.undo();
    expect(flow.text).toBe(PARALLEL);
  });

  test("a gesture that changes nothing leaves no step in the history", () => {
    const flow = new FlowText(PARALLEL);
    flow.perform({ kind: "onFailure", value: "continue" });
    expect(flow.read().canUndo).toBe(false);
  });

  test("a refused gesture leaves the text alone", () => {
    const flow = new FlowText(PARALLEL);
    expect(() => flow.perform({ kind: "depend", environment: "qa", on: "prod" })).toThrow("circle");
    expect(flow.text).toBe(PARALLEL);
  });

  test("subscribers hear of changes and of nothing else", () => {
    const flow = new FlowText(PARALLEL);
    let heard = 0;
    const stop = flow.subscribe(() => (heard += 1));
    flow.reveal(10);
    flow.replace(PARALLEL);
    expect(heard).toBe(0);
    flow.replace("kind: PromotionFlow\n");
    stop();
    flow.undo();
    expect(heard).toBe(1);
  });

  test("whether it comes back after another text is told without changing anything", () => {
    const flow = new FlowText(PARALLEL);
    const windows = PARALLEL.replaceAll("\n", "\r\n");
    for (const next of [PARALLEL, PARALLEL.replace("qa", "test"), "", windows]) {
      const told = flow.comesBackAfter(next);
      expect([flow.text, newest.text]).toEqual([PARALLEL, PARALLEL]);
      expect(new FlowText(PARALLEL).replace(next)).toBe(told);
      newest.text = PARALLEL;
    }
    expect(flow.comesBackAfter(windows)).toBe(false);
  });

  test("what an attached editor got later stays, also behind a text whose lines end in another way", () => {
    const flow = new FlowText(PARALLEL);
    const shown: EditorState[] = [];
    const none = (): void => undefined;
    const detach = flow.attach(EditorState.tabSize.of(3), (state) => {
      shown.push(state);
      return { later: ({ state: next }: Transaction) => shown.push(next), setState: (next: EditorState) => shown.push(next), catchUp: none, destroy: none } as unknown as LateEditor;
    });
    flow.extend(EditorState.phrases.of({ Find: "Search" }));
    const can = (): unknown[] => [shown.at(-1)?.tabSize, shown.at(-1)?.phrase("Find")];
    expect(can()).toEqual([3, "Search"]);
    flow.replace(PARALLEL.replaceAll("\n", "\r\n"));
    expect(can()).toEqual([3, "Search"]);
    detach();
  });

  test("any text comes back to the very bytes, whatever ends its lines", () => {
    fc.assert(
      fc.property(plainSteps, hands, (steps, hand) => {
        const source = writeFlow(steps, hand);
        const flow = new FlowText(source);
        expect(flow.text).toBe(source);
        flow.perform({ kind: "version", value: "1.00" });
        flow.perform({ kind: "add", after: "dev", environments: ["new"] });
        flow.undo();
        flow.undo();
        expect(flow.text).toBe(source);
      }),
      { numRuns: 100 },
    );
  });
});
