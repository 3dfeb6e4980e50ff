"""Reads a JSON text into nodes with exact ranges. Never accepts what is not JSON."""

from __future__ import annotations

import json
import re

from promotions.properties.errors import PropertyError
from promotions.properties.tree import MAX_DEPTH, MAX_NODES, Lines, Node, Tree, decode, newline_of

_SPACE = re.compile(r"[ \t\r\n]*")
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"')
_BARE = re.compile(r"true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")


def read_json(source: bytes, *, filename: str) -> Tree:
    """Parse a JSON file. Raises PropertyError: `too-large`, `invalid`, `ambiguous` (duplicate keys)."""
    prefix, text = decode(source, filename=filename)
    tree = Tree(text=text, prefix=prefix, root=None, newline=newline_of(text), lines=Lines(text))
    reader = _Reader(tree, filename)
    if reader.skip_space(0) < len(text):
        tree.root = reader.value(0, 1)
        end = reader.skip_space(tree.root.end)
        if end != len(text):
            raise reader.error("invalid", "not valid JSON: something follows the value", end)
    return tree


class _Reader:
    def __init__(self, tree: Tree, filename: str) -> None:
        self.tree = tree
        self.text = tree.text
        self.filename = filename
        self.count = 0

    def error(self, reason: str, problem: str, offset: int) -> PropertyError:
        return PropertyError(reason, problem, filename=self.filename, line=self.tree.line(offset))

    def skip_space(self, position: int) -> int:
        found = _SPACE.match(self.text, position)
        return found.end() if found else position

    def node(self, **values: object) -> Node:
        node = Node(**values)  # type: ignore[arg-type]
        node.column = self.tree.lines.column(node.start)
        return node

    def value(self, position: int, depth: int) -> Node:
        position = self.skip_space(position)
        self.count += 1
        if self.count > MAX_NODES:
            raise self.error(
                "too-large", f"the file holds more than {MAX_NODES:,} values; split it", position
            )
        if depth > MAX_DEPTH:
            raise self.error(
                "too-large", f"values are nested deeper than {MAX_DEPTH}; flatten the file", position
            )
        first = self.text[position : position + 1]
        if first == '"':
            return self.string(position)
        if first in ("{", "["):
            return self.collection(position, depth)
        found = _BARE.match(self.text, position)
        if found is None:
            raise self.error("invalid", "not valid JSON: a value is expected; correct the file", position)
        return self.node(kind="scalar", start=position, end=found.end(), column=0, text=found.group())

    def string(self, position: int) -> Node:
        found = _STRING.match(self.text, position)
        if found is None:
            raise self.error(
                "invalid", "not valid JSON: a text in quotes is expected; correct the file", position
            )
        try:
            text = json.loads(found.group())
        except json.JSONDecodeError as error:
            raise self.error("invalid", f"not valid JSON: {error.msg}", position) from error
        return self.node(kind="scalar", start=position, end=found.end(), column=0, style='"', text=text)

    def collection(self, position: int, depth: int) -> Node:
        is_map = self.text[position] == "{"
        closing = "}" if is_map else "]"
        node = self.node(kind="map" if is_map else "list", start=position, end=position, column=0, flow=True)
        seen: set[str] = set()
        position = self.skip_space(position + 1)
        while self.text[position : position + 1] != closing:
            if node.entries or node.items:
                if self.text[position : position + 1] != ",":
                    raise self.error("invalid", f'not valid JSON: "," or "{closing}" is expected', position)
                position = self.skip_space(position + 1)
            key = self.key(position, seen) if is_map else None
            if key is not None:
                position = self.skip_space(key.end)
                if self.text[position : position + 1] != ":":
                    raise self.error("invalid", 'not valid JSON: ":" is expected behind a key', position)
                position += 1
            item = self.value(position, depth + 1)
            if key is not None:
                item.marker = position
                node.entries.append((key, item))
            else:
                node.items.append(item)
            position = self.skip_space(item.end)
        node.end = position + 1
        return node

    def key(self, position: int, seen: set[str]) -> Node:
        key = self.string(position)
        if key.text in seen:
            raise self.error(
                "ambiguous", f'the key "{key.text}" stands twice in one object; keep one', position
            )
        seen.add(key.text)
        return key
