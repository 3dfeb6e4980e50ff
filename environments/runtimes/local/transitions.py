"""How one application of the local runtime moves with the clock and with Git: pure rules, no rows, no I/O.

    compared with Git ──> OutOfSync ──(automated, or a person)──> operation Running
        ^                                                             │ latency
        └──────────── Synced <── live = what was applied <── Succeeded ┴─> Failed
                                   │ rollout
                        Progressing ──> Healthy, or Degraded, or Progressing for good

The words and their meaning are Argo CD's: an automated sync is not tried again at revisions that
failed, a comparison that fails makes the sync status Unknown, and nothing applied is Missing.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from environments.runtimes.base import HealthStatus, OperationPhase, ResourceState, SyncStatus

Failure = Literal["none", "sync_error", "degraded", "progressing"]


@dataclass(frozen=True)
class Workload:
    """Something that runs, as far as the application's files say it plainly."""

    kind: str
    name: str
    image: str = ""
    replicas: int = 1
    changed: bool = False  # by the last operation that applied it


@dataclass(frozen=True)
class Desired:
    """What Git asks for at the last comparison; `error` says why that cannot be told."""

    revisions: tuple[str, ...] = ()
    digest: str = ""  # of what would be applied; equal digests mean Synced
    workloads: tuple[Workload, ...] = ()
    error: str = ""


@dataclass(frozen=True)
class Live:
    """What was last applied, and until when its rollout lasts."""

    revisions: tuple[str, ...]
    digest: str
    workloads: tuple[Workload, ...]
    applied_at: datetime
    rollout_until: datetime


@dataclass(frozen=True)
class Operation:
    """The last or running sync operation and what it applies."""

    target: Desired
    started_at: datetime
    due_at: datetime
    phase: OperationPhase = "Running"
    message: str = ""
    finished_at: datetime | None = None


@dataclass(frozen=True)
class Behaviour:
    """What a person set for this application. Durations are in seconds."""

    latency: float = 1.0
    rollout: float = 1.0
    failure: Failure = "none"
    failure_message: str = ""
    automated: bool = False


@dataclass(frozen=True)
class AppState:
    desired: Desired = field(default_factory=Desired)
    live: Live | None = None
    operation: Operation | None = None
    health: HealthStatus = "Missing"
    health_changed_at: datetime | None = None
    reconciled_at: datetime | None = None


def advance(state: AppState, behaviour: Behaviour, now: datetime, desired: Desired | None = None) -> AppState:
    """The state at `now`; `desired` is given when Git was looked at again."""
    if desired is not None:
        state = replace(state, desired=desired, reconciled_at=now)
    state = _finish(state, behaviour, now)
    if behaviour.automated and _wants_automated_sync(state):
        state = _finish(start_sync(state, behaviour, now), behaviour, now)
    return _with_health(state, behaviour, now)


def start_sync(
    state: AppState, behaviour: Behaviour, now: datetime, target: Desired | None = None
) -> AppState:
    """A sync operation towards the target (what Git asks for, where none is given) begins."""
    operation = Operation(
        target=target or state.desired,
        started_at=now,
        due_at=now + timedelta(seconds=behaviour.latency),
        message="waiting for the resources to be applied",
    )
    return replace(state, operation=operation)


def sync_status(state: AppState) -> SyncStatus:
    if state.desired.error or not state.desired.digest:
        return "Unknown"
    if state.live is None or state.live.digest != state.desired.digest:
        return "OutOfSync"
    return "Synced"


def is_running(state: AppState) -> bool:
    return state.operation is not None and state.operation.phase == "Running"


def health_message(state: AppState, behaviour: Behaviour) -> str:
    """One sentence: the comparison's error first, as Argo CD shows a condition, then the health's cause."""
    if state.desired.error:
        return state.desired.error
    if state.health == "Missing":
        return "Nothing was applied yet."
    culprit = _culprit(state)
    where = f"{culprit.kind} {culprit.name}" if culprit else "The application"
    if state.health == "Degraded":
        return behaviour.failure_message or f"{where} exceeded its progress deadline."
    if state.health == "Progressing":
        stuck = behaviour.failure_message if behaviour.failure == "progressing" else ""
        return stuck or f"{where} is rolling out: not all replicas are updated and ready."
    return ""


def resource_states(state: AppState, behaviour: Behaviour) -> tuple[ResourceState, ...]:
    """The applied workloads; while the whole is not Healthy, those that changed carry the blame."""
    if state.live is None:
        return ()
    culprit = _culprit(state)
    states = []
    for workload in state.live.workloads:
        health: HealthStatus = "Healthy"
        if state.health == "Degraded" and workload == culprit:
            health = "Degraded"
        elif state.health == "Progressing" and (workload.changed or workload == culprit):
            health = "Progressing"
        ready = workload.replicas if health == "Healthy" else max(workload.replicas - 1, 0)
        message = health_message(state, behaviour) if health != "Healthy" and not state.desired.error else ""
        states.append(
            ResourceState(
                workload.kind,
                workload.name,
                health,
                message,
                workload.image,
                f"{ready}/{workload.replicas}",
            )
        )
    return tuple(states)


def _finish(state: AppState, behaviour: Behaviour, now: datetime) -> AppState:
    """A running operation whose time is up ends at the moment it was due, not when somebody looked."""
    operation = state.operation
    if operation is None or operation.phase != "Running" or operation.due_at > now:
        return state
    at = operation.due_at
    if behaviour.failure == "sync_error":
        message = behaviour.failure_message or "One or more objects failed to apply."
        failed = replace(operation, phase="Failed", message=message, finished_at=at)
        return replace(state, operation=failed, reconciled_at=now)
    done = replace(operation, phase="Succeeded", message="Successfully synced.", finished_at=at)
    live = Live(
        revisions=operation.target.revisions,
        digest=operation.target.digest,
        workloads=_marked(operation.target.workloads, state.live),
        applied_at=at,
        rollout_until=at + timedelta(seconds=behaviour.rollout),
    )
    return replace(state, operation=done, live=live, reconciled_at=now)


def _marked(workloads: tuple[Workload, ...], before: Live | None) -> tuple[Workload, ...]:
    old = {(w.kind, w.name): w.image for w in before.workloads} if before else {}
    return tuple(
        replace(w, changed=(w.kind, w.name) not in old or old[w.kind, w.name] != w.image) for w in workloads
    )


def _wants_automated_sync(state: AppState) -> bool:
    if is_running(state) or sync_status(state) != "OutOfSync":
        return False
    last = state.operation
    failed_here = last is not None and last.phase in {"Failed", "Error"}
    return not (failed_here and last is not None and last.target.revisions == state.desired.revisions)


def _with_health(state: AppState, behaviour: Behaviour, now: datetime) -> AppState:
    health, since = _health(state, behaviour, now)
    changed_at = state.health_changed_at
    if since is not None and (changed_at is None or since > changed_at):
        changed_at = since
    elif health != state.health:
        changed_at = now
    return replace(state, health=health, health_changed_at=changed_at)


def _health(state: AppState, behaviour: Behaviour, now: datetime) -> tuple[HealthStatus, datetime | None]:
    """The health and, where the clock alone decides it, since when."""
    live = state.live
    if live is None:
        return "Missing", None
    if now < live.rollout_until:
        return "Progressing", live.applied_at
    if behaviour.failure == "degraded":
        return "Degraded", live.rollout_until
    if behaviour.failure == "progressing":
        return "Progressing", live.applied_at
    return "Healthy", live.rollout_until


def _culprit(state: AppState) -> Workload | None:
    workloads = state.live.workloads if state.live else ()
    return next((w for w in workloads if w.changed), workloads[0] if workloads else None)
