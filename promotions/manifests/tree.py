"""Reads YAML text into nodes that know their place, within bounds; never builds a tree it has not bounded.

PyYAML's C composer recurses on the C stack and dies on 100 kB of "[", so the nodes are composed here
from the parser's events, with an explicit stack.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from promotions.manifests.problems import BYTE_ORDER_MARK, ManifestError, Problem, Source, quoted
from promotions.manifests.scalars import CORE_TAGS, TAG, NotAValue, ScalarValue, resolve
from promotions.manifests.syntax import let_pass, syntax_problem, tab_problem

MOST_BYTES = 1024 * 1024
MOST_DEPTH = 100
MOST_NODES = 100_000

_COLLECTION_TAGS = frozenset((TAG + "map", TAG + "seq"))
_INDENT_TAB = re.compile(r"^[ \ufeff]*\t[ \t]*(?=[^ \t\r\n#])", re.MULTILINE)
# What YAML can hold at all; its readers refuse the rest without telling a line.
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# A line end or the beginning of a document for some readers, and text for others, such as the browser's:
# a comment with one of these in it would be a field on the server.
_AMBIGUOUS = re.compile("\r(?!\n)|[\x85\u2028\u2029\ufeff]")


@dataclass(slots=True, eq=False)
class Node:
    """A value in the text: [start, end) in characters, nodes below it counted with aliases spelt out."""

    start: int
    end: int
    size: int = 1
    height: int = 1
    anchor: str | None = None


@dataclass(slots=True, eq=False)
class Scalar(Node):
    value: ScalarValue = None
    text: str = ""
    style: str | None = None
    tagged: bool = False


@dataclass(slots=True, eq=False)
class Sequence(Node):
    items: list[Node] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Pair:
    """A field. `shared` says that the value stands elsewhere in the text (an alias or a merge key)."""

    key: Scalar
    value: Node
    shared: bool


@dataclass(slots=True, eq=False)
class Mapping(Node):
    flow: bool = False
    pairs: dict[str, Pair] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Tree:
    """One document of a stream. [start, end) is its own text, its comments included. `let_pass` is what
    libyaml lets pass and stricter readers, the chart's among them, do not."""

    root: Node
    start: int
    end: int
    problems: list[Problem] = field(default_factory=list)
    let_pass: list[Problem] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class _Open:
    """A collection whose end has not been seen; a mapping's members come as key, value, key, value."""

    node: Sequence | Mapping
    column: int  # of the innermost list or mapping without brackets; -1 outside of any
    in_brackets: bool
    members: list[tuple[Node, bool]] = field(default_factory=list)


def decode(text: str | bytes, *, stored: bool = False) -> Source:
    """The text as a Source. Raises ManifestError when it is too large, no UTF-8, or has a forbidden
    character; in a `stored` text those that read differently elsewhere are let be."""
    if isinstance(text, bytes):
        _check_size(len(text))
        text = _utf_8(text)
    else:
        _check_size(len(text))
        _check_size(len(text.encode(errors="surrogatepass")))
    source = Source(text)
    if found := _UNPRINTABLE.search(text):
        message = f"The character U+{ord(found.group()):04X} is not allowed in YAML. Remove it."
        raise ManifestError([source.problem("character", message, found.start(), found.end())])
    begin = 1 if text.startswith(BYTE_ORDER_MARK) else 0
    if not stored and (found := _AMBIGUOUS.search(text, begin)):
        message = (
            f"The character U+{ord(found.group()):04X} ends a line for some readers of YAML and not for "
            "others. Remove it, or put a plain line break in its place."
        )
        raise ManifestError([source.problem("character", message, found.start(), found.end())])
    return source


def _utf_8(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        source = Source(raw[: error.start].decode())
        message = "The text is not UTF-8 from here on. Save the file as UTF-8."
        raise ManifestError([source.problem("encoding", message, len(source.text))]) from error


def _check_size(size: int) -> None:
    if size > MOST_BYTES:
        message = f"The text is {size:,} bytes long; at most {MOST_BYTES:,} (1 MiB) are read. Split it."
        raise ManifestError([Problem("error", message, 1, 1, 1, 1, "", "too-large")])


def read_trees(source: Source) -> list[Tree]:
    """The documents of a stream that hold anything. Raises ManifestError on bad syntax and broken bounds."""
    return _Composer(source).trees()


def to_data(node: Node) -> Any:
    """The plain data of a node: dict, list, str, int, float, bool, None; no two parts shared."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return [to_data(item) for item in node.items]
    if isinstance(node, Mapping):
        return {name: to_data(pair.value) for name, pair in node.pairs.items()}
    raise TypeError(f"no node of a document: {node!r}")


class _Composer:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.offset = 1 if source.text.startswith(BYTE_ORDER_MARK) else 0
        self.nodes = 0
        self.open: list[_Open] = []
        self.anchors: dict[str, Node] = {}
        self.pending: set[str] = set()
        self.long_scalars: list[tuple[int, int]] = []
        self.problems: list[Problem] = []
        self.let_pass: list[Problem] = []

    def trees(self) -> list[Tree]:
        trees: list[Tree] = []
        begin = 0
        for event in self.events():
            if isinstance(event, yaml.DocumentStartEvent):
                self.anchors, self.pending, self.problems, self.let_pass = {}, set(), [], []
                begin, behind = self.document_start(event)
                if trees:
                    trees[-1].end = behind
            elif root := self.take(event):
                trees.append(Tree(root, begin, len(self.source.text), self.problems, self.let_pass))
        self.check_tabs()
        return self.filled(trees)

    def events(self) -> Iterator[Any]:
        try:
            yield from yaml.parse(self.source.text[self.offset :], Loader=yaml.CSafeLoader)
        except yaml.YAMLError as error:
            raise ManifestError([syntax_problem(self.source, error, self.offset)]) from error

    def filled(self, trees: list[Tree]) -> list[Tree]:
        """Without empty documents, the first beginning with the text, so that a single one keeps every
        byte."""
        kept = [t for t in trees if not (isinstance(t.root, Scalar) and t.root.value is None)]
        if len(kept) == 1:
            kept[0].end = len(self.source.text)
        if kept:
            kept[0].start = 0
        return kept

    def document_start(self, event: Any) -> tuple[int, int]:
        """Where a document's own text begins (behind a "---" that stands alone, else at it), and where the
        one before it ends."""
        start, end = event.start_mark.index + self.offset, event.end_mark.index + self.offset
        alone = re.compile(r"[ \t]*(?:\r\n|\n|\r)").match(self.source.text, end)
        return alone.end() if event.explicit and alone and end - start == len("---") else start, start

    def fail(self, code: str, message: str, event: Any) -> ManifestError:
        start, end = event.start_mark.index + self.offset, event.end_mark.index + self.offset
        return ManifestError([self.source.problem(code, message, start, end)])

    def take(self, event: Any) -> Node | None:
        """Takes an event in; returns the root of a document that is whole with it."""
        if isinstance(event, yaml.NodeEvent):
            return self.node(event)
        if isinstance(event, yaml.CollectionEndEvent):
            return self.close(event)
        return None

    def node(self, event: Any) -> Node | None:
        start, end = event.start_mark.index + self.offset, event.end_mark.index + self.offset
        if isinstance(event, yaml.AliasEvent):
            return self.add(self.aliased(event), event, shared=True)
        self.count(1, event)
        if isinstance(event, yaml.ScalarEvent):
            scalar = self.scalar(event, start, end)
            return self.add(scalar, event)
        if event.tag is not None and event.tag != "!" and event.tag not in _COLLECTION_TAGS:
            self.tag_problem(event, start)
        if len(self.open) >= MOST_DEPTH:
            message = f"The text is nested deeper than {MOST_DEPTH} levels here. Flatten it."
            raise self.fail("too-deep", message, event)
        if event.anchor is not None:
            self.anchors.pop(event.anchor, None)
            self.pending.add(event.anchor)
        flow = bool(event.flow_style)
        column = self.column if flow else self.block_column(event, end)
        if isinstance(event, yaml.MappingStartEvent):
            self.open.append(_Open(Mapping(start, end, anchor=event.anchor, flow=flow), column, flow))
        else:
            self.open.append(_Open(Sequence(start, end, anchor=event.anchor), column, flow))
        return None

    @property
    def column(self) -> int:
        return self.open[-1].column if self.open else -1

    def block_column(self, event: Any, end: int) -> int:
        """Where the members of a list or mapping without brackets stand. The event ends where they begin,
        but behind the first "-" of a list that stands at its field's own column."""
        column: int = event.end_mark.column
        at_field = isinstance(event, yaml.SequenceStartEvent) and self.source.text[end : end + 1] != "-"
        return column - 1 if at_field else column

    def scalar(self, event: Any, start: int, end: int) -> Scalar:
        tag = event.tag
        value: ScalarValue = event.value
        if tag is not None and tag != "!" and tag not in CORE_TAGS:
            self.tag_problem(event, start)
        else:
            try:
                value = resolve(event.value, tag, not event.style)
            except NotAValue as error:
                message = f"{quoted(event.value)} {error}. Put it in quotes if it is meant as text."
                self.problems.append(self.source.problem("bad-number", message, start, end))
        if "\0" in event.value:
            message = "This text holds the character U+0000, which cannot be stored. Remove the escape."
            self.problems.append(self.source.problem("character", message, start, end))
        if self.source.text.find("\n", start, end) >= 0 or self.source.text.find("\r", start, end) >= 0:
            self.long_scalars.append((start, end))
        if event.style in ("'", '"'):
            self.let_pass += let_pass(self.source, start, end, self.column, in_brackets=False)
        scalar = Scalar(
            start, end, 1, 1, event.anchor, value, event.value, event.style or None, tag is not None
        )
        if event.anchor is not None:
            self.anchors[event.anchor] = scalar
            self.pending.discard(event.anchor)
        return scalar

    def tag_problem(self, event: Any, start: int) -> None:
        message = f"The tag {quoted(event.tag)} is not known here. Remove it: a manifest needs no tags."
        self.problems.append(self.source.problem("tag", message, start, event.end_mark.index + self.offset))

    def aliased(self, event: Any) -> Node:
        if event.anchor in self.pending:
            message = f"The alias *{event.anchor} stands inside what it refers to. Write the value out."
            raise self.fail("alias", message, event)
        node = self.anchors.get(event.anchor)
        if node is None:
            message = f"No anchor &{event.anchor} stands above this alias. Define it, or write the value out."
            raise self.fail("alias", message, event)
        self.count(node.size, event)
        if len(self.open) + node.height - 1 > MOST_DEPTH:
            message = f"With this alias the text is nested deeper than {MOST_DEPTH} levels. Flatten it."
            raise self.fail("too-deep", message, event)
        return node

    def count(self, nodes: int, event: Any) -> None:
        self.nodes += nodes
        if self.nodes > MOST_NODES:
            what = "With its aliases spelt out the" if isinstance(event, yaml.AliasEvent) else "The"
            message = f"{what} text has more than {MOST_NODES:,} values by here. Split it, or repeat less."
            raise self.fail("too-many-nodes", message, event)

    def add(self, node: Node, event: Any, *, shared: bool = False) -> Node | None:
        if not self.open:
            return node
        self.open[-1].members.append((node, shared))
        return None

    def close(self, event: Any) -> Node | None:
        opened = self.open.pop()
        node = opened.node
        node.end = event.end_mark.index + self.offset
        if opened.in_brackets:
            nested = bool(self.open) and self.open[-1].in_brackets
            column = -1 if nested else opened.column
            self.let_pass += let_pass(self.source, node.start, node.end, column, in_brackets=True)
        node.size += sum(member.size for member, _ in opened.members)
        node.height += max((member.height for member, _ in opened.members), default=0)
        if isinstance(node, Mapping):
            self.fill_mapping(node, opened.members)
        else:
            node.items = [member for member, _ in opened.members]
        if node.anchor is not None:
            self.anchors[node.anchor] = node
            self.pending.discard(node.anchor)
        return self.add(node, event)

    def fill_mapping(self, node: Mapping, members: list[tuple[Node, bool]]) -> None:
        merges: list[tuple[Scalar, Node]] = []
        for (key, _), (value, shared) in zip(members[::2], members[1::2], strict=True):
            if not isinstance(key, Scalar):
                message = "A field's name must be text, not a list or mapping. Put it in quotes."
                self.problems.append(self.source.problem("bad-key", message, key.start, key.end))
            elif key.text == "<<" and key.style is None and not key.tagged:
                merges.append((key, value))
            elif first := node.pairs.get(key.text):
                line = self.source.position(first.key.start)[0]
                message = f"{quoted(key.text)} stands twice here, first on line {line}. Keep one."
                self.problems.append(self.source.problem("duplicate-key", message, key.start, key.end))
            else:
                node.pairs[key.text] = Pair(key, value, shared)
        for merge_key, merged in merges:
            self.merge(node, merge_key, merged)

    def merge(self, node: Mapping, key: Scalar, value: Node) -> None:
        """A merge key: fields that the mapping lacks, the first of several sources winning. The work is
        bounded because aliases were counted with everything below them."""
        sources = value.items if isinstance(value, Sequence) else [value]
        for merged in sources:
            if not isinstance(merged, Mapping):
                message = 'The merge key "<<" takes a mapping or a list of mappings. Write the fields out.'
                self.problems.append(self.source.problem("merge", message, key.start, key.end))
                return
            for name, pair in merged.pairs.items():
                if name not in node.pairs:
                    node.pairs[name] = Pair(pair.key, pair.value, True)

    def check_tabs(self) -> None:
        """libyaml lets tabs pass inside brackets; other readers do not, so they are refused everywhere
        but inside text that spans lines."""
        found = []
        spans = iter(self.long_scalars)
        span = next(spans, None)
        for match in _INDENT_TAB.finditer(self.source.text):
            while span is not None and span[1] <= match.start():
                span = next(spans, None)
            if span is None or not span[0] < match.start():
                found.append(tab_problem(self.source, self.source.position(match.start())[0]))
        if found:
            raise ManifestError(found[:1])
