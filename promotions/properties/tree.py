"""Nodes of a YAML or JSON text with the exact range of each value. Never changes the text it describes."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from promotions.properties.errors import PropertyError

MAX_BYTES = 5 * 1024 * 1024
MAX_DEPTH = 100
MAX_NODES = 200_000

MERGE_KEY = "<<"
BOM = "\ufeff"

Kind = Literal["scalar", "map", "list", "alias"]
Part = str | int

# Plain scalars that a YAML 1.1 or a YAML 1.2 reader may take for something else than a string.
# Readers disagree (PyYAML, go-yaml, JSON), so such a scalar is equal only to the same plain text.
_MAYBE_TYPED = re.compile(
    r"""(?ix)
    ~ | null | true | false | yes | no | on | off | y | n | =
    | [-+.]?[0-9][-+0-9a-z_.:]*         # every number form, dates, base 60
    | [-+]?\.(inf|nan)
    | [0-9]{4}-[0-9]{1,2}-[0-9]{1,2}[Tt \t].*
    """
)
_LINE_BREAK = re.compile(r"\r\n|\n|\r")
_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,30})")
_FLOAT = re.compile(r"[-+]?([0-9]{1,40}\.[0-9]{0,40}|\.[0-9]{1,40}|[0-9]{1,40})([eE][-+]?[0-9]{1,3})?")


@dataclass(slots=True, eq=False)
class Node:
    """One value. Positions are character offsets into `Tree.text`.

    `start` and `end` hold the value alone: no anchor, no tag, and for block collections nothing behind the
    last token. `marker` is the offset just behind the `:` or `-` in front of the value, None when unknown.
    `text` is the value of a scalar as its reader sees it (unquoted, folded), or the raw text of a key.
    """

    kind: Kind
    start: int
    end: int
    column: int
    flow: bool = False
    style: str = ""
    text: str = ""
    tag: str = ""
    anchor: str = ""
    marker: int | None = None
    entries: list[tuple[Node, Node]] = field(default_factory=list)
    items: list[Node] = field(default_factory=list)
    target: Node | None = None
    referenced: bool = False
    size: int = 1
    height: int = 1

    @property
    def is_block_collection(self) -> bool:
        return self.kind in ("map", "list") and not self.flow

    @property
    def is_block_text(self) -> bool:
        """A scalar written below its key, with `|` or `>`."""
        return self.kind == "scalar" and self.style in ("|", ">")

    @property
    def is_plain(self) -> bool:
        return self.kind == "scalar" and self.style == "" and not self.tag

    def resolved(self) -> Node:
        """The node that an alias stands for; the node itself otherwise."""
        return self.target if self.target is not None else self

    def children(self) -> Iterator[Node]:
        for key, value in self.entries:
            yield key
            yield value
        yield from self.items


class Lines:
    """Where the lines of a text start."""

    __slots__ = ("starts",)

    def __init__(self, text: str) -> None:
        self.starts = [0, *(found.end() for found in _LINE_BREAK.finditer(text))]

    def number(self, offset: int) -> int:
        """1-based line of a character offset."""
        return bisect_right(self.starts, offset)

    def column(self, offset: int) -> int:
        """Characters between the start of its line and an offset."""
        return offset - self.starts[bisect_right(self.starts, offset) - 1]


@dataclass(slots=True, eq=False)
class Tree:
    """A parsed text: `text` without a byte order mark, `prefix` is that mark or empty."""

    text: str
    prefix: str
    root: Node | None
    newline: str
    lines: Lines

    def line(self, offset: int) -> int:
        """1-based line of a character offset."""
        return self.lines.number(offset)

    def byte_offset(self, offset: int) -> int:
        """Offset in the file's bytes of a character offset."""
        return len(self.prefix.encode()) + len(self.text[:offset].encode())

    def with_text(self, text: str) -> bytes:
        return (self.prefix + text).encode()


def decode(source: bytes, *, filename: str) -> tuple[str, str]:
    """(byte order mark or "", text) of UTF-8 bytes within the size limit."""
    if len(source) > MAX_BYTES:
        raise PropertyError(
            "too-large",
            f"the file has {len(source):,} bytes, more than the {MAX_BYTES:,} that values are copied in; "
            "promote the whole file instead",
            filename=filename,
        )
    try:
        text = source.decode("utf-8")
    except UnicodeDecodeError as error:
        line = source[: error.start].count(b"\n") + 1
        raise PropertyError(
            "invalid", "the file is not UTF-8 text; save it as UTF-8", filename=filename, line=line
        ) from error
    return (BOM, text[1:]) if text.startswith(BOM) else ("", text)


def newline_of(text: str) -> str:
    """The line ending that most lines of the text use."""
    return "\r\n" if text.count("\r\n") * 2 > text.count("\n") else "\n"


def check_size(node: Node, *, filename: str, line: int) -> None:
    """Refuse a value that is nested too deep or, with its aliases written out, too large."""
    if node.height > MAX_DEPTH:
        raise PropertyError(
            "too-large",
            f"values are nested deeper than {MAX_DEPTH}; flatten the file",
            filename=filename,
            line=line,
        )
    if node.size > MAX_NODES:
        raise PropertyError(
            "too-large",
            f"the file holds more than {MAX_NODES:,} values with its aliases written out; split it",
            filename=filename,
            line=line,
        )


def members(node: Node) -> dict[str, Node]:
    """The entries of a map as a reader sees them: its own first, then what merge keys bring in."""
    found: dict[str, Node] = {}
    merged: list[Node] = []
    for key, value in node.entries:
        if is_merge(key):
            merged.append(value.resolved())
        else:
            found[key.resolved().text] = value
    for source in merged:
        sources = source.items if source.kind == "list" else [source]
        for item in sources:
            for name, value in members(item.resolved()).items():
                found.setdefault(name, value)
    return found


def is_merge(key: Node) -> bool:
    return key.is_plain and key.text == MERGE_KEY


def own_member(node: Node, name: str) -> tuple[Node, Node] | None:
    """The (key, value) that the map itself writes for a name, merge keys left out."""
    for key, value in node.entries:
        if key.resolved().text == name and not is_merge(key):
            return key, value
    return None


def lookup(root: Node | None, parts: tuple[Part, ...]) -> Node | None:
    """The value at concrete parts with aliases and merge keys followed; None when there is none."""
    node = root.resolved() if root is not None else None
    for part in parts:
        if node is None:
            return None
        found: Node | None = None
        if isinstance(part, int):
            if node.kind == "list" and 0 <= part < len(node.items):
                found = node.items[part]
        elif node.kind == "map":
            found = members(node).get(part)
        node = found.resolved() if found is not None else None
    return node


def canonical(node: Node) -> object:
    """A value reduced to what a reader can tell apart: no quoting, comments, order of keys or aliases."""
    node = node.resolved()
    if node.kind == "map":
        data: object = {name: canonical(value) for name, value in members(node).items()}
        return ("tag", node.tag, data) if node.tag else data
    if node.kind == "list":
        rows: object = [canonical(item) for item in node.items]
        return ("tag", node.tag, rows) if node.tag else rows
    if node.tag:
        return ("tag", node.tag, node.text)
    if node.is_plain and (not node.text or _MAYBE_TYPED.fullmatch(node.text)):
        return ("plain", node.text)
    return ("string", node.text)


def plain_data(node: Node) -> object:
    """The value as JSON-like data, for JSONPath queries and their filters. Dates stay text."""
    node = node.resolved()
    if node.kind == "map":
        return {name: plain_data(value) for name, value in members(node).items()}
    if node.kind == "list":
        return [plain_data(item) for item in node.items]
    return _scalar_data(node.text) if node.is_plain else node.text


def _scalar_data(text: str) -> object:
    if text in ("", "~", "null", "Null", "NULL"):
        return None
    if text in ("true", "True", "TRUE"):
        return True
    if text in ("false", "False", "FALSE"):
        return False
    if _INT.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text
