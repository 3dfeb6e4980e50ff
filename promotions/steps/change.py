"""What of a frozen source goes into one application's directory, and what somebody else changed. Pure.

Never reads Git or rows: files come as bytes, through a callable. Rules: SPEC section 3, "It copies
state, it applies no patch".
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from promotions.properties import PropertyError, copy_values, digest_values

WHOLE_FILE = "*"
# {file: {concrete JSONPath or "*": canonical text}}; paths are relative to the application's directory.
Values = dict[str, dict[str, str]]
Promotion = Mapping[str, Sequence[str]]
ReadFile = Callable[[str], bytes | None]


class NothingToPromote(Exception):
    """Nothing that the template names exists in the source; the message names what was looked for."""


@dataclass(frozen=True)
class SourceEntry:
    content: bytes
    mode: str = "100644"


@dataclass(frozen=True)
class FileChange:
    """One file to write, relative to the application's directory; `old` is None for a new file."""

    path: str
    old: bytes | None
    new: bytes
    mode: str


@dataclass(frozen=True)
class Change:
    files: tuple[FileChange, ...]
    wanted: Values
    skipped: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Clash:
    """A value that is neither what it was when the environment started nor what is wanted."""

    file: str
    path: str


def promoted_files(source: Mapping[str, SourceEntry], promotion: Promotion | None) -> dict[str, list[str]]:
    """File -> JSONPaths to copy (["*"] for the whole file), for the files that the source has."""
    if promotion is None:
        return {path: [WHOLE_FILE] for path in source}
    return {path: list(paths) for path, paths in promotion.items() if path in source}


def plan_change(source: Mapping[str, SourceEntry], promotion: Promotion | None, read: ReadFile) -> Change:
    """The change that makes the target carry the source's values.

    Raises NothingToPromote when no named file or path exists in the source, and PropertyError for a
    file that cannot be edited exactly.
    """
    files: list[FileChange] = []
    wanted: Values = {}
    skipped = [] if promotion is None else [path for path in promotion if path not in source]
    for path, json_paths in promoted_files(source, promotion).items():
        entry, current = source[path], read(path)
        if WHOLE_FILE in json_paths:
            new = entry.content
            wanted[path] = {WHOLE_FILE: _digest(new)}
        else:
            if current is None:
                raise PropertyError(
                    "target-missing",
                    'the target has no such file to write values into; add it, or promote the whole file with "*"',
                    filename=path,
                )
            copied = copy_values(entry.content, current, json_paths, filename=path)
            new = copied.content
            skipped.extend(f"{path} {missing}" for missing in copied.skipped)
            present = [value for value in json_paths if value not in copied.skipped]
            if not present:
                continue
            wanted[path] = read_values(new, present, path)
        if new != current:
            files.append(FileChange(path, current, new, entry.mode))
    if not wanted:
        named = ", ".join(promotion or ()) or "the source's directory"
        raise NothingToPromote(
            f"The source has nothing of what is promoted ({named}). Check the promotion template."
        )
    return Change(tuple(files), wanted, tuple(skipped))


def current_values(source: Mapping[str, SourceEntry], promotion: Promotion | None, read: ReadFile) -> Values:
    """The target's own values at the promoted places, to tell later whether somebody changed them."""
    values: Values = {}
    for path, json_paths in promoted_files(source, promotion).items():
        content = read(path)
        if content is None:
            values[path] = {}
        elif WHOLE_FILE in json_paths:
            values[path] = {WHOLE_FILE: _digest(content)}
        else:
            values[path] = read_values(content, json_paths, path)
    return values


def clashes(base: Values, current: Values, wanted: Values) -> list[Clash]:
    """Places whose value is neither the base's nor the wanted one, file by file."""
    found: list[Clash] = []
    for file, values in wanted.items():
        before, now = base.get(file, {}), current.get(file, {})
        found.extend(
            Clash(file, path)
            for path, value in values.items()
            if now.get(path) != before.get(path) and now.get(path) != value
        )
    return found


def missing_values(wanted: Values, read: ReadFile) -> list[Clash]:
    """The wanted values that the files do not carry (any more)."""
    lost: list[Clash] = []
    for file, values in wanted.items():
        content = read(file)
        if content is None:
            lost.extend(Clash(file, path) for path in values)
        elif WHOLE_FILE in values:
            lost.extend([Clash(file, WHOLE_FILE)] if _digest(content) != values[WHOLE_FILE] else [])
        else:
            now = _values_or_none(content, list(values), file)
            lost.extend(Clash(file, path) for path, value in values.items() if now.get(path) != value)
    return lost


def read_values(content: bytes, json_paths: Sequence[str], filename: str) -> dict[str, str]:
    """{concrete path: canonical text} of the values that the paths select."""
    return {path: text.decode() for path, text in digest_values(content, json_paths, filename=filename)}


def _values_or_none(content: bytes, json_paths: Sequence[str], filename: str) -> dict[str, str]:
    """A file that no longer parses carries nothing: its values are lost, which the caller reports."""
    try:
        return read_values(content, json_paths, filename)
    except PropertyError:
        return {}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def promotion_from_json(template: Mapping[str, Any]) -> Promotion | None:
    """The `promotion` block of a frozen template: None where all files are copied."""
    promotion: Promotion | None = template.get("promotion")
    return promotion
