// What the editor offers while a flow is written: fields by the schema, environments and workflows by what there is.
import { autocompletion, insertCompletionText, pickedCompletion, type Completion, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import type { Extension } from "@codemirror/state";
import { hoverTooltip } from "@codemirror/view";
import { readFlow, type Flow } from "../model/flow";
import { allDependents } from "../model/graph";
import type { Schema } from "../../shared/manifest/schema";
import type { Known } from "../problems/flow_rules";
import { fieldsAt, isNeeded, schemaAt, wordsFor } from "./flow_fields";
import { fieldAt, spotAt, type Spot, type YamlPath } from "./yaml_path";

const WORKFLOWS = new Set(["postTrigger", "preAction", "postAction", "onStart", "onSuccess", "onFail"]);

const typeOf = (schema: Schema): string | undefined => [schema.type ?? []].flat()[0];

/** What is written for a field beside its name: an entry or a field of its own on the next line, or a space. */
function behind(schema: Schema, indent: number): string {
  const deeper = `:\n${" ".repeat(indent + 2)}`;
  if (typeOf(schema) === "array") return `${deeper}- `;
  return typeOf(schema) === "object" ? deeper : ": ";
}

/** `isNamed`: the rest of a field stands behind the cursor, and its name alone is written anew. */
function fields(spot: Spot, isNamed: boolean): Completion[] {
  return fieldsAt(spot.path)
    .filter(([name]) => !spot.beside.includes(name) && name !== "status")
    .map(([name, schema]) => {
      const path = [...spot.path, name];
      const info = wordsFor(path);
      const apply = !isNamed && { apply: name + behind(schema, spot.indent) };
      return { label: name, ...apply, detail: isNeeded(path) ? "needed" : "", boost: isNeeded(path) ? 1 : 0, ...(info !== undefined && { info }) };
    });
}

/** The flow around the cursor; where its own line keeps the text from being read, what the other lines say. */
function flowAround(source: string, offset: number): Flow | undefined {
  const { flow } = readFlow(source);
  if (flow) return flow;
  const start = source.lastIndexOf("\n", offset - 1) + 1;
  const end = source.indexOf("\n", offset);
  return readFlow(source.slice(0, start) + (end < 0 ? "" : source.slice(end))).flow;
}

/** What a step may wait for: not itself, nor what it waits for already, nor what waits for it. */
function possibleDependencies(flow: Flow, line: number, own: string): string[] {
  const step = flow.steps.findLast((one) => one.line <= line);
  const impossible = new Set(step && [step.environment, ...step.dependsOn.filter((name) => name !== own), ...allDependents(flow, step.environment)]);
  return [flow.trigger, ...flow.steps.map((one) => one.environment)].filter((name) => name !== "" && !impossible.has(name));
}

/** Names that make sense at a place, the likely ones first. */
function names({ path, from }: Spot, source: string, known: Known): { name: string; detail: string }[] {
  const field = path.at(-1) === "[]" ? path.at(-2) : path.at(-1);
  const all = known.environments ?? [];
  if (field !== undefined && WORKFLOWS.has(field)) return (known.workflows ?? []).map((name) => ({ name, detail: "workflow" }));
  if (field !== "dependsOn" && field !== "environment" && field !== "triggerEnvironment") return [];
  const flow = flowAround(source, from);
  // The name that stands at the cursor is the one that a choice replaces: it is not taken.
  const own = /^[\w.-]*/.exec(source.slice(from))?.[0] ?? "";
  if (field === "dependsOn") {
    const possible = flow ? possibleDependencies(flow, source.slice(0, from).split("\n").length, own) : all;
    return [...new Set(possible)].map((name) => ({ name, detail: name === flow?.trigger ? "trigger" : "environment" }));
  }
  const taken = new Set(flow && [flow.trigger, ...flow.steps.map((step) => step.environment)].filter((name) => name !== own));
  return all.filter((name) => !taken.has(name)).map((name) => ({ name, detail: "environment" }));
}

function values(spot: Spot, source: string, known: Known): Completion[] {
  const allowed = schemaAt(spot.path)?.enum ?? [];
  const found = [...allowed.map((name) => ({ name, detail: "" })), ...names(spot, source, known)];
  return found.map(({ name, detail }, at) => ({ label: name, detail, boost: -at }));
}

interface Offer {
  /** A choice takes the place of the whole word that the cursor stands in. */
  from: number;
  to: number;
  options: Completion[];
}

/** Everything that may stand at an offset; undefined where nothing can be offered. */
export function completionsAt(source: string, offset: number, known: Known): Offer | undefined {
  const spot = spotAt(source, offset);
  if (!spot) return undefined;
  const isEntry = spot.kind === "field" && spot.path.at(-1) === "[]" && !schemaAt(spot.path)?.properties;
  const to = offset + (/^[\w./-]*/.exec(source.slice(offset))?.[0].length ?? 0);
  const isNamed = /^[ \t]*:/.test(source.slice(to));
  const options = spot.kind === "field" && !isEntry ? fields(spot, isNamed) : values(spot, source, known);
  return options.length > 0 ? { from: spot.from, to, options } : undefined;
}

/** What is offered goes by the letters before the cursor; a choice takes those behind it away too, as many as there are. */
function throughWord(option: Completion, rest: number): Completion {
  if (rest === 0) return option;
  const written = typeof option.apply === "string" ? option.apply : option.label;
  const apply: Completion["apply"] = (view, picked, from, to) =>
    view.dispatch({ ...insertCompletionText(view.state, written, from, to + rest), annotations: pickedCompletion.of(picked) });
  return { ...option, apply };
}

export function flowCompletion(known: () => Known): Extension {
  const source = (context: CompletionContext): CompletionResult | null => {
    const text = context.state.doc.toString();
    const found = completionsAt(text, context.pos, known());
    // An empty line asks for nothing by itself; an empty value does.
    if (!found || (!context.explicit && found.from === context.pos && !/[:[,-] $/.test(text.slice(0, context.pos)))) return null;
    return { from: found.from, options: found.options.map((one) => throughWord(one, found.to - context.pos)), validFor: /^[\w./-]*$/ };
  };
  // A field that was chosen asks for its value at once.
  return autocompletion({ override: [source], icons: false, activateOnCompletion: ({ apply }) => typeof apply === "string" });
}

/** What a field means, when the pointer rests on it. */
export const fieldHelp: Extension = hoverTooltip((view, at) => {
  const field = fieldAt(view.state.doc.toString(), at);
  const words = field && wordsFor(field.path);
  if (!field || words === undefined || at > field.to) return null;
  return { pos: field.from, end: field.to, above: true, create: () => ({ dom: helpFor(field.path, words) }) };
});

function helpFor(path: YamlPath, words: string): HTMLElement {
  const box = document.createElement("div");
  box.className = "field-help";
  const name = document.createElement("b");
  name.textContent = path.at(-1) ?? "";
  const text = document.createElement("p");
  text.textContent = words;
  box.append(name, text);
  const allowed = schemaAt(path)?.enum;
  if (allowed && allowed.length > 1) {
    const list = document.createElement("p");
    list.className = "mono faint";
    list.textContent = allowed.join(" | ");
    box.append(list);
  }
  return box;
}
