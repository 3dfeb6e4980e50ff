// The right pane: the flow's text in an editor, its problems at their lines, and where the first one stands.
import { EditorView } from "@codemirror/view";
import { useEffect, useRef, type JSX, type ReactNode } from "react";
import { afterPaint } from "../../shared/after_paint";
import { Icon } from "../../shared/icon";
import { toast } from "../../site/toasts";
import { WHY_NOT_LOADED } from "../on_demand";
import type { Known } from "../problems/flow_rules";
import type { FlowText } from "../text/flow_text";
import { LateEditor } from "../text/late_editor";
import { editorExtensions } from "./extensions";
import { placed, problemMarks, setProblems, type Judgement } from "./problem_marks";
import { showStepLines, type StepLines } from "./step_lines";

/** Marks wait until the typing rests, so that nothing jumps between two letters. */
const REST_MS = 250;

interface Props {
  flowText: FlowText;
  text: string;
  judgement: Judgement;
  /** A new flow that nobody has begun: it has no problems to speak of, and is not said to have none. */
  isFresh: boolean;
  /** What the editor offers while something is written. */
  known: Known;
  /** The steps that are selected on the chart, with their lines, in the order of the text. */
  steps: readonly { environment: string; line: number; endLine: number }[];
  /** The one of them that is chosen last. */
  selected: string | undefined;
  onHide: () => void;
  /** The switch between chart and YAML, where no chart beside it carries it. */
  views: ReactNode;
}

export function YamlPane({ flowText, text, judgement, isFresh, known, steps, selected, onHide, views }: Props): JSX.Element {
  const { problems } = judgement;
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<LateEditor | undefined>(undefined);
  const offered = useRef(known);
  useEffect(() => {
    offered.current = known;
  }, [known]);
  useEffect(() => {
    const parent = host.current;
    if (!parent) return;
    // A container query would do, but then nothing in the pane is laid out alone.
    const sized = new ResizeObserver(() => parent.style.setProperty("--pane", `${parent.clientWidth}px`));
    sized.observe(parent);
    const cursor = EditorView.updateListener.of(({ view, selectionSet, focusChanged, docChanged }) => {
      if (selectionSet || focusChanged || docChanged) flowText.cursorAt(view.hasFocus ? view.state.doc.lineAt(view.state.selection.main.head).number : undefined);
    });
    const detach = flowText.attach([editorExtensions, problemMarks, cursor], (state, received) => {
      const made = new LateEditor({ state, parent, dispatchTransactions: received });
      editor.current = made;
      return made;
    });
    let gone = false;
    const callOff = afterPaint(() => {
      import("./aids").then(
        ({ editorAids }) => gone || flowText.extend(editorAids(() => offered.current)),
        () => gone || toast("error", "The editor works without completion and search", `${WHY_NOT_LOADED} Save your text, then load the page again.`, "aids"),
      );
    });
    return () => {
      gone = true;
      callOff();
      sized.disconnect();
      detach();
    };
  }, [flowText]);
  useEffect(() => {
    // A newer text is judged as soon as it is painted, and its problems come here then.
    if (judgement.text !== text) return;
    const show = (): void => {
      const marks = placed(judgement, flowText);
      if (marks) flowText.show(() => setProblems.of(marks));
    };
    const timer = window.setTimeout(show, REST_MS);
    return () => window.clearTimeout(timer);
  }, [flowText, judgement, text]);
  // As text, so that nothing is told to the editor while the lines stay the same.
  const marked = JSON.stringify(steps.map(({ line, endLine }) => ({ from: line, to: endLine })));
  const last = steps.findIndex((step) => step.environment === selected);
  const scrolledTo = useRef<string | undefined>(undefined);
  useEffect(() => {
    const lines = JSON.parse(marked) as StepLines[];
    const scroll = selected !== scrolledTo.current && editor.current?.hasFocus === false;
    flowText.show((state) => showStepLines(state, lines, scroll ? lines[last] : undefined));
    scrolledTo.current = selected;
  }, [flowText, selected, marked, last]);
  const errors = problems.filter((problem) => problem.severity === "error").length;
  const first = problems.find((problem) => problem.severity === "error") ?? problems[0];
  const lines = text.split("\n").length;
  const copy = (): void => {
    navigator.clipboard.writeText(text).then(
      () => toast("success", "YAML copied"),
      () => toast("error", "The browser does not allow copying here", "Select the text and copy it by key."),
    );
  };
  return (
    <section className="editor" aria-label="YAML">
      <div className="pane-head">
        <h2>YAML</h2>
        {errors > 0 && <span className="chip bad">{errors === 1 ? "1 problem" : `${errors} problems`}</span>}
        <button className="btn quiet icon xs push" type="button" aria-label="Copy YAML" onClick={copy}>
          <Icon name="copy" />
        </button>
        {views || (
          <button className="btn quiet icon xs" type="button" aria-label="Hide YAML" onClick={onHide}>
            <Icon name="panel" />
          </button>
        )}
      </div>
      <div className="yaml yaml-host" ref={host} />
      <footer className="ed-foot">
        {first ? (
          <button className={`at ${first.severity === "error" ? "c-bad" : "c-wait"}`} type="button" onClick={() => flowText.reveal(first.from)}>
            <Icon name="alert" className="i-14" />
            {`Line ${first.line}, column ${first.column}`}
          </button>
        ) : (
          <span>{isFresh ? "Nothing drawn or written yet" : "No problems"}</span>
        )}
        <span className="push">{lines === 1 ? "1 line" : `${lines} lines`}</span>
        <span>
          <span className="kbd">Ctrl S</span> saves
        </span>
      </footer>
    </section>
  );
}
