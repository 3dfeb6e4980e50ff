// The flow's YAML text and its history: the only state of the builder, shared by chart, settings and editor.
import { history, isolateHistory, redo, redoDepth, undo, undoDepth } from "@codemirror/commands";
import { ChangeSet, Compartment, EditorState, type Extension, type StateEffect, type Transaction } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";
import { splice, type Edit } from "../../shared/yaml/edit";
import { perform, type Gesture } from "../gestures/gesture";
import type { LateEditor } from "./late_editor";

export interface TextSnapshot {
  text: string;
  canUndo: boolean;
  canRedo: boolean;
}

/** What the history treats as one: a gesture stands alone, letters typed into one field go together. */
export type Grouping = "alone" | "typing";

/** "\r\n" where every line ends so; else lines are split at "\n" alone and a stray "\r" stays what it is. */
const lineEnd = (text: string): string => (/\r\n/.test(text) && !/(^|[^\r])\n/.test(text) ? "\r\n" : "\n");

/** The editor counts every line break as one; the text's offsets count characters. */
const position = (text: string, offset: number, separator: string): number =>
  separator === "\n" ? offset : offset - (text.slice(0, offset).match(/\r\n/g)?.length ?? 0);

function composed(text: string, edits: readonly Edit[], separator: string, length: number): ChangeSet {
  let source = text;
  let changes = ChangeSet.empty(length);
  for (const edit of edits) {
    const spec = { from: position(source, edit.start, separator), to: position(source, edit.end, separator), insert: edit.text };
    changes = changes.compose(ChangeSet.of(spec, changes.newLength, separator));
    source = splice(source, edit);
  }
  return changes;
}

/** The newest text of the page, for whoever has to save it when all else fails. */
export const newest = { text: "" };

/** Works without an editor on the page; an attached one shows the same state. */
export class FlowText {
  private readonly editing = new Compartment();
  private editor: Extension = [];
  private state: EditorState;
  private view: LateEditor | undefined;
  private snapshot: TextSnapshot;
  private readonly listeners = new Set<() => void>();
  private cursor: number | undefined;
  private readonly cursorListeners = new Set<() => void>();

  constructor(text: string) {
    this.state = this.freshState(text);
    this.snapshot = this.take();
  }

  private freshState(text: string): EditorState {
    return EditorState.create({
      doc: text,
      extensions: [EditorState.lineSeparator.of(lineEnd(text)), history(), this.editing.of(this.editor)],
    });
  }

  private take(): TextSnapshot {
    newest.text = this.state.sliceDoc();
    return { text: newest.text, canUndo: undoDepth(this.state) > 0, canRedo: redoDepth(this.state) > 0 };
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

  /** Told by the editor: the cursor's line counted from 1, or undefined while the keys go elsewhere. */
  cursorAt(line: number | undefined): void {
    if (line === this.cursor) return;
    this.cursor = line;
    this.cursorListeners.forEach((listener) => listener());
  }

  get cursorLine(): number | undefined {
    return this.cursor;
  }

  readonly subscribeCursor = (listener: () => void): (() => void) => {
    this.cursorListeners.add(listener);
    return () => this.cursorListeners.delete(listener);
  };

  /** Connects an editor made by `create`, which must hand its transactions to `received`. Returns the way to detach it. */
  attach(editing: Extension, create: (state: EditorState, received: (transactions: readonly Transaction[], view: EditorView) => void) => LateEditor): () => void {
    this.editor = editing;
    this.state = this.state.update({ effects: this.editing.reconfigure(editing) }).state;
    const view = create(this.state, (transactions, from) => {
      // An aid of an editor that is gone may still wake up.
      if (from !== this.view) return;
      from.update(transactions);
      this.state = from.state;
      if (transactions.some((one) => one.docChanged)) this.changed();
    });
    this.view = view;
    return () => {
      this.view = undefined;
      this.cursorAt(undefined);
      this.editor = [];
      view.destroy();
      this.state = this.state.update({ effects: this.editing.reconfigure([]) }).state;
    };
  }

  /** Gives the attached editor more; what it has already stays as it is. */
  extend(more: Extension): void {
    this.editor = [more, this.editor];
    this.show(() => this.editing.reconfigure(this.editor));
  }

  private readonly dispatch = (transaction: Transaction): void => {
    this.state = transaction.state;
    this.view?.later(transaction);
    if (transaction.docChanged) this.changed();
  };

  /** Raises GestureRefused, and leaves the text as it is, where the gesture cannot be done. */
  perform(gesture: Gesture, grouping: Grouping = "alone"): void {
    const { edits } = perform(this.text, gesture);
    this.edit(edits, grouping);
  }

  /** Replaces source[from:to] by text, as one step of the history. */
  splice(start: number, end: number, text: string): void {
    this.edit([{ start, end, text }], "alone");
  }

  /**
   * Another text altogether: one step of the history, or a new history where the lines end in another way.
   * Returns whether it can be undone.
   */
  replace(text: string): boolean {
    if (text === this.text) return true;
    if (this.comesBackAfter(text)) {
      this.splice(0, this.text.length, text);
      return true;
    }
    this.view?.catchUp();
    this.state = this.freshState(text);
    this.view?.setState(this.state);
    this.changed();
    return false;
  }

  /** Whether undo brings the text back once another one took its place. */
  comesBackAfter(text: string): boolean {
    return text === this.text || lineEnd(text) === this.state.lineBreak;
  }

  /** Where the editor counts an offset of the text. */
  positionOf(offset: number): number {
    return Math.min(position(this.text, offset, this.state.lineBreak), this.state.doc.length);
  }

  private edit(edits: readonly Edit[], grouping: Grouping): void {
    if (edits.length === 0) return;
    this.change(composed(this.text, edits, this.state.lineBreak, this.state.doc.length), grouping);
  }

  private change(changes: ChangeSet, grouping: Grouping): void {
    const alone = grouping === "alone";
    this.dispatch(
      this.state.update({
        changes,
        // No event of its own for letters in a field: the history takes them together, and the editor, which did not
        // hear the keys, offers nothing for them.
        ...(alone && { userEvent: "gesture", annotations: isolateHistory.of("full") }),
      }),
    );
  }

  readonly undo = (): boolean => undo({ state: this.state, dispatch: this.dispatch });

  readonly redo = (): boolean => redo({ state: this.state, dispatch: this.dispatch });

  /** What only the editor shows, made from the newest state. */
  show(effects: (state: EditorState) => StateEffect<unknown> | readonly StateEffect<unknown>[]): void {
    this.dispatch(this.state.update({ effects: effects(this.state) }));
  }

  /** Puts the cursor at an offset, and the editor there, when there is one. */
  reveal(offset: number): void {
    this.dispatch(this.state.update({ selection: { anchor: this.positionOf(offset) }, scrollIntoView: true }));
    this.view?.focus();
  }
}
