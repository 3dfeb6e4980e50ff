// How the YAML editor looks and behaves: highlighting by our classes, two spaces, line numbers, folding, keys.
import { defaultKeymap, historyKeymap, indentLess, indentMore } from "@codemirror/commands";
import { codeFolding, foldGutter, foldKeymap, indentUnit } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { icon } from "../../site/dom";
import { stepLines } from "./step_lines";
import { yamlSupport } from "./yaml_language";

const theme = EditorView.theme({
  "&": { height: "100%", fontSize: "12px", backgroundColor: "var(--surface)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "20px", overflow: "auto" },
  ".cm-content": { padding: "8px 0", caretColor: "var(--ink)" },
  ".cm-line": { padding: "0 12px 0 0" },
  ".cm-gutters": { backgroundColor: "var(--surface)", color: "var(--ink-3)", border: "0", fontSize: "11px" },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "36px", padding: "0 2px 0 0" },
  ".cm-activeLine": { backgroundColor: "transparent" },
  "&.cm-focused .cm-activeLine": { backgroundColor: "var(--hover)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground": { backgroundColor: "var(--you-line)" },
  ".cm-selectionBackground": { backgroundColor: "var(--you-tint)" },
  ".cm-foldGutter .cm-gutterElement": { width: "16px", cursor: "pointer", color: "var(--ink-3)" },
  ".cm-foldPlaceholder": { background: "var(--sunken)", border: "0", color: "var(--ink-2)", padding: "0 4px", margin: "0 4px" },
});

function foldMarker(open: boolean): HTMLElement {
  const marker = icon(open ? "chev-d" : "chev-r");
  const box = document.createElement("span");
  box.className = open ? "fold" : "fold is-folded";
  box.append(marker);
  return box;
}

/** Tab indents; after Esc it leaves the editor, as everywhere on the page. */
const keys = keymap.of([
  { key: "Tab", run: indentMore, shift: indentLess },
  ...foldKeymap,
  ...historyKeymap,
  ...defaultKeymap,
]);

export const editorExtensions: Extension = [
  lineNumbers(),
  codeFolding(),
  foldGutter({ markerDOM: foldMarker }),
  drawSelection(),
  highlightActiveLine(),
  yamlSupport,
  indentUnit.of("  "),
  EditorView.contentAttributes.of({ "aria-label": "YAML of the flow", spellcheck: "false", tabindex: "0" }),
  stepLines,
  keys,
  theme,
];
