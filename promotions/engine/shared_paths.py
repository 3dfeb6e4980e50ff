"""Finds who reads the same files without comparing each with each. Never looks into a repository."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable

Together = frozenset[str]
"""What an environment waits for: those with the same start together."""


class SharedPaths:
    """Readers of directories, numbered from 0 as they are added."""

    def __init__(self) -> None:
        self._count = 0
        self._at: dict[Hashable, dict[Together, list[int]]] = defaultdict(lambda: defaultdict(list))
        self._below: dict[Hashable, list[int]] = defaultdict(list)

    def add(self, tree: Hashable, path: str, depends_on: Collection[str]) -> list[int]:
        """Add a reader of everything below a path of a tree ("" is its root).

        Gives the earlier readers of the same files, in order, but those of the very same path that start
        together with it.
        """
        together = frozenset(depends_on)
        above = _above(path)
        found = list(self._below[tree, path])
        for each in above:
            found += [number for group in self._at[tree, each].values() for number in group]
        here = self._at[tree, path]
        found += [number for other, group in here.items() if other != together for number in group]
        here[together].append(self._count)
        for each in above:
            self._below[tree, each].append(self._count)
        self._count += 1
        return sorted(found)


def _above(path: str) -> list[str]:
    """The directories that hold the path, the root first."""
    parts = path.split("/")
    return ["/".join(parts[:depth]) for depth in range(len(parts))] if path else []
