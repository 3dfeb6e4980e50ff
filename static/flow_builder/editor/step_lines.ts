// The lines of the environment that is selected on the chart, marked and brought into view; the cursor stays where it is.
import { StateEffect, StateField, type EditorState } from "@codemirror/state";
import { Decoration, EditorView, type DecorationSet } from "@codemirror/view";

/** 1-based lines, both included; undefined where nothing is selected. */
export interface StepLines {
  from: number;
  to: number;
}

const setLines = StateEffect.define<StepLines | undefined>();
const mark = Decoration.line({ class: "is-of-step" });

export const stepLines = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    const told = transaction.effects.find((effect) => effect.is(setLines));
    if (!told) return marks.map(transaction.changes);
    const { doc } = transaction.state;
    const lines = told.value;
    if (!lines || lines.from > doc.lines) return Decoration.none;
    const count = Math.min(lines.to, doc.lines) - lines.from + 1;
    return Decoration.set(Array.from({ length: count }, (_, at) => mark.range(doc.line(lines.from + at).from)));
  },
  provide: (field) => EditorView.decorations.from(field),
});

export function showStepLines(state: EditorState, lines: StepLines | undefined, scroll: boolean): StateEffect<unknown>[] {
  const into = lines && scroll && lines.from <= state.doc.lines;
  const at = into ? [EditorView.scrollIntoView(state.doc.line(lines.from).from, { y: "nearest", yMargin: 40 })] : [];
  return [setLines.of(lines), ...at];
}
