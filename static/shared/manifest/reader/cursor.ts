// A place in YAML text and the questions asked there; never decides what a token is.

/** Why the text is no YAML, as the server's parser sees it: the sentence is chosen by `reason`. */
export class BadYaml extends Error {
  constructor(
    readonly reason: string,
    /** Where reading stopped. */
    readonly at: number,
    /** Where that began which could not be read to its end. */
    readonly begin = at,
  ) {
    super(reason);
  }
}

export const TAB = 9;
const LINE_FEED = 10;
const RETURN = 13;
export const SPACE = 32;

export const isBlank = (code: number): boolean => code === SPACE || code === TAB;
export const isBreak = (code: number): boolean => code === LINE_FEED || code === RETURN;
/** White space, a line break or the end of the text, whose code is NaN. */
export const isGap = (code: number): boolean => code === SPACE || isBreak(code) || code === TAB || Number.isNaN(code);

const INDICATORS = new Set([...",[]{}"].map((one) => one.charCodeAt(0)));
export const isFlowIndicator = (code: number): boolean => INDICATORS.has(code);

const WORD = /[\w-]*/y;

export class Cursor {
  line = 0;
  lineStart: number;

  constructor(
    readonly text: string,
    public at: number,
  ) {
    this.lineStart = at;
  }

  get code(): number {
    return this.text.charCodeAt(this.at);
  }

  next(ahead = 1): number {
    return this.text.charCodeAt(this.at + ahead);
  }

  is(character: string): boolean {
    return this.text[this.at] === character;
  }

  get ended(): boolean {
    return this.at >= this.text.length;
  }

  /** In front of structure stand only white space, indicators and anchors, so that units are characters here. */
  get column(): number {
    return this.at - this.lineStart;
  }

  /** Over one line break; \r\n is one. */
  skipBreak(): void {
    this.at += this.code === RETURN && this.next() === LINE_FEED ? 2 : 1;
    this.newLine();
  }

  newLine(): void {
    this.line += 1;
    this.lineStart = this.at;
  }

  skipBlanks(): void {
    while (isBlank(this.code)) this.at += 1;
  }

  skipComment(): void {
    if (!this.is("#")) return;
    while (!this.ended && !isBreak(this.code)) this.at += 1;
  }

  /** Over letters, digits, "_" and "-", which are returned. */
  word(): string {
    WORD.lastIndex = this.at;
    const found = WORD.exec(this.text)?.[0] ?? "";
    this.at += found.length;
    return found;
  }

  /** Over the end of a line that may hold nothing more than a comment. */
  endLine(reason: string, begin: number): void {
    this.skipBlanks();
    this.skipComment();
    if (!this.ended && !isBreak(this.code)) throw new BadYaml(reason, this.at, begin);
    if (!this.ended) this.skipBreak();
  }

  /** Whether "---" or "..." stands alone at the beginning of the line. */
  atMarker(marker: string): boolean {
    return this.column === 0 && this.text.startsWith(marker, this.at) && isGap(this.next(marker.length));
  }
}
