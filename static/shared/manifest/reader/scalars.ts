// The text of plain, quoted and block scalars, read as the server's parser reads them; never gives them a type.
import { BadYaml, SPACE, TAB, isBlank, isBreak, isFlowIndicator, isGap, type Cursor } from "./cursor";

export interface ScalarText {
  value: string;
  end: number;
}

/** White space between two words: a lone line break becomes a space, further ones are kept. */
class Gap {
  private blanks = "";
  private breaks = -1;
  /** A break that a backslash took back leaves nothing. */
  private swallowed = false;

  get broken(): boolean {
    return this.breaks >= 0;
  }

  swallow(): void {
    this.breaks = 0;
    this.swallowed = true;
  }

  /** One blank or line break of the text. */
  take(cursor: Cursor): void {
    if (isBlank(cursor.code)) {
      if (!this.broken) this.blanks += cursor.text[cursor.at];
      cursor.at += 1;
    } else {
      this.breaks += 1;
      cursor.skipBreak();
    }
  }

  text(): string {
    if (!this.broken) return this.blanks;
    return this.breaks === 0 && !this.swallowed ? " " : "\n".repeat(this.breaks);
  }
}

/** A plain scalar, and whether a line break stands behind it, after which a field may begin. */
export function plainScalar(cursor: Cursor, indent: number, inFlow: boolean): ScalarText & { broken: boolean } {
  const begin = cursor.at;
  let [value, end, gap] = ["", begin, new Gap()];
  while (!cursor.atMarker("---") && !cursor.atMarker("...") && !cursor.is("#")) {
    const from = cursor.at;
    skipWord(cursor, begin, inFlow);
    if (cursor.at > from) {
      value += gap.text() + cursor.text.slice(from, cursor.at);
      [end, gap] = [cursor.at, new Gap()];
    }
    if (!isBlank(cursor.code) && !isBreak(cursor.code)) break;
    while (isBlank(cursor.code) || isBreak(cursor.code)) {
      if (gap.broken && cursor.column < indent && cursor.code === TAB) throw new BadYaml("tab in plain text", cursor.at, begin);
      gap.take(cursor);
    }
    if (!inFlow && cursor.column < indent) break;
  }
  return { value, end, broken: gap.broken };
}

function skipWord(cursor: Cursor, begin: number, inFlow: boolean): void {
  for (; !isGap(cursor.code); cursor.at += 1) {
    if (cursor.is(":")) {
      if (isGap(cursor.next())) return;
      if (inFlow && (isFlowIndicator(cursor.next()) || cursor.text[cursor.at + 1] === "?")) {
        throw new BadYaml("colon in plain text", cursor.at, begin);
      }
    } else if (inFlow && isFlowIndicator(cursor.code)) return;
  }
}

export function quotedScalar(cursor: Cursor): ScalarText {
  const begin = cursor.at;
  const quote = cursor.text.charCodeAt(begin);
  cursor.at += 1;
  let value = "";
  for (;;) {
    if (cursor.atMarker("---") || cursor.atMarker("...")) throw new BadYaml("marker in quotes", cursor.at, begin);
    if (cursor.ended) throw new BadYaml("open quote", cursor.at, begin);
    const gap = new Gap();
    value += quotedWord(cursor, quote, gap, begin);
    if (cursor.code === quote) break;
    while (isBlank(cursor.code) || isBreak(cursor.code)) gap.take(cursor);
    value += gap.text();
  }
  cursor.at += 1;
  return { value, end: cursor.at };
}

/** Up to white space, the closing quote or a line break that a backslash takes back. */
function quotedWord(cursor: Cursor, quote: number, gap: Gap, begin: number): string {
  const { text } = cursor;
  let value = "";
  let from = cursor.at;
  while (!isGap(cursor.code)) {
    if (cursor.code === quote) {
      if (!cursor.is("'") || cursor.next() !== quote) break;
      value += text.slice(from, cursor.at + 1);
      from = cursor.at += 2;
    } else if (cursor.is("\\") && text[begin] === '"') {
      value += text.slice(from, cursor.at);
      if (isBreak(cursor.next())) {
        cursor.at += 1;
        cursor.skipBreak();
        gap.swallow();
        return value;
      }
      value += escaped(cursor, begin);
      from = cursor.at;
    } else cursor.at += 1;
  }
  return value + text.slice(from, cursor.at);
}

const ESCAPES: Record<string, string> = {
  0: "\0", a: "\x07", b: "\b", t: "\t", "\t": "\t", n: "\n", v: "\v", f: "\f", r: "\r", e: "\x1b", " ": " ", '"': '"',
  "/": "/", "\\": "\\", N: "\x85", _: "\xa0", L: "\u2028", P: "\u2029",
};
const CODED: Record<string, number> = { x: 2, u: 4, U: 8 };

function escaped(cursor: Cursor, begin: number): string {
  const letter = cursor.text[cursor.at + 1] ?? "";
  const digits = CODED[letter];
  const simple = ESCAPES[letter];
  if (digits === undefined && simple === undefined) throw new BadYaml("unknown escape", cursor.at, begin);
  cursor.at += 2;
  if (digits === undefined) return simple ?? "";
  const hex = cursor.text.slice(cursor.at, cursor.at + digits);
  if (!new RegExp(`^[0-9A-Fa-f]{${digits}}$`).test(hex)) throw new BadYaml("bad escape", cursor.at, begin);
  const code = Number.parseInt(hex, 16);
  if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) throw new BadYaml("bad escape", cursor.at, begin);
  cursor.at += digits;
  return String.fromCodePoint(code);
}

interface BlockHeader {
  keep: "all" | "one" | "none";
  increment: number;
}

export function blockScalar(cursor: Cursor, parent: number): ScalarText {
  const begin = cursor.at;
  const literal = cursor.is("|");
  cursor.at += 1;
  const { keep, increment } = blockHeader(cursor, begin);
  const wanted = increment > 0 ? Math.max(parent, 0) + increment : 0;
  const block = new Block(cursor, begin, parent, wanted);
  block.skipBreaks();
  let [value, last, indented] = ["", "", false];
  while (cursor.column === block.indent && !cursor.ended) {
    const blank = isBlank(cursor.code);
    const folds = !literal && last !== "" && !indented && !blank;
    value += (folds ? (block.breaks ? "" : " ") : last) + block.breaks;
    indented = blank;
    const from = cursor.at;
    while (!cursor.ended && !isBreak(cursor.code)) cursor.at += 1;
    value += cursor.text.slice(from, cursor.at);
    last = cursor.ended ? "" : "\n";
    if (last) cursor.skipBreak();
    block.skipBreaks();
  }
  if (keep !== "none") value += last;
  if (keep === "all") value += block.breaks;
  return { value, end: block.end };
}

/** The characters behind "|" or ">", in either order. */
function blockHeader(cursor: Cursor, begin: number): BlockHeader {
  let [keep, increment]: [BlockHeader["keep"], number] = ["one", 0];
  const chomp = (): void => {
    if (!cursor.is("+") && !cursor.is("-")) return;
    keep = cursor.is("+") ? "all" : "none";
    cursor.at += 1;
  };
  const before = cursor.at;
  chomp();
  if (/[0-9]/.test(cursor.text[cursor.at] ?? "")) {
    if (cursor.is("0")) throw new BadYaml("block header", cursor.at, begin);
    increment = Number(cursor.text[cursor.at]);
    cursor.at += 1;
    if (cursor.at === before + 1) chomp();
  }
  cursor.endLine("block header", begin);
  return { keep, increment };
}

/** The white space in front of a block scalar's lines, out of which its indentation is found. */
class Block {
  breaks = "";
  end: number;

  constructor(
    private readonly cursor: Cursor,
    private readonly begin: number,
    private readonly parent: number,
    public indent: number,
  ) {
    this.end = cursor.at;
  }

  skipBreaks(): void {
    const { cursor } = this;
    let deepest = 0;
    this.breaks = "";
    this.end = cursor.at;
    for (;;) {
      const outside = (): boolean => this.indent === 0 || cursor.column < this.indent;
      while (outside() && cursor.code === SPACE) cursor.at += 1;
      deepest = Math.max(deepest, cursor.column);
      if (outside() && cursor.code === TAB) throw new BadYaml("tab in block", cursor.at, this.begin);
      if (!isBreak(cursor.code)) break;
      cursor.skipBreak();
      this.breaks += "\n";
      this.end = cursor.at;
    }
    if (this.indent === 0) this.indent = Math.max(deepest, this.parent + 1, 1);
  }
}
