"""What the engine looks at: one release as plain values. Never touches rows."""

from __future__ import annotations

from dataclasses import dataclass

STEP_ENDED = frozenset({"SUCCEEDED", "SKIPPED", "FAILED", "ERROR", "TERMINATED"})
STEP_GOOD = frozenset({"SUCCEEDED", "SKIPPED"})
STEP_BAD = frozenset({"FAILED", "ERROR"})
ENVIRONMENT_ENDED = frozenset({"SUCCEEDED", "FAILED", "TERMINATED"})
RELEASE_ENDED = frozenset({"SUCCEEDED", "FAILED", "TERMINATED"})


@dataclass
class StepView:
    """One step row. `is_ready` is the engine's leave to start; a leased WAITING step is being checked."""

    id: int
    kind: str
    phase: int
    status: str
    is_ready: bool = False
    is_leased: bool = False
    reason: str = ""
    message: str = ""


@dataclass
class EnvironmentView:
    """One environment with its steps in phase order."""

    name: str
    role: str  # TRIGGER | TARGET
    status: str
    depends_on: tuple[str, ...]
    steps: list[StepView]
    reason: str = ""
    message: str = ""


@dataclass
class ReleaseSnapshot:
    """One release at one moment, read under its row lock."""

    status: str
    on_failure: str
    has_slot: bool  # no other release of the product holds the slot
    terminate_requested_by: str  # "" = nobody asked
    timed_out: bool
    has_open_intents: bool  # pushes whose outcome is not known yet
    environments: list[EnvironmentView]
    timeout_minutes: int = 1440

    def environment(self, name: str) -> EnvironmentView:
        return next(env for env in self.environments if env.name == name)
