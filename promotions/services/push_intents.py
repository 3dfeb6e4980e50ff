"""Push intents as rows: written before each push, resolved against the remote. Never pushes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from environments.repositories import RepositoryRefused
from promotions.mirrors import mirror_open
from promotions.models import PushIntent, Release, ReleaseApplication, Step
from promotions.models.release import ReleaseStatus
from promotions.models.step import StepStatus
from promotions.repos import GitError, Intent, Landed, NotLanded, Unknown, resolve_intent
from promotions.services.publishing import tick_request
from promotions.steps.base import Claim


class RowIntents:
    """The IntentStore of one push: which claims stand behind each effect key."""

    def __init__(self, claims: Mapping[str, Sequence[Claim]]) -> None:
        self._claims = claims

    def record(self, intents: Sequence[Intent]) -> Collection[str]:
        """Write all intents, or none and return the keys whose claim or release is gone."""
        with transaction.atomic():
            gone = [intent.effect_key for intent in intents if not self._still_ours(intent.effect_key)]
            if not gone:
                for intent in intents:
                    self._write(intent)
        return gone

    def settle(self, outcomes: Sequence[tuple[Intent, Landed | NotLanded]]) -> None:
        with transaction.atomic():
            for intent, outcome in outcomes:
                _settle(
                    PushIntent.objects.filter(candidate=intent.candidate, effect_key=intent.effect_key),
                    outcome,
                )

    def _still_ours(self, effect_key: str) -> bool:
        for claim in self._claims[effect_key]:
            held = Step.objects.filter(
                pk=claim.step_id,
                claim=claim.number,
                status=StepStatus.RUNNING,
                release__status=ReleaseStatus.RUNNING,
            )
            if not held.exists():
                return False
        return True

    def _write(self, intent: Intent) -> None:
        step = Step.objects.select_related("application").get(pk=self._claims[intent.effect_key][0].step_id)
        assert step.application is not None
        PushIntent.objects.update_or_create(
            step=step,
            candidate=intent.candidate,
            defaults={
                "repository": step.application.repository,
                "branch": intent.branch,
                "effect_key": intent.effect_key,
                "base": intent.base,
                "parent": intent.parent,
                "state": PushIntent.State.PENDING,
                "created_at": timezone.now(),
                "resolved_at": None,
            },
        )


def _settle(rows: models.QuerySet[PushIntent], outcome: Landed | NotLanded) -> None:
    landed = isinstance(outcome, Landed)
    state = PushIntent.State.LANDED if landed else PushIntent.State.NOT_LANDED
    rows.update(state=state, resolved_at=timezone.now())


def releases_with_open_intents() -> list[str]:
    """Releases that are ending, or whose push ended in the dark, and whose pushes can be over by now."""
    quiet = timezone.now() - timedelta(seconds=settings.STEP_LEASE_SECONDS)
    return list(
        PushIntent.objects.filter(state=PushIntent.State.PENDING, created_at__lt=quiet)
        .exclude(step__status=StepStatus.RUNNING)
        .values_list("step__release_id", flat=True)
        .distinct()
    )


def intents_resolve(*, release_id: str) -> int:
    """Ask the remote about every open push of a release that no worker holds; returns how many are known.

    Called once the lease of the pushing worker has run out: its push cannot be under way any more.
    """
    resolved = 0
    rows = PushIntent.objects.filter(step__release_id=release_id, state=PushIntent.State.PENDING).exclude(
        step__status=StepStatus.RUNNING
    )
    for row in rows.select_related("step"):
        outcome = _ask(row)
        if isinstance(outcome, Unknown):
            PushIntent.objects.filter(pk=row.pk).update(created_at=timezone.now())  # asked again later
            continue
        with transaction.atomic():
            release = Release.objects.select_for_update().get(pk=release_id)
            _settle(PushIntent.objects.filter(pk=row.pk), outcome)
            if isinstance(outcome, Landed):
                ReleaseApplication.objects.filter(pk=row.step.application_id, commit="").update(
                    commit=outcome.sha
                )
            tick_request(release.pk)
        resolved += 1
    return resolved


def _ask(row: PushIntent) -> Landed | NotLanded | Unknown:
    try:
        with mirror_open(row.repository) as mirror:
            intent = Intent(row.effect_key, mirror.url, row.branch, row.base, row.parent, row.candidate)
            return resolve_intent(mirror, intent)
    except (GitError, RepositoryRefused) as error:
        return Unknown(str(error))
