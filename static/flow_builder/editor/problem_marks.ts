// Problems in the editor: the words underlined, the line's number in red, the sentence below with its fix.
import { isolateHistory } from "@codemirror/commands";
import { RangeSetBuilder, StateEffect, StateField, type EditorState, type Extension, type Range, type TransactionSpec } from "@codemirror/state";
import { Decoration, EditorView, GutterMarker, gutterLineClass, WidgetType, type DecorationSet } from "@codemirror/view";
import type { Problem } from "../../shared/manifest/manifest_text";
import { icon } from "../../site/dom";
import { canFix } from "../problems/problems";
import type { FlowText } from "../text/flow_text";

/** A problem with its place counted as the editor counts. */
export interface PlacedProblem {
  problem: Problem;
  from: number;
  to: number;
}

/** What is wrong with a text, and which text that is: the editor may hold a newer one already. */
export interface Judgement {
  text: string;
  problems: readonly Problem[];
}

/** Where the problems stand in the editor; undefined while it holds another text than the one they were found in. */
export function placed({ text, problems }: Judgement, flowText: FlowText): PlacedProblem[] | undefined {
  if (flowText.text !== text) return undefined;
  return problems.map((problem) => ({ problem, from: flowText.positionOf(problem.from), to: flowText.positionOf(problem.to) }));
}

export const setProblems = StateEffect.define<readonly PlacedProblem[]>();

class Sentence extends WidgetType {
  constructor(private readonly problem: Problem) {
    super();
  }

  override eq(other: Sentence): boolean {
    return other.problem.message === this.problem.message && other.problem.from === this.problem.from;
  }

  override toDOM(view: EditorView): HTMLElement {
    const box = document.createElement("div");
    box.className = this.problem.severity === "error" ? "diag" : "diag wait";
    const words = document.createElement("div");
    words.className = "grow";
    words.textContent = this.problem.message;
    box.append(icon("alert"), words);
    const { problem } = this;
    if (canFix(problem)) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn sm fix";
      button.textContent = "Fix";
      button.title = `Write ${problem.suggestion}`;
      button.addEventListener("click", () => {
        const mended = fixOf(view.state, problem);
        if (mended) view.dispatch(mended);
      });
      box.append(button);
    }
    // The editor measures the row: of a margin it would know nothing, and line numbers would drift off their lines.
    const row = document.createElement("div");
    row.className = "diag-row";
    row.append(box);
    return row;
  }

  override ignoreEvent(): boolean {
    return true;
  }
}

class BadLine extends GutterMarker {
  override elementClass = "is-bad-number";
}

const badLine = new BadLine();

function decorate(state: EditorState, problems: readonly PlacedProblem[]): DecorationSet {
  const ranges: Range<Decoration>[] = [];
  for (const { problem, from, to } of problems) {
    if (to > from) ranges.push(Decoration.mark({ class: problem.severity === "error" ? "squig" : "squig wait" }).range(from, to));
    const line = state.doc.lineAt(from);
    ranges.push(Decoration.line({ class: "is-at" }).range(line.from));
    ranges.push(Decoration.widget({ widget: new Sentence(problem), block: true, side: 1 }).range(line.to));
  }
  return Decoration.set(ranges, true);
}

interface Marks {
  drawn: DecorationSet;
  /** Where the words of each problem stand by now: a mark waits for the typing to rest, a change does not. */
  placed: readonly PlacedProblem[];
}

const marks: StateField<Marks> = StateField.define<Marks>({
  create: () => ({ drawn: Decoration.none, placed: [] }),
  update(value, transaction) {
    const told = transaction.effects.find((effect) => effect.is(setProblems));
    if (told) return { drawn: decorate(transaction.state, told.value), placed: told.value };
    if (!transaction.docChanged) return value;
    const { changes } = transaction;
    // What is written at either end is no part of the words.
    const placed = value.placed.map((one) => ({ ...one, from: changes.mapPos(one.from, 1), to: changes.mapPos(one.to, -1) }));
    return { drawn: value.drawn.map(changes), placed };
  },
  provide: (field) => [
    EditorView.decorations.from(field, (value) => value.drawn),
    gutterLineClass.computeN([field], (state) => {
      const builder = new RangeSetBuilder<GutterMarker>();
      const errors = state.field(field).placed.filter((one) => one.problem.severity === "error");
      const starts = errors.map((one) => state.doc.lineAt(Math.min(one.from, state.doc.length)).from);
      for (const at of [...new Set(starts)].sort((a, b) => a - b)) builder.add(at, at, badLine);
      return [builder.finish()];
    }),
  ],
});

export const problemMarks: Extension = marks;

/** Writes what is suggested where the words stand now; undefined where they are gone meanwhile. */
export function fixOf(state: EditorState, problem: Problem): TransactionSpec | undefined {
  const here = state.field(marks).placed.find(({ problem: one }) => one.from === problem.from && one.message === problem.message);
  if (!here || here.to <= here.from || problem.suggestion === undefined) return undefined;
  // A block of lines ends behind its last line break, which belongs to what comes next.
  const old = state.sliceDoc(here.from, here.to);
  const changes = { from: here.from, to: here.to, insert: problem.suggestion + old.slice(old.trimEnd().length) };
  return { changes, userEvent: "gesture", annotations: isolateHistory.of("full") };
}
