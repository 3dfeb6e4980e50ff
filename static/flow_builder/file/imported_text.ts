// Reads a file that is to become the flow's text: byte for byte, or a sentence that says why not; never changes a character.
import { flowProblems } from "../problems/problems";

export type Imported = { text: string } | { refusal: string };

const MOST_BYTES = 1024 * 1024;
const NO_TEXT = "It is not text. Choose a YAML file with one promotion flow, saved as UTF-8.";

/** A text that cannot be parsed is still taken where it means to be a flow: the editor shows the line to mend. */
const MEANT_AS_FLOW = /(?:^|[\s{,\ufeff])["']?kind["']?\s*:\s*["']?PromotionFlow\b/;

/** Codes that say that the text is another thing than one flow. */
const NO_FLOW = new Set(["empty", "not-a-manifest", "wrong-kind", "unknown-kind"]);

export async function importedText(file: File): Promise<Imported> {
  if (file.size > MOST_BYTES) return { refusal: "It is larger than 1 MiB, the limit here. No flow needs that much." };
  const bytes = await bytesOf(file);
  if (!bytes) return { refusal: "The browser could not read it. See that it is still there, then choose it again." };
  const text = decoded(bytes);
  if (text === undefined) return { refusal: NO_TEXT };
  const refusal = refusalOf(text);
  return refusal === undefined ? { text } : { refusal };
}

/** Undefined where the file went, or may not be read. */
async function bytesOf(file: File): Promise<ArrayBuffer | undefined> {
  try {
    return await file.arrayBuffer();
  } catch (error) {
    if (error instanceof DOMException) return undefined;
    throw error;
  }
}

/** With the byte order mark, where there is one: exporting gives the same bytes again. */
function decoded(bytes: ArrayBuffer): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function refusalOf(text: string): string | undefined {
  const problems = flowProblems(text, { environments: undefined, workflows: undefined });
  const odd = problems.find((one) => one.code === "character");
  if (odd) return `Line ${odd.line}, column ${odd.column}: ${odd.message}`;
  const second = problems.find((one) => one.code === "several-documents");
  if (second) return `It holds several documents, the second from line ${second.line} on. Keep one promotion flow in it.`;
  const other = problems.find((one) => NO_FLOW.has(one.code));
  if (other) return other.message;
  return MEANT_AS_FLOW.test(text) ? undefined : "It is no promotion flow: nothing in it says kind: PromotionFlow.";
}
