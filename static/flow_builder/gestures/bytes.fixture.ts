// Holds two texts of a flow against each other: whatever a gesture does not touch keeps its bytes, lines and order.
import { expect } from "vitest";
import type { Gesture } from "./gesture";
import { pieces, type Line, type Pieces } from "./layout.fixture";
import type { Paths } from "./model.fixture";

/** `expect` explains well and takes its time, so it is only asked where there is something to explain. */
export function same(found: unknown, wanted: unknown): void {
  if (JSON.stringify(found) !== JSON.stringify(wanted)) expect(found).toEqual(wanted);
}

/** The paths whose values differ, or that only one of the two flows has. */
function changedPaths(was: Paths, is: Paths): string[] {
  return [...new Set([...was.keys(), ...is.keys()])].filter((path) => was.get(path) !== is.get(path));
}

const isBelow = (path: string, above: string): boolean => path === above || path.startsWith(`${above}/`);

/** Items that stand in braces or brackets within the line of the one that holds them. */
function lineOwners(lines: readonly Line[], changed: readonly string[]): string[] {
  const owners = new Set(lines.map((line) => line.owner));
  return changed.map((path) => {
    const holder = path.split("/").slice(0, -1).join("/");
    const inside = lines.some((line) => line.owner === holder && /: [[{].*[\]}]/.test(line.text));
    return !owners.has(path) && inside && holder !== "spec/steps" ? holder : path;
  });
}

/** What a line says, wherever the dash of its step, the comma behind it or the emptiness of the list of steps stands. */
function saying(line: Line): string {
  const text = line.text.replace(/^( *)-(?= )/, "$1 ").replace(/^( *steps:) \[\]/, "$1");
  return line.inBrackets ? text.replace(/,(?=\s*(?:#.*)?$)/, "") : text;
}

/** The lines that say something, but for those about items that changed. */
function rest(lines: readonly Line[], changed: readonly string[]): string[] {
  return lines
    .filter((line) => line.kind !== "blank" && !/^ *-$/.test(line.text) && !changed.some((path) => isBelow(line.owner, path)))
    .map(saying);
}

const stepsIn = (changed: readonly string[]): Set<string> =>
  new Set(changed.map((path) => /^steps\/([^/]+)/.exec(path)?.[1]).filter((name) => name !== undefined));

const said = (lines: readonly string[]): string[] => lines.filter((line) => line.trim() !== "");

interface Side {
  paths: Paths;
  lines: readonly Line[];
}

export function judgeBytes(gesture: Gesture, before: Side, after: Side): void {
  const was = pieces(before.lines);
  const is = pieces(after.lines);
  if (gesture.kind === "reorder") {
    if (was && is) judgeOrder(was, is, gesture);
    return;
  }
  const changed = changedPaths(before.paths, after.paths);
  const owners = [...new Set([...lineOwners(before.lines, changed), ...lineOwners(after.lines, changed)])];
  const [left, kept] = [rest(after.lines, owners), rest(before.lines, owners)];
  // Where a flow has no steps, comments between them have no place among the other lines.
  if (was && is) same(left, kept);
  else same(left.sort(), kept.sort());
  if (!was || !is) return;
  const touched = stepsIn(changed);
  for (const [name, lines] of was.steps) if (!touched.has(name)) same(is.steps.get(name), lines);
  const ofFlow = changed.some((path) => !path.startsWith("steps/"));
  const sameSteps = [...was.steps.keys()].join() === [...is.steps.keys()].join();
  judgeGaps(was, is, sameSteps);
  if (ofFlow) return;
  if ([...was.steps.keys()][0] === [...is.steps.keys()][0]) same(is.head, was.head);
  if ([...was.steps.keys()].at(-1) === [...is.steps.keys()].at(-1)) same(is.foot, was.foot);
}

/** The text that reordering should leave: the steps' own lines in another order, everything between in its place. */
function judgeOrder(was: Pieces, is: Pieces, gesture: Gesture & { kind: "reorder" }): void {
  const names = [...was.steps.keys()].filter((name) => name !== gesture.environment);
  names.splice(gesture.to, 0, gesture.environment);
  const steps = names.flatMap((name, at) => [...(was.steps.get(name) ?? []), ...(was.gaps[at] ?? [])]);
  const found = [...is.steps].flatMap(([, lines], at) => [...lines, ...(is.gaps[at] ?? [])]);
  same([is.head, found, is.foot], [was.head, steps, was.foot]);
}

/** What stands between steps stays; a list that is spaced evenly stays so, whatever comes or goes. */
function judgeGaps(was: Pieces, is: Pieces, sameSteps: boolean): void {
  if (sameSteps) return same(is.gaps, was.gaps);
  const [before, after] = [[...was.steps.keys()], [...is.steps.keys()]];
  after.forEach((name, at) => {
    const place = before.indexOf(name);
    if (at > 0 && place > 0 && before[place - 1] === after[at - 1]) same(is.gaps[at - 1], was.gaps[place - 1]);
  });
  const even = new Set(was.gaps.map((gap) => JSON.stringify(gap)));
  if (even.size !== 1 || was.gaps.some((gap) => gap.length > 1 || said(gap).length > 0)) return;
  same(new Set(is.gaps.map((gap) => JSON.stringify(gap))).size <= 1 && is.gaps.every((gap) => even.has(JSON.stringify(gap))), true);
}
