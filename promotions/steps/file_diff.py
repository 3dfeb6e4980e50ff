"""One file's change as the JSON that pages and the API show. Pure."""

from __future__ import annotations

from typing import Any

from promotions.properties.diff import line_diff


def file_diff(path: str, old: bytes | None, new: bytes) -> dict[str, Any]:
    """{path, added, removed, isNew, hunks}; counts are lines."""
    hunks = line_diff(old or b"", new)
    return {
        "path": path,
        "added": sum(hunk.added for hunk in hunks),
        "removed": sum(hunk.removed for hunk in hunks),
        "isNew": old is None,
        "hunks": [hunk.as_json() for hunk in hunks],
    }
