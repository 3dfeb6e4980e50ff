// Follows every comment of a generated flow: it stays with the item that it was written about and goes only with that item.
import { expect } from "vitest";
import type { Line } from "./layout.fixture";
import type { Paths } from "./model.fixture";

/** The path of the item that a comment is about, by the comment's text; "" where it is about no item. */
export type Comments = Map<string, string>;

const COMMENT = /# ((?:over|behind|under|aside) \S+)/;

export function commentsOf(source: string): Comments {
  const found: Comments = new Map();
  for (const [, text = ""] of source.matchAll(new RegExp(COMMENT, "g"))) {
    const [where = "", path = ""] = text.split(" ");
    found.set(text, where === "aside" ? "" : path);
  }
  return found;
}

/** The comments that should be left, each with its item as it is called now. */
function remaining(comments: Comments, exists: Paths, renamed: ReadonlyMap<string, string>): Comments {
  const moved = [...comments].map(([text, path]): [string, string] => [text, renamed.get(path) ?? path]);
  return new Map(moved.filter(([, path]) => exists.has(path)));
}

/** Raises unless each comment stands once, and where it stood to its item. Returns the comments for the next gesture. */
export function judgeComments(comments: Comments, exists: Paths, renamed: ReadonlyMap<string, string>, lines: readonly Line[]): Comments {
  const left = remaining(comments, exists, renamed);
  const stands = new Map<string, Line>();
  const found: string[] = [];
  for (const line of lines) {
    const text = COMMENT.exec(line.text)?.[1];
    if (text === undefined) continue;
    found.push(text);
    stands.set(text, line);
  }
  if (found.length !== left.size || found.some((text) => !left.has(text))) expect(found.sort()).toEqual([...left.keys()].sort());
  for (const [text, path] of left) {
    const line = stands.get(text);
    const where = text.split(" ")[0];
    const isAt = where === "aside" || (line?.owner === path && line.kind === (where === "behind" ? "code" : "comment"));
    if (!isAt) expect({ comment: text, about: line?.owner, kind: line?.kind }).toEqual({ comment: text, about: path });
  }
  return left;
}
