"""The green rule: is this application truly Synced and Healthy at what we promoted? Never asks anyone.

All times are the runtime's clock, never ours. The caller keeps `Memory` between looks.
Rule: SPEC section 3, "False green is a bug".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

Carries = Literal["yes", "not_yet", "overwritten", "unknown"]


@dataclass(frozen=True)
class Observation:
    """What the runtime said of one application, in one answer, after our push."""

    name: str
    asked_at: datetime  # the runtime's clock just before this look was asked for
    observed_at: datetime
    reconciled_at: datetime | None
    sync: str
    health: str
    health_message: str
    operation_phase: str
    operation_message: str
    revision: str  # the SHA of the source that we write to; "" when the runtime names none


@dataclass(frozen=True)
class Content:
    """What Git says of the reported revision. `overwritten_by` completes "... by SHA, author"."""

    carries: Carries
    same_files: bool = False  # older revision, but the application's own files are byte-equal
    overwritten_by: str = ""


@dataclass(frozen=True)
class Memory:
    """What a waiting step remembers: runtime-clock moments, None until they happened."""

    asked_at: datetime | None = None  # the runtime's clock when it was first asked after the push
    green_since: datetime | None = None
    green_revision: str = ""
    bad_since: datetime | None = None


@dataclass(frozen=True)
class Green:
    message: str


@dataclass(frozen=True)
class NotYet:
    reason: str
    message: str


@dataclass(frozen=True)
class NotGreen:
    """Final: the environment fails with this reason and sentence."""

    reason: str
    message: str


Verdict = Green | NotYet | NotGreen


@dataclass(frozen=True)
class Limits:
    settle: timedelta
    grace: timedelta


def judge(seen: Observation, content: Content, memory: Memory, limits: Limits) -> tuple[Verdict, Memory]:
    """The verdict and what to remember for the next look."""
    if memory.asked_at is None:
        memory = replace(memory, asked_at=seen.asked_at)
    if content.carries == "overwritten":
        cause = f"{seen.name} runs values that were overwritten by {content.overwritten_by}."
        return NotGreen("OVERWRITTEN", f"{cause} Retry promotes onto the new state."), memory
    bad = _bad(seen)
    if bad is not None:
        since = memory.bad_since or seen.observed_at
        memory = replace(memory, bad_since=since, green_since=None, green_revision="")
        looked_again = memory.asked_at is not None and _looked_after(seen, memory.asked_at)
        if looked_again and seen.observed_at - since >= limits.grace:
            return NotGreen(*bad), memory
        return NotYet(*bad), memory
    memory = replace(memory, bad_since=None)
    waiting = _waiting(seen, content, memory)
    if waiting is not None:
        return waiting, replace(memory, green_since=None, green_revision="")
    if memory.green_since is None or memory.green_revision != seen.revision:
        memory = replace(memory, green_since=seen.observed_at, green_revision=seen.revision)
    assert memory.green_since is not None
    if seen.observed_at - memory.green_since < limits.settle:
        # No countdown: every new sentence is an event, and the page would be told each second.
        must = f"{seen.name} is Synced and Healthy; it must stay so for {limits.settle.total_seconds():g} s."
        return NotYet("SETTLING", must), memory
    return Green(f"{seen.name} is Synced and Healthy at {seen.revision[:7]}."), memory


def _looked_after(seen: Observation, moment: datetime) -> bool:
    return seen.reconciled_at is not None and seen.reconciled_at >= moment


def _bad(seen: Observation) -> tuple[str, str] | None:
    """A state that ends the environment if it lasts for the grace period."""
    applying = seen.operation_phase in {"Running", "Terminating"}
    if seen.health == "Degraded" and not applying:  # what is being applied may be the very cure
        cause = seen.health_message or "the runtime gives no cause"
        return "APP_DEGRADED", f"{seen.name} is Degraded: {cause.rstrip('.')}. Mend it, then retry."
    if seen.health == "Missing" and seen.sync == "Synced":
        return (
            "APP_MISSING",
            f"{seen.name} has no resources in its cluster. Check its destination, then retry.",
        )
    if seen.operation_phase in {"Failed", "Error"} and seen.sync != "Synced":
        cause = seen.operation_message or "the runtime gives no cause"
        return "SYNC_FAILED", f"The sync of {seen.name} failed: {cause.rstrip('.')}. Mend it, then retry."
    return None


def _waiting(seen: Observation, content: Content, memory: Memory) -> NotYet | None:
    if memory.asked_at is None or not _looked_after(seen, memory.asked_at):
        return NotYet("WAITING_FOR_REFRESH", f"The runtime has not looked at {seen.name} since the push.")
    if seen.operation_phase in {"Running", "Terminating"}:
        return NotYet("SYNCING", f"{seen.name} is syncing.")
    if seen.sync != "Synced":
        return NotYet(
            "OUT_OF_SYNC", f"{seen.name} is {seen.sync}; its runtime has not applied the commit yet."
        )
    if content.carries == "unknown":
        return NotYet("REVISION_UNKNOWN", f"{seen.name} reports {seen.revision[:7] or 'no revision'}.")
    if content.carries == "not_yet" and not content.same_files:
        return NotYet(
            "OLD_REVISION", f"{seen.name} is Synced to {seen.revision[:7]}, from before the commit."
        )
    if seen.health != "Healthy":
        detail = f": {seen.health_message}" if seen.health_message else ""
        return NotYet("NOT_HEALTHY", f"{seen.name} is {seen.health}{detail}")
    return None
