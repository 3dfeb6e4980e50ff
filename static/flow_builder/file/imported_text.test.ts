// Which files become the flow's text, to the byte, and what is said of the others.
import { describe, expect, test } from "vitest";
import { PARALLEL } from "../gestures/flows.fixture";
import { importedText } from "./imported_text";

const file = (...parts: BlobPart[]): File => new File(parts, "flow.yaml");

describe("taken to the byte", () => {
  test.each([
    ["as people write it", PARALLEL],
    ["with Windows line ends", PARALLEL.replaceAll("\n", "\r\n")],
    ["without a newline at the end", PARALLEL.trimEnd()],
    ["with a byte order mark", `\ufeff${PARALLEL}`],
    ["behind a document start", `---\n${PARALLEL}`],
    ["whose first field is its kind, behind a byte order mark", `\ufeffkind: PromotionFlow\n${PARALLEL.replace("kind: PromotionFlow\n", "")}`],
    ["written as JSON", '{"apiVersion": "codefresh.io/v1beta1", "kind": "PromotionFlow", "metadata": {"name": "x"}}'],
    ["with an unknown field", PARALLEL.replace("dependsOn", "dependOn")],
    ["that cannot be parsed but means to be a flow", PARALLEL.replace("steps:", "steps: [")],
  ])("a flow %s", async (_words, text) => {
    expect(await importedText(file(text))).toEqual({ text });
  });
});

describe("refused", () => {
  test.each<[string, BlobPart[], RegExp]>([
    ["1 MiB and a byte", ["#".repeat(1024 * 1024 + 1)], /larger than 1 MiB/],
    ["bytes that are no UTF-8", [new Uint8Array([0xff, 0xfe, 0x00])], /not text/],
    ["UTF-16, in which no byte order mark helps", [new Uint8Array([0xff, 0xfe, 0x6b, 0x00])], /not text/],
    ["a NUL", [PARALLEL, "# \0"], /^Line 23, column 3: The character U\+0000 is not allowed in YAML\. Remove it\.$/],
    ["a control character", [PARALLEL.replace("qa", "q\u0007a")], /^Line 11, column 21: The character U\+0007 is not allowed/],
    ["a character that ends a line for some", [PARALLEL.replace("flow\n", "flow\u2028\n")], /^Line 6, column 43: The character U\+2028 ends a line for some/],
    ["an escape for a NUL", [PARALLEL.replace('"1.00"', '"1.\\0"')], /^Line 7, column \d+: This text holds the character U\+0000, which cannot be stored\. Remove the escape\.$/],
    ["nothing", [""], /empty/],
    ["two documents", [PARALLEL, "---\n", PARALLEL], /several documents, the second from line \d+ on/],
    ["another kind", [PARALLEL.replace("PromotionFlow", "Product")], /The kind is Product;/],
    ["a kind that nobody knows", [PARALLEL.replace("PromotionFlow", "Deployment")], /no kind "Deployment" here/],
    ["a list", ["- one\n- two\n"], /A manifest is a mapping/],
    ["a mapping without a kind", ["replicas: 3\n"], /nothing in it says kind: PromotionFlow/],
    ["prose that is no YAML", ["Dear: reader: this\n\tis a letter.\n"], /nothing in it says kind: PromotionFlow/],
  ])("%s", async (_words, parts, sentence) => {
    expect(await importedText(file(...parts))).toEqual({ refusal: expect.stringMatching(sentence) as string });
  });

  test("a file that went meanwhile", async () => {
    const gone = file(PARALLEL);
    gone.arrayBuffer = () => Promise.reject(new DOMException("gone", "NotFoundError"));
    expect(await importedText(gone)).toEqual({ refusal: expect.stringMatching(/could not read it/) as string });
  });
});
