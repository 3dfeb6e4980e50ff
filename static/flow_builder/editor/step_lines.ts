// The lines of the environments that are selected on the chart, marked, the last one's brought into view; the cursor stays.
import { StateEffect, StateField, type EditorState } from "@codemirror/state";
import { Decoration, EditorView, type DecorationSet } from "@codemirror/view";

/** 1-based lines, both included. */
export interface StepLines {
  from: number;
  to: number;
}

const setLines = StateEffect.define<readonly StepLines[]>();
const mark = Decoration.line({ class: "is-of-step" });

export const stepLines = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    const told = transaction.effects.find((effect) => effect.is(setLines));
    if (!told) return marks.map(transaction.changes);
    const { doc } = transaction.state;
    const numbers = told.value.flatMap(({ from, to }) => Array.from({ length: Math.max(0, Math.min(to, doc.lines) - from + 1) }, (_, at) => from + at));
    return Decoration.set([...new Set(numbers)].map((number) => mark.range(doc.line(number).from)));
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** `lines` in the order of the text; `shown`, if any, is scrolled to. */
export function showStepLines(state: EditorState, lines: readonly StepLines[], shown: StepLines | undefined): StateEffect<unknown>[] {
  const at = shown && shown.from <= state.doc.lines ? [EditorView.scrollIntoView(state.doc.line(shown.from).from, { y: "nearest", yMargin: 40 })] : [];
  return [setLines.of(lines), ...at];
}
