// Finds out what tokens make up, as the server's parser does; never looks at the text behind them.
import { type Composer, type Properties } from "./compose";
import { BadYaml } from "./cursor";
import type { ManifestNode } from "./nodes";
import { TAG } from "./values";
import type { TokenKind, Tokens } from "./tokens";

const NEXT_DOCUMENT: readonly TokenKind[] = ["version", "tag-directive", "document-start", "document-end", "end"];
const NO_ITEM: readonly TokenKind[] = ["-", "block-end"];
const NO_FIELD: readonly TokenKind[] = ["?", ":", "block-end"];

export class Grammar {
  private handles = new Map<string, string>();

  constructor(
    private readonly tokens: Tokens,
    private readonly composer: Composer,
  ) {}

  /** The next document, or undefined where the text ends. Only the first one may begin without "---". */
  document(first: boolean): ManifestNode | undefined {
    if (!first) while (this.sees("document-end")) this.tokens.take();
    if (this.sees("end")) return undefined;
    const implicit = first && !this.sees("version", "tag-directive", "document-start");
    if (!implicit) this.documentStart();
    else this.handles = new Map([["!", "!"], ["!!", TAG]]);
    this.composer.begin();
    const root = !implicit && this.sees(...NEXT_DOCUMENT) ? this.empty(this.tokens.peek().start) : this.node(true);
    if (this.sees("document-end")) this.tokens.take();
    return root;
  }

  private sees(...kinds: readonly TokenKind[]): boolean {
    return kinds.includes(this.tokens.peek().kind);
  }

  private documentStart(): void {
    const handles = new Map<string, string>();
    let version = false;
    while (this.sees("version", "tag-directive")) {
      const token = this.tokens.peek();
      const handle = token.tag?.handle;
      const wrong = handle === undefined ? version || !token.supported : handles.has(handle);
      if (wrong) throw new BadYaml("directive", token.start);
      if (handle === undefined) version = true;
      else handles.set(handle, token.value);
      this.tokens.take();
    }
    const start = this.tokens.peek();
    if (start.kind !== "document-start") throw new BadYaml("no document start", start.start);
    this.handles = new Map([["!", "!"], ["!!", TAG], ...handles]);
    this.tokens.take();
  }

  /** A list may stand at the column of the field that holds it: then no token begins or ends it. */
  private node(block: boolean, indentless = false): ManifestNode {
    if (this.sees("alias")) {
      const { value, start, end } = this.tokens.take();
      return this.composer.alias(value, start, end);
    }
    const { props, end } = this.properties();
    const { kind, start, end: tokenEnd, value, style } = this.tokens.peek();
    if (indentless && kind === "-") return this.indentlessList(props, tokenEnd);
    if (kind === "scalar") {
      this.tokens.take();
      return this.composer.scalar(props, value, style, tokenEnd);
    }
    if (kind === "[") return this.flowList(props, tokenEnd);
    if (kind === "{") return this.flowMapping(props, tokenEnd);
    if (block && kind === "block-list") return this.blockList(props, tokenEnd);
    if (block && kind === "block-mapping") return this.blockMapping(props, tokenEnd);
    if (props.anchor === undefined && props.tag === undefined) throw new BadYaml("no content", start, props.start);
    return this.composer.scalar(props, "", "", end);
  }

  /** An anchor and a tag, in either order. */
  private properties(): { props: Properties; end: number } {
    const props: Properties = { anchor: undefined, tag: undefined, start: this.tokens.peek().start };
    let end = props.start;
    let undefinedTag = -1;
    for (;;) {
      const token = this.tokens.peek();
      if (token.kind === "anchor" && props.anchor === undefined) props.anchor = token.value;
      else if (token.kind === "tag" && token.tag && props.tag === undefined) {
        const { handle, suffix } = token.tag;
        const prefix = handle === "" ? "" : this.handles.get(handle);
        if (prefix === undefined) undefinedTag = token.start;
        props.tag = (prefix ?? "") + suffix;
      } else break;
      end = token.end;
      this.tokens.take();
    }
    if (undefinedTag >= 0) throw new BadYaml("tag handle", undefinedTag, props.start);
    return { props, end };
  }

  private empty(at: number): ManifestNode {
    return this.composer.scalar({ anchor: undefined, tag: undefined, start: at }, "", "", at);
  }

  private blockList(props: Properties, end: number): ManifestNode {
    const { start: begin, column } = this.tokens.peek();
    this.composer.openCollection("list", props, end, column);
    this.tokens.take();
    while (this.sees("-")) this.nodeOrEmpty(this.tokens.take().end, NO_ITEM, false);
    const token = this.tokens.peek();
    if (token.kind !== "block-end") throw new BadYaml("no dash", token.start, begin);
    this.tokens.take();
    return this.composer.close(token.end);
  }

  private indentlessList(props: Properties, end: number): ManifestNode {
    this.composer.openCollection("list", props, end, this.tokens.peek().column);
    while (this.sees("-")) this.nodeOrEmpty(this.tokens.take().end, ["-", ...NO_FIELD], false);
    return this.composer.close(this.tokens.peek().start);
  }

  private nodeOrEmpty(at: number, none: readonly TokenKind[], indentless: boolean): void {
    if (this.sees(...none)) this.empty(at);
    else this.node(true, indentless);
  }

  private blockMapping(props: Properties, end: number): ManifestNode {
    const { start: begin, column } = this.tokens.peek();
    this.composer.openCollection("mapping", props, end, column);
    this.tokens.take();
    while (this.sees("?")) {
      this.nodeOrEmpty(this.tokens.take().end, NO_FIELD, true);
      if (this.sees(":")) this.nodeOrEmpty(this.tokens.take().end, NO_FIELD, true);
      else this.empty(this.tokens.peek().start);
    }
    const token = this.tokens.peek();
    if (token.kind !== "block-end") throw new BadYaml("no key", token.start, begin);
    this.tokens.take();
    return this.composer.close(token.end);
  }

  /** Up to the closing bracket, `member` taking one member in. */
  private flow(closing: "]" | "}", member: () => void): ManifestNode {
    const begin = this.tokens.take().start;
    for (let first = true; !this.sees(closing); first = false) {
      if (!first) {
        const token = this.tokens.peek();
        if (token.kind !== ",") throw new BadYaml(`open ${closing}`, token.start, begin);
        this.tokens.take();
        if (this.sees(closing)) break;
      }
      member();
    }
    return this.composer.close(this.tokens.take().end);
  }

  private flowList(props: Properties, end: number): ManifestNode {
    this.composer.openCollection("list", props, end);
    return this.flow("]", () => {
      if (this.sees("?")) this.pairInList();
      else this.node(false);
    });
  }

  /** `[a: b]` holds a mapping of one field. */
  private pairInList(): void {
    const token = this.tokens.take();
    this.composer.openCollection("mapping", { anchor: undefined, tag: undefined, start: token.start }, token.end);
    if (this.sees(":", ",", "]")) {
      // The server's parser takes this token for the key, whatever it is.
      this.empty(this.tokens.take().end);
    } else this.node(false);
    this.flowValue("]");
    this.composer.close(this.tokens.peek().start);
  }

  private flowMapping(props: Properties, end: number): ManifestNode {
    this.composer.openCollection("mapping", props, end);
    return this.flow("}", () => {
      if (!this.sees("?")) {
        this.node(false);
        this.empty(this.tokens.peek().start);
        return;
      }
      this.tokens.take();
      if (this.sees(":", ",", "}")) this.empty(this.tokens.peek().start);
      else this.node(false);
      this.flowValue("}");
    });
  }

  private flowValue(closing: "]" | "}"): void {
    if (this.sees(":")) {
      this.tokens.take();
      if (!this.sees(",", closing)) {
        this.node(false);
        return;
      }
    }
    this.empty(this.tokens.peek().start);
  }
}
