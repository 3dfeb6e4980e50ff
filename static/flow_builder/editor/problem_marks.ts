// Problems in the editor: the words underlined, the line's number in red, the sentence below with its fix.
import { RangeSetBuilder, StateEffect, StateField, type EditorState, type Range } from "@codemirror/state";
import { Decoration, EditorView, GutterMarker, gutterLineClass, WidgetType, type DecorationSet } from "@codemirror/view";
import type { Problem } from "../../shared/manifest/manifest_text";
import { icon } from "../../site/dom";
import { canFix } from "../problems/problems";

/** A problem with its place counted as the editor counts. */
export interface PlacedProblem {
  problem: Problem;
  from: number;
  to: number;
}

type Fix = (problem: Problem & { suggestion: string }) => void;

export const setProblems = StateEffect.define<readonly PlacedProblem[]>();

class Sentence extends WidgetType {
  constructor(
    private readonly problem: Problem,
    private readonly fix: Fix,
  ) {
    super();
  }

  override eq(other: Sentence): boolean {
    return other.problem.message === this.problem.message && other.problem.from === this.problem.from;
  }

  override toDOM(): HTMLElement {
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
      button.addEventListener("click", () => this.fix(problem));
      box.append(button);
    }
    return box;
  }

  override ignoreEvent(): boolean {
    return true;
  }
}

class BadLine extends GutterMarker {
  override elementClass = "is-bad-number";
}

const badLine = new BadLine();

function decorate(state: EditorState, problems: readonly PlacedProblem[], fix: Fix): DecorationSet {
  const ranges: Range<Decoration>[] = [];
  for (const { problem, from, to } of problems) {
    if (to > from) ranges.push(Decoration.mark({ class: problem.severity === "error" ? "squig" : "squig wait" }).range(from, to));
    const line = state.doc.lineAt(from);
    ranges.push(Decoration.line({ class: "is-at" }).range(line.from));
    ranges.push(Decoration.widget({ widget: new Sentence(problem, fix), block: true, side: 1 }).range(line.to));
  }
  return Decoration.set(ranges, true);
}

export function problemMarks(fix: Fix) {
  const placed = StateField.define<{ marks: DecorationSet; lines: readonly number[] }>({
    create: () => ({ marks: Decoration.none, lines: [] }),
    update(value, transaction) {
      const told = transaction.effects.find((effect) => effect.is(setProblems));
      if (told) {
        const errors = told.value.filter((one) => one.problem.severity === "error");
        return { marks: decorate(transaction.state, told.value, fix), lines: errors.map((one) => one.from) };
      }
      if (!transaction.docChanged) return value;
      return { marks: value.marks.map(transaction.changes), lines: value.lines.map((at) => transaction.changes.mapPos(at)) };
    },
    provide: (field) => [
      EditorView.decorations.from(field, (value) => value.marks),
      gutterLineClass.computeN([field], (state) => {
        const builder = new RangeSetBuilder<GutterMarker>();
        const starts = state.field(field).lines.map((at) => state.doc.lineAt(Math.min(at, state.doc.length)).from);
        for (const at of [...new Set(starts)].sort((a, b) => a - b)) builder.add(at, at, badLine);
        return [builder.finish()];
      }),
    ],
  });
  return placed;
}
