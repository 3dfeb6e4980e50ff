// Tags, and the directives in front of a document; never says whether a manifest may have them.
import { BadYaml, isGap, type Cursor } from "./cursor";

type Reason = "tag" | "directive";

/** A tag as it is written: `!handle!suffix`, with a handle of "" for one that needs no directive. */
export interface TagText {
  handle: string;
  suffix: string;
}

export function tag(cursor: Cursor, inFlow: boolean): TagText {
  const begin = cursor.at;
  const found = cursor.text[begin + 1] === "<" ? verbatim(cursor, begin) : shorthand(cursor, begin);
  const done = isGap(cursor.code) || (inFlow && cursor.is(","));
  if (!done) throw new BadYaml("tag", cursor.at, begin);
  return found;
}

function verbatim(cursor: Cursor, begin: number): TagText {
  cursor.at += 2;
  const suffix = uri(cursor, true, begin, "tag");
  if (!cursor.is(">")) throw new BadYaml("tag", cursor.at, begin);
  cursor.at += 1;
  return { handle: "", suffix };
}

function shorthand(cursor: Cursor, begin: number): TagText {
  const handle = tagHandle(cursor, begin, "tag");
  if (handle.length > 1 && handle.endsWith("!")) return { handle, suffix: uri(cursor, false, begin, "tag") };
  const suffix = uri(cursor, false, begin, "tag", handle.slice(1));
  return suffix ? { handle: "!", suffix } : { handle: "", suffix: "!" };
}

function tagHandle(cursor: Cursor, begin: number, reason: Reason): string {
  if (!cursor.is("!")) throw new BadYaml(reason, cursor.at, begin);
  const from = cursor.at;
  cursor.at += 1;
  cursor.word();
  if (cursor.is("!")) cursor.at += 1;
  return cursor.text.slice(from, cursor.at);
}

const URI = /[\w\-;/?:@&=+$.!~*'()%]/;
const VERBATIM_URI = /[\w\-;/?:@&=+$.!~*'()%,[\]]/;

function uri(cursor: Cursor, verbatimly: boolean, begin: number, reason: Reason, head?: string): string {
  const allowed = verbatimly ? VERBATIM_URI : URI;
  let found = head ?? "";
  while (!cursor.ended && allowed.test(cursor.text[cursor.at] ?? "")) found += cursor.is("%") ? octets(cursor, begin, reason) : cursor.text[cursor.at++];
  if (!found && head === undefined) throw new BadYaml(reason, cursor.at, begin);
  return found;
}

/** One character written as octets, such as %C3%A9. */
function octets(cursor: Cursor, begin: number, reason: Reason): string {
  const bytes: number[] = [];
  let width = 1;
  for (; width > 0; width -= 1) {
    const hex = /^%([0-9A-Fa-f]{2})/.exec(cursor.text.slice(cursor.at, cursor.at + 3))?.[1];
    if (hex === undefined) throw new BadYaml(reason, cursor.at, begin);
    const octet = Number.parseInt(hex, 16);
    if (bytes.length === 0) {
      width = octet < 0x80 ? 1 : (octet & 0xe0) === 0xc0 ? 2 : (octet & 0xf0) === 0xe0 ? 3 : (octet & 0xf8) === 0xf0 ? 4 : 0;
      if (width === 0) throw new BadYaml(reason, cursor.at, begin);
    } else if ((octet & 0xc0) !== 0x80) throw new BadYaml(reason, cursor.at, begin);
    bytes.push(octet);
    cursor.at += 3;
  }
  return new TextDecoder().decode(new Uint8Array(bytes));
}

export type Directive = { kind: "version" } | { kind: "tag-directive"; handle: string; prefix: string };

/** A line that begins with "%". */
export function directive(cursor: Cursor): Directive & { end: number; supported: boolean } {
  const begin = cursor.at;
  cursor.at += 1;
  const name = cursor.word();
  if (!name || !isGap(cursor.code) || (name !== "YAML" && name !== "TAG")) throw new BadYaml("directive", cursor.at, begin);
  const found = name === "YAML" ? version(cursor, begin) : tagDirective(cursor, begin);
  const end = cursor.at;
  cursor.endLine("directive", begin);
  return { ...found, end };
}

function version(cursor: Cursor, begin: number): { kind: "version"; supported: boolean } {
  cursor.skipBlanks();
  const number = (): number => {
    const from = cursor.at;
    while (/[0-9]/.test(cursor.text[cursor.at] ?? "")) {
      if (cursor.at - from === 9) throw new BadYaml("directive", cursor.at, begin);
      cursor.at += 1;
    }
    if (cursor.at === from) throw new BadYaml("directive", cursor.at, begin);
    return Number(cursor.text.slice(from, cursor.at));
  };
  const major = number();
  if (!cursor.is(".")) throw new BadYaml("directive", cursor.at, begin);
  cursor.at += 1;
  const minor = number();
  return { kind: "version", supported: major === 1 && (minor === 1 || minor === 2) };
}

function tagDirective(cursor: Cursor, begin: number): { kind: "tag-directive"; handle: string; prefix: string; supported: true } {
  cursor.skipBlanks();
  const handle = tagHandle(cursor, begin, "directive");
  const whole = handle === "!" || (handle.length > 1 && handle.endsWith("!"));
  if (!whole || !isGap(cursor.code)) throw new BadYaml("directive", cursor.at, begin);
  cursor.skipBlanks();
  const prefix = uri(cursor, true, begin, "directive");
  if (!isGap(cursor.code)) throw new BadYaml("directive", cursor.at, begin);
  return { kind: "tag-directive", handle, prefix, supported: true };
}
