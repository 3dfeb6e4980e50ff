"""Real Git remotes for tests: a bare repository, somebody else's clone of it, and edits to push."""

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from promotions.repos import (
    ChangeSet,
    Conflict,
    Edit,
    FileWrite,
    Identity,
    Intent,
    Landed,
    NoChanges,
    NotLanded,
    TreeReader,
)
from promotions.repos.base import Computed

BOT = Identity("Lockstep", "lockstep@example.com")
DATE = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)


def git(*arguments: str, cwd: Path, stdin: bytes | None = None) -> str:
    environment = {
        **os.environ,
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_AUTHOR_NAME": "Olga Outsider",
        "GIT_AUTHOR_EMAIL": "olga@example.com",
        "GIT_COMMITTER_NAME": "Olga Outsider",
        "GIT_COMMITTER_EMAIL": "olga@example.com",
    }
    done = subprocess.run(
        ["git", *arguments], cwd=cwd, input=stdin, capture_output=True, check=False, env=environment
    )
    assert done.returncode == 0, (arguments, done.stderr.decode())
    return done.stdout.decode("utf-8", "surrogateescape").rstrip("\n")


class Remote:
    """A bare repository with a reflog; `outsider` is a work tree in which somebody else commits."""

    def __init__(self, directory: Path) -> None:
        self.path = directory / "remote.git"
        self.outsider = directory / "outsider"
        directory.mkdir(parents=True, exist_ok=True)
        git("init", "-q", "--bare", "-b", "main", str(self.path), cwd=directory)
        git("config", "core.logAllRefUpdates", "true", cwd=self.path)
        git("clone", "-q", str(self.path), str(self.outsider), cwd=directory)
        git("checkout", "-q", "-b", "main", cwd=self.outsider)

    @property
    def url(self) -> str:
        return str(self.path)

    def outsider_pushes(self, files: dict[str, str | bytes], message: str = "Outside change") -> str:
        git("fetch", "-q", "origin", cwd=self.outsider)
        if git("ls-remote", "--heads", "origin", "main", cwd=self.outsider):
            git("reset", "-q", "--hard", "origin/main", cwd=self.outsider)
        for path, content in files.items():
            target = self.outsider / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.encode() if isinstance(content, str) else content)
        git("add", "-A", cwd=self.outsider)
        return self.outsider_commits_and_pushes(message)

    def outsider_commits_and_pushes(self, message: str) -> str:
        git("commit", "-q", "--allow-empty", "-m", message, cwd=self.outsider)
        git("push", "-q", "origin", "HEAD:main", cwd=self.outsider)
        return git("rev-parse", "HEAD", cwd=self.outsider)

    def tip(self, branch: str = "main") -> str:
        return git("rev-parse", f"refs/heads/{branch}", cwd=self.path)

    def read(self, path: str) -> str:
        return git("show", f"main:{path}", cwd=self.path)

    def mode(self, path: str) -> str:
        return git("ls-tree", "main", "--", path, cwd=self.path).split()[0]

    def subjects(self) -> list[str]:
        """Subjects on main, newest first."""
        return git("log", "--format=%s", "main", cwd=self.path).splitlines()

    def pushes(self) -> int:
        """How often main was moved, by the remote's own reflog."""
        return len(git("reflog", "show", "main", cwd=self.path).splitlines())

    def hook(self, name: str, script: str) -> None:
        path = self.path / "hooks" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)


@dataclass
class Intents:
    """An IntentStore that remembers everything it is told; `refuse` holds effect keys to abandon."""

    refuse: set[str] = field(default_factory=set)
    recorded: list[list[Intent]] = field(default_factory=list)
    settled: list[tuple[Intent, Landed | NotLanded]] = field(default_factory=list)

    def record(self, intents: Sequence[Intent]) -> set[str]:
        refused = {intent.effect_key for intent in intents} & self.refuse
        if not refused:
            self.recorded.append(list(intents))
        return refused

    def settle(self, outcomes: Sequence[tuple[Intent, Landed | NotLanded]]) -> None:
        self.settled += outcomes


def key(place: str) -> str:
    return f"release-7/{place}/commit/1"


def version_edit(place: str, version: str, *, base_version: str = "1") -> Edit:
    """Sets `PLACE/values.yaml` to a version; somebody else's third version is a conflict."""

    def compute(tree: TreeReader) -> Computed:
        path = f"{place}/values.yaml"
        blob = tree.read(path)
        current = "" if blob is None else blob.content.decode()
        if current == f"version: {version}\n":
            return NoChanges()
        if current != f"version: {base_version}\n":
            return Conflict(f"{path} was changed to {current.strip()!r}", path)
        return ChangeSet((FileWrite(path, f"version: {version}\n".encode()),))

    return edit(place, compute)


def write_edit(place: str, *writes: FileWrite) -> Edit:
    return edit(place, lambda tree: ChangeSet(writes))


def edit(place: str, compute) -> Edit:  # type: ignore[no-untyped-def]
    return Edit(
        effect_key=key(place),
        message=f"Promote to {place}",
        trailers=[("Lockstep-Release", "7"), ("Lockstep-Environment", place)],
        author=BOT,
        date=DATE,
        compute=compute,
    )
