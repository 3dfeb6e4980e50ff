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

/** Not remembered. A separator with nothing behind it begins no second document. */
export function parsedAnew(source: string): Document.Parsed {
  const doc = parseDocument(source, { keepSourceTokens: true, merge: true, logLevel: "error", prettyErrors: false });
  doc.errors = doc.errors.filter((error) => error.code !== "MULTIPLE_DOCS" || !NOTHING_MORE.test(source.slice(error.pos[0])));
  return doc;
}
