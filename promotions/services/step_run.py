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
from promotions.steps.registry import step_kind

MOST_ERRORS = 8
MOST_LOSSES = 5
MOST_AT_ONCE = 500
CLAIMABLE_RELEASES = [ReleaseStatus.QUEUED, ReleaseStatus.RUNNING]


def _lease() -> timedelta:
    return timedelta(seconds=settings.STEP_LEASE_SECONDS)


def steps_claim(*, step_ids: Iterable[int], task_id: str, worker: str) -> dict[int, Claim]:
    """Claim those that are ready (or waiting and due) and not held; the rest is left out."""
    claims: dict[int, Claim] = {}
    rows = list(Step.objects.filter(pk__in=list(step_ids)).values_list("pk", "release_id"))
    for release_id in sorted({release for _, release in rows}):
        ids = [pk for pk, release in rows if release == release_id]
        with transaction.atomic():
            release = _locked(release_id)
            if release.status not in CLAIMABLE_RELEASES:
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
    doing = step_kind(step.kind).doing
    swapped = Step.objects.filter(pk=step.pk, status=StepStatus.PENDING, claim=step.claim).update(
        status=StepStatus.RUNNING,
        attempt=step.attempt + 1,
        claim=step.claim + 1,
        lease_until=Now() + _lease(),
        publish_again_at=None,
        started_at=step.started_at or timezone.now(),
        reason="",
        message=doing,
    )
    if not swapped:
        return None
    StepAttempt.objects.create(
        step=step, number=step.attempt + 1, task_id=task_id, worker=worker, started_at=timezone.now()
    )
    _step_event(release, step, StepStatus.RUNNING, "", doing)
    return Claim(step.pk, step.claim + 1, step.attempt + 1)


def lease_renew(claims: Iterable[Claim]) -> None:
    """Extend the leases that are still ours, in database time.

    A finish gives its lease back: renewing it then would hide a step that waits from the sweep.
    """
    for claim in claims:
        held = Step.objects.filter(pk=claim.step_id, claim=claim.number, lease_until__isnull=False)
        held.update(lease_until=Now() + _lease())


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
            release = _locked(release_id)
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
    if not held.update(lease_until=None, losses=0, **fields):
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
    # A tick that wanted to end this step left it alone while we held it: nobody else would tell it.
    if new != StepStatus.WAITING or _is_ending(release):
        tick_request(release.pk)
    return True


def _is_ending(release: Release) -> bool:
    if release.status == ReleaseStatus.TERMINATING:
        return True
    return release.on_failure == "halt" and release.environments.filter(status="FAILED").exists()


def outcome_application(outcome: Done | Waiting | Terminal) -> dict[str, Any]:
    """The fields of the step's application that are recorded together with the outcome."""
    return dict(outcome.application)


def _fields(step: Step, outcome: Outcome) -> dict[str, Any]:
    now = timezone.now()
    # What a remote or a file said may hold a null character, which PostgreSQL's text cannot.
    common: dict[str, Any] = {"reason": outcome.reason, "message": outcome.message.replace("\0", "\ufffd")}
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
    is_fault = isinstance(outcome, Terminal) and outcome.is_fault
    ended = StepStatus.ERROR if is_fault else StepStatus.FAILED
    return {**common, "status": ended, "next_check_at": None, "finished_at": now}


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
    for pk, release_id in list(lost.order_by("lease_until").values_list("pk", "release_id")[:MOST_AT_ONCE]):
        with transaction.atomic():
            release = _locked(release_id)
            step = Step.objects.select_related("environment").get(pk=pk)
            if _expire(release, step):
                tick_request(release.pk)
                count += 1
    return count


def _expire(release: Release, step: Step) -> bool:
    held = Step.objects.filter(pk=step.pk, status=step.status, claim=step.claim, lease_until__lt=Now())
    fields: dict[str, Any] = {"claim": F("claim") + 1, "lease_until": None, "losses": step.losses + 1}
    if step.losses + 1 >= MOST_LOSSES:
        reason, message, status = "WORKER_LOST", _LOST_FOR_GOOD, StepStatus.ERROR
        fields |= {"finished_at": timezone.now(), "next_check_at": None, "publish_again_at": None}
    elif step.status == StepStatus.WAITING:
        reason, message, status = step.reason, step.message, StepStatus.WAITING
        fields |= {"next_check_at": Now()}
    elif step.status == StepStatus.RUNNING:
        reason, message, status = "WORKER_LOST", _LOST, StepStatus.PENDING
        fields |= {"publish_count": 0, "publish_again_at": Now()}
    else:
        return False
    if not held.update(status=status, reason=reason, message=message, **fields):
        return False
    if status != StepStatus.WAITING:
        StepAttempt.objects.filter(step=step, number=step.attempt).update(
            outcome="lost", message=message, finished_at=timezone.now()
        )
        _step_event(release, step, status, reason, message)
    return True


_LOST = "The worker that had it stopped answering; another one goes on."
_LOST_FOR_GOOD = (
    f"{MOST_LOSSES} workers in a row stopped while they had this step, most likely because of it: look at "
    "the workers' log and memory, then retry."
)


def _locked(release_id: str) -> Release:
    """The release with its row locked; its product's row is left alone, others may need that first."""
    return (
        Release.objects.select_for_update(of=("self",), no_key=True)
        .select_related("product")
        .get(pk=release_id)
    )


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
            release__status__in=CLAIMABLE_RELEASES,
        )
        .order_by("release__created_at", "environment__position", "pk")
        .values_list("pk", flat=True)
    )
