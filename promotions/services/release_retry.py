"""Lets an ended release go on from what failed; what succeeded is not done again. Never runs a step."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F, Q, QuerySet

from accounts.models import Role, User
from accounts.permissions import require_role
from promotions.errors import ReleaseNotRetryable
from promotions.models import Release, ReleaseApplication, ReleaseEnvironment, Step
from promotions.models.release import EnvironmentStatus, ReleaseStatus
from promotions.models.step import StepStatus
from promotions.selectors.releases import release_get
from promotions.services.events import release_event
from promotions.services.publishing import tick_request
from promotions.services.release_tick import HOLDS_SLOT

RETRYABLE = [ReleaseStatus.FAILED, ReleaseStatus.TERMINATED]
UNSUCCESSFUL = [StepStatus.FAILED, StepStatus.ERROR, StepStatus.TERMINATED]


@transaction.atomic
def release_retry(
    *, user: User, release_id: str, environment: str | None = None, reason: str = ""
) -> Release:
    """Queue the release again. With `environment` only that one (and what waits for it) goes on.

    Repeatable: a release that is queued or running again is returned as it is. Raises NotAllowed,
    NotFound, ReleaseNotRetryable.
    """
    require_role(user, Role.PROMOTER, "retry a release")
    release_get(release_id)
    release = (
        Release.objects.select_for_update(of=("self",), no_key=True)
        .select_related("product")
        .get(pk=release_id)
    )
    if not release.is_over and release.retries:
        return release
    if release.status not in RETRYABLE:
        raise ReleaseNotRetryable(
            f"Release {release.number} is {release.get_status_display().lower()}: only a failed or terminated "
            "release can be retried."
        )
    _refuse_newer(release)
    _reset(release, environment)
    release.status = ReleaseStatus.QUEUED
    release.reason = release.message = ""
    release.retries += 1
    release.terminate_requested_at, release.terminate_requested_by = None, ""
    # The limit counts anew: a release that timed out could not be retried otherwise.
    release.resumed_at = release.finished_at = None
    release.save()
    release_event(
        release,
        kind="release.status",
        actor=user.get_username(),
        reason="RETRIED",
        message=reason or f"{user.get_username()} retried the release.",
        data={"status": release.status},
    )
    tick_request(release.pk)
    return release


def _refuse_newer(release: Release) -> None:
    """What another release wrote to one of our environments since would be undone by ours: refuse."""
    names = list(release.environments.filter(role="TARGET").values_list("name", flat=True))
    others = ReleaseEnvironment.objects.filter(
        release__product_id=release.product_id, name__in=names, role="TARGET"
    ).exclude(release=release)
    active = others.filter(release__status__in=HOLDS_SLOT).select_related("release").first()
    if active is not None:
        raise ReleaseNotRetryable(
            f"Release {active.release.number} is promoting to {active.name} now. Wait until it has ended, then "
            "trigger a new release."
        )
    since = Q(environment__release__number__gt=release.number)
    if release.finished_at is not None:
        since |= Q(pushed_at__gt=release.finished_at)
    wrote = ReleaseApplication.objects.filter(since, environment__in=others, no_changes=False).exclude(
        commit=""
    )
    newer = (
        wrote.select_related("environment__release").order_by("-environment__release__number", "pk").first()
    )
    if newer is not None:
        number, name = newer.environment.release.number, newer.environment.name
        raise ReleaseNotRetryable(
            f"Release {number} has changed {name} since. Trigger a new release instead."
        )


def _reset(release: Release, only: str | None) -> None:
    unsuccessful = release.environments.filter(
        status__in=[EnvironmentStatus.FAILED, EnvironmentStatus.TERMINATED]
    )
    rows = list(unsuccessful if only is None else unsuccessful.filter(name=only))
    if not rows and (only is not None or not _pending(release).exists()):
        raise ReleaseNotRetryable(f"Nothing of release {release.number} has failed in {only or 'it'}.")
    if only is not None and release.on_failure == "halt":
        _refuse_halted(unsuccessful.exclude(name=only))
    for env in rows:
        _reset_steps(env)
        # Its time counts from when the release runs again, not from before it lay failed or terminated.
        ReleaseEnvironment.objects.filter(pk=env.pk).update(
            status=EnvironmentStatus.RUNNING, reason="", message="", started_at=None, finished_at=None
        )
    # The source may have failed to be read while the release still waited for its turn.
    for step in Step.objects.filter(environment__in=_pending(release), status__in=UNSUCCESSFUL):
        _reset_step(step)


def _pending(release: Release) -> QuerySet[ReleaseEnvironment]:
    return release.environments.filter(status=EnvironmentStatus.PENDING)


def _refuse_halted(others: QuerySet[ReleaseEnvironment]) -> None:
    failed = others.filter(status=EnvironmentStatus.FAILED).first()
    if failed is not None:
        raise ReleaseNotRetryable(
            f"{failed.name} failed too and the flow halts on failure: retry the whole release."
        )


def _reset_steps(env: ReleaseEnvironment) -> None:
    steps = list(env.steps.select_related("application"))
    lost = {"OVERWRITTEN", "HISTORY_REWRITTEN"}
    overwritten = {step.application_id for step in steps if step.reason in lost and step.kind != "commit"}
    places = {
        (step.application.repository, step.application.branch): step.generation
        for step in sorted(steps, key=lambda step: step.generation)
        if step.application and step.kind == "commit"
    }
    for step in steps:
        if step.status in UNSUCCESSFUL:
            _reset_step(step)
        elif step.kind == "commit" and step.application and step.application_id in overwritten:
            # It landed and was lost again: a new effect, so that the old one is not found and kept. Its
            # number is new for all of the environment on that branch, whose commits share effect keys.
            place = (step.application.repository, step.application.branch)
            Step.objects.filter(pk=step.pk).update(generation=places[place] + 1)
            _reset_step(step)


def _reset_step(step: Step) -> None:
    application = ReleaseApplication.objects.filter(steps=step)
    if step.kind == "commit":
        # The new attempt takes the new base values: what somebody changed meanwhile is what it starts from.
        # Where its effect is looked for stays, as an earlier push may have landed without our knowing.
        application.update(base_values=None)
    if step.reason == "HISTORY_REWRITTEN":
        application.update(base_revision="")
    Step.objects.filter(pk=step.pk).update(
        status=StepStatus.PENDING,
        is_ready=False,
        claim=F("claim") + 1,
        errors=0,
        losses=0,
        publish_count=0,
        publish_again_at=None,
        next_check_at=None,
        lease_until=None,
        reason="",
        message="",
        state={},
        started_at=None,
        finished_at=None,
    )
