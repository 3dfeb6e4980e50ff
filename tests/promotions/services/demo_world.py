"""The demo on real Git repositories, and a driver that runs published work in this process.

No broker and no worker processes: what services send is kept in a list and run in order, so that a test
can lose, repeat or reorder messages. Real processes are for tests/faults.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from celery import group
from celery.canvas import Signature
from django.core.management import call_command
from django.db.models.functions import Now

from accounts.models import Role, User
from environments.models import Runtime
from environments.repositories import resolve_repository_url
from environments.runtimes.local.models import LocalApplication
from environments.services import environment_create
from products.discovery import runtime_poll
from promotions import tasks
from promotions.models import Release, Step
from promotions.services import publishing, sweep
from promotions.services.document_save import Expectation
from promotions.services.flow_save import flow_save
from promotions.services.release_start import release_start

PARALLEL = "multi-env-parallel-promotion"
EXAMPLES = Path(__file__).resolve().parents[3] / "examples" / "quick-start"


@dataclass
class Outbox:
    """Messages sent and not run yet; `groups` remembers which went out as one Celery group."""

    messages: list[tuple[str, list[Any]]] = field(default_factory=list)
    groups: list[list[str]] = field(default_factory=list)

    def send(self, work: Signature) -> None:
        members = list(work.tasks) if isinstance(work, group) else [work]
        if isinstance(work, group):
            self.groups.append([member.task for member in members])
        self.messages.extend((member.task, list(member.args)) for member in members)

    def send_task(self, name: str, args: list[Any]) -> None:
        self.messages.append((name, list(args)))

    def run_one(self) -> str:
        name, args = self.messages.pop(0)
        getattr(tasks, name.rsplit(".", 1)[-1]).apply(args=args, throw=True)
        return name

    def run_all(self, *, most: int = 500) -> None:
        for _ in range(most):
            if not self.messages:
                return
            self.run_one()
        raise AssertionError(f"Work does not end: {self.messages[:5]}")


@pytest.fixture
def outbox(monkeypatch: pytest.MonkeyPatch) -> Outbox:
    box = Outbox()
    monkeypatch.setattr(publishing, "_send", box.send)
    monkeypatch.setattr(sweep.current_app, "send_task", box.send_task, raising=False)
    return box


@dataclass
class Demo:
    """The demo's repository and the people who use it."""

    repository: Path
    admin: User
    outbox: Outbox

    def git(self, *arguments: str) -> str:
        done = subprocess.run(
            ["git", "-C", str(self.repository), *arguments], check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def commit(self, path: str, change: Callable[[str], str], message: str = "Outsider's change") -> str:
        """Push a commit from a clone, as an outsider would; returns its SHA."""
        clone = self.repository.parent / "outsider"
        if not clone.exists():
            subprocess.run(["git", "clone", "-q", str(self.repository), str(clone)], check=True)
        run = lambda *a: subprocess.run(["git", "-C", str(clone), *a], check=True, capture_output=True)  # noqa: E731
        run("pull", "-q", "--ff-only")
        file = clone / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(change(file.read_text() if file.exists() else ""))
        run("add", "-A")
        run("-c", "user.name=Olive Outsider", "-c", "user.email=olive@example.com", "commit", "-qm", message)
        run("push", "-q", "origin", "HEAD:main")
        return self.git("rev-parse", "main")

    def trigger(self, flow: str = PARALLEL, **options: Any) -> Release:
        return release_start(user=self.admin, flow_name=flow, product_name="demo-trioapp", **options)

    def settle(self, release: Release, *, rounds: int = 40) -> Release:
        """Run what is published and what the sweep finds until the release is over."""
        for _ in range(rounds):
            self.outbox.run_all()
            release.refresh_from_db()
            if release.is_over:
                return release
            make_due()
            sweep.sweep()
        steps = [
            f"{s.environment.name} {s.kind} {s.status} {s.reason} {s.message}" for s in release.steps.all()
        ]
        raise AssertionError(f"{release} is still {release.status}:\n" + "\n".join(steps))


def make_due() -> None:
    """Let the time of every wait and backoff be over: tests do not sleep."""
    Step.objects.filter(status="WAITING").update(next_check_at=Now())
    Step.objects.filter(status="PENDING", is_ready=True).update(publish_again_at=Now())


@pytest.fixture
def demo(transactional_db: None, settings: Any, tmp_path: Path, outbox: Outbox) -> Demo:
    """The demo with prod-eu and prod-asia brought in and the parallel flow saved."""
    settings.DATA_DIR = tmp_path / "data"
    settings.REPOSITORIES_DIR = settings.DATA_DIR / "mirrors"
    settings.SETTLE_SECONDS = 0.0
    settings.DEGRADED_GRACE_SECONDS = 0.0
    call_command("demo_setup")
    admin = User.objects.create_user("release-engineer", password="correct horse", role=Role.ADMINISTRATOR)
    for region in ("eu", "asia"):
        targets = [{"cluster": f"{region}-1", "namespaces": [f"demo-trioapp-prod-{region}"]}]
        environment_create(user=admin, name=f"prod-{region}", kind="PROD", targets=targets)
    bring_in_applications(admin)
    text = (EXAMPLES / "flows" / f"{PARALLEL}.yaml").read_text()
    flow_save(user=admin, name=PARALLEL, text=text, expected=Expectation(is_absent=True))
    outbox.messages.clear()
    return Demo(settings.DATA_DIR / "git" / "demo.git", admin, outbox)


def bring_in_applications(admin: User) -> None:
    repository = Runtime.objects.get(name="local")
    bare = Path(resolve_repository_url(repository.git_source_url))
    scratch = Demo(bare, admin, Outbox())
    for file in sorted((EXAMPLES / "applications").glob("*.yaml")):
        scratch.commit(f"argocd-app-manifests/{file.stem}/application.yaml", lambda _, f=file: f.read_text())
    runtime_poll(runtime=repository)
    LocalApplication.objects.update(latency_seconds=0, rollout_seconds=0)
