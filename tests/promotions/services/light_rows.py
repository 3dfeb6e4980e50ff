"""Releases as bare rows, without Git or a runtime: for what services do to rows alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import Role, User
from products.models import Product
from promotions.models import Release, ReleaseApplication, ReleaseEnvironment, Step
from promotions.services.release_tick import release_tick
from promotions.services.step_run import steps_claim
from promotions.steps.base import Claim
from tests.promotions.services.demo_world import Outbox

PHASES = {"freeze": 5, "commit": 40, "await_sync": 50}


def promoter() -> User:
    user, _ = User.objects.get_or_create(username="ann", defaults={"role": Role.PROMOTER})
    return user


def light_release(
    drawing: str = "dev > qa > prod prod-eu",
    *,
    product: str = "shop",
    status: str = "RUNNING",
    done: Sequence[str] = (),
    **columns: Any,
) -> Release:
    """One release drawn like "dev > qa > prod prod-eu"; environments in `done` succeeded, the rest is pending."""
    owner, _ = Product.objects.get_or_create(name=product)
    Product.objects.filter(pk=owner.pk).update(release_counter=F("release_counter") + 1)
    owner.refresh_from_db()
    release = Release.objects.create(
        product=owner,
        number=owner.release_counter,
        flow_name="fan",
        flow_manifest="",
        status=status,
        initiator="ann",
        source_application=f"local/argocd/{product}-dev",
        source_repository="lockstep://local/demo.git",
        source_branch="main",
        source_revision="a" * 40,
        created_at=timezone.now(),
        started_at=None if status == "QUEUED" else timezone.now(),
        **columns,
    )
    before: list[str] = []
    position = 0
    for wave, names in enumerate(text.split() for text in drawing.split(">")):
        for name in names:
            _environment(release, name, position, before, is_trigger=wave == 0, is_done=name in done)
            position += 1
        before = names
    return release


def _environment(
    release: Release, name: str, position: int, before: list[str], *, is_trigger: bool, is_done: bool
) -> None:
    state = "SUCCEEDED" if is_done else "PENDING"
    environment = ReleaseEnvironment.objects.create(
        release=release,
        name=name,
        kind="NON_PROD",
        role="TRIGGER" if is_trigger else "TARGET",
        position=position,
        depends_on=before,
        status=state,
    )
    application = ReleaseApplication.objects.create(
        environment=environment,
        runtime="local",
        namespace="argocd",
        name=f"{release.product.name}-{name}",
        repository="lockstep://local/demo.git",
        branch="main",
        path=f"apps/{name}",
    )
    for kind in ("freeze" if is_trigger else "commit", "await_sync"):
        Step.objects.create(
            release=release,
            environment=environment,
            application=application,
            kind=kind,
            title=kind,
            phase=PHASES[kind],
            status=state,
        )


def step_of(release: Release, environment: str, kind: str) -> Step:
    return Step.objects.get(release=release, environment__name=environment, kind=kind)


def put(release: Release, environment: str, *statuses: str, **columns: Any) -> None:
    """Environment running; its steps in phase order in the statuses given; `columns` for the last of them."""
    ReleaseEnvironment.objects.filter(release=release, name=environment).update(status="RUNNING")
    rows = list(Step.objects.filter(release=release, environment__name=environment).order_by("phase"))
    for row, status in zip(rows, statuses, strict=True):
        Step.objects.filter(pk=row.pk).update(status=status, is_ready=True)
    Step.objects.filter(pk=rows[-1].pk).update(**columns)


def run_ticks(outbox: Outbox) -> None:
    """Run the ticks that were sent, and what they send of ticks; steps stay where they are."""
    while ticks := [message for message in outbox.messages if message[0].endswith("release_tick")]:
        outbox.messages = [message for message in outbox.messages if message not in ticks]
        for message in ticks:
            release_tick(release_id=message[1][0])


def claim(step: Step, worker: str = "w1") -> Claim:
    return steps_claim(step_ids=[step.pk], task_id=f"task-of-{worker}", worker=worker)[step.pk]


def lose_workers() -> None:
    """Every lease that is held ran out a second ago."""
    Step.objects.filter(lease_until__isnull=False).update(lease_until=Now() - timedelta(seconds=1))
