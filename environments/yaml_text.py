"""Reads YAML that people wrote, within limits and with line numbers. Never writes or edits YAML.

The limits are checked on the parser's events before anything is composed: nesting and aliases that
explode would otherwise exhaust the process.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import yaml

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 100
MAX_NODES = 100_000

# The C parser where PyYAML was built with it, else the same in Python.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class YamlProblem(ValueError):
    """Text that is no YAML within the limits; `line` counts from 1."""

    def __init__(self, message: str, line: int = 1) -> None:
        self.line = line
        super().__init__(f"line {line}: {message}")


@dataclass(frozen=True)
class YamlDocument:
    """One document: its data, its text as written, and the line that it starts at (from 1)."""

    data: Any
    text: str
    line: int


def load_documents(source: str | bytes) -> list[YamlDocument]:
    """All documents that are not empty; YamlProblem when the text is no YAML within the limits."""
    text = _decode(source)
    starts = _check(text)
    lines = text.splitlines(keepends=True)
    found: list[YamlDocument] = []
    try:
        loaded = list(yaml.load_all(text, Loader=_Loader))
    except yaml.MarkedYAMLError as error:
        raise _problem(error) from error
    except ValueError as error:  # a date such as 2024-13-45, say
        raise YamlProblem(f"a value cannot be read: {error}") from error
    except RecursionError as error:
        raise YamlProblem("the text nests too deeply") from error
    bounds = [*starts[1:], len(lines)][: len(starts)]
    for data, start, end in zip(loaded, starts, bounds, strict=True):
        if data is not None:
            found.append(YamlDocument(data, "".join(lines[start:end]), start + 1))
    return found


def _decode(source: str | bytes) -> str:
    size = len(source) if isinstance(source, bytes) else len(source.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        raise YamlProblem("the text is longer than 1 MiB")
    if isinstance(source, str):
        return source.removeprefix("\ufeff")
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = source[: error.start].count(b"\n") + 1
        raise YamlProblem("the text is not UTF-8", line) from error


def _check(text: str) -> list[int]:
    """Line index (from 0) at which each document's slice starts; refuses what breaks the limits."""
    starts: list[int] = []
    weights: dict[str, int] = {}
    open_nodes: list[tuple[str | None, int]] = []  # (anchor, total when it was opened)
    total = 0
    event: Any  # the stubs allow events without marks; these have some
    try:
        for event in yaml.parse(text, Loader=_Loader):
            line = event.start_mark.line + 1
            if isinstance(event, yaml.DocumentStartEvent):
                # The first slice takes leading comments along; later ones start at their "---".
                starts.append(event.start_mark.line if starts else 0)
                weights, open_nodes = {}, []
            elif isinstance(event, yaml.AliasEvent):
                if any(anchor == event.anchor for anchor, _ in open_nodes):
                    raise YamlProblem(f"the alias *{event.anchor} stands inside of its own anchor", line)
                # An alias stands for as many nodes as its anchor holds.
                total += weights.get(event.anchor, 1)
            elif isinstance(event, yaml.CollectionStartEvent):
                open_nodes.append((event.anchor, total))
                total += 1
                if len(open_nodes) > MAX_DEPTH:
                    raise YamlProblem(f"the text nests deeper than {MAX_DEPTH}", line)
            elif isinstance(event, yaml.CollectionEndEvent):
                anchor, before = open_nodes.pop()
                if anchor is not None:
                    weights[anchor] = total - before
            elif isinstance(event, yaml.ScalarEvent):
                total += 1
                if event.anchor is not None:
                    weights[event.anchor] = 1
            if total > MAX_NODES:
                raise YamlProblem(f"the text holds more than {MAX_NODES:,} values", line)
    except yaml.MarkedYAMLError as error:
        raise _problem(error) from error
    except yaml.YAMLError as error:  # characters that YAML does not allow carry no mark
        raise YamlProblem(" ".join(str(error).split())) from error
    return starts


def _problem(error: yaml.MarkedYAMLError) -> YamlProblem:
    mark = error.problem_mark or error.context_mark
    return YamlProblem(error.problem or "this is no YAML", mark.line + 1 if mark else 1)
