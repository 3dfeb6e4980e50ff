// Which known name a person meant, and the RFC 1123 name nearest to what was typed; never looks anything up.

export const NAME_RULE =
  'use lower-case letters, digits, "-" and ".", beginning and ending with a letter or digit (RFC 1123)';
export const LABEL_RULE =
  'use at most 63 lower-case letters, digits and "-", beginning and ending with a letter or digit (RFC 1123)';
const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LONGEST = 253;
const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const LONGEST_LABEL = 63;

export const isName = (text: string): boolean => text.length <= LONGEST && NAME.test(text);

export const isLabel = (text: string): boolean => text.length <= LONGEST_LABEL && LABEL.test(text);

/** `Prod EU` gives `prod-eu`; undefined where nothing is left or the text is a name already. */
export function nearestName(text: string): string | undefined {
  const ascii = text.normalize("NFKD").replace(/[^ -~]/g, "").toLowerCase();
  const plain = ascii.replace(/[^a-z0-9.]+/g, "-").replace(/-*\.[-.]*/g, ".").slice(0, LONGEST).replace(/^[-.]+|[-.]+$/g, "");
  return isName(plain) && plain !== text ? plain : undefined;
}

/** The RFC 1123 label, without dots and shorter than a name, nearest to what was typed. */
export function nearestLabel(text: string): string | undefined {
  const plain = (nearestName(text) ?? (isName(text) ? text : "")).replaceAll(".", "-").slice(0, LONGEST_LABEL).replace(/-+$/, "");
  return isLabel(plain) && plain !== text ? plain : undefined;
}

/** Letters that must be typed, dropped or changed to get from one text to the other. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_unused, at) => at);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const changed = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}

/** The known name that was most likely meant, or undefined when none is near. */
export function closest(text: string, known: Iterable<string>): string | undefined {
  const names = [...known].sort();
  const folded = names.find((name) => name.toLowerCase() === text.toLowerCase());
  if (folded !== undefined) return folded;
  const ranked = names
    .map((name) => ({ name, far: distance(text.slice(0, 200), name) / Math.max(text.length, name.length, 1) }))
    .sort((one, other) => one.far - other.far);
  return ranked[0] && ranked[0].far <= 0.4 ? ranked[0].name : undefined;
}

/** A value as it stands in a message: in double quotes, on one line, at most 60 characters of it. */
export function quoted(text: string): string {
  const shown = text.replace(/\p{C}/gu, " ");
  return shown.length > 60 ? `"${shown.slice(0, 57)}..."` : `"${shown}"`;
}
