// The Flow Builder: settings, chart and YAML of one text, saving it and triggering it. The text is the only state.
import { useCallback, useMemo, useState, useSyncExternalStore, type JSX } from "react";
import { useRemembered, writes } from "../shared/hooks";
import type { Problem } from "../shared/manifest/manifest_text";
import { fetchDialog } from "../site/dialogs";
import { announce } from "../site/dom";
import { toast } from "../site/toasts";
import { AliveContext, useAlive } from "./alive/use_alive";
import { BuilderContext, type Builder } from "./builder_context";
import type { OpenDialog } from "./builder_dialogs";
import { Chart } from "./chart/chart";
import { ChartHead, ViewSwitch } from "./chart/chart_head";
import { StaleStrip } from "./chart/stale_strip";
import { useChart } from "./chart/use_chart";
import { YamlPane } from "./editor/yaml_pane";
import { downloadText } from "./file/download";
import type { FileActions } from "./file/more_menu";
import { nextVersion } from "./file/next_version";
import { useImport } from "./file/use_import";
import { environmentsOf, readFlow, type Flow } from "./model/flow";
import { outsideDependents } from "./model/graph";
import { ConnectionStrip } from "./live/connection_strip";
import { LiveProvider } from "./live/live_provider";
import { useReleaseChart } from "./live/release_chart";
import { ReleaseStrip } from "./live/release_strip";
import { useLiveRelease, useShownRelease } from "./live/use_live_release";
import { newFlowText } from "./new_flow";
import { OnDemand, useAhead } from "./on_demand";
import { flowProblems } from "./problems/problems";
import { useJudgement } from "./problems/use_judgement";
import { useToProblem } from "./problems/use_to_problem";
import type { SavedFlow } from "./saving/flow_file";
import { GoneStrip, goneWords, whyGone } from "./saving/gone_strip";
import { OtherSaveStrip } from "./saving/other_save_strip";
import { useFlowFile } from "./saving/use_flow_file";
import { useOtherSave, type Gone } from "./saving/use_other_save";
import { useSaving } from "./saving/use_saving";
import { useTaking } from "./saving/use_taking";
import { SettingsPane } from "./settings/settings_pane";
import { useSettingsPane } from "./settings/use_settings_pane";
import { FlowText } from "./text/flow_text";
import { usePerform } from "./text/use_perform";
import { Topbar } from "./topbar";
import { refusedFor, troublesOf } from "./trigger/refusals";
import { useColumns } from "./use_columns";
import { useKnown } from "./use_known";
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

const loadDialogs = (): Promise<typeof import("./builder_dialogs")> => import("./builder_dialogs");

export function FlowBuilder({ initial, initialText, initialProduct, initialRelease, openTrigger, refused, triggerRefused, after, flowAfter }: Props): JSX.Element {
  const [flowText] = useState(() => new FlowText(initialText));
  const { text, canUndo, canRedo } = useSyncExternalStore(flowText.subscribe, flowText.read);
  const file = useFlowFile(initial);
  const known = useKnown();
  const { environments } = known;
  const [product, setProduct] = useProduct(initialProduct, file.saved);
  const [view, setView] = useRemembered<View>("lockstep.builder.view", "both");
  const settings = useSettingsPane(view);
  const [dialog, setDialog] = useState<OpenDialog | undefined>(openTrigger ? { kind: "trigger" } : undefined);
  const columns = useColumns(view);
  const [shown, showRelease] = useShownRelease(initialRelease, file.saved);
  const live = useLiveRelease(shown);

  const reading = useMemo(() => readFlow(text), [text]);
  const flow = useLastReadable(reading.flow);
  const run = useReleaseChart(live?.release);
  // Not before it is drawn: while it loads, or cannot be read, the chart is the text's and is edited as ever.
  const releaseShown = run !== undefined;
  const names = useMemo(() => new Set([flow, run?.flow].flatMap((one) => (one ? environmentsOf(one) : []))), [flow, run]);
  const { tab, setTab, ...selection } = useSelection(names);
  const { selected, chosen, select } = selection;
  const chosenSteps = useMemo(() => {
    const names = new Set(chosen);
    return flow.steps.filter((step) => names.has(step.environment));
  }, [flow, chosen]);
  const isBlank = !file.saved && text === initialText && flow.trigger === "";
  const { wrong, ready, shown: judgement, isFresh, tried } = useJudgement(text, known.names, file.serverProblems, isBlank);
  const [alive, lost] = useAlive({ product, flow: flow.name, trigger: flow.trigger, text, ready }, after, known.hear);
  const around = useMemo(() => ({ environments, preview: alive.preview, problems: judgement.problems }), [environments, alive.preview, judgement]);
  const { chart, layOutAnew } = useChart(run?.flow ?? flow, run?.around ?? around);
  const atCursor = useStepAtCursor(flowText, flow);

  const { perform, history } = usePerform(flowText, text, flow.apiVersion, releaseShown);
  const askDelete = (chosen: readonly string[]): void => {
    // Of several, the one that the flow starts at stays; alone, it is told why.
    const environments = chosen.length > 1 ? chosen.filter((name) => name !== flow.trigger) : chosen;
    const canAsk = reading.flow !== undefined && !releaseShown && !environments.includes(flow.trigger);
    if (canAsk && outsideDependents(flow, environments).length > 0) setDialog({ kind: "delete", environments });
    else if (perform({ kind: "remove", environment: environments, dependents: { become: "removed" } })) select(undefined);
  };
  const builder: Builder = {
    flow,
    environments,
    environmentsError: known.environmentsError,
    reloadEnvironments: known.reloadEnvironments,
    workflows: known.workflows,
    perform,
    ...selection,
    atCursor,
    releaseShown,
    askDelete,
  };

  const toProblem = useToProblem(flowText, wrong, () => {
    if (view === "chart") setView("both");
    tried();
  });
  const judge = useCallback(() => flowProblems(flowText.text, known.names), [flowText, known.names]);
  const other = useOtherSave(file, flowAfter);
  const saving = useSaving({ file, gone: other.gone, name: flow.name, text, initialText, flowText, judge, refused, dialog, setDialog, toProblem });
  const { dirty, save } = saving;
  const { compareTheirs, takeTheirs } = useTaking(file, flowText, dialog);
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
      <Topbar flow={flow} saved={file.saved} savedAt={file.savedAt} dirty={dirty} busy={file.busy} refused={refused} triggerRefused={triggerRefused} gone={whyGone(file.saved?.name, other.gone)} notTriggered={notTriggered}
        triggerHint={refusedFor(alive, text)} actions={actions} onTrigger={askTrigger} />
      {live && <ReleaseStrip live={live} flow={file.saved?.name} takesFocus={shown !== initialRelease} onBack={() => showRelease(undefined)} />}
      <div className={`workbench view-${view} ${settings.shown ? "has-settings" : ""}`} style={columns.style}>
        {settings.shown && (
          <SettingsPane tab={tab} onTab={setTab} onHide={settings.hide} squeezes={settings.squeezes} unread={reading.flow === undefined}
            savedName={file.saved?.name} />
        )}
        {view !== "yaml" && (
          <section className="chart" aria-label="Chart">
            <ChartHead view={view} onView={setView} products={known.products} product={product} onProduct={setProduct}
              troubles={troublesOf(alive)} releaseShown={releaseShown} settingsShown={settings.shown} onShowSettings={settings.show} />
            {/* A release on the chart is what it is, whatever is being written. */}
            {reading.failure && !releaseShown && <StaleStrip line={reading.failure.line} onPress={() => wrong && toProblem(wrong)} />}
            <AliveContext value={alive}>
              <Chart chart={chart} stale={releaseShown ? live?.staleSince !== undefined : reading.failure !== undefined} canUndo={canUndo && !releaseShown} canRedo={canRedo && !releaseShown}
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
          <YamlPane flowText={flowText} text={text} judgement={judgement} isFresh={isFresh} known={known.names} onHide={() => setView("chart")}
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
        {other.gone && file.saved && <GoneStrip name={file.saved.name} gone={other.gone} onSaveAs={saving.askSaveAs} />}
      </div>
      {(dialog || file.conflict) && (
        <OnDemand load={loadDialogs}
          onClose={() => {
            file.closeConflict();
            setDialog(undefined);
          }}>
          {({ BuilderDialogs }) => (
            <BuilderDialogs dialog={dialog} setDialog={setDialog} flow={flow} text={text} flowText={flowText} file={file} saving={saving} triggerRefused={triggerRefused}
              product={product} setProduct={setProduct} products={known.products} perform={perform} onDeleted={() => select(undefined)}
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
