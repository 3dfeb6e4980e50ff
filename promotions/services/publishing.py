"""Hands work to the broker on commit. Never the only way: the sweep publishes again what was not claimed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from celery import group
from celery.canvas import Signature
from django.db import transaction
from django.db.models.functions import Now

from lockstep.failpoints import failpoint
from promotions.models import Release, Step
from promotions.steps.registry import step_kind

FIRST_AGAIN = timedelta(seconds=5)
LAST_AGAIN = timedelta(seconds=60)


def tick_request(release_id: str) -> None:
    """Mark the release as due in the caller's transaction and send the hint on commit."""
    from promotions import tasks

    Release.objects.filter(pk=release_id).update(tick_due=True, tick_due_at=Now())
    transaction.on_commit(lambda: _send(tasks.release_tick.s(release_id)), robust=True)


def steps_publish(steps: Iterable[Step]) -> None:
    """Record that the steps were handed over, and on commit send them as ONE Celery group."""
    steps = list(steps)
    if not steps:
        return
    for step in steps:
        pause = min(FIRST_AGAIN * 2**step.publish_count, LAST_AGAIN)
        Step.objects.filter(pk=step.pk).update(
            published_at=Now(), publish_again_at=Now() + pause, publish_count=step.publish_count + 1
        )
    signatures: list[Signature] = []
    by_kind: dict[str, list[Step]] = {}
    for step in steps:
        by_kind.setdefault(step.kind, []).append(step)
    for kind, members in by_kind.items():
        signatures.extend(step_kind(kind).signatures(members))
    transaction.on_commit(lambda: _send(group(signatures)), robust=True)


def _send(work: Signature) -> None:
    if not failpoint("publish.send"):
        work.apply_async()
