"""Counts how many changes of the promoted values an environment lacks. Never reads a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum

FileValues = Mapping[str, str]
"""Concrete JSONPath (or "*") -> something that is equal exactly when the values are."""


class Unreadable(Enum):
    """A file whose values cannot be told."""

    FILE = "unreadable"


File = FileValues | Unreadable

Values = Mapping[str, FileValues]
"""Of each file that is there."""

Files = Mapping[str, File | None]
"""Of each file the values, or that they cannot be read; None says that it is not there."""


def changes_since(newest: Files, undone: Iterable[Files], carried: Values) -> int | None:
    """How often the promoted values changed since the newest state that is `carried`; None where none is.

    `newest` is what the trigger side has; each of `undone` is what one commit changed as it was before, the
    newest commit first, and only as many are taken as are needed. A state with an unreadable file differs from
    every one without, and nobody carries it. What only the carrier has is its own business.

    Only what a commit changed is compared: with thousands of files and hundreds of commits, comparing whole
    states took seconds.
    """
    state = _State(carried)
    state.put(newest)
    changes = 0
    if state.is_carried():
        return changes
    for files in undone:
        was_readable = state.is_readable()
        if state.put(files) and (was_readable or state.is_readable()):
            changes += 1
        if state.is_carried():
            return changes
    return None


class _State:
    """One state of the trigger side, held against what somebody carries; goes back commit by commit."""

    def __init__(self, carried: Values) -> None:
        self._carried = carried
        self._files: dict[str, File] = {}
        self._values = 0
        self._unreadable = 0
        self._lacking = 0  # files with a value that is not carried

    def is_readable(self) -> bool:
        return self._unreadable == 0

    def is_carried(self) -> bool:
        """Whether all of its values are carried, and there are some."""
        return self._unreadable == self._lacking == 0 < self._values

    def put(self, files: Files) -> bool:
        """Set the files; whether one of them was another."""
        changed = False
        for name, new in files.items():
            old = self._files.get(name)
            if old == new:
                continue
            changed = True
            self._count(name, old, -1)
            self._count(name, new, 1)
            if new is None:
                del self._files[name]
            else:
                self._files[name] = new
        return changed

    def _count(self, name: str, values: File | None, by: int) -> None:
        if values is None:
            return
        if values is Unreadable.FILE:
            self._unreadable += by
            return
        there = self._carried.get(name, {})
        self._values += by * len(values)
        if any(there.get(path) != value for path, value in values.items()):
            self._lacking += by
