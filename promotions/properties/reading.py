"""Reads values out of YAML and JSON files by JSONPath. Never changes a file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from promotions.properties.errors import PropertyError
from promotions.properties.json_reader import read_json
from promotions.properties.paths import format_parts, parse_path
from promotions.properties.tree import Part, Tree, canonical, lookup, plain_data
from promotions.properties.yaml_reader import read_yaml


@dataclass(frozen=True, slots=True)
class Match:
    """One value that a path selects.

    `start` and `end` are byte offsets of the value in the file, `text` those bytes. Where the file has an
    alias, they are those of the value that it stands for. `line` is 1-based. `value` is JSON-like data.
    """

    parts: tuple[Part, ...]
    start: int
    end: int
    text: bytes
    value: object
    line: int


def read_tree(source: bytes, *, filename: str) -> Tree:
    """Parse a file by its name: `.json` as JSON, everything else as YAML."""
    if filename.lower().endswith(".json"):
        return read_json(source, filename=filename)
    return read_yaml(source, filename=filename)


def select(source: bytes, path: str, *, filename: str) -> list[Match]:
    """All values that a path selects, in document order; empty when there are none.

    Raises PropertyError for a bad path or a file that cannot be read.
    """
    compiled = parse_path(path)
    tree = read_tree(source, filename=filename)
    if tree.root is None:
        return []
    found: list[Match] = []
    for parts in compiled.find(plain_data(tree.root)):
        node = lookup(tree.root, parts)
        if node is None:  # the query ran on data built from this very tree
            raise AssertionError(f"{format_parts(parts)} was selected and is not there")
        start = tree.byte_offset(node.start)
        text = tree.text[node.start : node.end].encode()
        found.append(
            Match(
                parts=parts,
                start=start,
                end=start + len(text),
                text=text,
                value=plain_data(node),
                line=tree.line(node.start),
            )
        )
    return found


def read_scalar(source: bytes, path: str, *, filename: str) -> str:
    """The source text of the one scalar at a path, without quotes: `58.10` stays `58.10`.

    Raises PropertyError: `not-found`, `ambiguous` (several values), `not-scalar`, or what `select` raises.
    """
    compiled = parse_path(path)
    tree = read_tree(source, filename=filename)
    matches = compiled.find(plain_data(tree.root)) if tree.root is not None else []
    if not matches:
        raise PropertyError(
            "not-found",
            "the file has no such value; correct the path or add the value",
            filename=filename,
            path=path,
        )
    if len(matches) > 1:
        raise PropertyError(
            "ambiguous",
            f"the path selects {len(matches)} values where one is meant; name one of them",
            filename=filename,
            path=path,
        )
    node = lookup(tree.root, matches[0])
    if node is None or node.kind != "scalar":
        raise PropertyError(
            "not-scalar",
            "the value is a map or a list where a single text or number is meant; name a value inside it",
            filename=filename,
            path=path,
            line=tree.line(node.start) if node is not None else 0,
        )
    return node.text


def digest_values(source: bytes, paths: Sequence[str], *, filename: str) -> tuple[tuple[str, bytes], ...]:
    """(concrete path, canonical bytes) of every value that the paths select, each once; missing: absent.

    Two values have equal bytes exactly when no reader of the file can tell them apart: quoting, comments and
    the order of a map's keys do not count, `1.10` and `1.1` differ, and so do `1` and `"1"`.
    """
    compiled = [parse_path(path) for path in paths]
    tree = read_tree(source, filename=filename)
    found: dict[str, bytes] = {}
    if tree.root is None:
        return ()
    data = plain_data(tree.root)
    for path in compiled:
        for parts in path.find(data):
            node = lookup(tree.root, parts)
            if node is not None:
                value = json.dumps(canonical(node), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
                found.setdefault(format_parts(parts), value.encode())
    return tuple(found.items())
