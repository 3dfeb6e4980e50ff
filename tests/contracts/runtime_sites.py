"""What the Runtime contract needs of an installation, one class per adapter. Never asserts anything."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from environments.models import Runtime as RuntimeRow
from environments.runtimes.base import ApplicationKey, ApplicationState, Runtime
from environments.runtimes.local.adapter import LocalRuntime
from environments.runtimes.local.models import LocalApplication
from tests.environments.bare_repository import BareRepository, manifest


class RuntimeSite(Protocol):
    """An adapter with a Git Source and a repository of applications that tests may write to."""

    runtime: Runtime
    url: str

    def commit(self, files: dict[str, str | None]) -> str:
        """Commit to the repository of both manifests and applications; the SHA."""

    def wait(self, ready: Callable[[], bool]) -> None:
        """Let the runtime's time pass until `ready`; fails the test if it never is."""

    def fail(self, name: str, how: str, message: str = "") -> None:
        """From now on this application ends up like this: sync_error, degraded, none."""

    def break_git_source(self) -> None: ...


class LocalSite:
    """The local runtime with a clock that only moves when a test waits."""

    def __init__(self, data_dir: Path) -> None:
        self.repository = BareRepository(data_dir)
        self.url = self.repository.url
        self.row = RuntimeRow.objects.create(
            name="local", git_source_url=self.url, git_source_path="manifests"
        )
        self.now = datetime(2030, 1, 1, tzinfo=UTC)
        self.runtime = LocalRuntime(self.row, clock=lambda: self.now)

    def commit(self, files: dict[str, str | None]) -> str:
        return self.repository.commit(files)

    def wait(self, ready: Callable[[], bool]) -> None:
        for _ in range(60):
            if ready():
                return
            self.now += timedelta(seconds=0.5)
        raise AssertionError("the runtime never came to what was waited for")

    def fail(self, name: str, how: str, message: str = "") -> None:
        LocalApplication.objects.filter(name=name).update(failure=how, failure_message=message)

    def break_git_source(self) -> None:
        self.row.git_source_url = "lockstep://local/gone.git"


def key(name: str = "web") -> ApplicationKey:
    return ApplicationKey("argocd", name)


def state(site: RuntimeSite, name: str = "web") -> ApplicationState:
    return site.runtime.get_applications([key(name)])[key(name)]


def settle(site: RuntimeSite, *names: str) -> None:
    """Wait until the applications are Synced and Healthy with no operation running."""

    def calm() -> bool:
        states = site.runtime.list_applications()
        return all(
            s.sync == "Synced" and s.health == "Healthy" and s.operation.phase != "Running"
            for s in states
            if not names or s.key.name in names
        )

    site.wait(calm)


__all__ = ["LocalSite", "RuntimeSite", "key", "manifest", "settle", "state"]
