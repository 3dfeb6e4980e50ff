"""Push intents as rows: written before each push, resolved against the remote. Never pushes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Now
from django.utils import timezone

from environments.repositories import RepositoryRefused
from promotions.mirrors import mirror_open
from promotions.models import PushIntent, Release, ReleaseApplication, Step
from promotions.models.release import ReleaseStatus
from promotions.models.step import StepStatus
from promotions.repos import GitError, Intent, Landed, NotLanded, Unknown, resolve_intent
from promotions.services.publishing import tick_request
from promotions.steps.base import Claim

# A remote that cannot be asked is asked again after this long.
ASK_AGAIN = timedelta(seconds=30)
MOST_AT_ONCE = 500


class RowIntents:
    """The IntentStore of one push: which claims stand behind each effect key."""

    def __init__(self, claims: Mapping[str, Sequence[Claim]]) -> None:
        self._claims = claims

    def record(self, intents: Sequence[Intent]) -> Collection[str]:
        """Write all intents, or none and return the keys whose claim or release is gone.

        Holds the releases' row locks: a lease that is given up, or a termination, comes wholly before (then
        nothing is pushed) or wholly after (then it sees the intent and waits for its push).
        """
        with transaction.atomic():
            self._lock_releases(intents)
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

    def conclude(self, effect_key: str, landed: str | None) -> None:
        """Settle what earlier pushes of the effect left open, now that a later look knows: `landed` is its
        commit, None where the branch does not hold it. Their leases ran out before ours began."""
        rows = PushIntent.objects.filter(effect_key=effect_key, state=PushIntent.State.PENDING)
        if landed is not None:
            _settle(rows.filter(candidate=landed), Landed(landed))
        _settle(rows, NotLanded(None))

    def _lock_releases(self, intents: Sequence[Intent]) -> None:
        ids = [claim.step_id for intent in intents for claim in self._claims[intent.effect_key]]
        steps = Step.objects.filter(pk__in=ids).values("release_id")
        # In one order, as everybody who locks several; a tick locks one.
        list(Release.objects.select_for_update(no_key=True).filter(pk__in=steps).order_by("pk").only("pk"))

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
                "created_at": Now(),
                "ask_at": Now() + timedelta(seconds=settings.STEP_LEASE_SECONDS),
                "resolved_at": None,
            },
        )


def _settle(rows: models.QuerySet[PushIntent], outcome: Landed | NotLanded) -> int:
    landed = isinstance(outcome, Landed)
    state = PushIntent.State.LANDED if landed else PushIntent.State.NOT_LANDED
    return rows.update(state=state, resolved_at=timezone.now())


def intents_due() -> list[str]:
    """Claim the open intents that no worker holds and whose push can be over by now; their releases."""
    with transaction.atomic():
        rows = (
            PushIntent.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
            .filter(state=PushIntent.State.PENDING, ask_at__lte=Now())
            .exclude(step__status=StepStatus.RUNNING)
            .select_related("step")
            .order_by("ask_at")[:MOST_AT_ONCE]
        )
        found = {row.pk: row.step.release_id for row in rows}
        PushIntent.objects.filter(pk__in=found).update(ask_at=Now() + ASK_AGAIN)
    return sorted(set(found.values()))


def intents_resolve(*, release_id: str) -> int:
    """Ask the remote about the open pushes of a release that no worker holds; returns how many are known.

    Asks nothing about a push that may still be under way: its worker's lease must have run out.
    """
    over = Now() - timedelta(seconds=settings.STEP_LEASE_SECONDS)
    rows = PushIntent.objects.filter(
        step__release_id=release_id, state=PushIntent.State.PENDING, created_at__lt=over
    ).exclude(step__status=StepStatus.RUNNING)
    resolved = 0
    for row in rows.select_related("step"):
        outcome = _ask(row)
        if not isinstance(outcome, Unknown):
            resolved += _resolve(row, release_id, outcome)
    return resolved


@transaction.atomic
def _resolve(row: PushIntent, release_id: str, outcome: Landed | NotLanded) -> int:
    """Record the remote's answer, unless the same commit was pushed again since it was asked for."""
    release = Release.objects.select_for_update(no_key=True).get(pk=release_id)
    same = PushIntent.objects.filter(
        pk=row.pk, state=PushIntent.State.PENDING, created_at=row.created_at
    ).exclude(step__status=StepStatus.RUNNING)
    # The subquery of an update cannot reach the step on every database.
    if not _settle(PushIntent.objects.filter(pk__in=list(same.values_list("pk", flat=True))), outcome):
        return 0
    if isinstance(outcome, Landed):
        of = ReleaseApplication.objects.get(steps=row.step)
        written = ReleaseApplication.objects.filter(
            environment_id=of.environment_id, repository=of.repository, branch=of.branch, commit=""
        )
        written.update(commit=outcome.sha, pushed_at=timezone.now())
    tick_request(release.pk)
    return 1


def _ask(row: PushIntent) -> Landed | NotLanded | Unknown:
    try:
        with mirror_open(row.repository) as mirror:
            intent = Intent(row.effect_key, mirror.url, row.branch, row.base, row.parent, row.candidate)
            return resolve_intent(mirror, intent)
    except (GitError, RepositoryRefused) as error:
        return Unknown(str(error))
