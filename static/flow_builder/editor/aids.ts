// What helps in the YAML editor beside the text itself: completion, the meaning of fields, search; it may come later than the editor.
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState, type Extension } from "@codemirror/state";
import { EditorView, keymap, tooltips } from "@codemirror/view";
import type { Known } from "../problems/flow_rules";
import { fieldHelp, flowCompletion } from "./completion";
import { searchPanel } from "./search_panel";

const theme = EditorView.theme({
  ".cm-tooltip": { zIndex: "var(--z-popover)", border: "1px solid var(--line-strong)", borderRadius: "var(--r-2)", background: "var(--surface)", color: "var(--ink)", boxShadow: "var(--shadow-2)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", fontSize: "12px", maxHeight: "220px", padding: "4px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "3px 8px", borderRadius: "var(--r-1)" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { background: "var(--you-tint)", color: "var(--ink)" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "600" },
  ".cm-completionDetail": { fontFamily: "var(--font)", fontStyle: "normal", fontSize: "11px", color: "var(--ink-3)", marginLeft: "12px" },
  ".cm-tooltip.cm-completionInfo, .field-help": { padding: "8px 10px", maxWidth: "300px", fontFamily: "var(--font)", fontSize: "12px", lineHeight: "16px" },
  ".field-help p": { margin: "2px 0 0" },
  ".cm-panels": { background: "var(--bg)", color: "var(--ink)", borderColor: "var(--line)", fontFamily: "var(--font)", fontSize: "12px" },
  ".cm-panel.cm-dialog": { padding: "8px 28px 8px 10px" },
  ".cm-panel.cm-dialog label": { fontSize: "12px", color: "var(--ink-2)" },
  ".cm-panel .cm-textfield": { background: "var(--surface)", border: "1px solid var(--control)", borderRadius: "var(--r-2)", fontSize: "12px" },
  ".cm-panel .cm-button": { background: "var(--surface)", border: "1px solid var(--line-strong)", borderRadius: "var(--r-2)", fontSize: "12px" },
  ".cm-searchMatch": { background: "var(--wait-tint)", outline: "1px solid var(--wait-line)" },
  ".cm-searchMatch-selected": { background: "var(--you-line)" },
});

/** Help may be wider than the pane, which cuts off what stands out of it. The editor makes what it puts there as high as itself. */
function tipsHost(): HTMLElement {
  const there = document.querySelector<HTMLElement>(".editor-tips");
  if (there) return there;
  const host = document.createElement("div");
  host.className = "editor-tips";
  document.body.append(host);
  return host;
}

export const editorAids = (known: () => Known): Extension => [
  flowCompletion(known),
  fieldHelp,
  tooltips({ parent: tipsHost() }),
  search({ top: true, createPanel: searchPanel }),
  EditorState.phrases.of({ go: "Go" }),
  highlightSelectionMatches({ minSelectionLength: 3 }),
  keymap.of(searchKeymap),
  theme,
];
