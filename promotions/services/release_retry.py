"""Lets an ended release go on from what failed; what succeeded is not done again. Never runs a step."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from accounts.models import Role, User
from accounts.permissions import require_role
from promotions.errors import ReleaseNotRetryable
from promotions.models import Release, ReleaseApplication, ReleaseEnvironment, Step
from promotions.models.release import EnvironmentStatus, ReleaseStatus
from promotions.models.step import StepStatus
from promotions.selectors.releases import release_get
from promotions.services.events import release_event
from promotions.services.publishing import tick_request

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
    release = Release.objects.select_for_update().select_related("product").get(pk=release_id)
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
    release.started_at = release.finished_at = None
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
    """A newer release that wrote to one of our environments would be undone by ours: refuse."""
    names = list(release.environments.filter(role="TARGET").values_list("name", flat=True))
    newer = ReleaseApplication.objects.filter(
        environment__release__product_id=release.product_id,
        environment__release__number__gt=release.number,
        environment__name__in=names,
        environment__role="TARGET",
    ).exclude(commit="")
    first = newer.select_related("environment__release").first()
    if first is not None:
        raise ReleaseNotRetryable(
            f"Release {first.environment.release.number} has changed {first.environment.name} since. "
            "Trigger a new release instead."
        )


def _reset(release: Release, only: str | None) -> None:
    environments = release.environments.filter(
        status__in=[EnvironmentStatus.FAILED, EnvironmentStatus.TERMINATED]
    )
    if only is not None:
        environments = environments.filter(name=only)
    rows = list(environments)
    if not rows and not release.environments.filter(status=EnvironmentStatus.PENDING).exists():
        raise ReleaseNotRetryable(f"Nothing of release {release.number} has failed in {only or 'it'}.")
    for env in rows:
        overwritten = env.steps.filter(reason="OVERWRITTEN").exists()
        for step in env.steps.select_related("application"):
            if step.status in UNSUCCESSFUL:
                _reset_step(step)
            elif overwritten and step.kind == "commit":
                _write_anew(step)
        ReleaseEnvironment.objects.filter(pk=env.pk).update(
            status=EnvironmentStatus.RUNNING, reason="", message="", finished_at=None
        )


def _reset_step(step: Step) -> None:
    if step.kind == "commit" and step.application_id:
        # The new attempt takes the new base: what somebody changed meanwhile is what it starts from.
        ReleaseApplication.objects.filter(pk=step.application_id).update(base_revision="", base_values=None)
    Step.objects.filter(pk=step.pk).update(
        status=StepStatus.PENDING,
        is_ready=False,
        claim=F("claim") + 1,
        errors=0,
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


def _write_anew(step: Step) -> None:
    """The commit landed and was overwritten: a new effect, so that the old one is not found and kept."""

    Step.objects.filter(pk=step.pk).update(generation=F("generation") + 1)
    _reset_step(step)
