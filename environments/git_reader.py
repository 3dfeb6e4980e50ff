"""Reads bare repositories of this machine: tips, trees, files, the last change. Never writes, never fetches.

Objects and refs are read inside the process (no child per poll); only the walk through history
asks Git itself, with a timeout.
"""

from __future__ import annotations

import subprocess
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, cast

import git
from django.conf import settings
from git.objects import Blob, Tree
from gitdb.exc import ODBError  # type: ignore[import-untyped]

from environments.repositories import RepositoryRefused, is_local, resolve_repository_url

# What reading damaged or vanished objects raises: the library checks little before it unpacks.
_DAMAGE = (ODBError, OSError, ValueError, zlib.error)


class GitReadError(Exception):
    """A repository, revision or file that cannot be read; str() is a sentence."""


@dataclass(frozen=True)
class CommitInfo:
    sha: str
    author: str
    message: str
    at: datetime


@dataclass(frozen=True)
class FileEntry:
    """One file below a directory: path relative to it, Git's object id, size in bytes."""

    path: str
    object_id: str
    size: int


class RepositoryReader:
    """One repository, opened for one observation: open it, ask, close it (a context manager)."""

    def __init__(self, url: str) -> None:
        try:
            resolved = resolve_repository_url(url)
        except RepositoryRefused as error:
            raise GitReadError(str(error)) from error
        if not is_local(resolved):
            raise GitReadError(
                f"The repository {url} is on another machine; "
                "the local runtime reads repositories of this one."
            )
        self.url = url
        self.path = Path(resolved)
        self._roots: dict[str, Tree] = {}
        self._directories: dict[tuple[str, str], dict[str, Any]] = {}
        try:
            # GitDB reads loose and packed objects in Python, so that nothing can hang.
            self._repo = git.Repo(resolved, odbt=git.GitDB)
        except (git.InvalidGitRepositoryError, git.NoSuchPathError) as error:
            raise GitReadError(f"The repository {url} does not exist.") from error

    def __enter__(self) -> RepositoryReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._repo.close()

    def branch_tip(self, branch: str) -> str | None:
        """The SHA that a branch points at, or None when there is no such branch."""
        try:
            return self._ref(f"refs/heads/{branch}")
        except ValueError:
            return None

    def resolve(self, revision: str) -> str:
        """The SHA of HEAD, a branch, a tag or a SHA of seven digits or more; GitReadError if unknown."""
        try:
            if revision in {"", "HEAD"}:
                return self._ref("HEAD")
            for name in (revision, f"refs/heads/{revision}", f"refs/tags/{revision}"):
                if name.startswith("refs/"):
                    try:
                        return self._ref(name)
                    except ValueError:
                        continue
            return self._sha(revision)
        except _DAMAGE as error:
            raise GitReadError(f"The repository {self.url} has no revision {revision or 'HEAD'}.") from error

    def object_id(self, sha: str, path: str) -> str | None:
        """Git's id of the file or directory at the path, or None when there is none."""
        found = self._entry(sha, path)
        return None if found is None else found.hexsha

    def files(self, sha: str, directory: str) -> list[FileEntry]:
        """All files below the directory, sorted by path; empty when it does not exist."""
        found = self._entry(sha, directory)
        if not isinstance(found, Tree):
            return []
        prefix = len(str(found.path)) + 1 if found.path else 0
        try:
            entries = [FileEntry(str(b.path)[prefix:], b.hexsha, b.size) for b in _blobs(found)]
        except _DAMAGE as error:
            raise GitReadError(f"The directory {directory} of {self.url} is damaged at {sha[:7]}.") from error
        return sorted(entries, key=lambda entry: entry.path)

    def read(self, sha: str, path: str) -> bytes | None:
        """The file's bytes at that commit, or None when there is no such file."""
        found = self._entry(sha, path)
        if not isinstance(found, Blob):
            return None
        try:
            content: bytes = found.data_stream.read()
        except _DAMAGE as error:
            raise GitReadError(f"The file {path} of {self.url} is damaged at {sha[:7]}.") from error
        return content

    def last_change(self, sha: str, paths: Iterable[str]) -> CommitInfo | None:
        """The newest commit at or before `sha` that touched one of the paths (all of them: "")."""
        wanted = [path for path in paths if path]
        command = ["git", "-C", str(self.path), "log", "-1", "-z", "--format=%H%n%an%n%aI%n%B", sha, "--"]
        try:
            done = subprocess.run(
                [*command, *(f":(literal){path}" for path in wanted)],
                capture_output=True,
                check=True,
                timeout=settings.GIT_TIMEOUT_SECONDS,
            )
        except subprocess.TimeoutExpired as error:
            raise GitReadError(f"Reading the history of {self.url} took too long.") from error
        except subprocess.CalledProcessError as error:
            raise GitReadError(f"The history of {self.url} cannot be read at {sha[:7]}.") from error
        if not done.stdout:
            return None
        found, author, at, message = done.stdout.decode("utf-8", "replace").rstrip("\0").split("\n", 3)
        return CommitInfo(found, author, message.strip(), datetime.fromisoformat(at))

    def _ref(self, name: str) -> str:
        sha = git.SymbolicReference.dereference_recursive(self._repo, name)
        if name.startswith("refs/tags/"):
            sha = git.TagReference(self._repo, name).commit.hexsha
        return str(sha)

    def _sha(self, revision: str) -> str:
        if not 7 <= len(revision) <= 40 or any(c not in "0123456789abcdef" for c in revision.lower()):
            raise ValueError(revision)
        # The stubs know only the object database that asks Git; ours takes and gives bytes.
        database = cast(Any, self._repo.odb)
        return git.Commit(self._repo, database.partial_to_complete_sha_hex(revision.lower().encode())).hexsha

    def _entry(self, sha: str, path: str) -> Tree | Blob | None:
        try:
            if sha not in self._roots:
                self._roots[sha] = git.Commit(self._repo, bytes.fromhex(sha)).tree
            found: Any = self._roots[sha]
            done = ""
            for part in path.strip("/").split("/"):
                if part in {"", "."}:
                    continue
                if not isinstance(found, Tree):
                    return None
                found = self._children(found, sha, done).get(part)
                done = f"{done}/{part}"
        except _DAMAGE as error:
            raise GitReadError(f"The repository {self.url} has no commit {sha[:7]}.") from error
        return found if isinstance(found, (Tree, Blob)) else None

    def _children(self, tree: Tree, sha: str, path: str) -> dict[str, Any]:
        """What stands in a directory by name, read once: hundreds of applications share their parents."""
        key = (sha, path)
        if key not in self._directories:
            self._directories[key] = {item.name: item for item in tree}
        return self._directories[key]


def _blobs(tree: Tree) -> Iterator[Blob]:
    for item in tree:
        if isinstance(item, Tree):
            yield from _blobs(item)
        elif isinstance(item, Blob):
            yield item


class OpenRepositories:
    """The repositories opened during one observation, each once."""

    def __init__(self) -> None:
        self._open: dict[str, RepositoryReader] = {}
        self._tips: dict[tuple[str, str], str] = {}

    def __enter__(self) -> OpenRepositories:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for reader in self._open.values():
            reader.close()

    def get(self, url: str) -> RepositoryReader:
        """The open reader of the address; GitReadError when it cannot be opened."""
        if url not in self._open:
            self._open[url] = RepositoryReader(url)
        return self._open[url]

    def tip(self, url: str, revision: str) -> str:
        """The SHA of a revision, looked up once per observation so that one answer is one moment."""
        key = (url, revision)
        if key not in self._tips:
            self._tips[key] = self.get(url).resolve(revision)
        return self._tips[key]
