"""Copies values from one YAML or JSON text into another. Never changes a byte outside the copied values.

Each copied value is spliced in as text; the result is parsed again, and unless its data is the old data
with exactly that value replaced, the copy is refused. So the layout rules may be simple: a wrong guess
cannot land.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Sequence
from dataclasses import dataclass

from promotions.properties.errors import PropertyError
from promotions.properties.paths import Path, format_parts, parse_path
from promotions.properties.reading import read_tree
from promotions.properties.splice import Splice, Value, insert, refuse_special, replace
from promotions.properties.tree import Node, Part, Tree, canonical, lookup, own_member, plain_data

Parts = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class AppliedValue:
    """One value that was written. `path` is the concrete JSONPath; `old_text` is None for an inserted key."""

    path: str
    parts: Parts
    old_text: str | None
    new_text: str


@dataclass(frozen=True, slots=True)
class Copied:
    """The new bytes of the target and what became of each path.

    `applied`: values that changed. `unchanged`: concrete paths whose value the target had already.
    `skipped`: the given paths for which the source has nothing; all of them means that nothing matched.
    """

    content: bytes
    applied: tuple[AppliedValue, ...]
    skipped: tuple[str, ...]
    unchanged: tuple[str, ...]


def copy_values(source: bytes, target: bytes, paths: Sequence[str], *, filename: str) -> Copied:
    """Copy the values at `paths` from `source` to `target`, two versions of the file `filename`.

    A value that is equal but written otherwise (quotes, comments) is left alone. A key that the target lacks
    is added when the map around it is there. Raises PropertyError for what cannot be done exactly.
    """
    compiled = [parse_path(path) for path in paths]
    source_tree = read_tree(source, filename=filename)
    copy = _Copy(source_tree, read_tree(target, filename=filename), filename)
    skipped: list[str] = []
    for path in compiled:
        matches = path.find(copy.source_data) if source_tree.root is not None else []
        if not matches:
            skipped.append(path.text)
        try:
            for source_parts, target_parts in copy.pairs(path, matches):
                copy.one(source_parts, target_parts)
        except PropertyError as error:
            raise error.located(filename=filename, path=path.text) from error
    copy.write()
    return Copied(
        content=copy.target.with_text(copy.target.text),
        applied=tuple(copy.applied),
        skipped=tuple(skipped),
        unchanged=tuple(copy.unchanged),
    )


@dataclass(frozen=True, slots=True)
class _Planned:
    """A change computed on the target as it is, not yet written."""

    splice: Splice
    parts: Parts
    wanted: object
    old_text: str | None
    line: int


class _Plan:
    """Changes that do not touch each other, so that each may be computed on the same text."""

    def __init__(self) -> None:
        self.changes: list[_Planned] = []  # by position in the text
        self.taken: set[Parts] = set()
        self.above: set[Parts] = set()

    def add(self, change: _Planned) -> None:
        insort(self.changes, change, key=_position)
        self.taken.add(change.parts)
        self.above.update(change.parts[:depth] for depth in range(len(change.parts)))

    def covers(self, parts: Parts) -> bool:
        """Whether a planned change reaches the value at these parts, or a value inside it."""
        return parts in self.above or any(parts[: depth + 1] in self.taken for depth in range(-1, len(parts)))

    def touches(self, splice: Splice) -> bool:
        """Whether a planned change overlaps or adjoins a splice."""
        index = bisect_left(self.changes, splice.start, key=_position)
        near = self.changes[max(index - 1, 0) : index + 1]
        return any(one.splice.start <= splice.end and splice.start <= one.splice.end for one in near)


def _position(change: _Planned) -> int:
    return change.splice.start


class _Copy:
    """A copy under way: the target as it is by now."""

    def __init__(self, source: Tree, target: Tree, filename: str) -> None:
        self.source = source
        self.source_data = plain_data(source.root) if source.root is not None else None
        self.target = target
        self.data = canonical(target.root) if target.root is not None else None
        self.filename = filename
        self.plan = _Plan()
        self.applied: list[AppliedValue] = []
        self.unchanged: list[str] = []

    def pairs(self, path: Path, matches: list[Parts]) -> list[tuple[Parts, Parts]]:
        """Which value of the target each value of the source belongs to."""
        if path.named is None or not all(path.named):
            self.write()  # pairing looks at the target's values
        if not path.has_filter:
            return [(parts, self.checked_names(path, parts, parts)) for parts in matches]
        there = path.find(plain_data(self.target.root)) if self.target.root is not None else []
        if len(matches) == len(there) == 1:
            return [(matches[0], there[0])]
        if matches and matches != there:
            raise PropertyError(
                "ambiguous",
                f"the filter selects {len(matches)} values in the source and {len(there)} in the target, so "
                "it is unclear which belongs to which; write one path per value",
            )
        return [(parts, self.checked_names(path, parts, parts)) for parts in matches]

    def checked_names(self, path: Path, source_parts: Parts, target_parts: Parts) -> Parts:
        """Refuse to pair list items by position when their names say that they are different things."""
        for position, part in enumerate(source_parts[:-1]):
            if isinstance(part, str) or path.names_part(position) or source_parts[position + 1] == "name":
                continue
            ours = lookup(self.source.root, (*source_parts[: position + 1], "name"))
            theirs = lookup(self.target.root, (*target_parts[: position + 1], "name"))
            if ours is not None and theirs is not None and canonical(ours) != canonical(theirs):
                raise PropertyError(
                    "ambiguous",
                    f'item {part} of the list is "{ours.text}" in the source and "{theirs.text}" in the '
                    "target; select it by name: [?@.name=='...']",
                )
        return target_parts

    def one(self, source_parts: Parts, target_parts: Parts) -> None:
        """Copy one value, if it differs."""
        node = lookup(self.source.root, source_parts)
        if node is None:
            raise AssertionError(f"{format_parts(source_parts)} was selected and is not there")
        wanted = canonical(node)
        if self.plan.covers(target_parts):
            self.write()
        current = lookup(self.target.root, target_parts)
        if current is not None and canonical(current) == wanted:
            self.unchanged.append(format_parts(target_parts))
            return
        line = self.target.line(current.start) if current is not None else 0
        try:
            refuse_special(node, where="the source")
            splice = self.splice(node, source_parts, target_parts, is_new=current is None)
            if self.plan.touches(splice):
                self.write()
                self.one(source_parts, target_parts)
                return
        except PropertyError as error:
            raise error.located(filename=self.filename, path=format_parts(target_parts), line=line) from error
        old_text = self.target.text[current.start : current.end] if current is not None else None
        self.plan.add(_Planned(splice, target_parts, wanted, old_text, line))

    def splice(self, node: Node, source_parts: Parts, target_parts: Parts, *, is_new: bool) -> Splice:
        parent = lookup(self.source.root, source_parts[:-1]) if source_parts else None
        value = Value(self.source, node, parent)
        if is_new:
            return self.insertion(value, source_parts, target_parts)
        return self.replacement(value, target_parts)

    def owned(self, parts: Parts) -> tuple[Node | None, Node]:
        """(node around it, node) at parts that the target writes itself, else PropertyError."""
        parent: Node | None = None
        node = self.target.root
        for part in parts:
            if node is None or node.kind == "alias":
                break
            parent = node
            if isinstance(part, int):
                node = node.items[part]
            else:
                own = own_member(node, part)
                if own is None:
                    raise PropertyError(
                        "merge",
                        f'"{part}" comes from a merge key (<<) in the target; write the key out there, or '
                        "promote the value at its anchor",
                        line=self.target.line(node.start),
                    )
                node = own[1]
        if node is None or node.kind == "alias":
            raise PropertyError(
                "alias",
                "the target has an alias (*) there, which shares its value with other places; write the "
                "value out there, or promote it at its anchor",
                line=self.target.line(node.start) if node is not None else 0,
            )
        return parent, node

    def replacement(self, value: Value, parts: Parts) -> Splice:
        parent, old = self.owned(parts)
        refuse_special(old, where="the target")
        return replace(value, self.target, old, parent)

    def insertion(self, value: Value, source_parts: Parts, target_parts: Parts) -> Splice:
        key_name = target_parts[-1] if target_parts else 0
        around = lookup(self.target.root, target_parts[:-1])
        if around is None or around.kind != "map" or isinstance(key_name, int):
            above = format_parts(target_parts[:-1])
            raise PropertyError(
                "no-parent",
                f"the target has no {'list item there' if isinstance(key_name, int) else f'map at {above}'} "
                "to write the value into; add it there once, or promote the value above it",
            )
        _, parent = self.owned(target_parts[:-1])
        own = own_member(value.parent, str(source_parts[-1])) if value.parent is not None else None
        if own is None or value.parent is None:
            raise PropertyError(
                "merge", "the source gets the key from a merge key (<<); write the key out there"
            )
        refuse_special(own[0], where="the source")
        siblings: list[str] = []
        for key, _ in value.parent.entries:
            if key is own[0]:
                break
            siblings.append(key.resolved().text)
        return insert(value, own[0], siblings, self.target, parent)

    def write(self) -> None:
        """Take over the planned changes if the data then shows nothing but them.

        They are written in one go, so that a wildcard over a large file parses it once; if that fails, halves of
        them are tried until the one that cannot be written is found.
        """
        planned, self.plan = self.plan.changes, _Plan()
        if planned:
            self.write_some(planned)

    def write_some(self, planned: list[_Planned]) -> None:
        try:
            self.write_all(planned)
        except PropertyError as error:
            if len(planned) == 1:
                [only] = planned
                path = format_parts(only.parts)
                raise error.located(filename=self.filename, path=path, line=only.line) from error
            # The later half first: the places of the earlier one stay as they were computed.
            middle = len(planned) // 2
            self.write_some(planned[middle:])
            self.write_some(planned[:middle])

    def write_all(self, planned: list[_Planned]) -> None:
        text, data = self.target.text, self.data
        for change in reversed(planned):
            text = change.splice.apply(text)
            data = replaced(data, change.parts, change.wanted)
        try:
            tree = read_tree(self.target.with_text(text), filename=self.filename)
        except PropertyError as error:
            if error.reason == "too-large":
                raise
            raise _layouts_differ() from error
        if tree.root is None:
            raise PropertyError("not-exact", "the file would hold no value any more; promote the whole file")
        if canonical(tree.root) != data:
            for change in planned:
                self.explain(change.parts)
            raise _layouts_differ()
        self.target, self.data = tree, data
        for change in planned:
            new = lookup(tree.root, change.parts)
            new_text = tree.text[new.start : new.end] if new is not None else ""
            path = format_parts(change.parts)
            self.applied.append(AppliedValue(path, change.parts, change.old_text, new_text))

    def explain(self, parts: Parts) -> None:
        """Raise with the reason when a change would have reached other places through an anchor."""
        for depth in range(len(parts) + 1):
            node = lookup(self.target.root, parts[:depth])
            if node is not None and node.referenced:
                raise PropertyError(
                    "anchor",
                    f"the target shares this value with other places through the anchor &{node.anchor}, and "
                    "they would change too; write the value out where it is meant",
                )


def _layouts_differ() -> PropertyError:
    return PropertyError(
        "not-exact",
        "the two files lay the value out in ways that cannot be carried over exactly; give it the same "
        "layout in both files once",
    )


def replaced(data: object, parts: Parts, value: object) -> object:
    """Canonical data with the value at `parts` exchanged or, for a new key, added."""
    if not parts:
        return value
    part, rest = parts[0], parts[1:]
    if isinstance(data, dict):
        return {**data, part: replaced(data.get(part), rest, value)}
    if isinstance(data, list) and isinstance(part, int):
        return [*data[:part], replaced(data[part], rest, value), *data[part + 1 :]]
    return value
