"""The green rule as a table: what each observation leads to. Times are seconds of the runtime's clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from promotions.engine.green import Content, Green, Limits, Memory, NotGreen, NotYet, Observation, judge

LIMITS = Limits(settle=timedelta(seconds=5), grace=timedelta(seconds=10))
CARRIES = Content("yes")


def at(seconds: float) -> datetime:
    return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)


def seen(seconds: float, **changes: object) -> Observation:
    base = Observation(
        name="shop-eu",
        asked_at=at(seconds),
        observed_at=at(seconds),
        reconciled_at=at(seconds),
        sync="Synced",
        health="Healthy",
        health_message="",
        operation_phase="Succeeded",
        operation_message="",
        revision="a" * 40,
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def reason(observation: Observation, content: Content = CARRIES, memory: Memory | None = None) -> str:
    verdict, _ = judge(observation, content, memory or Memory(asked_at=at(0)), LIMITS)
    return "GREEN" if isinstance(verdict, Green) else verdict.reason


@pytest.mark.parametrize(
    ("changes", "content", "expected"),
    [
        ({"reconciled_at": at(-1)}, CARRIES, "WAITING_FOR_REFRESH"),
        ({"reconciled_at": None}, CARRIES, "WAITING_FOR_REFRESH"),
        ({"operation_phase": "Running"}, CARRIES, "SYNCING"),
        ({"operation_phase": "Running", "health": "Degraded"}, CARRIES, "SYNCING"),
        ({"sync": "OutOfSync"}, CARRIES, "OUT_OF_SYNC"),
        ({"sync": "Unknown"}, CARRIES, "OUT_OF_SYNC"),
        ({}, Content("not_yet"), "OLD_REVISION"),
        ({}, Content("unknown"), "REVISION_UNKNOWN"),
        ({}, Content("not_yet", same_files=True), "SETTLING"),
        ({"health": "Progressing"}, CARRIES, "NOT_HEALTHY"),
        ({"health": "Suspended"}, CARRIES, "NOT_HEALTHY"),
        ({"health": "Unknown"}, CARRIES, "NOT_HEALTHY"),
        ({"health": "Degraded"}, CARRIES, "APP_DEGRADED"),
        ({"health": "Missing"}, CARRIES, "APP_MISSING"),
        ({"operation_phase": "Failed", "sync": "OutOfSync"}, CARRIES, "SYNC_FAILED"),
        ({}, Content("overwritten", overwritten_by="abc1234, Olive"), "OVERWRITTEN"),
        ({}, CARRIES, "SETTLING"),
    ],
)
def test_what_keeps_an_application_from_green(
    changes: dict[str, object], content: Content, expected: str
) -> None:
    assert reason(seen(1, **changes), content) == expected


def test_green_after_the_settle_time_at_one_revision() -> None:
    memory = Memory(asked_at=at(0))
    for second, expected in ((1, NotYet), (3, NotYet), (5.9, NotYet), (6, Green)):
        verdict, memory = judge(seen(second), CARRIES, memory, LIMITS)
        assert isinstance(verdict, expected), second


@pytest.mark.parametrize("change", [{"health": "Progressing"}, {"revision": "b" * 40}, {"sync": "OutOfSync"}])
def test_any_change_starts_the_settle_time_anew(change: dict[str, object]) -> None:
    _, memory = judge(seen(1), CARRIES, Memory(asked_at=at(0)), LIMITS)
    _, memory = judge(seen(4, **change), CARRIES, memory, LIMITS)
    verdict, _ = judge(seen(7), CARRIES, memory, LIMITS)
    assert isinstance(verdict, NotYet)


def test_degraded_fails_only_after_the_grace_period() -> None:
    memory = Memory(asked_at=at(0))
    for second, expected in ((1, NotYet), (10, NotYet), (11, NotGreen)):
        verdict, memory = judge(
            seen(second, health="Degraded", health_message="no replicas"), CARRIES, memory, LIMITS
        )
        assert isinstance(verdict, expected), second
    assert isinstance(verdict, NotGreen)
    assert "shop-eu" in verdict.message
    assert "no replicas" in verdict.message


def test_degraded_that_mends_itself_within_the_grace_period_is_forgotten() -> None:
    _, memory = judge(seen(1, health="Degraded"), CARRIES, Memory(asked_at=at(0)), LIMITS)
    _, memory = judge(seen(5), CARRIES, memory, LIMITS)
    verdict, _ = judge(seen(12, health="Degraded"), CARRIES, memory, LIMITS)
    assert isinstance(verdict, NotYet)


def test_the_first_look_sets_the_moment_after_which_the_runtime_must_have_looked() -> None:
    _, memory = judge(seen(1, asked_at=at(0.5)), CARRIES, Memory(), LIMITS)
    assert memory.asked_at == at(0.5)
    _, later = judge(seen(9, asked_at=at(8)), CARRIES, memory, LIMITS)
    assert later.asked_at == at(0.5)
