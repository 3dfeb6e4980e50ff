"""Takes the output of `git log` apart into CommitInfo. Runs nothing."""

from datetime import datetime

from promotions.repos import trailers
from promotions.repos.base import CommitInfo

_FIELDS = ("%H", "%P", "%an", "%ae", "%cI", "%B", trailers.LOG_PLACEHOLDER)

LOG_FORMAT = "--format=tformat:" + "%x00".join(_FIELDS)
"""For `git log -z`: fields and commits end with a null character, which no field can contain."""


def parse_log(output: bytes) -> list[CommitInfo]:
    """Commits in the order of the output."""
    values = output.decode("utf-8", "replace").split("\0")
    size = len(_FIELDS)
    return [_commit(values[start : start + size]) for start in range(0, len(values) - size + 1, size)]


def _commit(values: list[str]) -> CommitInfo:
    sha, parents, author_name, author_email, date, message, raw_trailers = values
    return CommitInfo(
        sha=sha,
        parents=tuple(parents.split()),
        author_name=author_name,
        author_email=author_email,
        date=datetime.fromisoformat(date),
        message=message,
        trailers=trailers.parse(raw_trailers),
    )
