// Holds a manifest against the JSON Schema of its kind, in the server's sentences; never knows a field by itself.
// An interpreter of the few keywords that these schemas keep to: compiled validators need eval, which a strict
// content security policy forbids, and their errors lack the hints that stand beside each keyword.
import type { Finding, ManifestText, Parts, Problem, Severity } from "./manifest_text";
import { pathText } from "./manifest_text";
import { closest, LABEL_RULE, NAME_RULE, nearestLabel, nearestName, quoted } from "./names";

export interface Schema {
  $id?: string;
  $ref?: string;
  description?: string;
  $defs?: Record<string, Schema>;
  type?: string | string[];
  enum?: string[];
  pattern?: string;
  required?: string[];
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  items?: Schema;
  minItems?: number;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  "x-codes"?: Record<string, string>;
  "x-hints"?: Record<string, string>;
  "x-rule"?: string;
  "x-unknown"?: Severity;
  "x-extension"?: boolean;
}

export const EXTENDED_VERSION = "lockstep.dev/v1";
const CODES: Record<string, string> = {
  type: "wrong-type", enum: "not-allowed", pattern: "bad-text", minItems: "too-few", minLength: "empty-field",
  maxLength: "too-long", minimum: "out-of-range", maximum: "out-of-range",
};
const TYPES: Record<string, string> = { string: "text", integer: "a whole number", object: "a mapping", array: "a list" };

type Row = Record<string, unknown>;
const isRow = (value: unknown): value is Row => typeof value === "object" && value !== null && !Array.isArray(value);
const sentence = (hint: string | undefined): string => (hint ? `${hint.charAt(0).toUpperCase()}${hint.slice(1)}.` : "");

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}

/** By the schema of a list's items, those in which nothing was found. */
const faultless = new WeakMap<Schema, WeakSet<object>>();

class Check {
  readonly findings: Finding[] = [];

  constructor(
    readonly kind: string,
    readonly root: Schema,
    readonly common: Schema,
    readonly text: ManifestText,
  ) {}

  where(at: Parts): string {
    return pathText(this.text.written(at)) || `The ${this.kind}`;
  }

  private shown(value: unknown, at: Parts): string {
    if (typeof value === "string") return quoted(value);
    if (Array.isArray(value)) return "a list";
    return isRow(value) ? "a mapping" : (this.text.scalarText(at) ?? "").slice(0, 60);
  }

  /** A `$ref` and the keywords beside it hold together; its document stays the base of refs inside it. */
  resolve(schema: Schema, base: Schema): { schema: Schema; base: Schema } {
    if (!schema.$ref) return { schema, base };
    const [file, pointer] = schema.$ref.split("#");
    const document = file ? this.common : base;
    const found = (pointer ?? "").split("/").filter(Boolean).reduce<unknown>((part, key) => (part as Row)[key], document) as Schema;
    const target = this.resolve(found, document);
    const hints = { ...target.schema["x-hints"], ...schema["x-hints"] };
    const codes = { ...target.schema["x-codes"], ...schema["x-codes"] };
    return { schema: { ...target.schema, "x-hints": hints, "x-codes": codes }, base: target.base };
  }

  run(written: Schema, writtenBase: Schema, value: unknown, at: Parts, isRequired = false): void {
    const { schema, base } = this.resolve(written, writtenBase);
    const keyword = failedKeyword(schema, value);
    if (keyword) {
      this.findings.push(value === null ? this.noValue(schema, keyword, at, isRequired) : this.badValue(schema, keyword, value, at));
      if (keyword === "type") return;
    }
    if (isRow(value)) this.runFields(schema, base, value, at);
    if (Array.isArray(value) && schema.items) {
      const { items } = schema;
      value.forEach((item, index) => this.runItem(items, base, item, [...at, index]));
    }
  }

  /** What a text read in parts holds unchanged is the same object as before, and not judged twice. */
  private runItem(items: Schema, base: Schema, item: unknown, at: Parts): void {
    const known = faultless.get(items) ?? new WeakSet();
    faultless.set(items, known);
    if (isRow(item) && known.has(item)) return;
    const before = this.findings.length;
    this.run(items, base, item, at);
    if (isRow(item) && this.findings.length === before) known.add(item);
  }

  private runFields(schema: Schema, base: Schema, value: Row, at: Parts): void {
    const known = schema.properties ?? {};
    for (const name of schema.required ?? []) {
      if (Object.hasOwn(value, name)) continue;
      const field = this.resolve(known[name] ?? {}, base).schema;
      const code = field["x-codes"]?.["required"] ?? "missing-field";
      const message = `${this.where(at)} lacks "${name}". ${sentence(field["x-hints"]?.["required"]) || "Add it."}`;
      this.findings.push({ code, message, at, onKey: true });
    }
    for (const [name, one] of Object.entries(value)) {
      const field = Object.hasOwn(known, name) ? known[name] : undefined;
      if (field) this.run(field, base, one, [...at, name], schema.required?.includes(name));
      else if (typeof schema.additionalProperties === "object") this.run(schema.additionalProperties, base, one, [...at, name]);
      else if (schema.additionalProperties === false) this.findings.push(this.unknownField(schema, name, at));
    }
  }

  private unknownField(schema: Schema, name: string, at: Parts): Finding {
    const known = Object.keys(schema.properties ?? {}).sort();
    const meant = closest(name, known);
    const severity = schema["x-unknown"] ?? "error";
    const rest = severity === "warning" ? "It is passed on as it is." : `Known here: ${known.join(", ")}.`;
    const message = `${quoted(name)} is not a field of ${this.where(at)}. ${meant ? `Did you mean "${meant}"?` : rest}`;
    return { code: "unknown-field", message, at: [...at, name], onKey: true, severity, suggestion: meant };
  }

  /** Removing the line of a field that must be there is no way on. */
  private noValue(schema: Schema, keyword: string, at: Parts, isRequired: boolean): Finding {
    const hints = schema["x-hints"];
    const wayOn = isRequired ? sentence(hints?.["required"]) || "Give it a value." : "Give it a value or remove the line.";
    const message = [`${this.where(at)} is empty.`, sentence(hints?.[keyword]), wayOn].filter(Boolean).join(" ");
    return { code: "empty-field", message, at };
  }

  private badValue(schema: Schema, keyword: string, value: unknown, at: Parts): Finding {
    const where = this.where(at);
    const hint = sentence(schema["x-hints"]?.[keyword]);
    const code = schema["x-codes"]?.[keyword] ?? CODES[keyword] ?? keyword;
    const say = (message: string, suggestion?: string, as = code): Finding => {
      const asked = suggestion && keyword !== "type" ? ` Did you mean "${suggestion}"?` : "";
      return { code: as, message: `${message}${asked} ${hint}`.trim(), at, suggestion };
    };
    if (at.length === 1 && at[0] === "apiVersion") {
      const message = `There is no ${this.kind} of apiVersion ${this.shown(value, at)}. Write ${schema.enum?.join(" or ")}.`;
      return say(message, closest(String(value), schema.enum ?? []), "api-version");
    }
    if (code === "bad-name") {
      const name = String(value);
      const rule = schema["x-rule"] ?? NAME_RULE;
      const nearest = rule === LABEL_RULE ? nearestLabel(name) : nearestName(name);
      return say(`${where} is ${quoted(name)}, which is no valid name: ${rule}.`, nearest);
    }
    if (keyword === "enum") return say(`${where} is ${this.shown(value, at)}. Allowed: ${schema.enum?.join(", ")}.`, closest(String(value), schema.enum ?? []));
    if (keyword === "type") return this.wrongType(schema, value, at, say);
    if (keyword === "minimum") return say(`${where} is ${this.shown(value, at)}; it must be at least ${schema.minimum}.`);
    if (keyword === "maximum") return say(`${where} is ${this.shown(value, at)}; it must be at most ${schema.maximum}.`);
    return say(`${where} is empty.`);
  }

  private wrongType(schema: Schema, value: unknown, at: Parts, say: (message: string, suggestion?: string) => Finding): Finding {
    const wanted = [schema.type ?? []].flat().filter((name) => name !== "null");
    const isPlain = wanted[0] === "string" && typeof value !== "object";
    const inQuotes = isPlain ? JSON.stringify(this.text.scalarText(at)) : undefined;
    const message = `${this.where(at)} must be ${wanted.map((name) => TYPES[name]).join(" or ")}, but is ${this.shown(value, at)}.`;
    return say(inQuotes ? `${message} Write it in quotes: ${inQuotes}` : message, inQuotes);
  }
}

function failedKeyword(schema: Schema, value: unknown): string | undefined {
  const types = [schema.type ?? []].flat();
  const type = typeOf(value);
  if (types.length > 0 && !types.includes(type) && !(type === "integer" && types.includes("number"))) return "type";
  if (schema.enum && !schema.enum.includes(value as string)) return "enum";
  if (typeof value === "string") {
    const length = [...value].length;
    if (schema.maxLength !== undefined && length > schema.maxLength) return "maxLength";
    if (schema.minLength !== undefined && length < schema.minLength) return "minLength";
    if (schema.pattern !== undefined && !new RegExp(schema.pattern, "u").test(value)) return "pattern";
  }
  if (typeof value === "number") {
    if (schema.minimum !== undefined && value < schema.minimum) return "minimum";
    if (schema.maximum !== undefined && value > schema.maximum) return "maximum";
  }
  return Array.isArray(value) && value.length < (schema.minItems ?? 0) ? "minItems" : undefined;
}

function extensionsUsed(schema: Schema, text: ManifestText): string[] {
  const fields = schema.properties?.["spec"]?.properties ?? {};
  return Object.keys(fields).filter((name) => fields[name]?.["x-extension"] && name in text.spec);
}

export function schemaProblems(text: ManifestText, kind: string, schema: Schema, common: Schema): Problem[] {
  const check = new Check(kind, schema, common, text);
  check.run(schema, schema, text.data, []);
  const version = text.data["apiVersion"];
  if (typeof version === "string" && version.startsWith("codefresh.io/")) {
    for (const name of extensionsUsed(schema, text)) {
      const message =
        `${pathText(text.written(["spec", name]))} is an extension of Lockstep that ${version} does not have. ` +
        `Write "apiVersion: ${EXTENDED_VERSION}" on line ${text.line(["apiVersion"])}, or remove the field.`;
      check.findings.push({ code: "extension", message, at: ["spec", name], onKey: true });
    }
  }
  return check.findings.map((finding) => text.problem(finding));
}
