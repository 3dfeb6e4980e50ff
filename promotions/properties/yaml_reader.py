"""Reads one YAML document into nodes with exact ranges. Never constructs objects from tags.

Works on parser events instead of a composed tree: nesting, size and aliases are bounded while reading, before
anything recursive could be hurt by them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Protocol

import yaml

from promotions.properties.errors import PropertyError
from promotions.properties.tree import (
    MAX_DEPTH,
    MAX_NODES,
    Lines,
    Node,
    Tree,
    check_size,
    decode,
    is_merge,
    newline_of,
)

_BREAK = re.compile(r"[\r\n]")
_COLON = re.compile(r"[ \t]*:")
_DASH_BEFORE = re.compile(r"-[ \t]+\Z")
_TRAILING_BLANK_LINES = re.compile(r"(?:[ \t]*(?:\r\n|\n|\r))+[ \t]*\Z")
_LAST_BREAK = re.compile(r"(?:\r\n|\n|\r)[ \t]*\Z")


def read_yaml(source: bytes, *, filename: str) -> Tree:
    """Parse a file of at most one document.

    Raises PropertyError: `too-large`, `invalid`, `many-documents`, `ambiguous` (duplicate keys), `alias`.
    """
    prefix, text = decode(source, filename=filename)
    reader = _Reader(text, filename)
    try:
        root = reader.read()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark is not None else 0
        raise PropertyError(
            "invalid", f"not valid YAML: {error.problem}; correct the file", filename=filename, line=line
        ) from error
    except yaml.YAMLError as error:
        raise PropertyError("invalid", f"not valid YAML: {error}", filename=filename) from error
    return Tree(text=text, prefix=prefix, root=root, newline=newline_of(text), lines=reader.lines)


class _Mark(Protocol):
    """Place in the text: `index` counts characters, `line` from 0."""

    index: int
    line: int


class _Reader:
    """One pass over the events of a text."""

    def __init__(self, text: str, filename: str) -> None:
        self.text = text
        self.lines = Lines(text)
        self.filename = filename
        self.anchors: dict[str, Node] = {}
        self.count = 0

    def read(self) -> Node | None:
        events: Iterator[yaml.Event] = iter(yaml.parse(self.text, Loader=yaml.CSafeLoader))
        root: Node | None = None
        open_nodes: list[_Open] = []
        documents = 0
        for event in events:
            if isinstance(event, yaml.ScalarEvent):
                root = self.attach(open_nodes, self.scalar(event), event) or root
            elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
                open_nodes.append(self.open(event, len(open_nodes)))
            elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
                done = open_nodes.pop()
                node = self.close(done, event)
                root = self.attach(open_nodes, node, event) or root
            elif isinstance(event, yaml.AliasEvent):
                root = self.attach(open_nodes, self.alias(event), event) or root
            elif isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self.error(
                        "many-documents",
                        "holds several documents (---), so a path could mean any of them; "
                        "keep one document per file or promote the whole file",
                        event,
                    )
        return root

    def error(self, reason: str, problem: str, event: yaml.Event) -> PropertyError:
        return PropertyError(reason, problem, filename=self.filename, line=_start(event).line + 1)

    def place(self, node: Node) -> Node:
        """Fill in the column of the value's first character."""
        node.column = self.lines.column(node.start)
        return node

    def counted(self, event: yaml.Event) -> None:
        self.count += 1
        if self.count > MAX_NODES:
            raise self.error("too-large", f"the file holds more than {MAX_NODES:,} values; split it", event)

    def open(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent, depth: int) -> _Open:
        self.counted(event)
        if depth >= MAX_DEPTH:
            raise self.error(
                "too-large", f"values are nested deeper than {MAX_DEPTH}; flatten the file", event
            )
        start, end = _start(event).index, _end(event).index
        # The event spans anchor and tag; a bracket or dash is its last character, a block map has none.
        if end > start and self.text[end - 1] in "[{-":
            start = end - 1
        elif event.anchor or event.tag:
            start = end
        # From here on the anchor means this node, which is not known before its end.
        self.anchors.pop(event.anchor or "", None)
        is_map = isinstance(event, yaml.MappingStartEvent)
        node = self.place(
            Node(
                kind="map" if is_map else "list",
                start=start,
                end=start,
                column=0,
                flow=bool(event.flow_style),
                tag=event.tag or "",
                anchor=event.anchor or "",
            )
        )
        return _Open(node)

    def close(self, done: _Open, event: yaml.Event) -> Node:
        node = done.node
        last = node.items[-1] if node.items else node.entries[-1][1] if node.entries else None
        if node.flow and self.text[node.start] in "[{":
            node.end = _end(event).index
        elif last is not None:
            # The end mark of a block collection lies behind the comments of whatever follows.
            node.end = last.end
        node.size += sum(child.resolved().size for child in node.children())
        node.height += max((child.resolved().height for child in node.children()), default=0)
        check_size(node, filename=self.filename, line=_start(event).line + 1)
        self.check_keys(node, event)
        self.remember(node)
        return node

    def check_keys(self, node: Node, event: yaml.Event) -> None:
        seen: set[str] = set()
        for key, value in node.entries:
            name = key.resolved()
            if name.kind != "scalar":
                raise self.error("invalid", "a map uses a list or a map as a key; use text keys", event)
            if is_merge(key):
                self.check_merge(value, event)
            elif name.text in seen:
                raise self.error(
                    "ambiguous", f'the key "{name.text}" stands twice in one map; keep one', event
                )
            else:
                seen.add(name.text)

    def check_merge(self, value: Node, event: yaml.Event) -> None:
        merged = value.resolved()
        sources = merged.items if merged.kind == "list" else [merged]
        if any(source.resolved().kind != "map" for source in sources):
            raise self.error("invalid", "a merge key (<<) names something that is no map", event)

    def scalar(self, event: yaml.ScalarEvent) -> Node:
        self.counted(event)
        start, end = _start(event).index, _end(event).index
        style = event.style or ""
        node = Node(
            kind="scalar",
            start=start,
            end=end,
            column=0,
            style=style if style in "'\"|>" else "",
            text=event.value,
            tag=event.tag or "",
            anchor=event.anchor or "",
        )
        if event.anchor and not node.tag:
            node.start = self.behind_anchor(start, end, event.anchor)
        if node.is_block_text:
            node.end = self.block_scalar_end(node)
        self.remember(node)
        return self.place(node)

    def behind_anchor(self, start: int, end: int, anchor: str) -> int:
        """Where the value itself starts; its anchor may stand on a line of its own, with a comment."""
        position = start + 1 + len(anchor)
        while position < end:
            if self.text[position].isspace():
                position += 1
            elif self.text[position] == "#":
                breaks = _BREAK.search(self.text, position, end)
                position = breaks.end() if breaks else end
            else:
                break
        return position

    def block_scalar_end(self, node: Node) -> int:
        """Behind the last content line, before its break; blank lines count only where `+` keeps them."""
        raw = self.text[node.start : node.end]
        header = re.split(r"[\r\n#]", raw, maxsplit=1)[0]
        ending = (_LAST_BREAK if "+" in header else _TRAILING_BLANK_LINES).search(raw)
        return node.start + ending.start() if ending else node.end

    def alias(self, event: yaml.AliasEvent) -> Node:
        self.counted(event)
        target = self.anchors.get(event.anchor or "")
        if target is None:
            raise self.error("alias", f"the alias *{event.anchor} names no earlier anchor", event)
        target.referenced = True
        return self.place(
            Node(
                kind="alias",
                start=_start(event).index,
                end=_end(event).index,
                column=0,
                target=target,
            )
        )

    def remember(self, node: Node) -> None:
        if node.anchor:
            self.anchors[node.anchor] = node

    def attach(self, open_nodes: list[_Open], node: Node, event: yaml.Event) -> Node | None:
        """Hang a finished node into its parent; returns it when it has none."""
        if not open_nodes:
            check_size(node, filename=self.filename, line=_start(event).line + 1)
            return node
        parent = open_nodes[-1]
        if parent.node.kind == "list":
            self.mark_item(parent.node, node)
            parent.node.items.append(node)
        elif parent.key is None:
            parent.key = node
        else:
            self.mark_value(parent.key, node)
            parent.node.entries.append((parent.key, node))
            parent.key = None
        return None

    def mark_value(self, key: Node, value: Node) -> None:
        colon = _COLON.match(self.text, key.end)
        empty = _is_empty(value)
        if colon is not None and (empty or colon.end() <= value.start):
            value.marker = colon.end()
        if empty:
            # The parser puts an absent value anywhere up to the next token.
            value.start = value.end = value.marker if value.marker is not None else key.end

    def mark_item(self, parent: Node, item: Node) -> None:
        if _is_empty(item):
            if not parent.flow and self.text[item.start - 1 : item.start] == "-":
                item.marker = item.start
        elif not parent.flow and not item.anchor:
            line_start = item.start - item.column
            dash = _DASH_BEFORE.search(self.text, line_start, item.start)
            item.marker = dash.start() + 1 if dash else None


class _Open:
    """A collection whose end was not reached yet, with the key that waits for its value."""

    __slots__ = ("key", "node")

    def __init__(self, node: Node) -> None:
        self.node = node
        self.key: Node | None = None


def _is_empty(node: Node) -> bool:
    return node.kind == "scalar" and node.start == node.end and not node.anchor and not node.tag


def _start(event: yaml.Event) -> _Mark:
    return _known(event.start_mark)


def _end(event: yaml.Event) -> _Mark:
    return _known(event.end_mark)


def _known(mark: _Mark | None) -> _Mark:
    if mark is None:
        raise AssertionError("the parser gives every event of a text its place")
    return mark
