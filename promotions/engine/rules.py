"""The transition rules, in order: (name, from, to, guard) with the reason and sentence of each move.

Read top to bottom as documentation. A guard looks at the snapshot alone. Never applies anything.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from promotions.engine.snapshot import (
    ENVIRONMENT_ENDED,
    STEP_BAD,
    STEP_ENDED,
    STEP_GOOD,
    EnvironmentView,
    ReleaseSnapshot,
    StepView,
)
from promotions.engine.words import listed

Why = tuple[str, str]  # (reason code, sentence)


def held_by_worker(step: StepView) -> bool:
    """A worker has it right now: its result must be waited for."""
    return step.status == "RUNNING" or (step.status == "WAITING" and step.is_leased)


def in_flight(step: StepView) -> bool:
    """Started or allowed to start, and not ended."""
    return step.status in {"RUNNING", "WAITING"} or (step.status == "PENDING" and step.is_ready)


def bad_steps(env: EnvironmentView) -> list[StepView]:
    return [step for step in env.steps if step.status in STEP_BAD]


def failed_environments(release: ReleaseSnapshot) -> list[EnvironmentView]:
    return [env for env in release.environments if env.status == "FAILED"]


def _halted(release: ReleaseSnapshot) -> bool:
    return release.on_failure == "halt" and bool(failed_environments(release))


def may_start(env: EnvironmentView, release: ReleaseSnapshot) -> bool:
    """All that it depends on succeeded (the trigger depends on nothing), and nothing halts the release."""
    if env.status != "PENDING" or _halted(release):
        return False
    return all(release.environment(name).status == "SUCCEEDED" for name in env.depends_on)


# ---- guards of environments: return why, or None when the rule does not hold


def _starts(env: EnvironmentView, release: ReleaseSnapshot) -> Why | None:
    if release.status != "RUNNING" or not may_start(env, release):
        return None
    if env.role == "TRIGGER":
        return "STARTED", "Started with the release."
    return "STARTED", f"Started after {listed(env.depends_on)} succeeded."


def _fails(env: EnvironmentView, release: ReleaseSnapshot) -> Why | None:
    bad = bad_steps(env)
    if not bad or any(in_flight(step) for step in env.steps):
        return None
    return bad[0].reason, bad[0].message


def _succeeds(env: EnvironmentView, release: ReleaseSnapshot) -> Why | None:
    if not all(step.status in STEP_GOOD for step in env.steps):
        return None
    commits = [step for step in env.steps if step.kind == "commit"]
    if commits and all(step.reason == "NO_CHANGES" for step in commits):
        return "NO_CHANGES", f"{env.name} carried the promoted values already."
    return "SUCCEEDED", f"{env.name} succeeded."


def _environment_terminated(env: EnvironmentView, release: ReleaseSnapshot) -> Why | None:
    if release.status != "TERMINATING" and not _halted(release):
        return None
    if any(held_by_worker(step) for step in env.steps):
        return None
    if any(step.status not in STEP_ENDED for step in env.steps):
        return None
    return termination_reason(release)


@dataclass(frozen=True)
class EnvironmentRule:
    name: str
    old: str
    new: str
    guard: Callable[[EnvironmentView, ReleaseSnapshot], Why | None]


ENVIRONMENT_RULES = (
    EnvironmentRule("starts when all it depends on succeeded", "PENDING", "RUNNING", _starts),
    EnvironmentRule("fails when a step failed and nothing of it runs", "RUNNING", "FAILED", _fails),
    EnvironmentRule("succeeds when every step did", "RUNNING", "SUCCEEDED", _succeeds),
    EnvironmentRule("ends with a termination", "RUNNING", "TERMINATED", _environment_terminated),
)


# ---- guards of releases


def _release_starts(release: ReleaseSnapshot) -> Why | None:
    return ("STARTED", "The product is free.") if release.has_slot else None


def _release_terminating(release: ReleaseSnapshot) -> Why | None:
    if not release.terminate_requested_by and not release.timed_out:
        return None
    return termination_reason(release)


def _release_terminated(release: ReleaseSnapshot) -> Why | None:
    open_steps = any(held_by_worker(step) for env in release.environments for step in env.steps)
    running = any(env.status in {"RUNNING", "SUSPENDED"} for env in release.environments)
    if open_steps or running or release.has_open_intents:
        return None
    return termination_reason(release)


def _release_succeeds(release: ReleaseSnapshot) -> Why | None:
    if all(env.status == "SUCCEEDED" for env in release.environments):
        targets = [env for env in release.environments if env.role == "TARGET"]
        return "SUCCEEDED", f"All {len(targets)} environments succeeded."
    return None


def _release_fails(release: ReleaseSnapshot) -> Why | None:
    # One that was terminated counts too: a retry of another one lets its release run again.
    failed = failed_environments(release) + [e for e in release.environments if e.status == "TERMINATED"]
    if not failed:
        return None
    for env in release.environments:
        if env.status not in ENVIRONMENT_ENDED and (env.status != "PENDING" or may_start(env, release)):
            return None
    first = failed[0]
    also = [env.name for env in failed[1:] if env.status == "FAILED"]
    others = f" {listed(also)} failed too." if also else ""
    what = "failed" if first.status == "FAILED" else "was terminated"
    return first.reason, f"{first.name} {what}: {first.message}{others}"


@dataclass(frozen=True)
class ReleaseRule:
    name: str
    old: str
    new: str
    guard: Callable[[ReleaseSnapshot], Why | None]


RELEASE_RULES = (
    ReleaseRule("a queued release can be called off", "QUEUED", "TERMINATING", _release_terminating),
    ReleaseRule("starts when the product is free", "QUEUED", "RUNNING", _release_starts),
    ReleaseRule("succeeds when every environment did", "RUNNING", "SUCCEEDED", _release_succeeds),
    ReleaseRule("fails when one failed and nothing can go on", "RUNNING", "FAILED", _release_fails),
    ReleaseRule("ends on request or by timeout", "RUNNING", "TERMINATING", _release_terminating),
    ReleaseRule("is over when every push is known", "TERMINATING", "TERMINATED", _release_terminated),
)


def termination_reason(release: ReleaseSnapshot) -> Why:
    """Why steps and environments end early, in the order in which causes count."""
    if release.terminate_requested_by:
        return "TERMINATED_BY_USER", f"Terminated by {release.terminate_requested_by}."
    if release.timed_out:
        return "TIMEOUT", f"The release did not end within its limit of {release.timeout_minutes} minutes."
    failed = ", ".join(env.name for env in failed_environments(release))
    return "HALTED", f"Halted because {failed or 'an environment'} failed and the flow halts on failure."


def steps_must_end(env: EnvironmentView, release: ReleaseSnapshot) -> bool:
    """Whether steps that no worker holds are ended now: termination, or halt after a failure."""
    if env.status not in {"RUNNING", "SUSPENDED"}:
        return False
    return release.status == "TERMINATING" or _halted(release)
