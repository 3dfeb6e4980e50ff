// What the button of a problem writes, and where, when the text has changed since the problem was marked.
import { EditorState } from "@codemirror/state";
import { expect, test } from "vitest";
import { problemAt, type Problem } from "../../shared/manifest/manifest_text";
import { FlowText } from "../text/flow_text";
import { fixOf, placed, problemMarks, setProblems } from "./problem_marks";

const TEXT = "spec:\n  steps:\n    - environment: qa\n      dependOn:\n        - dev\n";
const AT = TEXT.indexOf("dependOn");
const MISSPELT: Problem = problemAt(TEXT, AT, AT + "dependOn".length, {
  severity: "error", code: "unknown-field", message: "There is no field dependOn.", path: "", suggestion: "dependsOn",
});

function marked(): EditorState {
  const state = EditorState.create({ doc: TEXT, extensions: [problemMarks] });
  return state.update({ effects: setProblems.of([{ problem: MISSPELT, from: MISSPELT.from, to: MISSPELT.to }]) }).state;
}

const mended = (state: EditorState): string => state.update(fixOf(state, MISSPELT) ?? {}).state.doc.toString();

test("a problem is mended where it was marked", () => {
  expect(mended(marked())).toBe(TEXT.replace("dependOn", "dependsOn"));
});

test("a problem is mended where its words stand after a change above them", () => {
  const step = "    - environment: prod\n      dependsOn:\n        - dev\n";
  const at = TEXT.indexOf("    - environment: qa");
  const state = marked().update({ changes: { from: at, insert: step } }).state;
  expect(mended(state)).toBe((TEXT.slice(0, at) + step + TEXT.slice(at)).replace("dependOn", "dependsOn"));
});

test.each(["\n", "\r\n"])("a name in a block of lines is mended in the line of its field, lines ending in %j", (newline) => {
  const text = TEXT.replace("qa", "|\n        Prod").replace(/\n/g, newline);
  const [from, to] = [text.indexOf("|"), text.indexOf("      dependOn")];
  const problem = problemAt(text, from, to, { severity: "error", code: "bad-name", message: "Prod is no name.", path: "", suggestion: "prod" });
  const flowText = new FlowText(text);
  flowText.attach([problemMarks], (state) => {
    const at = { from: flowText.positionOf(from), to: flowText.positionOf(to) };
    const told = state.update({ effects: setProblems.of([{ problem, ...at }]) }).state;
    const after = told.update(fixOf(told, problem) ?? {}).state;
    expect(after.sliceDoc()).toBe(text.replace(text.slice(from, to), `prod${newline}`));
    return { destroy: () => undefined } as never;
  });
  expect.assertions(1);
});

test("nothing is written once the words of a problem are gone", () => {
  const state = marked().update({ changes: { from: AT - 1, to: AT + "dependOn:".length, insert: "x" } }).state;
  expect(fixOf(state, MISSPELT)).toBeUndefined();
});

test("problems are placed in the text that they were found in, and in no newer one", () => {
  const flowText = new FlowText(TEXT.replaceAll("\n", "\r\n"));
  const judgement = { text: flowText.text, problems: [{ ...MISSPELT, from: flowText.text.indexOf("dependOn"), to: flowText.text.indexOf(":\r\n        - dev") }] };
  expect(placed(judgement, flowText)).toMatchObject([{ from: MISSPELT.from, to: MISSPELT.to }]);
  flowText.splice(0, 0, "#\r\n");
  expect(placed(judgement, flowText)).toBeUndefined();
  flowText.undo();
  expect(placed(judgement, flowText)).toHaveLength(1);
});
