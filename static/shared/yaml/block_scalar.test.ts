// Whatever text a block gets: it stays a block wherever every reader finds that in one, and both readers read that very text.
import fc from "fast-check";
import { expect, test } from "vitest";
import { dataOf } from "../manifest/reader/nodes";
import { readManifest } from "../manifest/reader/read";
import { editText } from "./edit";
import { parseManifest } from "./parse";

interface Row {
  m: { d: string; e: number };
}

const written = (source: string): unknown => (parseManifest(source).toJS() as Row).m.d;

/** As the server reads it. */
function readAs(source: string): unknown {
  const root = readManifest(source).trees[0]?.root;
  return root && (dataOf(root) as Row).m.d;
}

const words = fc.array(fc.constantFrom("a", "word", "b: c", "#", " ", "  ", "\n", "\n\n", "\t", "- x", "---", "\u{1f600}", "'", '"'), { minLength: 1, maxLength: 12 });
const texts = words.map((parts) => parts.join(""));

const OLD = ["|\n    one\n    two\n", "|-\n      one\n", "|+\n    one\n\n", "|2\n     one\n", ">\n    one\n    two\n\n    three\n", ">- # why\n    one\n    two\n", ">\n    one\n"];
const BELOW = ["", "\n", "\n\n"];

test("a block holds any text in its place, and gives it back as it was", () => {
  const anyOf = fc.tuple(fc.constantFrom(...OLD), fc.constantFrom(...BELOW), fc.constantFrom("\n", "\r\n"), fc.array(texts, { minLength: 1, maxLength: 4 }));
  fc.assert(
    fc.property(anyOf, ([old, below, newline, values]) => {
      let source = `m:\n  d: ${old}${below}  e: 1\n`.replaceAll("\n", newline);
      for (const value of values) {
        const isBlock = /d: [|>]/.test(source);
        source = editText(source, [{ kind: "set", path: ["m", "d"], value }]).source;
        expect(written(source)).toBe(value);
        expect(readAs(source)).toBe(value);
        expect(source.endsWith(`  e: 1${newline}`)).toBe(true);
        expect(/[^\r]\n/.test(source)).toBe(newline === "\n");
        if (isBlock && value.trim() !== "" && !(/^\n*[ \t]/.test(value) && /\n[ \t]+\n*$/.test(value))) expect(source).toMatch(/d: [|>]/);
      }
    }),
    { seed: 1, numRuns: 2000 },
  );
});

test("a block at the end of a text that does not end its last line still does not end it", () => {
  const { source } = editText("m:\n  d: |-\n    one", [{ kind: "set", path: ["m", "d"], value: "one\ntwo" }]);
  expect(source).toBe("m:\n  d: |-\n    one\n    two");
});

test("a block in a list keeps to the columns of its dash", () => {
  const { source } = editText("l:\n  - |\n      one\n  - x\n", [{ kind: "set", path: ["l", 0], value: " two\n" }]);
  expect(source).toBe("l:\n  - |4\n       two\n  - x\n");
});

test("blank lines that a block keeps as its own stay when what follows goes", () => {
  const source = "m:\n  d: |+\n    one\n\n  e: 1\n  f: 2\n";
  for (const key of ["e", "f"]) {
    const after = editText(source, [{ kind: "remove", path: ["m", key] }]).source;
    expect(after).toBe(source.replace(key === "e" ? "  e: 1\n" : "  f: 2\n", ""));
  }
  const alone = source.replace("  f: 2\n", "");
  expect(editText(alone, [{ kind: "remove", path: ["m", "e"] }]).source).toBe("m:\n  d: |+\n    one\n\n");
});
