// Two texts beside each other, or what each changed of a third, that scroll together; long unchanged runs open on demand. Never says which is right.
import { memo, useLayoutEffect, useMemo, useRef, useState, type JSX, type RefObject, type UIEvent } from "react";
import { isChanged, partsOf, type Part } from "./fold";
import { sideBySide, type SideLine, type Sides as Lines } from "./side_by_side";
import { threeWay } from "./three_way";

interface Titled {
  title: string;
  words: string;
  text: string;
  /** Of the lines that differ from the other text; with a text before, each line has its own. */
  tone?: Tone;
}

type Tone = "ins" | "rem";
type Place = "one" | "other";

interface Opened {
  /** What the rows are counted in: other texts begin folded. */
  lines: Lines | undefined;
  /** The first row of each run that was asked for. */
  runs: ReadonlySet<number>;
  /** Where the newest was asked for, which the focus goes on from. */
  newest: { from: number; place: Place } | undefined;
}

const SIGNS = { ins: "+", rem: "−" };
const ALL_FOLDED: Opened = { lines: undefined, runs: new Set(), newest: undefined };

/** With `base`, the text that both were made from, the lines say what each did to it. */
export function Sides({ one, other, base }: { one: Titled; other: Titled; base?: string }): JSX.Element {
  const lines = useMemo(
    () => (base === undefined ? sideBySide(one.text, other.text) : threeWay(base, one.text, other.text)),
    [base, one.text, other.text],
  );
  const [asked, setAsked] = useState(ALL_FOLDED);
  const { runs, newest } = asked.lines === lines ? asked : ALL_FOLDED;
  const parts = useMemo(() => partsOf(lines, runs), [lines, runs]);
  const left = useRef<HTMLDivElement>(null);
  const right = useRef<HTMLDivElement>(null);
  const following = useRef<Element | undefined>(undefined);
  useLayoutEffect(() => {
    if (left.current) left.current.scrollTop = 0;
  }, [lines]);
  /** The other side follows, up and down; what a script scrolled must not pull back the side that a person scrolls. */
  const follow = (event: UIEvent<HTMLDivElement>, next: RefObject<HTMLDivElement | null>): void => {
    const [from, to] = [event.currentTarget, next.current];
    if (following.current === from || !to) {
      following.current = undefined;
      return;
    }
    const before = to.scrollTop;
    to.scrollTop = from.scrollTop;
    if (to.scrollTop !== before) following.current = to;
  };
  const sideOf = (place: Place): Omit<SideProps, "side" | "body" | "onScroll"> => ({
    lines: lines[place],
    parts,
    focused: newest?.place === place ? newest.from : undefined,
    onOpen: (from) => setAsked({ lines, runs: new Set(runs).add(from), newest: { from, place } }),
  });
  const equal = useMemo(() => !lines.one.some((_, row) => isChanged(lines, row)), [lines]);
  return (
    <>
      {equal && one.text !== other.text && <p className="hint sides-hint">No line differs; only how the lines end.</p>}
      <div className="sides">
        <Side side={one} {...sideOf("one")} body={left} onScroll={(event) => follow(event, right)} />
        <Side side={other} {...sideOf("other")} body={right} onScroll={(event) => follow(event, left)} />
      </div>
    </>
  );
}

interface SideProps {
  side: Titled;
  lines: readonly SideLine[];
  parts: readonly Part[];
  /** The row that a run was opened from on this side. */
  focused: number | undefined;
  body: RefObject<HTMLDivElement | null>;
  onOpen: (from: number) => void;
  onScroll: (event: UIEvent<HTMLDivElement>) => void;
}

function Side({ side, lines, parts, focused, body, onOpen, onScroll }: SideProps): JSX.Element {
  return (
    <section className="diff" aria-label={side.title}>
      <div className="diff-head">
        <span className="semi">{side.title}</span>
        <span className="push faint">{side.words}</span>
      </div>
      <div className="diff-body" tabIndex={0} ref={body} onScroll={onScroll}>
        {parts.map(({ from, to, folded }) =>
          folded ? (
            <Fold key={from} count={to - from} onOpen={() => onOpen(from)} />
          ) : (
            <Block key={from} lines={lines} from={from} to={to} tone={side.tone} focused={from === focused} />
          ),
        )}
      </div>
    </section>
  );
}

function Fold({ count, onOpen }: { count: number; onOpen: () => void }): JSX.Element {
  return (
    <button className="fold-row" type="button" onClick={onOpen}>
      <i aria-hidden="true">…</i>
      <span>{`Show ${count.toLocaleString("en")} unchanged lines`}</span>
    </button>
  );
}

interface BlockProps {
  lines: readonly SideLine[];
  from: number;
  to: number;
  tone: Tone | undefined;
  /** Its first line takes the place of the button that opened it, for who goes on by key. */
  focused: boolean;
}

const Block = memo(function Block({ lines, from, to, tone, focused }: BlockProps): JSX.Element {
  const block = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const line = block.current?.firstElementChild;
    if (focused && line instanceof HTMLElement) line.focus({ preventScroll: true });
  }, [focused]);
  return (
    <div className="lines" ref={block} style={{ containIntrinsicBlockSize: `${to - from}lh` }}>
      {lines.slice(from, to).map((line, at) => (
        <Line key={at} line={line} tone={line.changed ? line.tone ?? tone : undefined} tabIndex={focused && at === 0 ? -1 : undefined} />
      ))}
    </div>
  );
});

function Line({ line, tone, tabIndex }: { line: SideLine; tone: Tone | undefined; tabIndex: number | undefined }): JSX.Element {
  return (
    <div className={tone ? `dl ${tone}` : line.number === undefined ? "dl gap" : "dl"} tabIndex={tabIndex}>
      <i>{line.number}</i>
      <b>{tone && SIGNS[tone]}</b>
      <span>{line.parts.map((part, place) => (part.changed ? <mark key={place}>{part.text}</mark> : part.text))}</span>
    </div>
  );
}
