// The flow's YAML text and its history: the only state of the builder, shared by chart, settings and editor.
import { history, isolateHistory, redo, redoDepth, undo, undoDepth } from "@codemirror/commands";
import { ChangeSet, Compartment, EditorState, type Extension, type Transaction } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";
import type { Edit } from "../../shared/yaml/edit";
import { perform, type Gesture } from "../gestures/gesture";

export interface TextSnapshot {
  text: string;
  canUndo: boolean;
  canRedo: boolean;
}

/** What the history treats as one: a gesture stands alone, letters typed into one field go together. */
export type Grouping = "alone" | "typing";

const wholeChange = (state: EditorState, edits: readonly Edit[]): ChangeSet =>
  edits.reduce(
    (changes, edit) => changes.compose(ChangeSet.of({ from: edit.start, to: edit.end, insert: edit.text }, changes.newLength, "\n")),
    ChangeSet.empty(state.doc.length),
  );

/**
 * Works without an editor on the page; an attached one shows the same state. Lines are split at "\n" alone, so that
 * offsets are those of the string and a "\r" in the text stays what it is.
 */
export class FlowText {
  private readonly editing = new Compartment();
  private state: EditorState;
  private view: EditorView | undefined;
  private snapshot: TextSnapshot;
  private readonly listeners = new Set<() => void>();

  constructor(text: string) {
    this.state = this.freshState(text, []);
    this.snapshot = this.take();
  }

  private freshState(text: string, editing: Extension): EditorState {
    return EditorState.create({
      doc: text,
      extensions: [EditorState.lineSeparator.of("\n"), history(), this.editing.of(editing)],
    });
  }

  private take(): TextSnapshot {
    return { text: this.state.doc.toString(), canUndo: undoDepth(this.state) > 0, canRedo: redoDepth(this.state) > 0 };
  }

  private changed(): void {
    this.snapshot = this.take();
    this.listeners.forEach((listener) => listener());
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly read = (): TextSnapshot => this.snapshot;

  get text(): string {
    return this.snapshot.text;
  }

  /** Connects an editor made by `create`, which must hand its transactions to `received`. Returns the way to detach it. */
  attach(editing: Extension, create: (state: EditorState, received: (transactions: readonly Transaction[], view: EditorView) => void) => EditorView): () => void {
    this.state = this.state.update({ effects: this.editing.reconfigure(editing) }).state;
    const view = create(this.state, (transactions, from) => {
      from.update(transactions);
      this.state = from.state;
      if (transactions.some((one) => one.docChanged)) this.changed();
    });
    this.view = view;
    return () => {
      this.view = undefined;
      view.destroy();
      this.state = this.state.update({ effects: this.editing.reconfigure([]) }).state;
    };
  }

  private readonly dispatch = (transaction: Transaction): void => {
    if (this.view) {
      this.view.dispatch(transaction);
      return;
    }
    this.state = transaction.state;
    if (transaction.docChanged) this.changed();
  };

  /** Raises GestureRefused, and leaves the text as it is, where the gesture cannot be done. */
  perform(gesture: Gesture, grouping: Grouping = "alone"): void {
    const { edits } = perform(this.text, gesture);
    if (edits.length > 0) this.change(wholeChange(this.state, edits), grouping);
  }

  /** Replaces source[from:to] by text, as one step of the history. */
  splice(from: number, to: number, insert: string): void {
    this.change(ChangeSet.of({ from, to, insert }, this.state.doc.length, "\n"), "alone");
  }

  /** Another text altogether, still undone in one step. */
  replace(text: string): void {
    if (text !== this.text) this.splice(0, this.state.doc.length, text);
  }

  private change(changes: ChangeSet, grouping: Grouping): void {
    const alone = grouping === "alone";
    this.dispatch(
      this.state.update({
        changes,
        userEvent: alone ? "gesture" : "input.type",
        ...(alone && { annotations: isolateHistory.of("full") }),
      }),
    );
  }

  readonly undo = (): boolean => undo({ state: this.state, dispatch: this.dispatch });

  readonly redo = (): boolean => redo({ state: this.state, dispatch: this.dispatch });

  /** Puts the cursor at an offset, and the editor there, when there is one. */
  reveal(offset: number): void {
    const anchor = Math.min(offset, this.state.doc.length);
    this.dispatch(this.state.update({ selection: { anchor }, scrollIntoView: true }));
    this.view?.focus();
  }
}
