// The one way in which manifests are parsed here: YAML 1.2 with merge keys, as the server reads them.
import { parseDocument, type Document } from "yaml";

const NOTHING_MORE = /^(?:(?:---|\.\.\.)?[ \t]*(?:#.*)?(?:\r?\n|$))*$/;

/** A separator with nothing behind it begins no second document. */
export function parseManifest(source: string): Document.Parsed {
  const doc = parseDocument(source, { keepSourceTokens: true, merge: true, logLevel: "error", prettyErrors: false });
  doc.errors = doc.errors.filter((error) => error.code !== "MULTIPLE_DOCS" || !NOTHING_MORE.test(source.slice(error.pos[0])));
  return doc;
}
