"""Holds a document against the JSON Schema of its kind and says in sentences what does not fit; never
knows a field by itself.

The schemas are read by the browser too. They keep to keywords whose errors every validator reports
alike (no oneOf, anyOf, if), and carry hints: `x-codes` and `x-hints` by keyword, `x-unknown` (severity of
unknown fields) and `x-extension` (fields that only lockstep.dev/v1 has).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path as FilePath
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from referencing import Registry, Resource

from promotions.manifests.names import LABEL_RULE, closest, nearest_label, nearest_name
from promotions.manifests.problems import Problem, Severity, path_text, quoted
from promotions.manifests.tree import Mapping, Scalar
from promotions.manifests.view import Path, View

SCHEMA_DIRECTORY = FilePath(__file__).parent / "schemas"
KINDS = (
    "PromotionFlow",
    "PromotionPolicy",
    "PromotionTemplate",
    "Product",
    "WorkflowTemplate",
    "Application",
)
EXTENDED_VERSION = "lockstep.dev/v1"

# Enough to fill the list of problems; the rest of a hopeless text is not looked at.
_MOST_TOLD = 1000
_CODES = {
    "type": "wrong-type",
    "enum": "not-allowed",
    "pattern": "bad-text",
    "minItems": "too-few",
    "minLength": "empty-field",
    "maxLength": "too-long",
    "minimum": "out-of-range",
    "maximum": "out-of-range",
}
_TYPES = {
    "string": "text",
    "integer": "a whole number",
    "object": "a mapping",
    "array": "a list",
}


@cache
def schema(name: str) -> dict[str, Any]:
    """The JSON Schema of a kind, or of `common`, which the kinds refer to."""
    loaded: dict[str, Any] = json.loads((SCHEMA_DIRECTORY / f"{name}.json").read_text("utf-8"))
    return loaded


@cache
def _validator(kind: str) -> Draft202012Validator:
    common = Resource.from_contents(schema("common"))
    registry: Registry[Any] = Registry().with_resource(schema("common")["$id"], common)
    return Draft202012Validator(schema(kind), registry=registry)


@cache
def extension_paths(kind: str) -> tuple[Path, ...]:
    """The fields of a kind that only lockstep.dev/v1 has."""
    return tuple(_extensions(schema(kind), ()))


def _extensions(part: dict[str, Any], path: Path) -> Iterator[Path]:
    for name, field in part.get("properties", {}).items():
        if field.get("x-extension"):
            yield (*path, name)
        yield from _extensions(field, (*path, name))


@dataclass(frozen=True)
class _Finding:
    """A validator's error: which keyword of which (sub)schema refused which value."""

    path: Path
    keyword: str
    wanted: Any
    value: Any
    schema: dict[str, Any]

    def hint(self) -> str:
        hint = self.schema.get("x-hints", {}).get(self.keyword)
        return _sentence(hint) + " " if hint else ""


def schema_problems(view: View, kind: str) -> list[Problem]:
    """Everything in a document that the schema of its kind does not allow."""
    errors = islice(_validator(kind).iter_errors(view.data), _MOST_TOLD)
    findings = [_finding(error) for error in errors]
    # Of the wrong type and out of range at once (0.5 minutes): the first says it all.
    wrong_type = {found.path for found in findings if found.keyword == "type"}
    kept = (found for found in findings if found.keyword == "type" or found.path not in wrong_type)
    problems = list(islice((problem for found in kept for problem in _told(view, kind, found)), _MOST_TOLD))
    problems.extend(_extension_problems(view, kind))
    if view.wrapped:
        problems.extend(_beside_wrapper(view))
    return problems


def _finding(error: ValidationError) -> _Finding:
    part: Any = error.schema
    return _Finding(
        tuple(error.absolute_path), str(error.validator), error.validator_value, error.instance, part
    )


def _told(view: View, kind: str, found: _Finding) -> Iterator[Problem]:
    if found.keyword == "additionalProperties":
        yield from _unknown_fields(view, kind, found)
    elif found.keyword == "required":
        yield from _missing_fields(view, kind, found)
    elif found.value is None:
        message = f"{_where(view, found.path, kind)} is empty. {found.hint()}{_way_on(kind, found.path)}"
        yield view.problem("empty-field", message, found.path)
    else:
        yield _bad_value(view, kind, found)


def _way_on(kind: str, path: Path) -> str:
    """What to do about a field without a value: removing the line of one that must be there is no way on."""
    part = base = owner = schema(kind)
    for key in path:
        while "$ref" in part:
            file, pointer = part["$ref"].split("#")
            part = base = schema("common") if file else base
            for step in pointer.strip("/").split("/"):
                part = part[step]
        owner = part
        part = part["items"] if isinstance(key, int) else part.get("properties", {}).get(key, {})
    if not path or path[-1] not in owner.get("required", ()):
        return "Give it a value or remove the line."
    hint = part.get("x-hints", {}).get("required")
    return _sentence(hint) if hint else "Give it a value."


def _unknown_fields(view: View, kind: str, found: _Finding) -> Iterator[Problem]:
    path, known = found.path, found.schema["properties"]
    severity: Severity = found.schema.get("x-unknown", "error")
    for name in found.value:
        if name in known:
            continue
        meant = closest(name, known)
        message = f"{quoted(name)} is not a field of {_where(view, path, kind)}. "
        if meant:
            message += f'Did you mean "{meant}"?'
        elif severity == "warning":
            message += "It is passed on as it is."
        else:
            message += f"Known here: {', '.join(sorted(known))}."
        yield view.problem(
            "unknown-field", message, (*path, name), on_key=True, severity=severity, suggestion=meant
        )


def _missing_fields(view: View, kind: str, found: _Finding) -> Iterator[Problem]:
    path = found.path
    for name in found.wanted:
        if name in found.value:
            continue
        field = found.schema.get("properties", {}).get(name, {})
        code = field.get("x-codes", {}).get("required", "missing-field")
        hint = field.get("x-hints", {}).get("required")
        message = f'{_where(view, path, kind)} lacks "{name}". ' + (_sentence(hint) if hint else "Add it.")
        yield view.problem(code, message, path, on_key=True, suggestion=f"{name}:")


def _bad_value(view: View, kind: str, found: _Finding) -> Problem:
    path, keyword = found.path, found.keyword
    code = found.schema.get("x-codes", {}).get(keyword, _CODES.get(keyword, keyword))
    where = _where(view, path, kind)
    suggestion: str | None = None
    if path == ("apiVersion",):
        code, suggestion = "api-version", closest(str(found.value), found.wanted)
        allowed = " or ".join(found.wanted)
        message = f"There is no {kind} of apiVersion {_shown(view, path)}. Write {allowed}."
    elif code == "bad-name":
        rule = found.schema["x-rule"]
        suggestion = nearest_label(found.value) if rule == LABEL_RULE else nearest_name(found.value)
        message = f"{where} is {quoted(found.value)}, which is no valid name: {rule}."
    elif keyword == "enum":
        suggestion = closest(str(found.value), found.wanted)
        message = f"{where} is {_shown(view, path)}. Allowed: {', '.join(found.wanted)}."
    elif keyword == "type":
        suggestion = _in_quotes(view, found)
        message = f"{where} must be {_types(found.wanted)}, but is {_shown(view, path)}."
        if suggestion:
            message += f" Write it in quotes: {suggestion}"
    elif keyword in ("minimum", "maximum"):
        least = "at least" if keyword == "minimum" else "at most"
        message = f"{where} is {_shown(view, path)}; it must be {least} {found.wanted}."
    else:
        message = f"{where} is empty."
    if suggestion and keyword != "type":
        message += f' Did you mean "{suggestion}"?'
    return view.problem(code, f"{message} {found.hint()}".strip(), path, suggestion=suggestion)


def _extension_problems(view: View, kind: str) -> Iterator[Problem]:
    version = view.data.get("apiVersion")
    if not isinstance(version, str) or not version.startswith("codefresh.io/"):
        return
    line = view.line(("apiVersion",))
    for path in extension_paths(kind):
        if path[-1] in (view.spec if path[:-1] == ("spec",) else ()):
            message = (
                f"{path_text(view.written(path))} is an extension of Lockstep that {version} does not "
                f'have. Write "apiVersion: {EXTENDED_VERSION}" on line {line}, or remove the field.'
            )
            suggestion = f"apiVersion: {EXTENDED_VERSION}"
            yield view.problem("extension", message, path, on_key=True, suggestion=suggestion)


def _beside_wrapper(view: View) -> Iterator[Problem]:
    for key in view.beside_wrapper():
        message = (
            f'{quoted(key.text)} stands beside "properties". Move it below "properties", or write '
            'everything directly below "spec".'
        )
        where = path_text(("spec", key.text))
        yield view.source.problem("unknown-field", message, key.start, key.end, path=where)


def _where(view: View, path: Path, kind: str) -> str:
    return path_text(view.written(path)) or f"The {kind}"


def _shown(view: View, path: Path) -> str:
    node = view.find(path)[1]
    if isinstance(node, Scalar):
        return quoted(node.text) if isinstance(node.value, str) else node.text[:60]
    return "a mapping" if isinstance(node, Mapping) else "a list"


def _types(wanted: str | list[str]) -> str:
    names = [wanted] if isinstance(wanted, str) else [name for name in wanted if name != "null"]
    return " or ".join(_TYPES[name] for name in names)


def _in_quotes(view: View, found: _Finding) -> str | None:
    node = view.find(found.path)[1]
    return json.dumps(node.text) if found.wanted == "string" and isinstance(node, Scalar) else None


def _sentence(hint: str) -> str:
    return hint[0].upper() + hint[1:] + "."
