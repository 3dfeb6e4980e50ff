// The Flow Builder: settings, chart and YAML of one text, saving it and triggering it. The text is the only state.
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore, type JSX } from "react";
import { apiAll } from "../shared/api";
import { usePainted, useRemembered, useResource, writes } from "../shared/hooks";
import type { Problem } from "../shared/manifest/manifest_text";
import type { Environment, Product } from "../shared/records";
import { fetchDialog } from "../site/dialogs";
import { announce } from "../site/dom";
import type { Batch } from "../site/live";
import { toast, unsay } from "../site/toasts";
import type { AliveState } from "./alive/alive_store";
import { AliveContext, useAlive } from "./alive/use_alive";
import { BuilderContext, type Builder } from "./builder_context";
import type { OpenDialog } from "./builder_dialogs";
import { Chart } from "./chart/chart";
import { ChartHead, ViewSwitch } from "./chart/chart_head";
import { useChart } from "./chart/use_chart";
import { YamlPane } from "./editor/yaml_pane";
import { downloadText } from "./file/download";
import type { FileActions } from "./file/more_menu";
import { nextVersion } from "./file/next_version";
import { useImport } from "./file/use_import";
import type { Gesture } from "./gestures/gesture";
import { changesChart } from "./gestures/chart_gestures";
import { GestureRefused } from "./gestures/refused";
import { spoken } from "./gestures/spoken";
import { EXTENDED_API } from "./gestures/settings";
import { readFlow, type Flow } from "./model/flow";
import { outsideDependents } from "./model/graph";
import { ConnectionStrip } from "./live/connection_strip";
import { LiveProvider } from "./live/live_provider";
import { ReleaseStrip } from "./live/release_strip";
import { useLiveRelease, useShownRelease } from "./live/use_live_release";
import { newFlowText } from "./new_flow";
import { OnDemand, useAhead } from "./on_demand";
import { flowProblems, isBlocking } from "./problems/problems";
import { clock } from "../shared/times";
import type { SavedFlow, TheirSave } from "./saving/flow_file";
import { GoneStrip, goneWords } from "./saving/gone_strip";
import { OtherSaveStrip } from "./saving/other_save_strip";
import { serverOnly } from "./saving/server_problems";
import { useFlowFile } from "./saving/use_flow_file";
import { useOtherSave, type Gone } from "./saving/use_other_save";
import { useSaving } from "./saving/use_saving";
import { SettingsPane } from "./settings/settings_pane";
import { useSettingsPane } from "./settings/use_settings_pane";
import { FlowText, type Grouping } from "./text/flow_text";
import { Topbar } from "./topbar";
import { useColumns } from "./use_columns";
import { useProduct } from "./use_product";
import { useSelection } from "./use_selection";
import { useShortcuts } from "./use_shortcuts";

export type View = "chart" | "both" | "yaml";

interface Props {
  initial: SavedFlow | undefined;
  initialText: string;
  initialProduct: string;
  /** Id of a release that is shown live over the chart from the start. */
  initialRelease: string | undefined;
  openTrigger: boolean;
  /** Why this person may not save, as a sentence; "" where they may. */
  refused: string;
  /** Why this person may not trigger, likewise. */
  triggerRefused: string;
  /** The board's last event when the page was made. */
  after: number;
  /** The flow's last event, likewise. */
  flowAfter: number;
}

const loadEnvironments = (signal: AbortSignal): Promise<Environment[]> => apiAll<Environment>("/api/environments/", signal);
const loadProducts = (signal: AbortSignal): Promise<Product[]> => apiAll<Product>("/api/products/", signal);
const loadDialogs = (): Promise<typeof import("./builder_dialogs")> => import("./builder_dialogs");
const loadWorkflows = (signal: AbortSignal): Promise<{ name: string }[]> => apiAll<{ name: string }>("/api/workflows/", signal);

export function FlowBuilder({ initial, initialText, initialProduct, initialRelease, openTrigger, refused, triggerRefused, after, flowAfter }: Props): JSX.Element {
  const [flowText] = useState(() => new FlowText(initialText));
  const { text, canUndo, canRedo } = useSyncExternalStore(flowText.subscribe, flowText.read);
  const file = useFlowFile(initial);
  const environments = useResource(loadEnvironments);
  const products = useResource(loadProducts);
  const workflows = useResource(loadWorkflows);
  const [product, setProduct] = useProduct(initialProduct, file.saved);
  const [view, setView] = useRemembered<View>("lockstep.builder.view", "both");
  const settings = useSettingsPane(view);
  const [dialog, setDialog] = useState<OpenDialog | undefined>(openTrigger ? { kind: "trigger" } : undefined);
  const columns = useColumns(view);
  const [shown, showRelease] = useShownRelease(initialRelease, file.saved);
  const live = useLiveRelease(shown);
  const isShown = live !== undefined;

  const reading = useMemo(() => readFlow(text), [text]);
  const flow = useLastReadable(reading.flow);
  const names = useMemo(() => new Set([flow.trigger, ...flow.steps.map((step) => step.environment)]), [flow]);
  const { tab, setTab, ...selection } = useSelection(names);
  const { selected, chosen, select } = selection;
  const chosenSteps = useMemo(() => {
    const names = new Set(chosen);
    return flow.steps.filter((step) => names.has(step.environment));
  }, [flow, chosen]);
  const environmentNames = useMemo(() => environments.data?.map((one) => one.name), [environments.data]);
  const workflowNames = useMemo(() => workflows.data?.map((one) => one.name), [workflows.data]);
  const known = useMemo(() => ({ environments: environmentNames, workflows: workflowNames }), [environmentNames, workflowNames]);
  // The chart is painted first, then what is wrong with the text.
  const judged = usePainted(text);
  const { serverProblems } = file;
  const judgement = useMemo(() => {
    const found = flowProblems(judged, known);
    return { text: judged, problems: [...found, ...serverOnly(judged, serverProblems, found)] };
  }, [judged, known, serverProblems]);
  const { problems } = judgement;
  // What a new flow lacks is no fault before it is begun, or tried to be saved.
  const [tried, setTried] = useState(false);
  const isFresh = !file.saved && text === initialText && flow.trigger === "" && !tried;
  const shownJudgement = useMemo(() => (isFresh ? { ...judgement, problems: [] } : judgement), [isFresh, judgement]);
  const wrong = problems.find(isBlocking);
  const ready = judged === text && !wrong;
  const { reload: reloadEnvironments } = environments;
  const { reload: reloadProducts } = products;
  const hear = useCallback(
    ({ events, gap }: Batch) => {
      const changed = (kind: string): boolean => gap || events.some((event) => event.kind === kind);
      if (changed("environment.changed")) reloadEnvironments();
      if (changed("product.changed")) reloadProducts();
    },
    [reloadEnvironments, reloadProducts],
  );
  const [alive, lost] = useAlive({ product, flow: flow.name, trigger: flow.trigger, text, ready }, after, hear);
  const around = useMemo(() => ({ environments: environments.data, preview: alive.preview, problems: shownJudgement.problems }), [environments.data, alive.preview, shownJudgement]);
  const { chart, layOutAnew } = useChart(flow, around);
  const atCursor = useStepAtCursor(flowText, flow);

  const perform = useCallback(
    (gesture: Gesture, grouping?: Grouping): boolean => {
      if (isShown && changesChart(gesture)) return refuseWhileShown();
      const before = readFlow(flowText.text).flow?.apiVersion;
      try {
        flowText.perform(gesture, grouping);
      } catch (refused) {
        if (!(refused instanceof GestureRefused)) throw refused;
        toast("error", refused.message, "", "gesture");
        return false;
      }
      unsay("gesture");
      if (before !== EXTENDED_API && readFlow(flowText.text).flow?.apiVersion === EXTENDED_API) {
        toast("success", `apiVersion is ${EXTENDED_API} now`, "What happens when an environment fails is an extension of Lockstep.");
      }
      announce(spoken(gesture));
      return true;
    },
    [flowText, isShown],
  );
  const history = isShown ? { undo: refuseWhileShown, redo: refuseWhileShown } : flowText;
  const askDelete = (chosen: readonly string[]): void => {
    // Of several, the one that the flow starts at stays; alone, it is told why.
    const environments = chosen.length > 1 ? chosen.filter((name) => name !== flow.trigger) : chosen;
    const canAsk = reading.flow !== undefined && !isShown && !environments.includes(flow.trigger);
    if (canAsk && outsideDependents(flow, environments).length > 0) setDialog({ kind: "delete", environments });
    else if (perform({ kind: "remove", environment: environments, dependents: { become: "removed" } })) select(undefined);
  };
  const builder: Builder = {
    flow,
    environments: environments.data,
    environmentsError: environments.error,
    reloadEnvironments,
    workflows: workflowNames,
    perform,
    ...selection,
    atCursor,
    askDelete,
  };

  // What was said of a try is settled once the text is another one, or the chart is the flow's again.
  useEffect(() => unsay("gesture"), [text, isShown]);
  const told = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (told.current !== undefined && told.current !== wrong?.message) unsay("problem");
  }, [wrong]);
  const toProblem = (problem: Problem): void => {
    if (view === "chart") setView("both");
    told.current = problem.message;
    setTried(true);
    toast("error", `Line ${problem.line}: ${problem.message}`, "", "problem");
    window.setTimeout(() => flowText.reveal(problem.from), 0);
  };
  const judge = useCallback(() => flowProblems(flowText.text, known), [flowText, known]);
  const saving = useSaving({ file, name: flow.name, text, initialText, flowText, judge, refused, dialog, setDialog, toProblem });
  const { dirty, save } = saving;
  const other = useOtherSave(file.saved, flowAfter, file.busy);
  const newestDialog = useRef(dialog);
  useEffect(() => {
    newestDialog.current = dialog;
  }, [dialog]);
  // Their text came a moment later: what is asked meanwhile goes on, and what was written meanwhile is not overwritten.
  const compareTheirs = (theirs: TheirSave): void => {
    if (newestDialog.current === undefined) file.compare(theirs);
  };
  const takeTheirs = (theirs: TheirSave): void => {
    if (flowText.text !== file.saved?.manifest) return compareTheirs(theirs);
    file.adopt(theirs);
    const undoable = flowText.replace(theirs.manifest);
    toast("success", `The text that ${theirs.savedBy ?? "somebody"} saved is in the editor`, undoable ? "Ctrl Z takes it out again." : "", "save");
  };
  const fileImport = useImport((next, name) => saving.replace(next, `The text of ${name} is in the editor`));
  const notTriggered = whyNotTriggered(file.saved?.name, other.gone, wrong);
  const askTrigger = (): void => {
    if (triggerRefused === "" && !other.gone && wrong) toProblem(wrong);
    else if (triggerRefused || notTriggered) toast("error", "Not triggered", triggerRefused || notTriggered, "trigger");
    else if (!file.saved || dirty) setDialog({ kind: "save-first" });
    else setDialog({ kind: "trigger" });
  };
  const actions: FileActions = {
    save: () => void save(),
    saveAs: saving.askSaveAs,
    saveAndTrigger: () => void save("trigger"),
    raiseVersion: () => perform({ kind: "version", value: nextVersion(flow.version) }) && announce(`Version ${nextVersion(flow.version)}`),
    discard: saving.discard,
    history: () => setDialog({ kind: "history" }),
    importFile: fileImport.choose,
    download: () => downloadText(flow.name || "flow", text),
    remove: () => file.saved && fetchDialog(`/flows/${encodeURIComponent(file.saved.name)}/delete/?builder=${dirty ? "unsaved" : "saved"}`),
    keys: () => setDialog({ kind: "keys" }),
  };
  useAhead(loadDialogs);
  const historyHere = (): Pick<FlowText, "undo" | "redo"> => (writes(document.activeElement) ? flowText : history);
  useShortcuts({ undo: () => historyHere().undo(), redo: () => historyHere().redo(), save: actions.save, saveAs: actions.saveAs, help: actions.keys });

  return (
    <BuilderContext value={builder}><LiveProvider live={live}>
      <Topbar flow={flow} saved={file.saved} dirty={dirty} busy={file.busy} refused={refused} triggerRefused={triggerRefused} notTriggered={notTriggered} actions={actions}
        onTrigger={askTrigger} />
      {live && <ReleaseStrip live={live} flow={file.saved?.name} takesFocus={shown !== initialRelease} onBack={() => showRelease(undefined)} />}
      <div className={`workbench view-${view} ${settings.shown ? "has-settings" : ""}`} style={columns.style}>
        {settings.shown && (
          <SettingsPane tab={tab} onTab={setTab} onHide={settings.hide} covers={settings.covers} locked={reading.flow === undefined}
            savedName={file.saved?.name} savedWords={file.savedAt && `Saved ${clock(file.savedAt.toISOString())}`} />
        )}
        {view !== "yaml" && (
          <section className="chart" aria-label="Chart">
            <ChartHead view={view} onView={setView} products={products.data} product={product} onProduct={setProduct}
              troubles={lost ? [] : troublesOf(alive)} settingsShown={settings.shown} onShowSettings={settings.show} />
            {/* A release on the chart is what it is, whatever is being written. */}
            {reading.failure && !live && (
              <button className="strip bad stale-strip" type="button" onClick={() => problems[0] && toProblem(problems[0])}>
                <span>
                  <b>{`Line ${reading.failure.line} cannot be read.`}</b> The chart shows the last text that could be.
                </span>
              </button>
            )}
            <AliveContext value={alive}>
              <Chart chart={chart} stale={live ? live.staleSince !== undefined : reading.failure !== undefined} canUndo={canUndo} canRedo={canRedo}
                onUndo={history.undo} onRedo={history.redo} onLayOut={layOutAnew}
                onOpenSettings={() => {
                  setTab("environment");
                  settings.show();
                }} />
            </AliveContext>
          </section>
        )}
        {view === "both" && <div {...columns.divider} />}
        {view !== "chart" && (
          <YamlPane flowText={flowText} text={text} judgement={shownJudgement} isFresh={isFresh} known={known} onHide={() => setView("chart")}
            steps={chosenSteps} selected={selected}
            views={view === "yaml" && <ViewSwitch view={view} onView={setView} />} />
        )}
        {fileImport.over && <p className="drop-file">Drop a YAML file to put its text here</p>}
      </div>
      {/* They come unasked: at the foot they push neither the chart nor what is being written. */}
      <div className="foot-strips">
        <ConnectionStrip feeds={[live?.lost, lost, other.lost]} />
        {other.revision && file.saved && (
          <OtherSaveStrip name={file.saved.name} revision={other.revision} dirty={dirty} onCompare={compareTheirs} onTake={takeTheirs} />
        )}
        {other.gone && file.saved && <GoneStrip name={file.saved.name} gone={other.gone} onSaveAnew={saving.saveAnew} />}
      </div>
      {(dialog || file.conflict) && (
        <OnDemand load={loadDialogs}
          onClose={() => {
            file.closeConflict();
            setDialog(undefined);
          }}>
          {({ BuilderDialogs }) => (
            <BuilderDialogs dialog={dialog} setDialog={setDialog} flow={flow} text={text} flowText={flowText} file={file} saving={saving} triggerRefused={triggerRefused}
              product={product} setProduct={setProduct} products={products.data} perform={perform} onDeleted={() => select(undefined)}
              onStarted={(release) => {
                setDialog(undefined);
                showRelease(release);
              }} />
          )}
        </OnDemand>
      )}
    </LiveProvider></BuilderContext>
  );
}

const EMPTY = readFlow(newFlowText("")).flow;

/** The release runs the flow as it was triggered: what is changed on its chart would seem to change the release. */
function refuseWhileShown(): boolean {
  toast("error", "The chart shows a release", "Go back to editing to change the environments, what they wait for and what is done at each.", "gesture");
  return false;
}

function troublesOf({ error, preview }: AliveState): readonly string[] {
  return error === undefined ? [...new Set(preview?.problems.map((one) => one.message))] : [error];
}

/** What keeps the flow that is open from being triggered by anybody, as a sentence; "" where nothing does. */
function whyNotTriggered(name = "", gone: Gone | undefined, wrong: Problem | undefined): string {
  if (gone) return `${name} ${goneWords(gone)}. Save your text as a new flow to trigger it.`;
  return wrong ? `What is in the editor cannot be triggered: line ${wrong.line} has a problem. ${wrong.message}` : "";
}

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
