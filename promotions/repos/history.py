"""Takes the output of `git log` apart into CommitInfo and CommitFiles. Runs nothing."""

from datetime import datetime

from promotions.repos import trailers
from promotions.repos.base import FILE_MODES, CommitFiles, CommitInfo

_FIELDS = ("%H", "%P", "%an", "%ae", "%cI", "%B", trailers.LOG_PLACEHOLDER)

LOG_FORMAT = "--format=tformat:" + "%x00".join(_FIELDS)
"""For `git log -z`: fields and commits end with a null character, which no field can contain."""


RAW_FORMAT = "--format=tformat:%x00%H"
"""For `git log -z --raw`: the null character in front sets a commit apart from the files of the one before."""


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


def parse_raw(output: bytes) -> list[CommitFiles]:
    """Commits with their changed files, in the order of the output; symbolic links and submodules count as none."""
    commits: list[CommitFiles] = []
    files: dict[str, tuple[str | None, str | None]] = {}
    parts = iter(output.decode("utf-8", "surrogateescape").split("\0"))
    for part in parts:
        if not part:
            sha = next(parts, "")
            if sha:
                files = {}
                commits.append(CommitFiles(sha, files))
            continue
        old_mode, new_mode, old, new, _ = part.lstrip("\n").removeprefix(":").split(" ")
        files[next(parts)] = (_file(old_mode, old), _file(new_mode, new))
    return commits


def _file(mode: str, blob: str) -> str | None:
    return blob if mode in FILE_MODES else None
