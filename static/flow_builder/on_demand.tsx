// Parts of the page that come once its first chart is painted, or when they are asked for before; never touches the text.
import { useEffect, useState, type JSX, type ReactNode } from "react";
import { afterPaint } from "../shared/after_paint";
import { Dialog } from "../shared/dialog";
import { useBuilder } from "./builder_context";
import { downloadText } from "./file/download";
import { newest } from "./text/flow_text";

export const WHY_NOT_LOADED = "Lockstep was upgraded since this page was opened, or the server cannot be reached.";

interface Props<Part> {
  /** Gives the same part each time; must be stable. */
  load: () => Promise<Part>;
  onClose: () => void;
  children: (part: Part) => ReactNode;
}

/** Nothing is shown while the part is on its way; one that does not come is a dialog with ways out. */
export function OnDemand<Part>({ load, onClose, children }: Props<Part>): ReactNode {
  const [came, setCame] = useState<{ part: Part } | "failed" | undefined>();
  useEffect(() => {
    let gone = false;
    load().then(
      (part) => !gone && setCame({ part }),
      () => !gone && setCame("failed"),
    );
    return () => {
      gone = true;
    };
  }, [load]);
  if (came === "failed") return <NotLoaded onClose={onClose} />;
  return came && children(came.part);
}

/** Loads a part before anybody asks for it; where that fails, it is told once somebody does. */
export function useAhead(load: () => Promise<unknown>): void {
  useEffect(() => afterPaint(() => void load().catch(() => undefined)), [load]);
}

function NotLoaded({ onClose }: { onClose: () => void }): JSX.Element {
  const { flow } = useBuilder();
  return (
    <Dialog title="This dialog could not be loaded" onClose={onClose} onSubmit={() => window.location.reload()}
      foot={
        <>
          <button className="btn" type="button" data-autofocus onClick={onClose}>
            Go on editing
          </button>
          <button className="btn" type="button" onClick={() => downloadText(flow.name || "flow", newest.text)}>
            Download YAML
          </button>
          <button className="btn primary" type="submit">
            Load the page again
          </button>
        </>
      }>
      <div className="dialog-body">
        <p>{`${WHY_NOT_LOADED} Your text is still in the editor.`}</p>
        <p>Save it or download it before you load the page again: a page that is loaded again shows what is saved.</p>
      </div>
    </Dialog>
  );
}
