// Finds what the server's parser lets pass around quotes and brackets, and the chart's and other readers of YAML 1.2
// do not: lines too far left, comments without a space in front. Never looks at what the text says.
import type { Fault } from "./fault";

const LINE = /(?:\r\n|\n|\r)( *)(?![ \r\n])/g;

export class Strict {
  constructor(
    private readonly text: string,
    private readonly lineOf: (at: number) => number,
  ) {}

  /** text[start:end] is in quotes and belongs to a field or item at `column` (-1: to the whole document). */
  inQuotes(start: number, end: number, column: number): Fault[] {
    return this.find(start, end, column, "The text in quotes", () => false);
  }

  /** Comments may stand anywhere, and the last bracket below the field that it belongs to. The outermost brackets are judged for all in them. */
  inBrackets(start: number, end: number, column: number): Fault[] {
    const allowed = (at: number, indent: number): boolean => this.text[at] === "#" || (at === end - 1 && indent === column);
    return this.find(start, end, column, "What stands in brackets", allowed);
  }

  private find(start: number, end: number, column: number, what: string, allowed: (at: number, indent: number) => boolean): Fault[] {
    const found: Fault[] = [];
    if (this.text[end] === "#") {
      found.push({ code: "syntax", message: 'A comment needs a space in front of its "#". Add one.', from: end, to: end + 1 });
    }
    if (column < 0) return found;
    LINE.lastIndex = start;
    for (let line = LINE.exec(this.text); line && LINE.lastIndex < end; line = LINE.exec(this.text)) {
      const indent = line[1]?.length ?? 0;
      const at = LINE.lastIndex;
      if (indent > column || allowed(at, indent)) continue;
      const message = `${what} that begins on line ${this.lineOf(start)} goes on too far left here. Indent this line by at least ${column + 1} spaces.`;
      return [...found, { code: "syntax", message, from: at, to: at + 1 }];
    }
    return found;
  }
}
