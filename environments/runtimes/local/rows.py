"""Turns rows of the local runtime into the plain states of transitions.py and back. Never decides."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any, cast

from environments.runtimes.base import HealthStatus
from environments.runtimes.local.models import LocalApplication
from environments.runtimes.local.transitions import (
    AppState,
    Behaviour,
    Desired,
    Failure,
    Live,
    Operation,
    Workload,
)
from environments.storable import storable


def state_of(row: LocalApplication) -> AppState:
    return AppState(
        desired=_desired(row.desired),
        live=_live(row.live) if row.live else None,
        operation=_operation(row.operation) if row.operation else None,
        health=cast(HealthStatus, row.health_status),
        health_changed_at=row.health_changed_at,
        reconciled_at=row.reconciled_at,
    )


def columns_of(state: AppState) -> dict[str, Any]:
    """The row's columns for a state."""
    return {
        "desired": storable(asdict(state.desired)),
        "live": storable(_plain(asdict(state.live))) if state.live else None,
        "operation": storable(_plain(asdict(state.operation))) if state.operation else None,
        "health_status": state.health,
        "health_changed_at": state.health_changed_at,
        "reconciled_at": state.reconciled_at,
    }


def behaviour_of(row: LocalApplication, *, automated: bool) -> Behaviour:
    """What a person set on the row; `automated` is the manifest's word, which the row may override."""
    return Behaviour(
        latency=row.latency_seconds,
        rollout=row.rollout_seconds,
        failure=cast(Failure, row.failure),
        failure_message=row.failure_message,
        automated=automated if row.auto_sync is None else row.auto_sync,
    )


def _plain(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value.isoformat() if isinstance(value, datetime) else value for key, value in data.items()}


def _workloads(data: list[dict[str, Any]]) -> tuple[Workload, ...]:
    return tuple(Workload(**item) for item in data)


def _desired(data: dict[str, Any]) -> Desired:
    if not data:
        return Desired()
    return Desired(
        tuple(data["revisions"]), data["digest"], _workloads(data["workloads"]), data.get("error", "")
    )


def _live(data: dict[str, Any]) -> Live:
    return Live(
        tuple(data["revisions"]),
        data["digest"],
        _workloads(data["workloads"]),
        datetime.fromisoformat(data["applied_at"]),
        datetime.fromisoformat(data["rollout_until"]),
    )


def _operation(data: dict[str, Any]) -> Operation:
    finished = data["finished_at"]
    return Operation(
        target=_desired(data["target"]),
        started_at=datetime.fromisoformat(data["started_at"]),
        due_at=datetime.fromisoformat(data["due_at"]),
        phase=data["phase"],
        message=data["message"],
        finished_at=datetime.fromisoformat(finished) if finished else None,
    )
