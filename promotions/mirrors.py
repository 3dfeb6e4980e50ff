"""Opens the mirror of a repository as settings say. The only place where promotions turn a URL into Git."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
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


def mirror_open(url: str, *, ask_timeout: float | None = None) -> AbstractContextManager[Mirror]:
    """The mirror of the URL as it stands in manifests; `ask_timeout` as `Mirror.open` has it.

    Raises RepositoryRefused and GitError.
    """
    resolved = resolve_repository_url(url)
    return Mirror.open(
        settings.REPOSITORIES_DIR,
        resolved,
        timeout=settings.GIT_TIMEOUT_SECONDS,
        ask_timeout=ask_timeout,
        allow_file=is_local(resolved),
        on_git=_on_git,
    )


class FetchedMirrors:
    """The mirrors that one piece of reading needs: each opened once, its branches fetched together, once."""

    def __init__(self, stack: ExitStack, wanted: Iterable[tuple[str, str]], *, ask_timeout: float) -> None:
        """`wanted`: repository URL as in manifests, branch. The mirrors are closed with the stack.

        `ask_timeout` as `Mirror.open` has it, for each of the remotes.
        """
        self._stack = stack
        self._ask_timeout = ask_timeout
        self._branches: dict[str, list[str]] = {}
        for repository, branch in dict.fromkeys(wanted):
            self._branches.setdefault(repository, []).append(branch)
        self._mirrors: dict[str, Mirror] = {}
        self._tips: dict[str, dict[str, str]] = {}

    def mirror(self, repository: str) -> Mirror:
        """Raises RepositoryRefused and GitError."""
        if repository not in self._mirrors:
            self._mirrors[repository] = self._stack.enter_context(
                mirror_open(repository, ask_timeout=self._ask_timeout)
            )
        return self._mirrors[repository]

    def tip(self, repository: str, branch: str) -> str | None:
        """The branch's commit on the remote; None where there is no such branch. Raises as `mirror` does."""
        if repository not in self._tips:
            self._tips[repository] = self.mirror(repository).fetch(self._branches[repository])
        return self._tips[repository].get(branch)
