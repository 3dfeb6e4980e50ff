// Starts the Flow Builder in its page: reads what the page says, loads the flow, hands over.
import { StrictMode, useCallback, type JSX } from "react";
import { createRoot } from "react-dom/client";
import { useResource } from "../shared/hooks";
import { Icon } from "../shared/icon";
import { CrashGuard } from "./crash_guard";
import { FlowBuilder } from "./flow_builder";
import { releaseInAddress } from "./live/use_live_release";
import { newFlowText, renamedText } from "./new_flow";
import { flowLoad } from "./saving/flow_file";
import "./builder.css";
import "./chart.css";
import "./dialogs.css";
import "./live/live.css";

interface PageData {
  flow: string;
  isNew: boolean;
  /** A new flow begins as a copy of this one. */
  copyFrom: string;
  /** What a new flow is called until somebody names it. */
  newName: string;
  product: string;
  /** The trigger dialog is open from the start. */
  trigger: boolean;
  /** Why this person may not save, as a sentence; "" where they may. */
  refused: string;
  /** Why this person may not trigger, likewise. */
  triggerRefused: string;
  /** The last event of the board that the page has seen. */
  after: number;
  /** The last event of the flow, likewise. */
  flowAfter: number;
}

function Page({ page }: { page: PageData }): JSX.Element {
  const name = page.isNew ? page.copyFrom : page.flow;
  const load = useCallback((signal: AbortSignal) => flowLoad(name, signal), [name]);
  const flow = useResource(name === "" ? undefined : load);
  if (name !== "" && !flow.data) return <Waiting name={name} error={flow.error} onRetry={flow.reload} />;
  const copied = page.isNew && flow.data ? renamedText(flow.data.manifest, page.newName) : undefined;
  return (
    <FlowBuilder
      initial={page.isNew ? undefined : flow.data}
      initialText={page.isNew ? copied ?? newFlowText(page.newName) : flow.data?.manifest ?? ""}
      initialProduct={page.product}
      initialRelease={releaseInAddress()}
      openTrigger={page.trigger && !page.isNew}
      refused={page.refused}
      triggerRefused={page.triggerRefused}
      after={page.after}
      flowAfter={page.flowAfter}
    />
  );
}

function Waiting({ name, error, onRetry }: { name: string; error: string | undefined; onRetry: () => void }): JSX.Element {
  return (
    <>
      <header className="topbar">
        <div className="crumbs">
          <a href="/flows/">Flows</a>
          <Icon name="chev-r" />
          <h1>{name}</h1>
        </div>
      </header>
      {error === undefined ? (
        <div className="workbench is-loading" aria-busy="true">
          <span className="skel" />
          <span className="skel" />
          <span className="skel" />
        </div>
      ) : (
        <div className="empty grow-y">
          <Icon name="alert" className="art" />
          <h3>{`${name} could not be loaded`}</h3>
          <p>{error}</p>
          <button className="btn" type="button" onClick={onRetry}>
            Try again
          </button>
        </div>
      )}
    </>
  );
}

const host = document.getElementById("flow-builder");
if (host) {
  const { flow = "", from = "", name = "", product = "", trigger = "", refused = "", triggerRefused = "", after = "0", flowAfter = "0" } = host.dataset;
  const isNew = !["", "false"].includes(host.dataset["new"] ?? "");
  const page = { flow, isNew, copyFrom: from, newName: name, product, trigger: !["", "false", "0"].includes(trigger), refused, triggerRefused, after: Number(after), flowAfter: Number(flowAfter) };
  createRoot(host).render(
    <StrictMode>
      <CrashGuard>
        <Page page={page} />
      </CrashGuard>
    </StrictMode>,
  );
}
