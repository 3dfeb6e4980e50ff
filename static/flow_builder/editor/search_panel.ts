// The YAML editor's search: the page's own fields and buttons above the text, what is found counted beside the field.
import { closeSearchPanel, findNext, findPrevious, getSearchQuery, replaceAll, replaceNext, SearchQuery, selectMatches, setSearchQuery } from "@codemirror/search";
import type { EditorState } from "@codemirror/state";
import { runScopeHandlers, type Command, type EditorView, type Panel } from "@codemirror/view";
import { icon } from "../../site/dom";

/** Nobody reads a larger number, and counting on would delay the next letter. */
const MOST_COUNTED = 999;

function element<K extends keyof HTMLElementTagNameMap>(tag: K, properties: Partial<HTMLElementTagNameMap[K]>, ...children: (Node | string)[]): HTMLElementTagNameMap[K] {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function field(words: string): HTMLInputElement {
  const input = element("input", { type: "text", placeholder: words, autocomplete: "off", spellcheck: false });
  input.setAttribute("aria-label", words);
  return input;
}

function choice(words: string): { label: HTMLLabelElement; box: HTMLInputElement } {
  const box = element("input", { type: "checkbox" });
  return { label: element("label", { className: "choice" }, box, words), box };
}

interface Range {
  from: number;
  to: number;
}

/** Where the query matches, in order: one more than are counted at most, which says that there are more. */
export function matchesOf(state: EditorState, query: SearchQuery): readonly Range[] {
  if (query.search === "" || !query.valid) return [];
  const found: Range[] = [];
  const cursor = query.getCursor(state);
  for (let next = cursor.next(); !next.done && found.length <= MOST_COUNTED; next = cursor.next()) found.push({ from: next.value.from, to: next.value.to });
  return found;
}

/** "2 of 5" on a match, "5 found" beside them; "" while nothing is searched. */
export function countWords(matches: readonly Range[], query: SearchQuery, selected: Range): string {
  if (query.search === "") return "";
  if (!query.valid) return "Invalid expression";
  if (matches.length === 0) return "No match";
  const counted = matches.slice(0, MOST_COUNTED);
  const count = matches.length > MOST_COUNTED ? `${MOST_COUNTED}+` : `${matches.length}`;
  const at = counted.findIndex((one) => one.from === selected.from && one.to === selected.to);
  return at < 0 ? `${count} found` : `${at + 1} of ${count}`;
}

export function searchPanel(view: EditorView): Panel {
  const find = field("Find");
  // The editor gives it the focus when the search is asked for again.
  find.setAttribute("main-field", "true");
  const replace = field("Replace with");
  const exact = choice("Match case");
  const whole = choice("Whole words");
  const pattern = choice("Regular expression");
  const count = element("span", { className: "found" });
  count.setAttribute("role", "status");
  const press = (words: string, run: Command): HTMLButtonElement => element("button", { type: "button", className: "btn sm", onclick: () => run(view) }, words);
  const pressIcon = (name: string, words: string, key: string, run: Command): HTMLButtonElement => {
    const button = element("button", { type: "button", className: "btn quiet icon xs", title: `${words} (${key})`, onclick: () => run(view) }, icon(name));
    button.setAttribute("aria-label", words);
    return button;
  };
  const dom = element(
    "div",
    { className: "search-panel" },
    element(
      "div",
      { className: "row" },
      element("span", { className: "input sm" }, find, count),
      pressIcon("chev-u", "Previous match", "Shift F3", findPrevious),
      pressIcon("chev-d", "Next match", "F3", findNext),
      pressIcon("x", "Close the search", "Esc", closeSearchPanel),
    ),
    element("div", { className: "row" }, element("span", { className: "input sm" }, replace), press("Replace", replaceNext), press("Replace all", replaceAll)),
    element("div", { className: "row choices" }, exact.label, whole.label),
    element("div", { className: "row choices" }, pattern.label, press("Select all", selectMatches)),
  );
  dom.setAttribute("role", "search");
  dom.setAttribute("aria-label", "Search in the YAML");

  const show = ({ search, replace: by, caseSensitive, wholeWord, regexp }: SearchQuery): void => {
    // Written only where it differs: else the cursor in the field would jump to its end.
    if (find.value !== search) find.value = search;
    if (replace.value !== by) replace.value = by;
    exact.box.checked = caseSensitive;
    whole.box.checked = wholeWord;
    pattern.box.checked = regexp;
  };
  let matches: readonly Range[] = [];
  /** For another text or query; where the cursor is among the matches is told without looking through the text. */
  const look = (): void => void (matches = matchesOf(view.state, getSearchQuery(view.state)));
  const tell = (): void => {
    count.textContent = countWords(matches, getSearchQuery(view.state), view.state.selection.main);
  };
  const commit = (): void => {
    const query = new SearchQuery({
      search: find.value, replace: replace.value, caseSensitive: exact.box.checked, wholeWord: whole.box.checked, regexp: pattern.box.checked,
    });
    if (!query.eq(getSearchQuery(view.state))) view.dispatch({ effects: setSearchQuery.of(query) });
  };
  dom.addEventListener("input", commit);
  dom.addEventListener("keydown", (event) => {
    const enter = event.key !== "Enter" ? undefined : event.target === replace ? replaceNext : event.target === find ? (event.shiftKey ? findPrevious : findNext) : undefined;
    if (runScopeHandlers(view, event, "search-panel") || enter) event.preventDefault();
    enter?.(view);
  });
  show(getSearchQuery(view.state));
  look();
  tell();
  return {
    dom,
    top: true,
    mount: () => find.select(),
    update: ({ transactions, docChanged, selectionSet }) => {
      const asked = transactions.flatMap(({ effects }) => effects).filter((effect) => effect.is(setSearchQuery)).at(-1);
      if (asked) show(asked.value);
      if (asked || docChanged) look();
      if (asked || docChanged || selectionSet) tell();
    },
  };
}
