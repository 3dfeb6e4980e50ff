"""How many changes of the promoted values an environment lacks of the trigger side's. Reads Git, writes nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence

from promotions.engine.behind import Values, changes_since
from promotions.properties import PropertyError
from promotions.repos import CommitFiles, Mirror
from promotions.selectors.remembered import Remembered
from promotions.steps.change import WHOLE_FILE, Promotion, read_values
from promotions.steps.freeze import directory_name, in_directory

HISTORY_LIMIT = 200
"""Commits of the trigger side that are looked at; what an environment carries may be older, or nobody's."""

Blobs = Mapping[str, str]
"""File relative to an application's directory -> the id of its content."""


class TriggerHistory:
    """The promoted values that the trigger side had, newest first, read as far as somebody asks."""

    def __init__(self, mirror: Mirror, tip: str, path: str, promotion: Promotion | None) -> None:
        self._mirror = mirror
        self._path = path
        self._promotion = promotion
        self._known: list[Values | None] = []
        self._unread = self._read(tip)

    def behind(self, mirror: Mirror, tip: str, path: str) -> int | None:
        """How often the values changed since those that the application at `path` carries at its tip.

        None where that cannot be told: its files cannot be read, or the newest commits had no such values.
        Raises GitError.
        """
        carried = _values(mirror, _blobs(mirror, tip, path, self._promotion), self._promotion)
        return None if carried is None else changes_since(self._states(), carried)

    def _states(self) -> Iterator[Values | None]:
        yield from self._known
        for state in self._unread:
            self._known.append(state)
            yield state

    def _read(self, tip: str) -> Iterator[Values | None]:
        directory, promotion = self._path, self._promotion
        names = [""] if promotion is None else list(promotion)
        paths = [in_directory(directory, name) if name else directory_name(directory) for name in names]
        blobs = dict(_blobs(self._mirror, tip, directory, promotion))
        commits = self._mirror.file_history(tip, paths, limit=HISTORY_LIMIT)
        for commit in commits:
            yield _values(self._mirror, blobs, promotion)
            _undo(blobs, commit, in_directory(directory, ""))
        if len(commits) < HISTORY_LIMIT:
            return
        yield _values(self._mirror, blobs, promotion)


def _undo(blobs: dict[str, str], commit: CommitFiles, prefix: str) -> None:
    """Leave the blobs as they were before the commit."""
    for path, (before, _) in commit.files.items():
        name = path.removeprefix(prefix)
        if before is None:
            blobs.pop(name, None)
        else:
            blobs[name] = before


def _blobs(mirror: Mirror, commit: str, path: str, promotion: Promotion | None) -> Blobs:
    prefix = in_directory(path, "")
    paths = [directory_name(path)] if promotion is None else [f"{prefix}{name}" for name in promotion]
    found = mirror.blob_ids(commit, paths)
    names = {file.removeprefix(prefix): blob for file, blob in found.items()}
    return names if promotion is None else {name: names[name] for name in promotion if name in names}


def _values(mirror: Mirror, blobs: Blobs, promotion: Promotion | None) -> Values | None:
    """The promoted values in these files; None where one of them cannot be read."""
    try:
        return {
            name: {WHOLE_FILE: blob}
            if promotion is None or WHOLE_FILE in promotion[name]
            else _digests(mirror, blob, promotion[name], name)
            for name, blob in blobs.items()
        }
    except PropertyError:
        return None


def _digests(mirror: Mirror, blob: str, json_paths: Sequence[str], name: str) -> dict[str, str]:
    """Concrete JSONPath -> digest of its value; remembered, as a blob never changes. Raises PropertyError."""

    def read() -> dict[str, str]:
        values = read_values(mirror.blob(blob) or b"", json_paths, name)
        return {path: hashlib.sha256(text.encode()).hexdigest() for path, text in values.items()}

    return _digests_of.get((blob, tuple(json_paths), name), read)


_digests_of: Remembered[dict[str, str]] = Remembered(4096)
