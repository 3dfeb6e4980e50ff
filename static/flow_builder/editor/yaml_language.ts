// YAML in the editor: colours of what is seen, folding and indentation, all from the lines around, never from the whole text.
// The language package's own support parses thousands of lines anew at each letter, which took longer than the chart.
import { yamlLanguage } from "@codemirror/lang-yaml";
import { foldService, indentService } from "@codemirror/language";
import { EditorState, RangeSetBuilder, type Extension, type Text } from "@codemirror/state";
import { Decoration, ViewPlugin, type DecorationSet, type EditorView, type ViewUpdate } from "@codemirror/view";
import { highlightTree, tagHighlighter, tags } from "@lezer/highlight";

const classes = tagHighlighter([
  { tag: tags.definition(tags.propertyName), class: "k" },
  { tag: tags.propertyName, class: "k" },
  { tag: [tags.content, tags.string, tags.special(tags.string), tags.attributeValue], class: "v" },
  { tag: [tags.comment, tags.lineComment], class: "c" },
  { tag: [tags.punctuation, tags.separator, tags.squareBracket, tags.brace, tags.meta], class: "p" },
]);

const marks = new Map<string, Decoration>();
const markOf = (names: string): Decoration => {
  const known = marks.get(names) ?? Decoration.mark({ class: names });
  marks.set(names, known);
  return known;
};

/** Columns before the first character; undefined for lines that only hold a comment, or nothing. */
function indentOf(text: string): number | undefined {
  const first = text.search(/\S/);
  return first < 0 || text[first] === "#" ? undefined : first;
}

/** Lines that are read above what is seen, at the most. */
const MOST_ABOVE = 400;

/** Where to begin reading, so that no line that is seen stands farther left than the first one read. */
function beginning(doc: Text, from: number, to: number): number {
  const first = doc.lineAt(from).number;
  let least = Infinity;
  for (let number = first; number <= doc.lineAt(to).number; number += 1) least = Math.min(least, indentOf(doc.line(number).text) ?? Infinity);
  for (let number = first; number >= Math.max(1, first - MOST_ABOVE); number -= 1) {
    const { text, from: start } = doc.line(number);
    const indent = indentOf(text);
    if (indent !== undefined && indent <= least) return start;
  }
  return doc.line(Math.max(1, first - MOST_ABOVE)).from;
}

/** The marks of what is seen, wherever the editor's own offsets say: those count every line break as one. */
export function coloured({ state, visibleRanges }: Pick<EditorView, "state" | "visibleRanges">): DecorationSet {
  const found = new RangeSetBuilder<Decoration>();
  for (const { from, to } of visibleRanges) {
    const start = beginning(state.doc, from, to);
    // A comment begins behind a tab as well, which the parser takes for a letter.
    const tree = yamlLanguage.parser.parse(state.doc.sliceString(start, to).replaceAll("\t", " "));
    highlightTree(tree, classes, (at, end, names) => {
      if (start + end > from) found.add(start + at, start + end, markOf(names));
    });
  }
  return found.finish();
}

const colours = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;

    constructor(view: EditorView) {
      this.decorations = coloured(view);
    }

    update(update: ViewUpdate): void {
      if (update.docChanged || update.viewportChanged) this.decorations = coloured(update.view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

/** A line folds over the deeper lines below it; an entry's dash stands as deep as its fields do not. */
export function foldable({ doc }: EditorState, lineStart: number): { from: number; to: number } | null {
  const line = doc.lineAt(lineStart);
  const indent = indentOf(line.text);
  if (indent === undefined) return null;
  let end = line.to;
  for (let number = line.number + 1; number <= doc.lines; number += 1) {
    const { text, to } = doc.line(number);
    const deep = indentOf(text);
    if (deep === undefined) continue;
    // A list may stand right below its key, as deep as the key.
    const isEntry = deep === indent && /^ *-(?: |$)/.test(text) && !/^ *-(?: |$)/.test(line.text) && /:\s*(?:#.*)?$/.test(line.text);
    if (deep <= indent && !isEntry) break;
    end = to;
  }
  return end > line.to ? { from: line.to, to: end } : null;
}

/** Under a field that opens something, two columns deeper; under an entry's first field, beside it; under an entry that is a word, at its dash. */
export function indentation(state: EditorState, at: number): number | null {
  const { text, from } = state.doc.lineAt(at);
  const written = text.slice(0, at - from);
  const indent = indentOf(written);
  if (indent === undefined) return null;
  const [, marks = "", words = ""] = /^ *((?:- +)*)(.*)$/.exec(written) ?? [];
  // A second word would go on with the first one, as one text over two lines.
  const isWord = marks !== "" && /^[^\s#[{|>&!]/.test(words) && !/:(?:\s|$)/.test(words);
  const dashes = isWord ? marks.lastIndexOf("-") : marks.length;
  return indent + dashes + (/:\s*$/.test(written) ? 2 : 0);
}

export const yamlSupport: Extension = [
  colours,
  foldService.of(foldable),
  indentService.of(({ state }, at) => indentation(state, at)),
  EditorState.languageData.of(() => [{ commentTokens: { line: "#" } }]),
];
