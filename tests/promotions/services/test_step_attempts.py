"""Claims, leases and outcomes of steps, on bare rows: who may finish, what happens to what is lost."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import OperationalError

from promotions.models import Release, Step, StepAttempt
from promotions.services import step_execute
from promotions.services.release_terminate import release_terminate
from promotions.services.release_tick import release_tick
from promotions.services.step_run import (
    MOST_LOSSES,
    lease_renew,
    leases_expire,
    step_finish,
    steps_claim,
    steps_finish,
)
from promotions.services.sweep import sweep
from promotions.steps.base import Claim, Done, Outcome, Retryable, Terminal, Waiting
from tests.promotions.services.demo_world import Outbox, make_due
from tests.promotions.services.light_rows import claim, light_release, lose_workers, promoter, put, step_of

pytestmark = pytest.mark.django_db(transaction=True)
NOT_YET = Waiting(0.5, "NOT_HEALTHY", "shop-qa is Progressing")


def tick(release: Release) -> Release:
    release_tick(release_id=release.pk)
    release.refresh_from_db()
    return release


def test_a_step_whose_worker_is_lost_again_and_again_ends_in_error(outbox: Outbox) -> None:
    release = light_release("dev > qa", done=["dev"])
    tick(release)
    for attempt in range(1, MOST_LOSSES + 1):
        step = step_of(release, "qa", "commit")
        assert step.status == "PENDING"
        assert claim(step).attempt == attempt
        lose_workers()
        assert leases_expire() == 1
    step.refresh_from_db()
    assert (step.status, step.reason) == ("ERROR", "WORKER_LOST")
    assert str(MOST_LOSSES) in step.message
    assert "retry" in step.message
    assert StepAttempt.objects.filter(step=step, outcome="lost").count() == MOST_LOSSES
    assert tick(release).status == "FAILED"


def test_a_check_that_kills_its_worker_again_and_again_ends_in_error(outbox: Outbox) -> None:
    release = light_release("dev > qa", done=["dev"])
    put(release, "qa", "SUCCEEDED", "WAITING")
    for _ in range(MOST_LOSSES):
        claim(step_of(release, "qa", "await_sync"))
        lose_workers()
        leases_expire()
    assert step_of(release, "qa", "await_sync").status == "ERROR"


def test_losses_count_in_a_row_only(outbox: Outbox) -> None:
    release = light_release("dev > qa", done=["dev"])
    put(release, "qa", "SUCCEEDED", "WAITING")
    for _ in range(2 * MOST_LOSSES):
        claim(step_of(release, "qa", "await_sync"))
        lose_workers()
        leases_expire()
        assert step_finish(claim=claim(step_of(release, "qa", "await_sync")), outcome=NOT_YET)
    assert step_of(release, "qa", "await_sync").status == "WAITING"


def test_a_termination_is_told_when_the_worker_of_a_check_is_lost(outbox: Outbox) -> None:
    # The tick leaves a step alone that a worker looks at; without a tick after the loss it would hang.
    release = light_release("dev > qa", done=["dev"])
    put(release, "qa", "SUCCEEDED", "WAITING")
    claim(step_of(release, "qa", "await_sync"))
    release_terminate(user=promoter(), release_id=release.pk)
    assert tick(release).status == "TERMINATING"
    lose_workers()
    sweep()
    outbox.messages = [message for message in outbox.messages if message[0].endswith("release_tick")]
    outbox.run_all()
    release.refresh_from_db()
    assert release.status == "TERMINATED"


@pytest.mark.parametrize("on_failure", ["halt", "continue"])
def test_a_halt_is_told_when_a_check_ends_that_it_had_to_wait_for(outbox: Outbox, on_failure: str) -> None:
    release = light_release("dev > qa eu", done=["dev"], on_failure=on_failure)
    put(release, "qa", "SUCCEEDED", "WAITING")
    put(release, "eu", "SUCCEEDED", "FAILED", reason="APP_DEGRADED", message="boom")
    checking = claim(step_of(release, "qa", "await_sync"))
    assert tick(release).status == "RUNNING"
    outbox.messages.clear()
    step_finish(claim=checking, outcome=NOT_YET)
    outbox.run_all()
    release.refresh_from_db()
    expected = ("FAILED", "TERMINATED") if on_failure == "halt" else ("RUNNING", "WAITING")
    assert (release.status, step_of(release, "qa", "await_sync").status) == expected


def test_a_late_renewal_gives_no_lease_to_a_step_that_was_finished(outbox: Outbox) -> None:
    release = light_release("dev > qa", done=["dev"])
    put(release, "qa", "SUCCEEDED", "WAITING")
    ours = claim(step_of(release, "qa", "await_sync"))
    step_finish(claim=ours, outcome=NOT_YET)
    lease_renew([ours])
    assert step_of(release, "qa", "await_sync").lease_until is None
    make_due()
    assert sweep()["waits"] == 1


@pytest.mark.parametrize("outcome", [Done("late"), NOT_YET, Retryable("X", "x"), Terminal("X", "x")])
def test_the_result_of_a_worker_that_lost_its_lease_is_refused(outbox: Outbox, outcome: Outcome) -> None:
    release = light_release("dev > qa", done=["dev"])
    tick(release)
    zombie = claim(step_of(release, "qa", "commit"))
    lose_workers()
    leases_expire()
    heir = claim(step_of(release, "qa", "commit"), "w2")
    assert not step_finish(claim=zombie, outcome=outcome)
    assert step_of(release, "qa", "commit").status == "RUNNING"
    lease_renew([zombie])
    assert step_finish(claim=heir, outcome=Done("ok"))


def test_steps_of_a_release_that_ends_are_not_claimed(outbox: Outbox) -> None:
    release = light_release("dev > qa", done=["dev"])
    tick(release)
    Release.objects.filter(pk=release.pk).update(status="TERMINATING")
    step = step_of(release, "qa", "commit")
    assert steps_claim(step_ids=[step.pk], task_id="t", worker="w") == {}


def test_retryable_faults_are_tried_again_with_growing_pauses_and_given_up_at_last(outbox: Outbox) -> None:
    release = light_release("dev > qa", done=["dev"])
    tick(release)
    pauses = []
    for _ in range(20):
        step = step_of(release, "qa", "commit")
        if step.status != "PENDING":
            break
        step_finish(claim=claim(step), outcome=Retryable("REPOSITORY_UNREACHABLE", "No route to git."))
        step = step_of(release, "qa", "commit")
        if step.publish_again_at:
            pauses.append(step.publish_again_at)
    assert (step.status, step.reason) == ("FAILED", "REPOSITORY_UNREACHABLE")
    assert "Given up after 8 tries" in step.message
    assert len(pauses) == 7


@pytest.mark.parametrize("kind", ["freeze", "commit", "await_sync"])
@pytest.mark.parametrize(
    ("error", "status", "reason"),
    [(KeyError("chart"), "ERROR", "INTERNAL_ERROR"), (OperationalError("locked"), "PENDING", "DATABASE")],
)
def test_an_error_that_no_step_expects_never_leaves_it_running(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch, kind: str, error: Exception, status: str, reason: str
) -> None:
    release = light_release("dev > qa", done=[] if kind == "freeze" else ["dev"])
    tick(release)
    if kind == "await_sync":
        put(release, "qa", "SUCCEEDED", "PENDING")

    def breaks(*_: Any, **__: Any) -> Any:
        raise error

    monkeypatch.setattr(step_execute, "run_freeze", breaks)
    monkeypatch.setattr(step_execute, "run_commits", breaks)
    monkeypatch.setattr("promotions.steps.await_sync.runtime_observe", breaks)
    from environments.models import Runtime

    Runtime.objects.get_or_create(name="local")
    step = step_of(release, "dev" if kind == "freeze" else "qa", kind)
    if kind == "commit":
        step_execute.commit_steps(
            repository="lockstep://local/demo.git", branch="main", task_id="t", worker="w"
        )
    else:
        getattr(step_execute, f"{kind}_steps")(step_ids=[step.pk], task_id="t", worker="w")
    step.refresh_from_db()
    assert (step.status, step.reason) == (status, reason)
    assert step.lease_until is None
    assert step.message
    if status == "ERROR":
        assert "KeyError" in step.message


def test_a_push_that_was_called_off_gives_its_step_back_at_once(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nobody else would: without it the termination waits until the lease ends.
    release = light_release("dev > qa", done=["dev"])
    tick(release)

    def called_off(claims: dict[int, Claim], **_: Any) -> None:
        release_terminate(user=promoter(), release_id=release.pk)
        tick(release)

    monkeypatch.setattr(step_execute, "run_commits", called_off)
    step_execute.commit_steps(repository="lockstep://local/demo.git", branch="main", task_id="t", worker="w")
    assert tick(release).status == "TERMINATED"


def test_leases_are_renewed_a_bounded_number_of_times(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.STEP_LEASE_SECONDS = 0.03
    calls: list[int] = []
    monkeypatch.setattr(step_execute, "lease_renew", lambda held: calls.append(len(held)))
    monkeypatch.setattr(step_execute, "MOST_RENEWALS", 3)
    with step_execute._leases_kept([Claim(1, 1, 1)]):
        for thread in threading.enumerate():
            if thread.name == "lease":
                thread.join(5)
    assert calls == [1, 1, 1]


def test_a_release_page_always_says_what_a_step_waits_for(outbox: Outbox) -> None:
    release = light_release("dev > qa", done=["dev"])
    tick(release)
    said = {}
    step = step_of(release, "qa", "commit")
    said["ready"] = step.message
    ours = claim(step)
    said["running"] = step_of(release, "qa", "commit").message
    step_finish(claim=ours, outcome=Retryable("GIT", "No route to git."))
    said["again"] = step_of(release, "qa", "commit").message
    assert said == {
        "ready": "Waits for a free worker.",
        "running": "Writes the promoted values to Git.",
        "again": "No route to git.",
    }


def test_outcomes_of_several_releases_are_recorded_in_one_call(outbox: Outbox) -> None:
    releases = [light_release("dev > qa", product=name, done=["dev"]) for name in ("shop", "pay")]
    for release in releases:
        tick(release)
    claims = [claim(step_of(release, "qa", "commit")) for release in releases]
    finished = steps_finish(outcomes=dict.fromkeys(claims, Done("ok")))
    assert sorted(finished) == sorted(c.step_id for c in claims)
    assert Step.objects.filter(kind="commit", status="SUCCEEDED").count() == 2
    assert Release.objects.filter(tick_due=True).count() == 2


def test_what_a_remote_says_is_recorded_whatever_it_holds(outbox: Outbox) -> None:
    release = light_release("dev > qa", done=["dev"])
    tick(release)
    step_finish(
        claim=claim(step_of(release, "qa", "commit")), outcome=Terminal("PUSH_REFUSED", "remote: no\0pe")
    )
    assert step_of(release, "qa", "commit").message == "remote: no\ufffdpe"
