"""One tick of one release: read rows, ask the engine, apply by compare-and-swap, publish on commit.

Never runs a step, never waits for anything but the release's row lock.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from lockstep.failpoints import failpoint
from products.models import Product
from promotions.database_time import database_now
from promotions.engine.decide import decide
from promotions.engine.decisions import (
    Decision,
    EnvironmentMove,
    ReleaseMove,
    StepReady,
    StepTerminate,
)
from promotions.engine.snapshot import RELEASE_ENDED, EnvironmentView, ReleaseSnapshot, StepView
from promotions.models import PushIntent, Release, ReleaseEnvironment, Step
from promotions.models.release import ReleaseStatus
from promotions.services.events import release_event
from promotions.services.publishing import steps_publish, tick_request

log = logging.getLogger(__name__)
HOLDS_SLOT = [ReleaseStatus.RUNNING, ReleaseStatus.SUSPENDED, ReleaseStatus.TERMINATING]


@transaction.atomic
def release_tick(*, release_id: str) -> int:
    """Apply every move that the rules allow now; returns how many. Waits for the release's row lock."""
    release = (
        Release.objects.select_for_update(of=("self",), no_key=True)
        .select_related("product")
        .get(pk=release_id)
    )
    if not release.tick_due:
        return 0  # an earlier tick has seen what this one was asked for
    Release.objects.filter(pk=release_id).update(tick_due=False, tick_due_at=None)
    if release.status in RELEASE_ENDED:
        return 0
    if release.status == ReleaseStatus.QUEUED:
        # Two queued releases of one product must not both find the slot free. Row locks here and elsewhere are
        # FOR NO KEY UPDATE: PostgreSQL checks foreign keys of rows that a transaction wrote twice at its
        # COMMIT, and would then wait there, holding feeds, for whoever holds what they point to.
        Product.objects.select_for_update(no_key=True).get(pk=release.product_id)
    decisions = decide(release_snapshot(release))
    ready: list[int] = []
    if decisions:
        transaction.on_commit(lambda: failpoint("tick.before_publish"))
    for decision in decisions:
        _apply(release, decision, ready)
    steps_publish(Step.objects.filter(pk__in=ready).select_related("application"))
    if release.status in RELEASE_ENDED:
        product_id = release.product_id
        transaction.on_commit(lambda: product_wake(product_id=product_id), robust=True)
    elif release.status == ReleaseStatus.QUEUED:
        _explain_queue(release)
    failpoint("tick.before_commit")
    return len(decisions)


def release_snapshot(release: Release) -> ReleaseSnapshot:
    """The release's rows as the engine's plain values; a fixed number of queries, whatever the steps."""
    steps: dict[int, list[StepView]] = {}
    now = database_now()
    for row in Step.objects.filter(release=release).defer("state", "outputs").order_by("phase", "pk"):
        leased = row.lease_until is not None and row.lease_until > now
        view = StepView(
            row.pk, row.kind, row.phase, row.status, row.is_ready, leased, row.reason, row.message
        )
        steps.setdefault(row.environment_id, []).append(view)
    environments = [
        EnvironmentView(
            name=row.name,
            role=row.role,
            status=row.status,
            depends_on=tuple(row.depends_on),
            steps=steps.get(row.pk, []),
            reason=row.reason,
            message=row.message,
        )
        for row in ReleaseEnvironment.objects.filter(release=release).order_by("position")
    ]
    return ReleaseSnapshot(
        status=release.status,
        on_failure=release.on_failure,
        has_slot=release.status != ReleaseStatus.QUEUED or _ahead(release) is None,
        terminate_requested_by=release.terminate_requested_by if release.terminate_requested_at else "",
        timed_out=release.resumed_at is not None
        and now >= release.resumed_at + timedelta(minutes=release.timeout_minutes),
        has_open_intents=PushIntent.objects.filter(
            step__release=release, state=PushIntent.State.PENDING
        ).exists(),
        environments=environments,
        timeout_minutes=release.timeout_minutes,
    )


def _ahead(release: Release) -> Release | None:
    """The release that holds the product, else the one that has waited longest; None when it is our turn."""
    others = Release.objects.filter(product_id=release.product_id).exclude(pk=release.pk)
    waiting = others.filter(status=ReleaseStatus.QUEUED, number__lt=release.number)
    return others.filter(status__in=HOLDS_SLOT).first() or waiting.order_by("number").first()


def _apply(release: Release, decision: Decision, ready: list[int]) -> None:
    if isinstance(decision, StepReady):
        waiting = {"is_ready": True, "reason": "WAITING_FOR_WORKER", "message": "Waits for a free worker."}
        if Step.objects.filter(pk=decision.step_id, status="PENDING", is_ready=False).update(**waiting):
            ready.append(decision.step_id)
    elif isinstance(decision, StepTerminate):
        _terminate_step(release, decision)
    elif isinstance(decision, EnvironmentMove):
        _move_environment(release, decision)
    else:
        _move_release(release, decision)


def _move_release(release: Release, move: ReleaseMove) -> None:
    fields = {"status": move.new, "reason": move.reason, "message": move.message}
    if move.new == ReleaseStatus.RUNNING:
        release.resumed_at = database_now()
        release.started_at = release.started_at or release.resumed_at
    if move.new in RELEASE_ENDED:
        release.finished_at = database_now()
    swapped = Release.objects.filter(pk=release.pk, status=move.old).update(
        **fields,
        started_at=release.started_at,
        resumed_at=release.resumed_at,
        finished_at=release.finished_at,
    )
    if not swapped:
        raise RuntimeError(
            f"Release {release.pk} was {release.status}, not {move.old}, under its own row lock."
        )
    release.status = move.new
    if move.new == ReleaseStatus.RUNNING:
        # Those that a retry reset: they go on with the release.
        release.environments.filter(status="RUNNING", started_at=None).update(started_at=release.resumed_at)
    release_event(
        release, kind="release.status", reason=move.reason, message=move.message, data={"status": move.new}
    )


def _move_environment(release: Release, move: EnvironmentMove) -> None:
    times = {"started_at": Now()} if move.old == "PENDING" else {"finished_at": Now()}
    if move.new == "RUNNING" and move.old != "PENDING":
        times = {}
    swapped = ReleaseEnvironment.objects.filter(release=release, name=move.name, status=move.old).update(
        status=move.new, reason=move.reason, message=move.message, **times
    )
    if swapped:
        release_event(
            release,
            kind="environment.status",
            subject=move.name,
            reason=move.reason,
            message=move.message,
            data={"status": move.new},
        )


def _terminate_step(release: Release, decision: StepTerminate) -> None:
    step = Step.objects.select_related("environment").get(pk=decision.step_id)
    swapped = Step.objects.filter(pk=decision.step_id, status=decision.old).update(
        status="TERMINATED",
        claim=F("claim") + 1,
        reason=decision.reason,
        message=decision.message,
        next_check_at=None,
        publish_again_at=None,
        finished_at=Now(),
    )
    if swapped:
        release_event(
            release,
            kind="step.status",
            subject=step.environment.name,
            reason=decision.reason,
            message=decision.message,
            data={"step": step.pk, "kind": step.kind, "title": step.title, "status": "TERMINATED"},
        )


@transaction.atomic
def product_wake(*, product_id: int) -> None:
    """Let the oldest queued release of a product look whether the product is free.

    A transaction of its own, after the one that freed the product: within that one it would wait for a
    second release's row while holding feeds that the second one's tick waits for. Where a process dies in
    between, the sweep finds products that are free and have releases waiting.
    """
    waiting = Release.objects.filter(product_id=product_id, status=ReleaseStatus.QUEUED)
    following = waiting.order_by("number").values_list("pk", flat=True).first()
    if following is not None:
        tick_request(following)


def _explain_queue(release: Release) -> None:
    """Say what a queued release waits for; an event only when that changed."""
    ahead = _ahead(release)
    if ahead is None:
        return
    verb = "waits" if ahead.status == ReleaseStatus.QUEUED else "runs"
    message = (
        f"Release {ahead.number} of {release.product.name} {verb} first; this one starts when it has ended."
    )
    if message != release.message:
        Release.objects.filter(pk=release.pk).update(reason="WAITING_FOR_RELEASE", message=message)
        release_event(
            release,
            kind="release.status",
            reason="WAITING_FOR_RELEASE",
            message=message,
            data={"status": release.status},
        )
