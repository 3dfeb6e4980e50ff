"""The sweep: finds what is due in rows and hands it over again. Harmless to run twice at once.

Never the normal way of anything: a hint on commit is faster. It is what makes a lost message, a dead
worker or a restarted broker cost seconds instead of a release.
"""

from __future__ import annotations

from datetime import timedelta

from celery import current_app
from django.db import transaction
from django.db.models import DateTimeField, ExpressionWrapper, Q
from django.db.models.functions import Now
from django.utils import timezone

from promotions.models import Release, Step
from promotions.models.release import ReleaseStatus
from promotions.models.step import StepStatus
from promotions.services.publishing import steps_publish
from promotions.services.push_intents import releases_with_open_intents
from promotions.services.step_run import leases_expire

TICK_AGAIN = timedelta(seconds=1)
CHECK_AGAIN = timedelta(seconds=5)
MOST_AT_ONCE = 500


def sweep() -> dict[str, int]:
    """One round; returns how much of each kind was handed over."""
    return {
        "leases": leases_expire(),
        "ticks": _ticks_due(),
        "unclaimed": _unclaimed_publish(),
        "waits": _waits_due(),
        "intents": _intents_open(),
    }


def _ticks_due() -> int:
    late = Q(tick_due=True) & (Q(tick_due_at=None) | Q(tick_due_at__lt=Now() - TICK_AGAIN))
    due = list(Release.objects.filter(late).values_list("pk", flat=True)[:MOST_AT_ONCE])
    due += _timed_out(exclude=due)
    for release_id in due:
        current_app.send_task("promotions.tasks.release_tick", args=[release_id])
    return len(due)


def _timed_out(*, exclude: list[str]) -> list[str]:
    """Running releases past their own limit; minutes are a column, so the rows are few and read here."""
    running = Release.objects.filter(status__in=[ReleaseStatus.RUNNING, ReleaseStatus.SUSPENDED])
    return [
        release.pk
        for release in running.exclude(pk__in=exclude).only("pk", "started_at", "timeout_minutes")
        if release.started_at
        and timezone.now() >= release.started_at + timedelta(minutes=release.timeout_minutes)
    ]


def _unclaimed_publish() -> int:
    with transaction.atomic():
        steps = list(
            Step.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(
                status=StepStatus.PENDING,
                is_ready=True,
                publish_again_at__lte=Now(),
                release__status__in=[ReleaseStatus.QUEUED, ReleaseStatus.RUNNING],
            )
            .select_related("application")[:MOST_AT_ONCE]
        )
        steps_publish(steps)
    return len(steps)


def _waits_due() -> int:
    """Due waits, all of one runtime in one task; the due time moves on, so that a lost task is repeated."""
    with transaction.atomic():
        free = Q(lease_until=None) | Q(lease_until__lt=Now())
        rows = list(
            Step.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(free, status=StepStatus.WAITING, kind="await_sync", next_check_at__lte=Now())
            .values_list("pk", "application__runtime")[:MOST_AT_ONCE]
        )
        again = ExpressionWrapper(Now() + CHECK_AGAIN, output_field=DateTimeField())
        Step.objects.filter(pk__in=[pk for pk, _ in rows]).update(next_check_at=again)
        by_runtime: dict[str, list[int]] = {}
        for pk, runtime in rows:
            by_runtime.setdefault(runtime or "", []).append(pk)
        transaction.on_commit(lambda: _send_checks(by_runtime), robust=True)
    return len(rows)


def _send_checks(by_runtime: dict[str, list[int]]) -> None:
    for step_ids in by_runtime.values():
        current_app.send_task("promotions.tasks.await_sync_steps", args=[step_ids])


def _intents_open() -> int:
    releases = releases_with_open_intents()
    for release_id in releases:
        current_app.send_task("promotions.tasks.intents_resolve", args=[release_id])
    return len(releases)
