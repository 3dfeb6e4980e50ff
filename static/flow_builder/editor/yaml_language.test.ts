// Folding and indentation by the lines around, as people who write YAML expect them; colours at the words they are meant for.
import { EditorState } from "@codemirror/state";
import { expect, test } from "vitest";
import { coloured, foldable, indentation } from "./yaml_language";

const TEXT = `spec:
  steps: # in order
    - environment: qa
      dependsOn: [dev]

      # why
      policy:
        action: commit
    - environment: prod
  hooks:
  - one
  - two
last: x`;
const state = EditorState.create({ doc: TEXT });

test.each([
  ["spec:", "  - two"],
  ["  steps: # in order", "    - environment: prod"],
  ["    - environment: qa", "        action: commit"],
  ["      policy:", "        action: commit"],
  ["  hooks:", "  - two"],
  ["  - one", undefined],
  ["      # why", undefined],
  ["last: x", undefined],
])("%s folds up to %s", (line, last) => {
  const at = TEXT.indexOf(line);
  const fold = foldable(state, state.doc.lineAt(at).from);
  expect(fold && TEXT.slice(fold.from, fold.to).split("\n").at(-1)).toBe(last ?? null);
});

test.each([
  ["spec:", 2],
  ["    - environment: qa", 6],
  ["    - environment:", 8],
  ["      dependsOn: [dev]", 6],
  ["        - qa", 8],
  ["        - qa # first", 8],
  ["  - - one", 4],
  ["        - ", 10],
  ["        - |", 10],
  ["      policy:", 8],
  ["      # comment", null],
  ["", null],
])("after %j the next line stands at %s", (line, column) => {
  const one = EditorState.create({ doc: `${line}\n` });
  expect(indentation(one, line.length)).toBe(column);
});

/** `k:environment`, the words of each mark behind its class. */
function marked(text: string): string[] {
  const one = EditorState.create({ doc: text, extensions: text.includes("\r\n") ? [EditorState.lineSeparator.of("\r\n")] : [] });
  const found: string[] = [];
  coloured({ state: one, visibleRanges: [{ from: 0, to: one.doc.length }] }).between(0, one.doc.length, (from, to, mark) => {
    found.push(`${(mark.spec as { class: string }).class}:${one.doc.sliceString(from, to)}`);
  });
  return found;
}

test("Windows line ends shift no colours", () => {
  expect(marked(TEXT.replaceAll("\n", "\r\n"))).toEqual(marked(TEXT));
  expect(marked(TEXT)).toContain("k:dependsOn");
});

test("a comment behind a tab is a comment", () => {
  expect(marked("action: commit\t# for now\nname: x")).toEqual(["k:action", "p::", "v:commit", "c:# for now", "k:name", "p::", "v:x"]);
});
