// The Flow Builder: settings, chart and YAML of one text, saving it and triggering it. The text is the only state.
import { useCallback, useDeferredValue, useEffect, useMemo, useState, useSyncExternalStore, type JSX } from "react";
import { api, apiAll } from "../shared/api";
import { useMedia, useRemembered, useResource, useUnsavedGuard } from "../shared/hooks";
import { offsetAt, problemAt, type Problem } from "../shared/manifest/manifest_text";
import type { Application, Environment, Preview, Product } from "../shared/records";
import { announce } from "../site/dom";
import { toast } from "../site/toasts";
import { BuilderContext, type Builder } from "./builder_context";
import { BuilderDialogs, type OpenDialog } from "./builder_dialogs";
import { Chart } from "./chart/chart";
import { runningOf } from "./chart/chart_model";
import { ChartHead, ViewSwitch } from "./chart/chart_head";
import { useChart } from "./chart/use_chart";
import { YamlPane } from "./editor/yaml_pane";
import type { Gesture } from "./gestures/gesture";
import { GestureRefused } from "./gestures/refused";
import { EXTENDED_API } from "./gestures/settings";
import { readFlow, type Flow } from "./model/flow";
import { directDependents } from "./model/graph";
import { LiveProvider } from "./live/live_provider";
import { ReleaseStrip } from "./live/release_strip";
import { useLiveRelease, useShownRelease } from "./live/use_live_release";
import { newFlowText } from "./new_flow";
import { flowProblems, isBlocking } from "./problems/problems";
import { clock } from "../shared/times";
import type { SavedFlow } from "./saving/flow_file";
import { useFlowFile, type FlowFile } from "./saving/use_flow_file";
import { SettingsPane } from "./settings/settings_pane";
import { FlowText, type Grouping } from "./text/flow_text";
import { Topbar } from "./topbar";
import { useColumns } from "./use_columns";
import { useShortcuts } from "./use_shortcuts";

export type View = "chart" | "both" | "yaml";

interface Props {
  initial: SavedFlow | undefined;
  initialText: string;
  initialProduct: string;
  /** Id of a release that is shown live over the chart from the start. */
  initialRelease: string | undefined;
  openTrigger: boolean;
}

const loadEnvironments = (signal: AbortSignal): Promise<Environment[]> => apiAll<Environment>("/api/environments/", signal);
const loadProducts = (signal: AbortSignal): Promise<Product[]> => apiAll<Product>("/api/products/", signal);
const loadWorkflows = (signal: AbortSignal): Promise<{ name: string }[]> => apiAll<{ name: string }>("/api/workflows/", signal);

export function FlowBuilder({ initial, initialText, initialProduct, initialRelease, openTrigger }: Props): JSX.Element {
  const [flowText] = useState(() => new FlowText(initialText));
  const { text, canUndo, canRedo } = useSyncExternalStore(flowText.subscribe, flowText.read);
  const file = useFlowFile(initial);
  const environments = useResource(loadEnvironments);
  const products = useResource(loadProducts);
  const workflows = useResource(loadWorkflows);
  const [product, setProduct] = useState(initialProduct);
  const [selected, setSelected] = useState<string | undefined>();
  const [tab, setTab] = useState<"flow" | "environment">("flow");
  const [view, setView] = useRemembered<View>("lockstep.builder.view", "both");
  const narrow = useMedia("(max-width: 1180px)");
  const [settingsShown, rememberSettings] = useRemembered<boolean>("lockstep.builder.settings", true);
  const [drawer, setDrawer] = useState(false);
  const [dialog, setDialog] = useState<OpenDialog | undefined>(openTrigger ? { kind: "trigger" } : undefined);
  const columns = useColumns(view);
  const [shown, showRelease] = useShownRelease(initialRelease, file.saved);
  const live = useLiveRelease(shown);

  const reading = useMemo(() => readFlow(text), [text]);
  const flow = useLastReadable(reading.flow);
  const environmentNames = useMemo(() => environments.data?.map((one) => one.name), [environments.data]);
  const workflowNames = useMemo(() => workflows.data?.map((one) => one.name), [workflows.data]);
  const known = useMemo(() => ({ environments: environmentNames, workflows: workflowNames }), [environmentNames, workflowNames]);
  // The chart is painted first, then what is wrong with the text.
  const judged = useDeferredValue(text);
  const problems = useMemo(() => [...flowProblems(judged, known), ...serverOnly(judged, file)], [judged, known, file]);
  const preview = useResource(usePreviewOf(file.saved, product));
  const applications = useResource(useApplicationsOf(product));
  const running = useMemo(() => applications.data && runningOf(product, applications.data), [product, applications.data]);
  const around = useMemo(() => ({ environments: environments.data, preview: preview.data, problems, running }), [environments.data, preview.data, problems, running]);
  const { chart, layOutAnew } = useChart(flow, around);
  const atCursor = useStepAtCursor(flowText, flow);
  const dirty = text !== (file.saved?.manifest ?? initialText);
  useUnsavedGuard(dirty);

  const perform = useCallback(
    (gesture: Gesture, grouping?: Grouping): boolean => {
      const before = readFlow(flowText.text).flow?.apiVersion;
      try {
        flowText.perform(gesture, grouping);
      } catch (refused) {
        if (!(refused instanceof GestureRefused)) throw refused;
        toast("error", refused.message);
        return false;
      }
      if (before !== EXTENDED_API && readFlow(flowText.text).flow?.apiVersion === EXTENDED_API) {
        toast("success", `apiVersion is ${EXTENDED_API} now`, "What happens when an environment fails is an extension of Lockstep.");
      }
      announce(spoken(gesture));
      return true;
    },
    [flowText],
  );
  const askDelete = (environment: string): void => {
    if (directDependents(flow, environment).length > 0 && environment !== flow.trigger) setDialog({ kind: "delete", environment });
    else if (perform({ kind: "remove", environment, dependents: { become: "removed" } })) setSelected(undefined);
  };
  const select = (environment: string | undefined): void => {
    setSelected(environment);
    setTab(environment === undefined ? "flow" : "environment");
  };
  const builder: Builder = {
    flow,
    environments: environments.data,
    environmentsError: environments.error,
    reloadEnvironments: environments.reload,
    workflows: workflowNames,
    perform,
    selected,
    atCursor,
    select,
    askDelete,
  };

  const toProblem = (problem: Problem): void => {
    if (view === "chart") setView("both");
    toast("error", `Line ${problem.line}: ${problem.message}`);
    window.setTimeout(() => flowText.reveal(problem.from), 0);
  };
  const afterSave = async (how: "same" | "new" | "rename"): Promise<boolean> => {
    const done = await file.save(flow.name, text, how);
    if (done) toast("success", how === "rename" ? `Renamed to ${flow.name}` : `Saved ${flow.name}`);
    return done;
  };
  /** Whether the text is saved now; a question or a problem on the way leaves that to the person. */
  const save = async (then?: "trigger"): Promise<void> => {
    const blocking = flowProblems(text, known).find(isBlocking);
    if (blocking) return toProblem(blocking);
    if (file.saved && file.saved.name !== flow.name) return setDialog({ kind: "save-as", then });
    if ((await afterSave("same")) && then === "trigger") setDialog({ kind: "trigger" });
  };
  const askTrigger = (): void => {
    if (!file.saved || dirty) setDialog({ kind: "save-first" });
    else setDialog({ kind: "trigger" });
  };
  const discard = (): void => {
    flowText.replace(file.saved?.manifest ?? initialText);
    toast("success", "Changes discarded", "Ctrl Z brings them back.");
  };
  /** What runs where is another thing now than when the release began. */
  const backToEditing = (): void => {
    showRelease(undefined);
    applications.reload();
    preview.reload();
  };
  const showSettings = narrow ? drawer : settingsShown;
  const setShowSettings = narrow ? setDrawer : rememberSettings;
  useShortcuts({ undo: flowText.undo, redo: flowText.redo, save: () => void save(), help: () => setDialog({ kind: "keys" }), enabled: dialog === undefined });
  useSaveErrors(file, dialog);

  return (
    <BuilderContext value={builder}><LiveProvider live={live}>
      <Topbar flow={flow} saved={file.saved} dirty={dirty} busy={file.busy} text={text}
        onDiscard={discard} onSave={() => void save()} onTrigger={askTrigger} onSaveAndTrigger={() => void save("trigger")}
        onHistory={() => setDialog({ kind: "history" })} onKeys={() => setDialog({ kind: "keys" })} />
      {live && <ReleaseStrip live={live} flow={file.saved?.name} takesFocus={shown !== initialRelease} onBack={backToEditing} />}
      <div className={`workbench view-${view} ${showSettings ? "has-settings" : ""}`} style={columns.style}>
        {showSettings && (
          <SettingsPane tab={tab} onTab={setTab} onHide={() => setShowSettings(false)} locked={reading.flow === undefined}
            savedName={file.saved?.name} savedWords={file.savedAt && `Saved ${clock(file.savedAt.toISOString())}`} />
        )}
        {view !== "yaml" && (
          <section className="chart" aria-label="Chart">
            <ChartHead view={view} onView={setView} products={products.data} product={product} onProduct={setProduct}
              previewError={preview.error} settingsShown={showSettings} onShowSettings={() => setShowSettings(true)} />
            {reading.failure && (
              <button className="strip bad stale-strip" type="button" onClick={() => problems[0] && toProblem(problems[0])}>
                <span>
                  <b>{`Line ${reading.failure.line} cannot be read.`}</b> The chart shows the last text that could be.
                </span>
              </button>
            )}
            <Chart chart={chart} stale={reading.failure !== undefined || live?.staleSince !== undefined} canUndo={canUndo} canRedo={canRedo}
              onUndo={flowText.undo} onRedo={flowText.redo} onLayOut={layOutAnew}
              onOpenSettings={() => {
                setTab("environment");
                setShowSettings(true);
              }} />
          </section>
        )}
        {view === "both" && <div {...columns.divider} />}
        {view !== "chart" && (
          <YamlPane flowText={flowText} text={text} problems={problems} known={known} onHide={() => setView("chart")}
            step={flow.steps.find((one) => one.environment === selected)}
            views={view === "yaml" && <ViewSwitch view={view} onView={setView} />} />
        )}
      </div>
      <BuilderDialogs dialog={dialog} setDialog={setDialog} flow={flow} text={text} flowText={flowText} file={file}
        dirty={dirty} product={product} setProduct={setProduct} products={products.data} afterSave={afterSave}
        save={save} perform={perform} onDeleted={() => setSelected(undefined)}
        onStarted={(release) => {
          setDialog(undefined);
          showRelease(release);
        }} />
    </LiveProvider></BuilderContext>
  );
}

const EMPTY = readFlow(newFlowText("")).flow;

/** While the text cannot be read, the flow as it last could. */
function useLastReadable(flow: ReturnType<typeof readFlow>["flow"]): NonNullable<ReturnType<typeof readFlow>["flow"]> {
  const [last, setLast] = useState(flow ?? EMPTY);
  if (flow && flow !== last) setLast(flow);
  const shown = flow ?? last;
  if (!shown) throw new Error("The text of a new flow can be read.");
  return shown;
}

/** The environment whose lines the cursor stands in, while the keys go to the editor. */
function useStepAtCursor(flowText: FlowText, flow: Flow): string | undefined {
  return useSyncExternalStore(flowText.subscribeCursor, () => {
    const line = flowText.cursorLine;
    return line === undefined ? undefined : flow.steps.find((step) => step.line <= line && line <= step.endLine)?.environment;
  });
}

/** What only the server found, while the text is still the one that it judged. */
function serverOnly(text: string, file: FlowFile): Problem[] {
  const told = file.serverProblems;
  if (!told || told.text !== text) return [];
  const mine = new Set(flowProblems(text, { environments: undefined, workflows: undefined }).map((one) => one.code));
  return told.problems
    .filter((one) => !mine.has(one.code))
    .map((one) =>
      problemAt(text, offsetAt(text, one.line, one.column), offsetAt(text, one.endLine, one.endColumn), {
        severity: one.severity, message: one.message, code: one.code, path: "", suggestion: one.suggestion ?? undefined,
      }),
    );
}

/** The preview is of what is saved: of a flow that nobody saved there is none. */
function usePreviewOf(saved: SavedFlow | undefined, product: string): ((signal: AbortSignal) => Promise<Preview>) | undefined {
  const load = useCallback(
    (signal: AbortSignal) =>
      api<Preview>(`/api/flows/${encodeURIComponent(saved?.name ?? "")}/preview/`, { method: "POST", json: { product }, signal }),
    [saved, product],
  );
  return saved === undefined || product === "" ? undefined : load;
}

/** What runs is known without a saved flow, also in environments that only the text has. */
function useApplicationsOf(product: string): ((signal: AbortSignal) => Promise<Application[]>) | undefined {
  const load = useCallback(
    (signal: AbortSignal) => apiAll<Application>(`/api/applications/?product=${encodeURIComponent(product)}`, signal),
    [product],
  );
  return product === "" ? undefined : load;
}

/** A save that failed outside a dialog that shows it. */
function useSaveErrors(file: FlowFile, dialog: OpenDialog | undefined): void {
  const { error, clearError } = file;
  const shownInDialog = dialog?.kind === "save-as";
  useEffect(() => {
    if (error === undefined || shownInDialog) return;
    toast("error", "Not saved", error);
    clearError();
  }, [error, shownInDialog, clearError]);
}

function spoken(gesture: Gesture): string {
  switch (gesture.kind) {
    case "add":
      return `${gesture.environments.join(", ")} added after ${gesture.after}`;
    case "insert":
      return `${gesture.environments.join(", ")} inserted between ${gesture.from} and ${gesture.to}`;
    case "remove":
      return `${gesture.environment} deleted from the flow`;
    case "depend":
      return `${gesture.environment} depends on ${gesture.on}`;
    case "undepend":
      return `${gesture.environment} no longer depends on ${gesture.on}`;
    default:
      return "";
  }
}
