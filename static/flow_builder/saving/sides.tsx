// Two texts beside each other, or what each changed of a third, that scroll together and open at the first difference; never says which is right.
import { useLayoutEffect, useMemo, useRef, type JSX, type RefObject, type UIEvent } from "react";
import { sideBySide, type SideLine } from "./side_by_side";
import { threeWay } from "./three_way";

interface Titled {
  title: string;
  words: string;
  text: string;
  /** Of the lines that differ from the other text; with a text before, each line has its own. */
  tone?: "ins" | "rem";
}

const SIGNS = { ins: "+", rem: "−" };
/** Lines that stay visible above the first difference. */
const LINES_ABOVE = 3;

/** With `base`, the text that both were made from, the lines say what each did to it. */
export function Sides({ one, other, base }: { one: Titled; other: Titled; base?: string }): JSX.Element {
  const lines = useMemo(
    () => (base === undefined ? sideBySide(one.text, other.text) : threeWay(base, one.text, other.text)),
    [base, one.text, other.text],
  );
  const left = useRef<HTMLDivElement>(null);
  const right = useRef<HTMLDivElement>(null);
  const following = useRef<Element | undefined>(undefined);
  const first = lines.one.findIndex((line, at) => line.changed || lines.other[at]?.changed);
  useLayoutEffect(() => {
    const row = left.current?.children[Math.max(0, first - LINES_ABOVE)];
    if (left.current && row instanceof HTMLElement) left.current.scrollTop = row.offsetTop - left.current.offsetTop;
  }, [lines, first]);
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
  return (
    <>
      {first === -1 && one.text !== other.text && <p className="hint sides-hint">No line differs; only how the lines end.</p>}
      <div className="sides">
        <Side side={one} lines={lines.one} body={left} onScroll={(event) => follow(event, right)} />
        <Side side={other} lines={lines.other} body={right} onScroll={(event) => follow(event, left)} />
      </div>
    </>
  );
}

function Side(props: {
  side: Titled;
  lines: readonly SideLine[];
  body: RefObject<HTMLDivElement | null>;
  onScroll: (event: UIEvent<HTMLDivElement>) => void;
}): JSX.Element {
  const { side, lines, body, onScroll } = props;
  return (
    <section className="diff" aria-label={side.title}>
      <div className="diff-head">
        <span className="semi">{side.title}</span>
        <span className="push faint">{side.words}</span>
      </div>
      <div className="diff-body" tabIndex={0} ref={body} onScroll={onScroll}>
        {lines.map((line, at) => (
          <Line key={at} line={line} tone={line.changed ? line.tone ?? side.tone : undefined} />
        ))}
      </div>
    </section>
  );
}

function Line({ line, tone }: { line: SideLine; tone: "ins" | "rem" | undefined }): JSX.Element {
  return (
    <div className={tone ? `dl ${tone}` : line.number === undefined ? "dl gap" : "dl"}>
      <i>{line.number}</i>
      <b>{tone && SIGNS[tone]}</b>
      <span>{line.parts.map((part, place) => (part.changed ? <mark key={place}>{part.text}</mark> : part.text))}</span>
    </div>
  );
}
