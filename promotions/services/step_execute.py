"""Runs claimed steps outside any transaction and records how they ended. Never decides what follows."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from threading import Event as Signal
from threading import Thread

from django.conf import settings
from django.db import DatabaseError, connection

from lockstep.failpoints import failpoint
from promotions.mirrors import git_timed
from promotions.models import Step
from promotions.services.step_run import (
    lease_renew,
    steps_claim,
    steps_finish,
    steps_ready_for_target,
)
from promotions.steps.await_sync import run_await_sync
from promotions.steps.base import Claim, Outcome, Retryable
from promotions.steps.commit import run_commits
from promotions.steps.freeze import run_freeze
from promotions.steps.outcomes import ended

log = logging.getLogger("promotions.steps")
MOST_RENEWALS = 90  # of a third of a lease each: a quarter of an hour with the default


def freeze_steps(*, step_ids: list[int], task_id: str, worker: str) -> None:
    """Freeze the source of each claimed step's release."""
    for step_id, claim in steps_claim(step_ids=step_ids, task_id=task_id, worker=worker).items():
        release = Step.objects.select_related("release").get(pk=step_id).release
        failpoint("freeze.after_claim")
        with _leases_kept([claim]), _logged("freeze", 1):
            outcome = ended(partial(run_freeze, release))
            steps_finish(outcomes={claim: outcome})


def commit_steps(*, repository: str, branch: str, task_id: str, worker: str) -> None:
    """Claim every ready commit step of the branch and push them together."""
    ready = steps_ready_for_target(kind="commit", repository=repository, branch=branch)
    claims = steps_claim(step_ids=ready, task_id=task_id, worker=worker)
    if not claims:
        return
    failpoint("commit.after_claim")
    left = dict(claims)

    def finish(outcomes: Mapping[Claim, Outcome]) -> None:
        failpoint("commit.before_record")
        steps_finish(outcomes=outcomes)
        for claim in outcomes:
            left.pop(claim.step_id, None)

    def run() -> Outcome:
        run_commits(claims, renew=lambda: lease_renew(claims.values()), finish=finish)
        # What was abandoned: its release is ending, or somebody else has the step and this is refused.
        return Retryable("ABANDONED", "Nothing was written, as the release is ending.")

    with _leases_kept(claims.values()), _logged("commit", len(claims)):
        outcome = ended(run)  # of the repository as a whole: every step that is left ends alike
        steps_finish(outcomes=dict.fromkeys(left.values(), outcome))


def await_sync_steps(*, step_ids: list[int], task_id: str, worker: str) -> None:
    """Look once at the applications that the claimed steps wait for, one call per runtime."""
    claims = steps_claim(step_ids=step_ids, task_id=task_id, worker=worker)
    if not claims:
        return
    failpoint("await_sync.after_claim")
    with _leases_kept(claims.values()), _logged("await_sync", len(claims)):
        outcomes = run_await_sync(list(claims))
        steps_finish(outcomes={claims[pk]: outcome for pk, outcome in outcomes.items()})


@contextmanager
def _logged(kind: str, count: int) -> Iterator[None]:
    with git_timed() as times:
        yield
    log.info("%s x%d took %.3f s, git %.3f s in %d calls", kind, count, times.total, times.git, times.calls)


@contextmanager
def _leases_kept(claims: Iterable[Claim]) -> Iterator[None]:
    """Renew the leases from a thread while the body runs: a slow fetch is no dead worker.

    A bounded number of times: a worker that hangs must lose its steps some day, too.
    """
    held = list(claims)
    over = Signal()

    def renew() -> None:
        try:
            for _ in range(MOST_RENEWALS):
                if over.wait(settings.STEP_LEASE_SECONDS / 3):
                    return
                try:
                    lease_renew(held)
                except DatabaseError as error:
                    log.warning("Leases could not be renewed: %s", error)
                    connection.close()
            log.error("Steps %s take too long: their leases run out.", [claim.step_id for claim in held])
        finally:
            connection.close()

    thread = Thread(target=renew, name="lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
