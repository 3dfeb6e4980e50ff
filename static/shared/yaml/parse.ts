// The one way in which manifests are parsed here: YAML 1.2 with merge keys, as the server reads them.
import { parseDocument, type Document } from "yaml";

const NOTHING_MORE = /^(?:(?:---|\.\.\.)?[ \t]*(?:#.*)?(?:\r?\n|$))*$/;

const KEPT = 2;
const last: { source: string; doc: Document.Parsed }[] = [];

/** Chart, settings, problems and gestures all read the same text; only the first one parses it. Nobody may change the document. */
export function parseManifest(source: string): Document.Parsed {
  const known = last.find((one) => one.source === source);
  if (known) return known.doc;
  const doc = parsedAnew(source);
  last.unshift({ source, doc });
  last.length = Math.min(last.length, KEPT);
  return doc;
}

// What Helm writes for templates that gave nothing: separators with comments alone between them.
const NOTHING_BEFORE = /^(?:(?:[ \t]*(?:#.*)?\r?\n)*---[ \t]*(?:#.*)?\r?\n(?:[ \t]*(?:#.*)?\r?\n)*)+(?=---)/;

/** Empty documents in front become blank, so that every offset stays. */
const withoutEmptyBefore = (source: string): string => source.replace(NOTHING_BEFORE, (empty) => empty.replace(/[^\r\n]/g, " "));

/** Not remembered. A separator with nothing behind it begins no second document, nor does one with nothing before it. */
export function parsedAnew(source: string): Document.Parsed {
  const doc = parseDocument(withoutEmptyBefore(source), { keepSourceTokens: true, merge: true, logLevel: "error", prettyErrors: false });
  doc.errors = doc.errors.filter((error) => error.code !== "MULTIPLE_DOCS" || !NOTHING_MORE.test(source.slice(error.pos[0])));
  return doc;
}
