// Plain scalars by the core schema of YAML 1.2, as the server types them; never by YAML 1.1.
const NULL = /^(?:~|[Nn]ull|NULL)?$/;
const BOOLEAN = /^(?:[Tt]rue|TRUE|[Ff]alse|FALSE)$/;
const INTEGER = /^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const NOT_FINITE = /^(?:[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/;
/** JSON readers differ on longer numbers. */
const LONGEST_NUMBER = 40;

export const TAG = "tag:yaml.org,2002:";
const CORE = new Set(["str", "int", "float", "bool", "null"].map((name) => TAG + name));
export const isCoreTag = (tag: string): boolean => CORE.has(tag);

export type ScalarValue = string | number | boolean | null;
/** The value, or why JSON cannot hold it. */
export type Resolved = { value: ScalarValue; problem?: undefined } | { problem: string };

export function resolve(text: string, tag: string | undefined, plain: boolean): Resolved {
  if (tag === `${TAG}str` || tag === "!" || (tag === undefined && !plain)) return { value: text };
  const found = untagged(text);
  if (found.problem !== undefined || tag === undefined || fits(text, found.value, tag.slice(TAG.length))) return found;
  return { problem: `does not fit its tag !!${tag.slice(TAG.length)}` };
}

function fits(text: string, value: ScalarValue, tag: string): boolean {
  if (value === null) return tag === "null";
  if (typeof value === "boolean") return tag === "bool";
  return typeof value === "number" && (tag === "float" || (tag === "int" && INTEGER.test(text)));
}

function untagged(text: string): Resolved {
  if (NULL.test(text)) return { value: null };
  if (BOOLEAN.test(text)) return { value: text.toLowerCase() === "true" };
  if (INTEGER.test(text) || FLOAT.test(text)) {
    if (text.length > LONGEST_NUMBER) return { problem: "is too long a number" };
    const value = Number(text);
    return Number.isFinite(value) ? { value } : { problem: "is too large a number" };
  }
  return NOT_FINITE.test(text) ? { problem: "is a number that JSON does not have" } : { value: text };
}
