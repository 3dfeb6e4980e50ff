"""How many changes of the promoted values an environment lacks of the trigger side's. Reads Git, writes nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence

from promotions.engine.behind import File, Files, FileValues, Unreadable, changes_since
from promotions.properties import PropertyError
from promotions.repos import Mirror
from promotions.selectors.remembered import Remembered
from promotions.steps.change import WHOLE_FILE, Promotion, read_values
from promotions.steps.freeze import directory_name, in_directory

HISTORY_LIMIT = 200
"""Commits of the trigger side that are looked at; what an environment carries may be older, or nobody's."""

Blobs = Mapping[str, str | None]
"""File relative to an application's directory -> the id of its content; None where it is not there."""


class TriggerHistory:
    """The promoted values that the trigger side had, newest first, read as far as somebody asks."""

    def __init__(self, mirror: Mirror, tip: str, path: str, promotion: Promotion | None) -> None:
        self._mirror = mirror
        self._tip = tip
        self._path = path
        self._promotion = promotion
        self._key = _digest([tip, path, promotion, HISTORY_LIMIT])
        self._newest: Files | None = None
        self._known: list[Files] = []
        self._unread = self._read()

    def behind(self, mirror: Mirror, tip: str, path: str) -> int | None:
        """How often the values changed since those that the application at `path` carries at its tip.

        None where that cannot be told: its files cannot be read, or the newest commits had no such values.
        Remembered by what is there, as Git names it. Raises GitError.
        """
        names = [""] if self._promotion is None else list(self._promotion)
        entries = (mirror.trees.entry(tip, _place(path, name)) for name in names)
        there = _digest([entry and (entry.mode, entry.sha) for entry in entries])
        return _answers.get((self._key, there), lambda: self._count(mirror, tip, path))

    def _count(self, mirror: Mirror, tip: str, path: str) -> int | None:
        carried: dict[str, FileValues] = {}
        for name, values in _files(
            mirror, _blobs(mirror, tip, path, self._promotion), self._promotion
        ).items():
            if values is Unreadable.FILE:
                return None
            if values is not None:
                carried[name] = values
        if self._newest is None:
            blobs = _blobs(self._mirror, self._tip, self._path, self._promotion)
            self._newest = _files(self._mirror, blobs, self._promotion)
        return changes_since(self._newest, self._undone(), carried)

    def _undone(self) -> Iterator[Files]:
        """What each commit changed, as it was before; the newest commit first."""
        yield from self._known
        for files in self._unread:
            self._known.append(files)
            yield files

    def _read(self) -> Iterator[Files]:
        prefix, promotion = in_directory(self._path, ""), self._promotion
        paths = [_place(self._path, name) for name in ([""] if promotion is None else promotion)]
        for commit in self._mirror.file_history(self._tip, paths, limit=HISTORY_LIMIT):
            before = {file.removeprefix(prefix): blob for file, (blob, _) in commit.files.items()}
            # A file's name may have been a directory's once, with files of its own.
            yield _files(self._mirror, _promoted(before, promotion), promotion)


def _place(path: str, name: str) -> str:
    """Where in the repository a file of an application is, or its directory for ""."""
    return in_directory(path, name) if name else directory_name(path)


def _digest(what: object) -> str:
    """A short key for something long: thousands of files may be named, and thousands of keys are kept."""
    return hashlib.sha256(json.dumps(what).encode()).hexdigest()


def _blobs(mirror: Mirror, commit: str, path: str, promotion: Promotion | None) -> Blobs:
    prefix = in_directory(path, "")
    names = [""] if promotion is None else list(promotion)
    found = mirror.blob_ids(commit, [_place(path, name) for name in names])
    return _promoted({file.removeprefix(prefix): blob for file, blob in found.items()}, promotion)


def _promoted(blobs: Blobs, promotion: Promotion | None) -> Blobs:
    return blobs if promotion is None else {name: blob for name, blob in blobs.items() if name in promotion}


def _files(mirror: Mirror, blobs: Blobs, promotion: Promotion | None) -> Files:
    """The promoted values in these files."""
    return {
        name: None
        if blob is None
        else {WHOLE_FILE: blob}
        if promotion is None or WHOLE_FILE in promotion[name]
        else _digests(mirror, blob, promotion[name], name)
        for name, blob in blobs.items()
    }


def _digests(mirror: Mirror, blob: str, json_paths: Sequence[str], name: str) -> File:
    """Concrete JSONPath -> digest of its value; remembered, as a blob never changes."""

    def read() -> File:
        try:
            values = read_values(mirror.blob(blob) or b"", json_paths, name)
        except PropertyError:
            return Unreadable.FILE
        return {path: hashlib.sha256(text.encode()).hexdigest() for path, text in values.items()}

    return _digests_of.get((blob, tuple(json_paths), name), read)


_answers: Remembered[int | None] = Remembered(4096)
_digests_of: Remembered[File] = Remembered(4096)
