"""Writes a chain of commits with one `git fast-import`, every object checked. Moves no ref, never pushes."""

import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from promotions.repos.base import FILE_MODES, GitCommandFailed, Identity, InvalidObjects, UnsafePath
from promotions.repos.paths import check_path
from promotions.repos.process import GitRunner, last_line

SCRATCH_PREFIX = "lockstep-import-"

# How fsck reports an object: its name, the finding's code, a sentence.
_FINDING = re.compile(r"object [0-9a-f]{40,64}: (\w+: .*)")


@dataclass(frozen=True)
class PendingFile:
    """A file to write; raises UnsafePath for a path or mode that must not be."""

    path: str
    content: bytes
    mode: str

    def __post_init__(self) -> None:
        check_path(self.path)
        if self.mode not in FILE_MODES:
            raise UnsafePath(f"{self.path!r} cannot be written with the mode {self.mode}.")


@dataclass(frozen=True)
class PendingCommit:
    message: str
    author: Identity
    committer: Identity
    date: datetime
    files: tuple[PendingFile, ...]


def write_commits(
    git: GitRunner, parent: str, commits: Sequence[PendingCommit], *, timeout: float
) -> list[str]:
    """Write the commits one upon the other, the first upon `parent`; returns their SHAs in order.

    fast-import trusts what it is fed, so it works in a scratch repository that borrows the mirror's
    objects; what it wrote enters the mirror only after `index-pack --strict`, which refuses every object
    that `fsck --strict` would. Raises InvalidObjects and other GitErrors.
    """
    try:
        with tempfile.TemporaryDirectory(prefix=SCRATCH_PREFIX, dir=git.directory) as scratch:
            return _imported(git, Path(scratch), _stream(parent, commits), len(commits), timeout=timeout)
    except OSError as error:
        raise GitCommandFailed(f"The new commits could not be stored: {error}") from error


def _imported(git: GitRunner, scratch: Path, stream: bytes, count: int, *, timeout: float) -> list[str]:
    _make_repository(scratch, borrow_from=git.directory / "objects")
    imported = git.local(
        "fast-import",
        "--quiet",
        "--done",
        "--date-format=raw",
        stdin=stream,
        timeout=timeout,
        directory=scratch,
        configuration=("fastimport.unpackLimit=0",),
    )
    shas = imported.stdout.decode("ascii").split()
    if len(shas) != count:
        raise GitCommandFailed(f"git fast-import wrote {len(shas)} commits instead of {count}.")
    # No pack at all where an earlier run has written the same commits.
    for pack in (scratch / "objects" / "pack").glob("*.pack"):
        _admit(git, scratch, pack, timeout=timeout)
    return shas


def _admit(git: GitRunner, scratch: Path, pack: Path, *, timeout: float) -> None:
    """Check the pack where it is, then move it into the mirror; git finds a pack by its index, so that is last.

    A pack stays a pack: single objects make a wave of 200 commits several times slower, and its push too.
    """
    index = scratch / "checked.idx"
    done = git.local(
        "index-pack",
        "--strict",
        "-o",
        str(index),
        str(pack),
        timeout=timeout,
        ok=frozenset({0, 1, 128}),
        directory=scratch,
    )
    if done.code == 0:
        packs = git.directory / "objects" / "pack"
        pack.replace(packs / pack.name)
        index.replace(packs / pack.with_suffix(".idx").name)
        return
    finding = _FINDING.search(done.stderr)
    if finding is None:
        raise GitCommandFailed(f"The new commits could not be stored: {last_line(done.stderr)}")
    raise InvalidObjects(f"Git's strict check refuses the change: {finding[1]}")


def quoted(path: str) -> bytes:
    """The path in the C style that fast-import reads: quotes, backslashes and control characters escaped."""
    quoted_path = bytearray(b'"')
    for byte in path.encode("utf-8", "surrogateescape"):
        if byte in b'"\\':
            quoted_path += b"\\" + bytes([byte])
        elif byte < 0x20 or byte == 0x7F:
            quoted_path += b"\\%03o" % byte
        else:
            quoted_path.append(byte)
    return bytes(quoted_path + b'"')


def _make_repository(directory: Path, *, borrow_from: Path) -> None:
    # The least that git takes for a repository; `git init` would be another child for the same four things.
    (directory / "refs").mkdir()
    (directory / "objects" / "info").mkdir(parents=True)
    (directory / "objects" / "info" / "alternates").write_text(f"{borrow_from}\n")
    (directory / "HEAD").write_text("ref: refs/heads/import\n")


def _stream(parent: str, commits: Sequence[PendingCommit]) -> bytes:
    parts: list[bytes] = [b"feature get-mark\n"]
    for number, commit in enumerate(commits, start=1):
        parts.append(b"commit refs/heads/import\nmark :%d\n" % number)
        parts.append(b"author " + _person(commit.author, commit.date))
        parts.append(b"committer " + _person(commit.committer, commit.date))
        parts.append(_data(commit.message.encode("utf-8", "replace")))
        parts.append(b"from " + (parent.encode("ascii") if number == 1 else b":%d" % (number - 1)) + b"\n")
        for file in commit.files:
            parts.append(b"M " + file.mode.encode("ascii") + b" inline " + quoted(file.path) + b"\n")
            parts.append(_data(file.content))
        parts.append(b"get-mark :%d\n" % number)
    parts.append(b"done\n")
    return b"".join(parts)


def _data(content: bytes) -> bytes:
    return b"data %d\n%s\n" % (len(content), content)


def _person(person: Identity, date: datetime) -> bytes:
    offset = date.utcoffset()
    if offset is None:
        raise ValueError("The date of a commit needs a time zone.")
    minutes = int(offset.total_seconds()) // 60
    zone = f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}{abs(minutes) % 60:02d}"
    email = _plain(person.email).replace(" ", "")
    name = _plain(person.name) or email or "unknown"
    return f"{name} <{email}> {int(date.timestamp())} {zone}\n".encode("utf-8", "replace")


def _plain(text: str) -> str:
    """Without what would end the field; git drops the same characters from names."""
    return " ".join("".join(" " if character in "<>\n\r\0" else character for character in text).split())
