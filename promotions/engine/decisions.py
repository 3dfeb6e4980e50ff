"""What the engine may decide; each is applied by compare-and-swap. Never applied here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ReleaseMove:
    old: str
    new: str
    reason: str
    message: str


@dataclass(frozen=True)
class EnvironmentMove:
    name: str
    old: str
    new: str
    reason: str
    message: str


@dataclass(frozen=True)
class StepReady:
    """The step may start; all of one tick are published together as one Celery group."""

    step_id: int


@dataclass(frozen=True)
class StepTerminate:
    """End a step that no worker holds."""

    step_id: int
    old: str
    reason: str
    message: str


Decision = ReleaseMove | EnvironmentMove | StepReady | StepTerminate
