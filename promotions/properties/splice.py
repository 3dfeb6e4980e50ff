"""Computes the text of one replaced or inserted value. Never decides what to copy.

It is not trusted either: the caller parses the new text again and compares the data.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from promotions.properties.errors import PropertyError
from promotions.properties.tree import Node, Tree, is_merge, own_member

_BREAK = re.compile(r"\r\n|\n|\r")
_REST_OF_LINE = re.compile(r"[ \t]*(?:#[^\r\n]*)?(?=\r|\n|\Z)")
_HEADER = re.compile(r"([|>][-+0-9]*)([ \t]*(?:#[^\r\n]*)?)")
_DEFAULT_STEP = 2


@dataclass(frozen=True, slots=True)
class Value:
    """A value of the source file: its node with aliases followed and the node that it hangs in."""

    tree: Tree
    node: Node
    parent: Node | None


@dataclass(frozen=True, slots=True)
class Splice:
    """Replace `text[start:end]` of the target by `text`."""

    start: int
    end: int
    text: str

    def apply(self, text: str) -> str:
        return text[: self.start] + self.text + text[self.end :]


def refuse_special(node: Node, *, where: str) -> None:
    """Refuse a value whose text means something only at its own place: anchors, aliases, tags, merge keys."""
    stack = [(node, True)]
    while stack:
        current, is_top = stack.pop()
        if current.kind == "alias":
            raise PropertyError("alias", f"the value in {where} uses an alias (*); write the value out there")
        if current.anchor and not is_top:
            raise PropertyError(
                "anchor", f"the value in {where} holds an anchor (&); write the value out there"
            )
        if current.tag:
            raise PropertyError(
                "tag",
                f"the value in {where} carries the tag {current.tag}; remove it or promote the whole file",
            )
        stack.extend((child, False) for child in current.children())


def replace(source: Value, target: Tree, old: Node, parent: Node | None) -> Splice:
    """The splice that puts the source's value where `old` stands. Raises PropertyError(`not-exact`)."""
    if source.node.is_block_collection:
        return _replace_by_block(source, target, old, parent)
    if source.node.is_block_text:
        return _replace_by_block_text(source, target, old, parent)
    text = _shifted(source, target, _column(parent) - _column(source.parent))
    if old.is_block_text:
        return Splice(old.start, old.end, text + _header_comment(target, old))
    if old.is_block_collection and parent is not None:
        gap = _gap(target, old)
        return Splice(_marker(old), old.end, (f" {text}" if text else "") + gap)
    if old.start == old.end and text:
        return Splice(_marker(old), old.end, f" {text}")
    return Splice(old.start, old.end, text)


def _replace_by_block_text(source: Value, target: Tree, old: Node, parent: Node | None) -> Splice:
    """Put a `|` or `>` text; a comment that stands behind the old value goes behind the indicator."""
    _refuse_brackets(parent)
    header, body = _block_text(source, target, parent)
    if old.is_block_text:
        return Splice(old.start, old.end, header + _header_comment(target, old) + body)
    if old.is_block_collection and parent is not None:
        gap = _gap(target, old)
        if _BREAK.search(gap):
            raise PropertyError(
                "not-exact", "a comment stands between the key and its value in the target; move it"
            )
        return Splice(_marker(old), old.end, f" {header}{gap}{body}")
    rest = _rest_of_line(target, old)
    start, space = (_marker(old), " ") if old.start == old.end else (old.start, "")
    return Splice(start, old.end + len(rest), f"{space}{header}{rest}{body}")


def _replace_by_block(source: Value, target: Tree, old: Node, parent: Node | None) -> Splice:
    """Put a block map or list; a comment that stands behind the key stays there."""
    _refuse_brackets(parent)
    if parent is None or (old.is_block_collection and _may_start_at(source.node, old.column, parent)):
        text = _shifted(source, target, old.column - source.node.column)
        rest = _REST_OF_LINE.match(target.text, old.end)
        if rest is not None and rest.group().strip() and _ends_in_block_text(source.node):
            # The comment would become part of the text, so it moves to a line of its own.
            comment = f"{target.newline}{' ' * old.column}{rest.group().strip()}"
            return Splice(old.start, rest.end(), text + comment)
        return Splice(old.start, old.end, text)
    end = old.end
    if old.is_block_collection:
        kept = _gap(target, old)
    elif old.is_block_text:
        kept = _header_comment(target, old)
    else:
        kept = _rest_of_line(target, old)
        end += len(kept)
    in_list = parent.kind == "list"
    column = parent.column + _DEFAULT_STEP if in_list else _block_column(source, target, parent)
    text = _shifted(source, target, column - source.node.column)
    if in_list and not kept.strip():
        return Splice(_marker(old), end, f" {text}{kept}")
    return Splice(_marker(old), end, f"{kept}{target.newline}{' ' * column}{text}")


def _refuse_brackets(parent: Node | None) -> None:
    if parent is not None and parent.flow:
        raise PropertyError(
            "not-exact",
            "the source writes the value over indented lines and the target stands inside brackets; "
            "use the same form in both files",
        )


def _marker(old: Node) -> int:
    """Where the new layout of a value starts: behind its colon or dash."""
    if old.marker is None or old.anchor:
        raise PropertyError(
            "not-exact", "the value cannot be laid out anew in the target; edit it there once"
        )
    return old.marker


def _gap(target: Tree, old: Node) -> str:
    """Comments between a key and the block below it, without the space behind them."""
    return target.text[_marker(old) : old.start].rstrip()


def _rest_of_line(target: Tree, old: Node) -> str:
    rest = _REST_OF_LINE.match(target.text, old.end)
    if rest is None:
        raise PropertyError(
            "not-exact", "something else stands behind the value in the target; edit it there once"
        )
    return rest.group()


def _header_comment(tree: Tree, node: Node) -> str:
    """The comment behind `|` or `>` with the space in front of it: about the value, but no part of it."""
    found = _HEADER.match(tree.text, node.start)
    return found.group(2) if found is not None else ""


def _block_text(source: Value, target: Tree, parent: Node | None) -> tuple[str, str]:
    """(indicator, lines with their leading break) of a `|` or `>` text; the source's comment stays behind."""
    text = _shifted(source, target, _column(parent) - _column(source.parent))
    found = _HEADER.match(text)
    return (found.group(1), text[found.end() :]) if found is not None else (text, "")


def _ends_in_block_text(node: Node) -> bool:
    while node.is_block_collection:
        node = node.items[-1] if node.items else node.entries[-1][1]
    return node.is_block_text


def _may_start_at(node: Node, column: int, parent: Node | None) -> bool:
    """A list may stand in its parent map's own column, a map may not."""
    return parent is None or column > parent.column or (node.kind == "list" and parent.kind == "map")


def _column(parent: Node | None) -> int:
    """Indentation that the values of a node are measured from."""
    return parent.column if parent is not None and not parent.flow else 0


def _block_column(source: Value, target: Tree, parent: Node) -> int:
    """Column of a new block below a key: lists keep their own offset, maps take the target's step."""
    offset = source.node.column - _column(source.parent)
    if source.node.kind == "list" and source.parent is not None and not source.parent.flow:
        return parent.column + offset
    return parent.column + (_step(target.root) or max(offset, 0) or _DEFAULT_STEP)


def _step(root: Node | None) -> int:
    """Indentation step of a text: that of the first block map inside a block map, 0 when there is none."""
    stack = [root] if root is not None else []
    while stack:
        node = stack.pop()
        if node.kind == "map" and not node.flow:
            for _, value in node.entries:
                if value.kind == "map" and not value.flow:
                    return value.column - node.column
        stack.extend(reversed(list(node.children())))
    return 0


def _shifted(source: Value, target: Tree, delta: int) -> str:
    """The source's text with each line but the first moved by `delta` columns, with the target's newlines."""
    text = source.tree.text[source.node.start : source.node.end]
    first, *rest = _BREAK.split(text)
    if not rest:
        return first
    lines = [first]
    for line in rest:
        indent = len(line) - len(line.lstrip(" "))
        if delta and line[indent : indent + 1] == "\t":
            raise PropertyError("not-exact", "the source indents a value with tabs; use spaces there")
        if delta > 0:
            lines.append(" " * delta + line if line else line)
        else:
            lines.append(line[min(indent, -delta) :])
    return target.newline.join(lines)


def insert(source: Value, key: Node, siblings: list[str], target: Tree, parent: Node) -> Splice:
    """The splice that adds a key with the source's value to a map of the target.

    `siblings` are the keys before it in the source, nearest last: the new key goes behind the nearest of them
    that the target has, else behind the last entry.
    """
    if any(is_merge(own) and own_key_hides(value, key.text) for own, value in parent.entries):
        raise PropertyError(
            "merge", "the target gets this value from a merge key (<<); write the key out there"
        )
    key_text = source.tree.text[key.start : key.end]
    if not parent.entries:
        return _insert_first(source, key_text, target, parent)
    before = next(
        (found for name in reversed(siblings) if (found := own_member(parent, name))), parent.entries[-1]
    )
    if parent.flow:
        return _insert_flow(source, key_text, target, parent, before)
    return _insert_block(source, key_text, target, parent, before)


def own_key_hides(merged: Node, name: str) -> bool:
    """Whether a merge key's value brings in a name."""
    node = merged.resolved()
    sources = node.items if node.kind == "list" else [node]
    return any(own_member(item.resolved(), name) is not None for item in sources)


def _insert_first(source: Value, key_text: str, target: Tree, parent: Node) -> Splice:
    if not parent.flow or target.text[parent.start : parent.end].strip("{} \t"):
        raise PropertyError("not-exact", "the map in the target is empty in an unusual form; write {} there")
    return Splice(parent.start + 1, parent.end - 1, f"{key_text}: {_flow_text(source, target, parent)}")


def _flow_text(source: Value, target: Tree, parent: Node) -> str:
    if source.node.is_block_collection or source.node.is_block_text:
        _refuse_brackets(parent)
    return _shifted(source, target, 0)


def _insert_flow(
    source: Value, key_text: str, target: Tree, parent: Node, before: tuple[Node, Node]
) -> Splice:
    key, value = before
    text = target.text
    if text[parent.start] != "{":
        raise PropertyError(
            "not-exact", "the map in the target has no braces of its own; write it with braces"
        )
    colon = (
        text[value.marker - 1 : value.start]
        if value.marker is not None and value.start > value.marker
        else ": "
    )
    line_start = key.start - key.column
    indent = text[line_start : key.start]
    separator = ", " if indent.strip() else f",{target.newline}{indent}"
    return Splice(value.end, value.end, f"{separator}{key_text}{colon}{_flow_text(source, target, parent)}")


def _insert_block(
    source: Value, key_text: str, target: Tree, parent: Node, before: tuple[Node, Node]
) -> Splice:
    rest = _REST_OF_LINE.match(target.text, before[1].end)
    if rest is None:
        raise PropertyError(
            "not-exact", "the line in front of the new key holds something else; add the key by hand"
        )
    indent = f"{target.newline}{' ' * parent.column}"
    if source.node.is_block_collection:
        column = _block_column(source, target, parent)
        value = f"{target.newline}{' ' * column}" + _shifted(source, target, column - source.node.column)
    elif source.node.is_block_text:
        value = " " + "".join(_block_text(source, target, parent))
    else:
        text = _shifted(source, target, parent.column - _column(source.parent))
        value = f" {text}" if text else ""
    return Splice(rest.end(), rest.end(), f"{indent}{key_text}:{value}")
