"""The step contract: what a step gets, and the four ways in which an attempt ends. Never touches rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Done:
    """The step succeeded. `application` are fields of the step's ReleaseApplication to record with it."""

    message: str
    reason: str = ""
    outputs: Mapping[str, Any] = field(default_factory=dict)
    application: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Waiting:
    """Nothing to do before `retry_after` seconds; holds no worker. `state` is kept for the next look."""

    retry_after: float
    reason: str
    message: str
    state: Mapping[str, Any] = field(default_factory=dict)
    application: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Retryable:
    """A passing fault (network, lock): tried again with backoff, a bounded number of times."""

    reason: str
    message: str


@dataclass(frozen=True)
class Terminal:
    """The step failed for good; the message names cause and way out.

    `is_fault`: ours, not the release's; the step then ends as ERROR instead of FAILED.
    """

    reason: str
    message: str
    application: Mapping[str, Any] = field(default_factory=dict)
    is_fault: bool = False


Outcome = Done | Waiting | Retryable | Terminal


@dataclass(frozen=True)
class Claim:
    """Proof that this worker may finish the step; refused once another claim was made."""

    step_id: int
    number: int
    attempt: int
