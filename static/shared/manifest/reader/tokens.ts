// Cuts YAML text into tokens, with the rules and limits of the server's parser; never knows what they make up.
// Where a field's name may have been (a "simple key") is only known at its ":", so tokens wait in a queue until then.
import { BadYaml, Cursor, SPACE, TAB, isBlank, isBreak, isGap } from "./cursor";
import { blockScalar, plainScalar, quotedScalar } from "./scalars";
import { directive, tag, type TagText } from "./tags";

export type TokenKind =
  | "end" | "version" | "tag-directive" | "document-start" | "document-end"
  | "block-list" | "block-mapping" | "block-end" | "[" | "]" | "{" | "}" | "-" | "," | "?" | ":"
  | "alias" | "anchor" | "tag" | "scalar";

export interface Token {
  kind: TokenKind;
  start: number;
  end: number;
  /** The name of an anchor or alias, the text of a scalar, the prefix of a tag directive. */
  value: string;
  /** `'`, `"`, `|` or `>`; "" for a plain scalar. */
  style: string;
  /** Of a token that begins a list or mapping without brackets, and of a "-". */
  column?: number;
  tag?: TagText;
  supported?: boolean;
}

/** A field's name is one line and at most so long. */
const LONGEST_KEY = 1024;

interface Key {
  /** Counted from the first token of all. */
  number: number;
  at: number;
  line: number;
  column: number;
  /** It stands where a field must begin. */
  required: boolean;
}

const NO_PLAIN_START = new Set("-?:,[]{}#&*!|>'\"%@`");

export class Tokens {
  private readonly cursor: Cursor;
  private readonly queue: Token[] = [];
  private taken = 0;
  private indent = -1;
  private readonly indents: number[] = [];
  /** One for each bracket that is open, and one for the text outside. */
  private readonly keys: (Key | undefined)[] = [undefined];
  private keyAllowed = true;
  /** Nothing that is read later can come before the first token of the queue. */
  private ready = false;

  constructor(text: string, begin: number) {
    this.cursor = new Cursor(text, begin);
  }

  private get inFlow(): boolean {
    return this.keys.length > 1;
  }

  peek(): Token {
    while (!this.ready) {
      if (this.queue.length > 0 && !this.headMayBeKey()) this.ready = true;
      else this.fetch();
    }
    return this.queue[0] as Token;
  }

  take(): Token {
    const token = this.peek();
    this.queue.shift();
    this.ready = false;
    this.taken += 1;
    return token;
  }

  private headMayBeKey(): boolean {
    this.dropStaleKeys();
    return this.keys.some((key) => key?.number === this.taken);
  }

  private push(kind: TokenKind, start: number, end: number, rest?: Partial<Token>): void {
    this.queue.push({ kind, start, end, value: "", style: "", ...rest });
  }

  private fetch(): void {
    this.skipToToken();
    this.dropStaleKeys();
    const { cursor } = this;
    this.unroll(cursor.column);
    if (cursor.ended) this.fetchEnd();
    else if (cursor.column === 0 && cursor.is("%")) this.fetchDirective();
    else if (cursor.atMarker("---")) this.fetchMarker("document-start");
    else if (cursor.atMarker("...")) this.fetchMarker("document-end");
    else this.fetchContent(cursor.text[cursor.at] ?? "");
  }

  private fetchContent(character: string): void {
    const alone = isGap(this.cursor.next());
    if (character === "[" || character === "{") this.fetchOpening(character);
    else if (character === "]" || character === "}") this.fetchClosing(character);
    else if (character === ",") this.fetchComma();
    else if (character === "-" && alone) this.fetchDash();
    else if (character === "?" && (this.inFlow || alone)) this.fetchQuestion();
    else if (character === ":" && (this.inFlow || alone)) this.fetchColon();
    else if (character === "*" || character === "&") this.fetchAnchor(character === "*" ? "alias" : "anchor");
    else if (character === "!") this.fetchTag();
    else if ((character === "|" || character === ">") && !this.inFlow) this.fetchBlockScalar(character);
    else if (character === "'" || character === '"') this.fetchQuoted(character);
    else if (this.plainBegins(character)) this.fetchPlain();
    else throw new BadYaml("no token", this.cursor.at);
  }

  private plainBegins(character: string): boolean {
    const next = this.cursor.next();
    if (character === "-") return !isBlank(next);
    if (character === "?" || character === ":") return !this.inFlow && !isGap(next);
    return !NO_PLAIN_START.has(character) && character !== "\t";
  }

  /** Tabs are white space only where they cannot be indentation. */
  private skipToToken(): void {
    const { cursor } = this;
    for (;;) {
      while (cursor.code === SPACE || (cursor.code === TAB && (this.inFlow || !this.keyAllowed))) cursor.at += 1;
      cursor.skipComment();
      if (!isBreak(cursor.code)) return;
      cursor.skipBreak();
      if (!this.inFlow) this.keyAllowed = true;
    }
  }

  private dropStaleKeys(): void {
    const { line, at } = this.cursor;
    this.keys.forEach((key, level) => {
      if (key && (key.line < line || this.tooLong(key.at, at))) this.dropKey(level);
    });
  }

  private tooLong(from: number, to: number): boolean {
    return to - from > LONGEST_KEY && [...this.cursor.text.slice(from, to)].length > LONGEST_KEY;
  }

  private dropKey(level = this.keys.length - 1): void {
    const key = this.keys[level];
    if (key?.required) throw new BadYaml("no colon", this.cursor.at, key.at);
    this.keys[level] = undefined;
  }

  private saveKey(): void {
    if (!this.keyAllowed) return;
    const { at, line, column } = this.cursor;
    this.dropKey();
    const number = this.taken + this.queue.length;
    this.keys[this.keys.length - 1] = { number, at, line, column, required: !this.inFlow && this.indent === column };
  }

  /** Begins a block collection where the text is indented deeper; `number` is the token that it begins before. */
  private roll(column: number, kind: TokenKind, at: number, number?: number): void {
    if (this.inFlow || this.indent >= column) return;
    this.indents.push(this.indent);
    this.indent = column;
    const token: Token = { kind, start: at, end: at, value: "", style: "", column };
    this.queue.splice(number === undefined ? this.queue.length : number - this.taken, 0, token);
  }

  private unroll(column: number): void {
    while (!this.inFlow && this.indent > column) {
      this.push("block-end", this.cursor.at, this.cursor.at);
      this.indent = this.indents.pop() ?? -1;
    }
  }

  /** What begins at the left edge ends everything before it. */
  private leaveBlocks(): void {
    this.unroll(-1);
    this.dropKey();
    this.keyAllowed = false;
  }

  /** The end counts as a new line, on which no name of a field goes on. */
  private fetchEnd(): void {
    if (this.cursor.column > 0) this.cursor.newLine();
    this.leaveBlocks();
    this.push("end", this.cursor.at, this.cursor.at);
  }

  private fetchDirective(): void {
    this.leaveBlocks();
    const start = this.cursor.at;
    const found = directive(this.cursor);
    const rest = found.kind === "version" ? {} : { value: found.prefix, tag: { handle: found.handle, suffix: "" } };
    this.push(found.kind, start, found.end, { ...rest, supported: found.supported });
  }

  private fetchMarker(kind: TokenKind): void {
    this.leaveBlocks();
    this.consume(kind, 3);
  }

  private consume(kind: TokenKind, length = 1): void {
    const { at, column } = this.cursor;
    this.cursor.at += length;
    this.push(kind, at, this.cursor.at, { column });
  }

  private fetchOpening(kind: "[" | "{"): void {
    this.saveKey();
    this.keys.push(undefined);
    this.keyAllowed = true;
    this.consume(kind);
  }

  private fetchClosing(kind: "]" | "}"): void {
    this.dropKey();
    if (this.inFlow) this.keys.pop();
    this.keyAllowed = false;
    this.consume(kind);
  }

  private fetchComma(): void {
    this.dropKey();
    this.keyAllowed = true;
    this.consume(",");
  }

  /** A "-" in brackets is left to the grammar, which knows what is open. */
  private fetchDash(): void {
    if (!this.inFlow && !this.keyAllowed) throw new BadYaml("list not here", this.cursor.at);
    this.roll(this.cursor.column, "block-list", this.cursor.at);
    this.dropKey();
    this.keyAllowed = true;
    this.consume("-");
  }

  private fetchQuestion(): void {
    if (!this.inFlow && !this.keyAllowed) throw new BadYaml("key not here", this.cursor.at);
    this.roll(this.cursor.column, "block-mapping", this.cursor.at);
    this.dropKey();
    this.keyAllowed = !this.inFlow;
    this.consume("?");
  }

  private fetchColon(): void {
    const key = this.keys.at(-1);
    if (key) {
      this.queue.splice(key.number - this.taken, 0, { kind: "?", start: key.at, end: key.at, value: "", style: "" });
      this.roll(key.column, "block-mapping", key.at, key.number);
      this.keys[this.keys.length - 1] = undefined;
      this.keyAllowed = false;
    } else {
      if (!this.inFlow && !this.keyAllowed) throw new BadYaml("value not here", this.cursor.at);
      this.roll(this.cursor.column, "block-mapping", this.cursor.at);
      this.keyAllowed = !this.inFlow;
    }
    this.consume(":");
  }

  private fetchAnchor(kind: "alias" | "anchor"): void {
    this.saveKey();
    this.keyAllowed = false;
    const { cursor } = this;
    const start = cursor.at;
    cursor.at += 1;
    const value = cursor.word();
    if (!value || !(isGap(cursor.code) || "?:,]}%@`".includes(cursor.text[cursor.at] ?? ""))) throw new BadYaml("anchor", cursor.at, start);
    this.push(kind, start, cursor.at, { value });
  }

  private fetchTag(): void {
    this.saveKey();
    this.keyAllowed = false;
    const start = this.cursor.at;
    const found = tag(this.cursor, this.inFlow);
    this.push("tag", start, this.cursor.at, { tag: found });
  }

  private fetchBlockScalar(style: string): void {
    this.dropKey();
    this.keyAllowed = true;
    const start = this.cursor.at;
    const { value, end } = blockScalar(this.cursor, this.indent);
    this.push("scalar", start, end, { value, style });
  }

  private fetchQuoted(style: string): void {
    this.saveKey();
    this.keyAllowed = false;
    const start = this.cursor.at;
    const { value, end } = quotedScalar(this.cursor);
    this.push("scalar", start, end, { value, style });
  }

  private fetchPlain(): void {
    this.saveKey();
    this.keyAllowed = false;
    const start = this.cursor.at;
    const { value, end, broken } = plainScalar(this.cursor, this.indent + 1, this.inFlow);
    this.push("scalar", start, end, { value });
    if (broken) this.keyAllowed = true;
  }
}
