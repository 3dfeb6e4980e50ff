"""What a promotion would change in one application's files, remembered by their contents. Never writes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from promotions.properties import PropertyError
from promotions.repos import Mirror
from promotions.selectors.remembered import Remembered
from promotions.steps.change import NothingToPromote, SourceEntry, plan_change, promotion_from_json
from promotions.steps.commit import commit_reader
from promotions.steps.file_diff import file_diff
from promotions.steps.freeze import in_directory, version_of


@dataclass(frozen=True)
class TargetChange:
    """`files` are diffs as the API shows them; `problem` says why there are none, "" where they can be made.

    `version` is the one that the target's files hold, "" where the template names none.
    """

    version: str
    files: tuple[dict[str, Any], ...] = ()
    skipped: tuple[str, ...] = ()
    problem: str = ""


class SourceContent:
    """The frozen source, compared with many targets: a flow has many, and each is seldom another than before."""

    def __init__(self, files: Mapping[str, SourceEntry], template: Mapping[str, Any]) -> None:
        self._files = files
        self._template = template
        where = template.get("versionSource")
        self._names = sorted({*files, *([where["file"]] if where else [])})
        contents = [(name, hashlib.sha256(entry.content).hexdigest()) for name, entry in files.items()]
        self._key = json.dumps([contents, template], sort_keys=True)

    def change(self, mirror: Mirror, tip: str, path: str) -> TargetChange:
        """For the application at `path` as it is at the commit. Raises GitError."""
        there = tuple(mirror.trees.entry(tip, in_directory(path, name)) for name in self._names)
        return _changes.get((self._key, path, there), lambda: self._compute(mirror, tip, path))

    def _compute(self, mirror: Mirror, tip: str, path: str) -> TargetChange:
        read = commit_reader(mirror, tip, path)
        version = version_of(self._template, read)
        try:
            change = plan_change(self._files, promotion_from_json(self._template), read)
        except (PropertyError, NothingToPromote) as error:
            return TargetChange(version, problem=str(error))
        files = tuple(file_diff(in_directory(path, file.path), file.old, file.new) for file in change.files)
        return TargetChange(version, files, change.skipped)


_changes: Remembered[TargetChange] = Remembered(512)
