"""Reads pages as tests see them: texts and elements instead of strings of markup. Never a browser."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "input", "br", "hr", "img", "use", "path"}


@dataclass
class Node:
    tag: str
    attrs: dict[str, str]
    children: list[Node | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        parts = [c if isinstance(c, str) else c.text for c in self.children]
        return re.sub(r"\s+", " ", " ".join(parts)).strip()

    def all(self, tag: str = "", **attrs: str | None) -> list[Node]:
        """Every element below with this tag and these attributes; None asks only that it is there."""
        found = []
        for child in self.children:
            if isinstance(child, str):
                continue
            if (not tag or child.tag == tag) and all(_holds(child, k, v) for k, v in attrs.items()):
                found.append(child)
            found += child.all(tag, **attrs)
        return found

    def one(self, tag: str = "", **attrs: str | None) -> Node:
        found = self.all(tag, **attrs)
        assert len(found) == 1, f"{len(found)} of {tag} {attrs} in {self.text[:200]}"
        return found[0]


def _holds(node: Node, name: str, value: str | None) -> bool:
    key = name.rstrip("_").replace("_", "-")
    if key == "class" and value is not None:
        return value in node.attrs.get("class", "").split()
    return key in node.attrs and (value is None or node.attrs[key] == value)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.stack = [Node("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.stack[-1].children.append(node)
        if tag not in VOID:
            self.stack.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.stack[-1].children.append(Node(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        assert self.stack[-1].tag == tag, f"</{tag}> closes <{self.stack[-1].tag}> {self.stack[-1].attrs}"
        self.stack.pop()

    def handle_data(self, data: str) -> None:
        self.stack[-1].children.append(data)


def read(content: bytes) -> Node:
    """The page as a tree; an element that is not closed where it was opened fails the test."""
    reader = _Reader()
    reader.feed(content.decode())
    assert len(reader.stack) == 1, f"<{reader.stack[-1].tag}> {reader.stack[-1].attrs} is never closed"
    return reader.stack[0]
