"""One file's change as the JSON that pages and the API show. Pure."""

from __future__ import annotations

from typing import Any

from promotions.properties.diff import line_diff


def file_diff(path: str, old: bytes | None, new: bytes) -> dict[str, Any]:
    """{path, added, removed, isNew, isBinary, hunks}; counts are lines.

    A binary file (one with a null byte, as Git tells them) has no lines to show, and PostgreSQL's JSON
    could not hold them.
    """
    is_binary = b"\0" in new or b"\0" in (old or b"")
    hunks = [] if is_binary else line_diff(old or b"", new)
    return {
        "path": path.encode("utf-8", "replace").decode(),
        "added": sum(hunk.added for hunk in hunks),
        "removed": sum(hunk.removed for hunk in hunks),
        "isNew": old is None,
        "isBinary": is_binary,
        "hunks": [hunk.as_json() for hunk in hunks],
    }
