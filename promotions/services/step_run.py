"""Claiming and finishing steps by compare-and-swap. Never runs a step and never decides what follows.

Every function takes the release's row lock first: ticks and workers then wait for each other in one
order, and events get their numbers in that order.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from promotions.models import Release, ReleaseApplication, Step, StepAttempt
from promotions.models.release import ReleaseStatus
from promotions.models.step import StepStatus
from promotions.services.events import release_event
from promotions.services.publishing import tick_request
from promotions.steps.base import Claim, Done, Outcome, Retryable, Terminal, Waiting

MOST_ERRORS = 8
_CLAIMABLE_RELEASES = [ReleaseStatus.QUEUED, ReleaseStatus.RUNNING]


def _lease() -> timedelta:
    return timedelta(seconds=settings.STEP_LEASE_SECONDS)


def steps_claim(*, step_ids: Iterable[int], task_id: str, worker: str) -> dict[int, Claim]:
    """Claim those that are ready (or waiting and due) and not held; the rest is left out."""
    claims: dict[int, Claim] = {}
    rows = list(Step.objects.filter(pk__in=list(step_ids)).values_list("pk", "release_id"))
    for release_id in sorted({release for _, release in rows}):
        ids = [pk for pk, release in rows if release == release_id]
        with transaction.atomic():
            release = Release.objects.select_for_update().select_related("product").get(pk=release_id)
            if release.status not in _CLAIMABLE_RELEASES:
                continue
            for step in Step.objects.filter(pk__in=ids).select_related("environment").order_by("pk"):
                claim = _claim(release, step, task_id=task_id, worker=worker)
                if claim is not None:
                    claims[step.pk] = claim
    return claims


def _claim(release: Release, step: Step, *, task_id: str, worker: str) -> Claim | None:
    if step.status == StepStatus.PENDING and step.is_ready:
        return _claim_attempt(release, step, task_id=task_id, worker=worker)
    if step.status == StepStatus.WAITING:
        free = Q(lease_until=None) | Q(lease_until__lt=Now())
        swapped = Step.objects.filter(free, pk=step.pk, status=StepStatus.WAITING, claim=step.claim).update(
            claim=step.claim + 1, lease_until=Now() + _lease()
        )
        return Claim(step.pk, step.claim + 1, step.attempt) if swapped else None
    return None


def _claim_attempt(release: Release, step: Step, *, task_id: str, worker: str) -> Claim | None:
    swapped = Step.objects.filter(pk=step.pk, status=StepStatus.PENDING, claim=step.claim).update(
        status=StepStatus.RUNNING,
        attempt=step.attempt + 1,
        claim=step.claim + 1,
        lease_until=Now() + _lease(),
        publish_again_at=None,
        started_at=step.started_at or timezone.now(),
        reason="",
        message="",
    )
    if not swapped:
        return None
    StepAttempt.objects.create(
        step=step, number=step.attempt + 1, task_id=task_id, worker=worker, started_at=timezone.now()
    )
    _step_event(release, step, StepStatus.RUNNING, "", "")
    return Claim(step.pk, step.claim + 1, step.attempt + 1)


def lease_renew(claims: Iterable[Claim]) -> None:
    """Extend the leases that are still ours, in database time."""
    for claim in claims:
        Step.objects.filter(pk=claim.step_id, claim=claim.number).update(lease_until=Now() + _lease())


def step_finish(*, claim: Claim, outcome: Outcome) -> bool:
    """Record how the claim ended; False when another claim was made meanwhile (the result is refused)."""
    return bool(steps_finish(outcomes={claim: outcome}))


def steps_finish(*, outcomes: Mapping[Claim, Outcome]) -> list[int]:
    """Record outcomes, all of one release in one transaction; returns the ids that were still ours."""
    finished: list[int] = []
    steps = Step.objects.in_bulk([claim.step_id for claim in outcomes])
    by_release: dict[str, list[Claim]] = {}
    for claim in outcomes:
        by_release.setdefault(steps[claim.step_id].release_id, []).append(claim)
    for release_id in sorted(by_release):
        with transaction.atomic():
            release = Release.objects.select_for_update().select_related("product").get(pk=release_id)
            for claim in by_release[release_id]:
                step = Step.objects.select_related("environment").get(pk=claim.step_id)
                if step.claim == claim.number and _finish(release, step, claim, outcomes[claim]):
                    finished.append(step.pk)
    return finished


def _finish(release: Release, step: Step, claim: Claim, outcome: Outcome) -> bool:
    fields = _fields(step, outcome)
    held = Step.objects.filter(
        pk=step.pk, claim=claim.number, status__in=[StepStatus.RUNNING, StepStatus.WAITING]
    )
    if not held.update(lease_until=None, **fields):
        return False
    if not isinstance(outcome, Retryable) and outcome_application(outcome) and step.application_id:
        ReleaseApplication.objects.filter(pk=step.application_id).update(**outcome_application(outcome))
    new, reason, message = fields["status"], fields.get("reason", ""), fields.get("message", "")
    if (new, reason, message) != (step.status, step.reason, step.message):
        _step_event(release, step, new, reason, message)
    if new != StepStatus.WAITING or step.status != StepStatus.WAITING:
        word = {Done: "done", Waiting: "waiting", Retryable: "retryable", Terminal: "terminal"}[type(outcome)]
        StepAttempt.objects.filter(step=step, number=claim.attempt).update(
            outcome=word, message=message, finished_at=None if word == "waiting" else timezone.now()
        )
    # While terminating even a step that only waits must be looked at: nobody holds it any more.
    if new != StepStatus.WAITING or release.status == ReleaseStatus.TERMINATING:
        tick_request(release.pk)
    return True


def outcome_application(outcome: Done | Waiting | Terminal) -> dict[str, Any]:
    """The fields of the step's application that are recorded together with the outcome."""
    return dict(outcome.application)


def _fields(step: Step, outcome: Outcome) -> dict[str, Any]:
    now = timezone.now()
    common: dict[str, Any] = {"reason": outcome.reason, "message": outcome.message}
    if isinstance(outcome, Done):
        return {
            **common,
            "status": StepStatus.SUCCEEDED,
            "outputs": dict(outcome.outputs),
            "errors": 0,
            "next_check_at": None,
            "finished_at": now,
        }
    if isinstance(outcome, Waiting):
        return {
            **common,
            "status": StepStatus.WAITING,
            "state": dict(outcome.state),
            "errors": 0,
            "next_check_at": Now() + timedelta(seconds=outcome.retry_after),
        }
    if isinstance(outcome, Retryable) and step.errors + 1 < MOST_ERRORS:
        return {**common, **_again(step)}
    if isinstance(outcome, Retryable):
        common["message"] = f"{outcome.message} Given up after {MOST_ERRORS} tries; retry when it is mended."
    return {**common, "status": StepStatus.FAILED, "next_check_at": None, "finished_at": now}


def _again(step: Step) -> dict[str, Any]:
    """Back off exponentially with jitter; a waiting step stays waiting, another is published anew."""
    pause = timedelta(seconds=min(0.5 * 2**step.errors, 30) * random.uniform(0.8, 1.2))
    if step.status == StepStatus.WAITING:
        return {"status": StepStatus.WAITING, "errors": step.errors + 1, "next_check_at": Now() + pause}
    return {
        "status": StepStatus.PENDING,
        "errors": step.errors + 1,
        "publish_count": 0,
        "publish_again_at": Now() + pause,
    }


def leases_expire() -> int:
    """Give up what dead workers held: their steps are published again, their results refused."""
    lost = Step.objects.filter(lease_until__lt=Now(), status__in=[StepStatus.RUNNING, StepStatus.WAITING])
    count = 0
    for pk, release_id in list(lost.values_list("pk", "release_id")):
        with transaction.atomic():
            release = Release.objects.select_for_update().select_related("product").get(pk=release_id)
            step = Step.objects.select_related("environment").get(pk=pk)
            count += _expire(release, step)
    return count


def _expire(release: Release, step: Step) -> int:
    held = Step.objects.filter(pk=step.pk, claim=step.claim, lease_until__lt=Now())
    if step.status == StepStatus.WAITING:
        return held.update(claim=F("claim") + 1, lease_until=None, next_check_at=Now())
    if step.status != StepStatus.RUNNING:
        return 0
    message = "The worker that had it stopped answering; another one goes on."
    swapped = held.update(
        status=StepStatus.PENDING,
        claim=F("claim") + 1,
        lease_until=None,
        reason="WORKER_LOST",
        message=message,
        publish_count=0,
        publish_again_at=Now(),
    )
    if swapped:
        StepAttempt.objects.filter(step=step, number=step.attempt).update(
            outcome="lost", finished_at=timezone.now()
        )
        _step_event(release, step, StepStatus.PENDING, "WORKER_LOST", message)
        tick_request(release.pk)
    return swapped


def _step_event(release: Release, step: Step, status: str, reason: str, message: str) -> None:
    release_event(
        release,
        kind="step.status",
        subject=step.environment.name,
        reason=reason,
        message=message,
        data={"step": step.pk, "kind": step.kind, "title": step.title, "status": str(status)},
    )


def steps_ready_for_target(*, kind: str, repository: str, branch: str) -> Sequence[int]:
    """Ids of the ready, unclaimed steps of one repository + branch, oldest release first."""
    return list(
        Step.objects.filter(
            kind=kind,
            status=StepStatus.PENDING,
            is_ready=True,
            application__repository=repository,
            application__branch=branch,
            release__status__in=_CLAIMABLE_RELEASES,
        )
        .order_by("release__created_at", "environment__position", "pk")
        .values_list("pk", flat=True)
    )
