"""How an application of the local runtime moves with the clock: every rule of transitions.py as a table."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from environments.runtimes.local.transitions import (
    AppState,
    Behaviour,
    Desired,
    Workload,
    advance,
    health_message,
    is_running,
    resource_states,
    start_sync,
    sync_status,
)

T0 = datetime(2030, 1, 1, tzinfo=UTC)
AUTO = Behaviour(latency=2, rollout=3, automated=True)
ONE = Desired(
    ("1" * 40,), "one", (Workload("Deployment", "web", "web:1", 3), Workload("Job", "tool", "tool:1"))
)
TWO = Desired(
    ("2" * 40,), "two", (Workload("Deployment", "web", "web:2", 3), Workload("Job", "tool", "tool:1"))
)


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def run(state: AppState, behaviour: Behaviour, start: float, end: float, step: float = 0.5) -> AppState:
    """Look every `step` seconds from start to end."""
    moment = start
    while moment <= end:
        state = advance(state, behaviour, at(moment))
        moment += step
    return state


def deployed(desired: Desired = ONE, behaviour: Behaviour = AUTO) -> AppState:
    """Synced and Healthy at T0."""
    state = advance(AppState(), replace(behaviour, failure="none"), at(-60), desired)
    return run(state, replace(behaviour, failure="none"), -60, 0)


#   0 compared: OutOfSync, Running      2 Succeeded: Synced, Progressing      5 Healthy
@pytest.mark.parametrize(
    ("seconds", "sync", "health", "phase"),
    [
        (0, "OutOfSync", "Healthy", "Running"),
        (1.9, "OutOfSync", "Healthy", "Running"),
        (2, "Synced", "Progressing", "Succeeded"),
        (4.9, "Synced", "Progressing", "Succeeded"),
        (5, "Synced", "Healthy", "Succeeded"),
        (500, "Synced", "Healthy", "Succeeded"),
    ],
)
@pytest.mark.parametrize("looks", ["often", "once"])
def test_automated_sync_by_the_clock(seconds: float, sync: str, health: str, phase: str, looks: str) -> None:
    state = advance(deployed(), AUTO, at(0), TWO)
    state = run(state, AUTO, 0, seconds) if looks == "often" else state
    state = advance(state, AUTO, at(seconds))
    assert (sync_status(state), state.health, state.operation and state.operation.phase) == (
        sync,
        health,
        phase,
    )


def test_moments_are_those_of_the_clock_and_not_of_the_look() -> None:
    state = advance(advance(deployed(), AUTO, at(0), TWO), AUTO, at(100))
    assert state.operation is not None
    assert (state.operation.started_at, state.operation.finished_at) == (at(0), at(2))
    assert state.health_changed_at == at(5)
    assert state.reconciled_at == at(100)  # the comparison after the sync is made by who looks


def test_a_look_without_news_changes_nothing() -> None:
    state = deployed()
    assert advance(state, AUTO, at(1000)) == state


def test_nothing_applied_is_missing_and_out_of_sync() -> None:
    state = advance(AppState(), replace(AUTO, automated=False), at(0), ONE)
    assert (sync_status(state), state.health, state.operation) == ("OutOfSync", "Missing", None)
    assert resource_states(state, AUTO) == ()


def test_without_automation_a_person_starts_the_sync() -> None:
    by_hand = replace(AUTO, automated=False)
    state = run(advance(deployed(), by_hand, at(0), TWO), by_hand, 0, 50)
    assert sync_status(state) == "OutOfSync"
    state = run(start_sync(state, by_hand, at(50)), by_hand, 50, 60)
    assert (sync_status(state), state.health) == ("Synced", "Healthy")


def test_a_failed_sync_keeps_what_was_live_and_is_not_tried_again_at_the_same_revision() -> None:
    failing = replace(AUTO, failure="sync_error", failure_message="admission webhook said no")
    state = run(advance(deployed(), failing, at(0), TWO), failing, 0, 30)
    assert state.operation is not None
    assert (state.operation.phase, state.operation.message) == ("Failed", "admission webhook said no")
    assert state.operation.finished_at == at(2)
    assert (sync_status(state), state.health) == ("OutOfSync", "Healthy")
    assert state.live is not None and state.live.digest == "one"
    # The cause goes away: still not by itself, but a new commit or a person starts it.
    assert sync_status(run(state, AUTO, 30, 60)) == "OutOfSync"
    newer = replace(TWO, revisions=("3" * 40,))
    assert sync_status(run(advance(state, AUTO, at(30), newer), AUTO, 30, 60)) == "Synced"
    assert sync_status(run(start_sync(state, AUTO, at(30)), AUTO, 30, 60)) == "Synced"


@pytest.mark.parametrize(
    ("failure", "health", "ready"),
    [("degraded", "Degraded", "2/3"), ("progressing", "Progressing", "2/3"), ("none", "Healthy", "3/3")],
)
def test_failures_show_after_the_rollout_in_what_changed(failure: str, health: str, ready: str) -> None:
    behaviour = replace(AUTO, failure=failure)  # type: ignore[arg-type]
    state = run(advance(deployed(), behaviour, at(0), TWO), behaviour, 0, 100)
    web, tool = resource_states(state, behaviour)
    assert (state.health, web.health, web.ready, web.image) == (health, health, ready, "web:2")
    assert (tool.health, tool.ready) == ("Healthy", "1/1")
    assert bool(health_message(state, behaviour)) == (health != "Healthy")
    assert "Deployment web" in health_message(state, behaviour) or health == "Healthy"


def test_a_cured_application_is_healthy_since_the_look_that_saw_it() -> None:
    sick = replace(AUTO, failure="degraded")
    state = run(advance(deployed(), sick, at(0), TWO), sick, 0, 10)
    assert (state.health, state.health_changed_at) == ("Degraded", at(5))
    state = advance(state, AUTO, at(20))
    assert (state.health, state.health_changed_at) == ("Healthy", at(20))


def test_an_error_of_the_comparison_makes_sync_unknown_and_starts_nothing() -> None:
    state = advance(deployed(), AUTO, at(0), replace(ONE, error="The path x does not exist."))
    assert (sync_status(state), state.health) == ("Unknown", "Healthy")
    assert not is_running(state)
    assert health_message(state, AUTO) == "The path x does not exist."
    # What runs is not what the comparison complains about.
    assert all(r.message == "" for r in resource_states(state, AUTO))


def test_a_commit_during_a_sync_starts_another_one() -> None:
    three = Desired(("3" * 40,), "three", TWO.workloads)
    state = advance(deployed(), AUTO, at(0), TWO)
    state = advance(state, AUTO, at(1), three)
    assert state.operation is not None and state.operation.target == TWO
    state = advance(state, AUTO, at(2))
    assert state.live is not None and state.live.digest == "two"
    assert is_running(state) and state.operation is not None and state.operation.target == three
    assert sync_status(run(state, AUTO, 2, 10)) == "Synced"


def test_a_new_revision_with_the_same_content_stays_synced_without_operation() -> None:
    before = deployed()
    state = advance(before, AUTO, at(0), replace(ONE, revisions=("9" * 40,)))
    assert (sync_status(state), state.desired.revisions) == ("Synced", ("9" * 40,))
    assert state.operation == before.operation


def test_no_latency_means_done_at_once() -> None:
    instant = replace(AUTO, latency=0, rollout=0)
    state = advance(deployed(), instant, at(0), TWO)
    assert (sync_status(state), state.health, state.health_changed_at) == ("Synced", "Healthy", at(0))
