// Reads the documents of a text just as the server does, with what is wrong with them; never judges their content.
import { lineIndex } from "../lines";
import { Composer, Unreadable } from "./compose";
import { BadYaml } from "./cursor";
import type { Fault } from "./fault";
import { Grammar } from "./grammar";
import type { ManifestNode } from "./nodes";
import { Tokens } from "./tokens";

export interface Tree {
  root: ManifestNode;
  faults: Fault[];
  /** What the server's parser lets pass and stricter readers do not: no flow may have it. */
  letPass: Fault[];
}

export interface Reading {
  trees: Tree[];
  /** What stopped the reading: then the trees are of no use. */
  stopped: BadYaml | Fault | undefined;
  /** [from, to) of each scalar of more than one line, in the order of the text. */
  longScalars: readonly (readonly [number, number])[];
}

const KEPT = 2;
const last: { source: string; reading: Reading }[] = [];

/** The syntax and the content of a text are judged one after the other; only the first reads it. */
export function readManifest(source: string): Reading {
  const known = last.find((one) => one.source === source);
  if (known) return known.reading;
  const reading = readTrees(source, (at) => lineIndex(source, at) + 1);
  last.unshift({ source, reading });
  last.length = Math.min(last.length, KEPT);
  return reading;
}

/** Documents that hold nothing are left out. `lineOf` gives the line of a place, from 1. */
export function readTrees(text: string, lineOf: (at: number) => number): Reading {
  const composer = new Composer(text, lineOf);
  const grammar = new Grammar(new Tokens(text, text.startsWith("\ufeff") ? 1 : 0), composer);
  const trees: Tree[] = [];
  const { longScalars } = composer;
  try {
    for (let root = grammar.document(true); root; root = grammar.document(false)) {
      if (root.kind !== "scalar" || root.value !== null) trees.push({ root, faults: composer.faults, letPass: composer.letPass });
    }
  } catch (error) {
    if (error instanceof BadYaml) return { trees, stopped: error, longScalars };
    if (error instanceof Unreadable) return { trees, stopped: error.fault, longScalars };
    throw error;
  }
  return { trees, stopped: undefined, longScalars };
}
