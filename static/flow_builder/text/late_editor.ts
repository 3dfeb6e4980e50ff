// An editor that draws what others change only after the chart is painted: its own layout costs a third of a frame.
import type { Transaction, TransactionSpec } from "@codemirror/state";
import { EditorView, type EditorViewConfig } from "@codemirror/view";
import { afterPaint } from "../../shared/after_paint";

/** How a hand comes to an editor that had no focus, or to its search; what it does there must begin at the newest text. */
const HANDS = ["pointerdown", "mousedown", "click", "keydown", "focusin", "dragstart", "drop"];

export class LateEditor extends EditorView {
  private waiting: Transaction[] = [];
  private callOff: (() => void) | undefined;

  constructor(config: EditorViewConfig) {
    super(config);
    for (const kind of HANDS) this.dom.addEventListener(kind, this.catchUp, { capture: true });
  }

  /** Shows a transaction that begins where the last one shown or waiting ends. */
  later(transaction: Transaction): void {
    this.waiting.push(transaction);
    // Between two letters nothing may be drawn late: the browser would write the second one into what goes.
    if (this.hasFocus) this.catchUp();
    else this.callOff ??= afterPaint(this.catchUp);
  }

  /** Shows at once what waits. */
  readonly catchUp = (): void => {
    this.callOff?.();
    this.callOff = undefined;
    const { waiting } = this;
    this.waiting = [];
    const last = waiting.at(-1);
    if (!last) return;
    try {
      this.update(waiting);
    } catch (error) {
      // What cannot be drawn change by change is drawn as a whole: a view that stays behind would bring an old text back.
      this.setState(last.state);
      throw error;
    }
  };

  /** What the editor's own parts change begins at the newest text, too. */
  override dispatch(...input: (Transaction | TransactionSpec | readonly Transaction[])[]): void {
    this.catchUp();
    super.dispatch(...(input as TransactionSpec[]));
  }

  override destroy(): void {
    this.callOff?.();
    super.destroy();
  }
}
