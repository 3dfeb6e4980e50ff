"""decide(): rule by state, and properties that hold for any order in which steps end."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promotions.engine.decide import decide
from promotions.engine.decisions import EnvironmentMove, ReleaseMove, StepReady, StepTerminate
from promotions.engine.snapshot import RELEASE_ENDED, ReleaseSnapshot
from tests.promotions.engine.releases import release, set_env

FAN = "dev > qa > prod prod-eu prod-asia"


def moves(snapshot: ReleaseSnapshot) -> list[str]:
    """Decisions as short words, in order."""
    names = {step.id: f"{env.name}.{step.kind}" for env in snapshot.environments for step in env.steps}
    words: list[str] = []
    for decision in decide(snapshot):
        if isinstance(decision, ReleaseMove):
            words.append(f"release {decision.new}")
        elif isinstance(decision, EnvironmentMove):
            words.append(f"{decision.name} {decision.new}")
        elif isinstance(decision, StepReady):
            words.append(f"ready {names[decision.step_id]}")
        else:
            words.append(f"end {names[decision.step_id]}")
    return words


def test_a_queued_release_starts_its_trigger_environment_in_one_tick() -> None:
    assert moves(release(FAN, status="QUEUED")) == ["release RUNNING", "dev RUNNING", "ready dev.freeze"]


def test_a_queued_release_without_the_slot_freezes_its_source_meanwhile() -> None:
    snapshot = release(FAN, status="QUEUED")
    snapshot.has_slot = False
    assert moves(snapshot) == ["ready dev.freeze"]


def test_what_is_ready_together_is_readied_together() -> None:
    snapshot = release(FAN, done=["dev", "qa"])
    assert moves(snapshot) == [
        "prod RUNNING",
        "prod-eu RUNNING",
        "prod-asia RUNNING",
        "ready prod.commit",
        "ready prod-eu.commit",
        "ready prod-asia.commit",
    ]


def test_the_last_step_ends_its_environment_and_starts_the_next_wave_in_one_tick() -> None:
    snapshot = release(FAN, done=["dev"])
    set_env(snapshot, "qa", "RUNNING", "SUCCEEDED", "SUCCEEDED")
    assert moves(snapshot)[:2] == ["qa SUCCEEDED", "prod RUNNING"]


def test_a_phase_waits_for_all_applications_of_the_one_before() -> None:
    snapshot = release("dev > qa", done=["dev"])
    set_env(snapshot, "qa", "RUNNING", "SUCCEEDED", "PENDING")
    extra = release("dev > qa").environment("qa").steps
    extra[0].status = "RUNNING"
    snapshot.environment("qa").steps += extra
    assert moves(snapshot) == []
    extra[0].status = "SUCCEEDED"
    assert moves(snapshot) == ["ready qa.await_sync", "ready qa.await_sync"]


def test_the_release_succeeds_only_after_the_last_environment() -> None:
    snapshot = release(FAN, done=["dev", "qa", "prod", "prod-eu"])
    set_env(snapshot, "prod-asia", "RUNNING", "SUCCEEDED", "WAITING")
    assert moves(snapshot) == []
    set_env(snapshot, "prod-asia", "RUNNING", "SUCCEEDED", "SUCCEEDED")
    assert moves(snapshot) == ["prod-asia SUCCEEDED", "release SUCCEEDED"]


def test_when_one_fails_the_others_finish_first() -> None:
    snapshot = release(FAN, done=["dev", "qa", "prod"])
    set_env(snapshot, "prod-eu", "RUNNING", "SUCCEEDED", "FAILED")
    set_env(snapshot, "prod-asia", "RUNNING", "SUCCEEDED", "WAITING")
    assert moves(snapshot) == ["prod-eu FAILED"]
    set_env(snapshot, "prod-eu", "FAILED", "SUCCEEDED", "FAILED")
    set_env(snapshot, "prod-asia", "RUNNING", "SUCCEEDED", "SUCCEEDED")
    assert moves(snapshot) == ["prod-asia SUCCEEDED", "release FAILED"]


def test_dependents_of_a_failed_environment_never_start_but_its_siblings_branches_do() -> None:
    #      ┌─ qa-eu (failed) ─ prod-eu
    # dev ─┴─ qa-us ────────── prod-us
    snapshot = release("dev > qa-eu qa-us > prod-eu prod-us", done=["dev", "qa-us"])
    snapshot.environment("prod-eu").depends_on = ("qa-eu",)
    snapshot.environment("prod-us").depends_on = ("qa-us",)
    set_env(snapshot, "qa-eu", "RUNNING", "FAILED", "PENDING")
    assert moves(snapshot) == ["qa-eu FAILED", "prod-us RUNNING", "ready prod-us.commit"]


def test_the_failure_names_environment_and_cause() -> None:
    snapshot = release("dev > qa", done=["dev"])
    set_env(snapshot, "qa", "RUNNING", "SUCCEEDED", "FAILED", reason="APP_DEGRADED")
    last = decide(snapshot)[-1]
    assert isinstance(last, ReleaseMove)
    assert (last.new, last.reason, last.message) == ("FAILED", "APP_DEGRADED", "qa failed: qa broke.")


def test_halt_ends_what_runs() -> None:
    snapshot = release(FAN, done=["dev", "qa", "prod"], on_failure="halt")
    set_env(snapshot, "prod-eu", "FAILED", "SUCCEEDED", "FAILED")
    set_env(snapshot, "prod-asia", "RUNNING", "SUCCEEDED", "WAITING")
    assert moves(snapshot) == ["end prod-asia.await_sync", "prod-asia TERMINATED", "release FAILED"]


def test_halt_waits_for_a_step_that_a_worker_holds() -> None:
    snapshot = release(FAN, done=["dev", "qa", "prod"], on_failure="halt")
    set_env(snapshot, "prod-eu", "FAILED", "SUCCEEDED", "FAILED")
    set_env(snapshot, "prod-asia", "RUNNING", "RUNNING", "PENDING")
    assert moves(snapshot) == ["end prod-asia.await_sync"]


@pytest.mark.parametrize(
    ("commit", "wait", "leased", "intents", "expected"),
    [
        (
            "SUCCEEDED",
            "WAITING",
            False,
            False,
            ["release TERMINATING", "end", "qa TERMINATED", "release TERMINATED"],
        ),
        ("SUCCEEDED", "WAITING", True, False, ["release TERMINATING"]),
        ("RUNNING", "PENDING", False, False, ["release TERMINATING", "end"]),
        ("SUCCEEDED", "WAITING", False, True, ["release TERMINATING", "end", "qa TERMINATED"]),
    ],
)
def test_termination_waits_for_workers_and_pushes(
    commit: str, wait: str, leased: bool, intents: bool, expected: list[str]
) -> None:
    snapshot = release("dev > qa > prod", done=["dev"])
    set_env(snapshot, "qa", "RUNNING", commit, wait)
    snapshot.environment("qa").steps[1].is_leased = leased
    snapshot.terminate_requested_by = "ann"
    snapshot.has_open_intents = intents
    assert [word if "end " not in word else "end" for word in moves(snapshot)] == expected


def test_an_ended_release_decides_nothing() -> None:
    for status in RELEASE_ENDED:
        assert decide(release(FAN, status=status)) == []


def test_no_changes_everywhere_is_said_as_the_reason() -> None:
    snapshot = release("dev > qa", done=["dev"])
    set_env(snapshot, "qa", "RUNNING", "SUCCEEDED", "SUCCEEDED")
    snapshot.environment("qa").steps[0].reason = "NO_CHANGES"
    first = decide(snapshot)[0]
    assert isinstance(first, EnvironmentMove)
    assert first.reason == "NO_CHANGES"


def apply(snapshot: ReleaseSnapshot, started: list[str]) -> None:
    for decision in decide(snapshot):
        if isinstance(decision, ReleaseMove):
            snapshot.status = decision.new
        elif isinstance(decision, EnvironmentMove):
            env = snapshot.environment(decision.name)
            assert env.status == decision.old
            if decision.new == "RUNNING":
                started.append(env.name)
                assert all(snapshot.environment(name).status == "SUCCEEDED" for name in env.depends_on)
            env.status = decision.new
        else:
            step = next(s for e in snapshot.environments for s in e.steps if s.id == decision.step_id)
            if isinstance(decision, StepTerminate):
                step.status = "TERMINATED"
            else:
                step.is_ready = True


@settings(max_examples=150)
@given(st.data())
def test_any_order_of_ends_leads_to_an_end_and_starts_nothing_twice(data: st.DataObject) -> None:
    """Steps end in a random order with random results; a release always ends, and ends right."""
    on_failure = data.draw(st.sampled_from(["continue", "halt"]))
    snapshot = release("dev > a b > c d > e", status="QUEUED", on_failure=on_failure)
    started: list[str] = []
    apply(snapshot, started)
    for _ in range(40):
        ready = [
            s for e in snapshot.environments if e.status == "RUNNING"
            for s in e.steps if s.is_ready and s.status == "PENDING"
        ]  # fmt: skip
        if snapshot.status in RELEASE_ENDED or not ready:
            break
        step = data.draw(st.sampled_from(ready))
        step.status = data.draw(st.sampled_from(["SUCCEEDED", "SUCCEEDED", "SUCCEEDED", "FAILED"]))
        step.reason = step.message = "x"
        apply(snapshot, started)
    assert snapshot.status in {"SUCCEEDED", "FAILED"}
    assert len(started) == len(set(started))
    bad = any(s.status == "FAILED" for e in snapshot.environments for s in e.steps)
    assert (snapshot.status == "FAILED") == bad
    assert all(e.status != "RUNNING" for e in snapshot.environments)
    assert decide(snapshot) == []
