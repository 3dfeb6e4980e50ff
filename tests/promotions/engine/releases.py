"""Snapshots for engine tests, drawn as text: "dev > qa > prod prod-eu" with one commit and one wait each."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from promotions.engine.snapshot import EnvironmentView, ReleaseSnapshot, StepView

_ids = itertools.count(1)


def steps(first: str = "commit", *, statuses: Sequence[str] = ("PENDING", "PENDING")) -> list[StepView]:
    kinds = ((first, 40), ("await_sync", 50))
    return [
        StepView(next(_ids), kind, phase, status, is_ready=status != "PENDING", reason="", message="")
        for (kind, phase), status in zip(kinds, statuses, strict=True)
    ]


def release(
    drawing: str, *, status: str = "RUNNING", done: Sequence[str] = (), on_failure: str = "continue"
) -> ReleaseSnapshot:
    """Each wave depends on all of the wave before it; environments in `done` have succeeded."""
    environments: list[EnvironmentView] = []
    before: tuple[str, ...] = ()
    for index, wave in enumerate(drawing.split(">")):
        names = tuple(wave.split())
        for name in names:
            over = name in done
            rows = steps(
                "freeze" if index == 0 else "commit",
                statuses=("SUCCEEDED",) * 2 if over else ("PENDING",) * 2,
            )
            role = "TRIGGER" if index == 0 else "TARGET"
            state = "SUCCEEDED" if over else "PENDING"
            environments.append(EnvironmentView(name, role, state, before, rows))
        before = names
    return ReleaseSnapshot(
        status=status,
        on_failure=on_failure,
        has_slot=True,
        terminate_requested_by="",
        timed_out=False,
        has_open_intents=False,
        environments=environments,
    )


def set_env(
    snapshot: ReleaseSnapshot, name: str, status: str, *step_statuses: str, reason: str = "X"
) -> None:
    env = snapshot.environment(name)
    env.status = status
    for step, step_status in zip(env.steps, step_statuses, strict=True):
        step.status = step_status
        step.is_ready = step_status != "PENDING"
        if step_status in {"FAILED", "ERROR"}:
            step.reason, step.message = reason, f"{name} broke."
