// The dialogs of the builder, one at a time; each asks something and hands the answer back.
import { useMemo, type JSX } from "react";
import { Dialog } from "../shared/dialog";
import type { Product } from "../shared/records";
import type { Release } from "../shared/release/release";
import { DeleteDialog } from "./delete_dialog";
import { ReplaceDialog } from "./file/replace_dialog";
import type { Gesture } from "./gestures/gesture";
import { HistoryDialog } from "./history/history_dialog";
import { KeysDialog } from "./keys_dialog";
import { readFlow, type Flow } from "./model/flow";
import { ConflictDialog } from "./saving/conflict_dialog";
import type { SavedFlow, TheirSave } from "./saving/flow_file";
import { mergeTexts } from "./saving/merge";
import { SaveAsDialog } from "./saving/save_as_dialog";
import type { FlowFile } from "./saving/use_flow_file";
import type { Saving } from "./saving/use_saving";
import type { FlowText } from "./text/flow_text";
import { TriggerDialog } from "./trigger/trigger_dialog";

export type OpenDialog =
  | { kind: "trigger" }
  | { kind: "save-first" }
  | { kind: "save-as"; suggestion: string; then: "trigger" | undefined }
  /** A text to put into the editor, and what is said when it is there. */
  | { kind: "replace"; next: string; done: string }
  | { kind: "history" }
  | { kind: "keys" }
  | { kind: "delete"; environments: readonly string[] };

interface Props {
  dialog: OpenDialog | undefined;
  setDialog: (dialog: OpenDialog | undefined) => void;
  flow: Flow;
  text: string;
  flowText: FlowText;
  file: FlowFile;
  saving: Saving;
  /** Why this person may not trigger, as a sentence; "" where they may. */
  triggerRefused: string;
  product: string;
  setProduct: (product: string) => void;
  products: readonly Product[] | undefined;
  perform: (gesture: Gesture) => boolean;
  onDeleted: () => void;
  onStarted: (release: Release) => void;
}

export function BuilderDialogs(props: Props): JSX.Element | null {
  const { dialog, setDialog, flow, text, file, saving, product, setProduct, products } = props;
  const close = (): void => {
    file.clearError();
    setDialog(undefined);
  };
  if (file.conflict && file.saved) return <Conflict {...props} theirs={file.conflict} saved={file.saved} />;
  switch (dialog?.kind) {
    case "trigger":
      if (!file.saved) return null;
      return (
        <TriggerDialog flow={file.saved.name} triggerEnvironment={readFlow(file.saved.manifest).flow?.trigger ?? flow.trigger} refused={props.triggerRefused}
          product={product} onProduct={setProduct} products={products} onStarted={props.onStarted} onClose={close} />
      );
    case "save-first":
      return (
        <SaveFirstDialog hasSaved={file.saved !== undefined} name={file.saved?.name ?? flow.name} onClose={close}
          onTriggerSaved={() => setDialog({ kind: "trigger" })}
          onSave={() => {
            setDialog(undefined);
            void saving.save("trigger");
          }} />
      );
    case "save-as":
      return (
        <SaveAsDialog from={saving.from} suggestion={dialog.suggestion} busy={file.busy} error={file.error} onEdit={file.clearError}
          onSave={(name, how) => void saving.saveAs(name, how, dialog.then)} onClose={close} />
      );
    case "replace":
      return <ReplaceDialog onReplace={() => saving.replaceUnasked(dialog.next, dialog.done)} onClose={close} />;
    case "keys":
      return <KeysDialog onClose={close} />;
    case "history":
      if (!file.saved) return null;
      return (
        <HistoryDialog name={file.saved.name} text={text} savedEtag={file.saved.etag} onClose={close} onRestore={saving.replace} />
      );
    case "delete":
      return (
        <DeleteDialog flow={flow} environments={dialog.environments} onClose={close}
          onDelete={(dependents) => {
            if (props.perform({ kind: "remove", environment: dialog.environments, dependents })) props.onDeleted();
            close();
          }} />
      );
    default:
      return null;
  }
}

function Conflict({ theirs, saved, flow, text, flowText, file, saving, setDialog }: Props & { theirs: TheirSave; saved: SavedFlow }): JSX.Element {
  const merged = useMemo(() => (text === saved.manifest ? undefined : mergeTexts(saved.manifest, text, theirs.manifest)), [saved.manifest, text, theirs.manifest]);
  const take = (next: string): void => {
    file.adopt(theirs);
    flowText.replace(next);
    setDialog(undefined);
  };
  return (
    <ConflictDialog name={saved.name} base={saved.manifest} mine={text} theirs={theirs} merged={merged} undoable={flowText.comesBackAfter(theirs.manifest)}
      onOverwrite={flow.name === saved.name ? () => saving.overwrite(theirs) : undefined} onTakeTheirs={() => take(theirs.manifest)} onMerge={take} onClose={file.closeConflict} />
  );
}

function SaveFirstDialog(props: {
  hasSaved: boolean;
  name: string;
  onSave: () => void;
  onTriggerSaved: () => void;
  onClose: () => void;
}): JSX.Element {
  return (
    <Dialog title="This flow is not saved" onClose={props.onClose} onSubmit={props.onSave}
      foot={
        <>
          <button className="btn" type="button" onClick={props.onClose}>
            Cancel
          </button>
          {props.hasSaved && (
            <button className="btn" type="button" onClick={props.onTriggerSaved}>
              Trigger what is saved
            </button>
          )}
          <button className="btn primary" type="submit" data-autofocus>
            Save and trigger
          </button>
        </>
      }>
      <div className="dialog-body">
        <p>
          {props.hasSaved
            ? `A release runs the flow as it is saved. The saved ${props.name} lacks your changes.`
            : "A release runs the flow as it is saved, and this one never was."}
        </p>
      </div>
    </Dialog>
  );
}
