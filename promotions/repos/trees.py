"""Reads trees and files of commits, and lays pending edits over them. Never writes an object."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from promotions.repos.base import FILE_MODES, SYMLINK_MODE, TREE_MODE, Blob

ReadObject = Callable[[str], tuple[str, bytes] | None]
"""Object name -> (type, content), or None if it is not there."""

_FILES_AND_LINKS = FILE_MODES | {SYMLINK_MODE}


@dataclass(frozen=True)
class Entry:
    mode: str
    sha: str


class Trees:
    """Tree objects by SHA, remembered: they never change."""

    def __init__(self, read_object: ReadObject) -> None:
        self._read_object = read_object
        self._trees: dict[str, dict[str, Entry]] = {}

    def entry(self, commit: str, path: str) -> Entry | None:
        """What stands at the path of a commit; "" is its root. Symbolic links are not followed."""
        entry: Entry | None = Entry(TREE_MODE, f"{commit}^{{tree}}")
        for component in path.split("/") if path else []:
            if entry is None or entry.mode != TREE_MODE:
                return None
            entry = self._tree(entry.sha).get(component)
        return entry

    def read(self, commit: str, path: str) -> Blob | None:
        entry = self.entry(commit, path)
        if entry is None or entry.mode not in _FILES_AND_LINKS:
            return None
        found = self._read_object(entry.sha)
        return None if found is None else Blob(path, found[1], entry.mode)

    def list_files(self, commit: str, directory: str) -> list[str]:
        return sorted(self.entries(commit, directory))

    def entries(self, commit: str, directory: str) -> dict[str, Entry]:
        """All files and symbolic links below the directory ("" is the root) by path."""
        entry = self.entry(commit, directory)
        if entry is None or entry.mode != TREE_MODE:
            return {}
        return dict(self._walk(entry.sha, f"{directory}/" if directory else ""))

    def _walk(self, tree: str, prefix: str) -> Iterator[tuple[str, Entry]]:
        for name, entry in self._tree(tree).items():
            if entry.mode == TREE_MODE:
                yield from self._walk(entry.sha, f"{prefix}{name}/")
            elif entry.mode in _FILES_AND_LINKS:
                yield prefix + name, entry

    def _tree(self, name: str) -> dict[str, Entry]:
        entries = self._trees.get(name)
        if entries is None:
            found = self._read_object(name)
            if found is None or found[0] != "tree":
                return {}  # not remembered: a later fetch may bring it
            entries = self._trees[name] = _parsed(found[1])
        return entries


def _parsed(content: bytes) -> dict[str, Entry]:
    """Git's tree format: `mode SP name NUL sha`, again and again, with the SHA in 20 bytes."""
    entries: dict[str, Entry] = {}
    position = 0
    while position < len(content):
        blank = content.index(b" ", position)
        null = content.index(b"\0", blank)
        name = content[blank + 1 : null].decode("utf-8", "surrogateescape")
        entries[name] = Entry(
            _canonical(content[position:blank].decode("ascii")), content[null + 1 : null + 21].hex()
        )
        position = null + 21
    return entries


def _canonical(mode: str) -> str:
    """Old tools wrote zeros in front and other permissions, such as 100664; git reads them like this too."""
    mode = mode.lstrip("0")
    if mode.startswith("100"):
        return "100755" if int(mode, 8) & 0o100 else "100644"
    return mode


@dataclass
class Overlay:
    """A TreeReader: a commit of the remote, with the files of the edits before laid over it."""

    trees: Trees
    commit: str
    files: dict[str, Blob] = field(default_factory=dict)

    def read(self, path: str) -> Blob | None:
        return self.files.get(path) or self.trees.read(self.commit, path)

    def list_files(self, directory: str) -> list[str]:
        prefix = f"{directory}/" if directory else ""
        written = {path for path in self.files if path.startswith(prefix)}
        return sorted(written.union(self.trees.list_files(self.commit, directory)))

    def mode_at(self, path: str) -> str | None:
        """Git's mode of the path, or None where nothing is."""
        if path in self.files:
            return self.files[path].mode
        if any(written.startswith(f"{path}/") for written in self.files):
            return TREE_MODE
        entry = self.trees.entry(self.commit, path)
        return None if entry is None else entry.mode
