"""Opens the mirror of a repository as settings say. The only place where promotions turn a URL into Git."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.conf import settings

from environments.repositories import is_local, resolve_repository_url
from promotions.repos import Mirror


@dataclass
class GitTimes:
    """How long a piece of work took, and how much of it git children did. Seconds."""

    total: float = 0.0
    git: float = 0.0
    calls: int = 0


_times: ContextVar[GitTimes | None] = ContextVar("git_times", default=None)


@contextmanager
def git_timed() -> Iterator[GitTimes]:
    """Count the git children that run in the body; for the log and the benchmarks."""
    times = GitTimes()
    token = _times.set(times)
    started = time.monotonic()
    try:
        yield times
    finally:
        times.total = time.monotonic() - started
        _times.reset(token)


def _on_git(operation: str, seconds: float) -> None:
    times = _times.get()
    if times is not None:
        times.git += seconds
        times.calls += 1


def mirror_open(url: str) -> AbstractContextManager[Mirror]:
    """The mirror of the URL as it stands in manifests. Raises RepositoryRefused and GitError."""
    resolved = resolve_repository_url(url)
    return Mirror.open(
        settings.REPOSITORIES_DIR,
        resolved,
        timeout=settings.GIT_TIMEOUT_SECONDS,
        allow_file=is_local(resolved),
        on_git=_on_git,
    )
