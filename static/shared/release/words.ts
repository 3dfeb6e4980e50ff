// Small rules of wording that everything said of a release shares. Pure.

/** "qa", "qa and prod", "qa, prod and prod-eu". */
export const namesOf = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? "") : `${words.slice(0, -1).join(", ")} and ${words[words.length - 1] ?? ""}`;

/** With a full stop, unless it ends in one. */
export const sentenceOf = (text: string): string => (text === "" || /[.!?]$/.test(text) ? text : `${text}.`);

/** The first sentence and the rest; a full stop inside a version or a file name ends nothing. */
export function splitSentence(text: string): [string, string] {
  const match = /^([\s\S]+?[.!?])\s+(\S[\s\S]*)$/.exec(text.trim());
  return match ? [match[1] ?? "", match[2] ?? ""] : [text.trim(), ""];
}

/** "Degraded: ..." of "demo-trioapp-eu is Degraded: ...", for a place that says already which application it is about. */
export function withoutSubject(text: string, applications: readonly { name: string }[]): string {
  const [only] = applications;
  if (applications.length !== 1 || !only || !text.startsWith(`${only.name} is `)) return text;
  const rest = text.slice(only.name.length + 4);
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}
