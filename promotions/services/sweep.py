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

from promotions.models import Release, Step
from promotions.models.release import ReleaseStatus
from promotions.models.step import StepStatus
from promotions.services.publishing import steps_publish, tick_request
from promotions.services.push_intents import intents_due
from promotions.services.release_tick import HOLDS_SLOT, product_wake
from promotions.services.step_run import CLAIMABLE_RELEASES, MOST_AT_ONCE, leases_expire

TICK_AGAIN = timedelta(seconds=1)
CHECK_AGAIN = timedelta(seconds=5)


def sweep() -> dict[str, int]:
    """One round; returns how much of each kind was handed over."""
    return {
        "leases": leases_expire(),
        "timeouts": _timeouts_note(),
        "slots": _free_products_wake(),
        "ticks": _ticks_due(),
        "unclaimed": _unclaimed_publish(),
        "waits": _waits_due(),
        "intents": _intents_due(),
    }


def _ticks_due() -> int:
    """Ticks whose hint was lost. Their time moves on, so that a queue that is stuck does not fill up."""
    late = Q(tick_due=True) & (Q(tick_due_at=None) | Q(tick_due_at__lt=Now() - TICK_AGAIN))
    with transaction.atomic():
        # A row that is locked is being ticked, or changed by somebody who will send a hint.
        rows = (
            Release.objects.select_for_update(skip_locked=True, no_key=True)
            .filter(late)
            .order_by("tick_due_at")
        )
        due = [row.pk for row in rows.only("pk")[:MOST_AT_ONCE]]
        Release.objects.filter(pk__in=due).update(tick_due_at=Now())
    for release_id in due:
        current_app.send_task("promotions.tasks.release_tick", args=[release_id])
    return len(due)


def _timeouts_note() -> int:
    """Running releases past their limit need a tick; the rows are few (one for each product) and read here."""
    running = Release.objects.filter(
        status__in=[ReleaseStatus.RUNNING, ReleaseStatus.SUSPENDED], resumed_at__isnull=False, tick_due=False
    )
    over = [
        pk
        for pk, resumed_at, minutes, now in running.values_list("pk", "resumed_at", "timeout_minutes", Now())
        if now >= resumed_at + timedelta(minutes=minutes)
    ]
    for release_id in over:
        with transaction.atomic():
            tick_request(release_id)
    return len(over)


def _free_products_wake() -> int:
    """Products that no release holds, though one waits: whoever freed them died before saying so."""
    queued = Release.objects.filter(status=ReleaseStatus.QUEUED).order_by()
    busy = Release.objects.filter(status__in=HOLDS_SLOT).order_by().values("product_id")
    told = queued.filter(tick_due=True).values("product_id")
    free = queued.exclude(product_id__in=busy).exclude(product_id__in=told)
    products = list(free.values_list("product_id", flat=True).distinct()[:MOST_AT_ONCE])
    for product_id in products:
        product_wake(product_id=product_id)
    return len(products)


def _unclaimed_publish() -> int:
    with transaction.atomic():
        steps = list(
            Step.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
            .filter(
                status=StepStatus.PENDING,
                is_ready=True,
                publish_again_at__lte=Now(),
                release__status__in=CLAIMABLE_RELEASES,
            )
            .select_related("application")
            .order_by("publish_again_at")[:MOST_AT_ONCE]
        )
        steps_publish(steps)
    return len(steps)


def _waits_due() -> int:
    """Due waits, all of one runtime in one task; the due time moves on, so that a lost task is repeated."""
    with transaction.atomic():
        free = Q(lease_until=None) | Q(lease_until__lt=Now())
        rows = list(
            Step.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
            .filter(
                free,
                status=StepStatus.WAITING,
                kind="await_sync",
                next_check_at__lte=Now(),
                release__status__in=CLAIMABLE_RELEASES,
            )
            .order_by("next_check_at")
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


def _intents_due() -> int:
    releases = intents_due()
    for release_id in releases:
        current_app.send_task("promotions.tasks.intents_resolve", args=[release_id])
    return len(releases)
