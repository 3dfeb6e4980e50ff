"""decide(snapshot): every move that the rules allow now, in order. Never applies a decision itself."""

from __future__ import annotations

import copy

from promotions.engine import rules
from promotions.engine.decisions import (
    Decision,
    EnvironmentMove,
    ReleaseMove,
    StepReady,
    StepTerminate,
)
from promotions.engine.snapshot import RELEASE_ENDED, STEP_ENDED, EnvironmentView, ReleaseSnapshot


def decide(snapshot: ReleaseSnapshot) -> list[Decision]:
    """All decisions of one tick: applies each to a copy and goes on until no rule holds.

    A finished step can end its environment, start three others and ready their first steps in ONE
    tick. Terminates because every decision moves a state forward and none moves one back.
    """
    release = copy.deepcopy(snapshot)
    decisions: list[Decision] = []
    while release.status not in RELEASE_ENDED:
        found = _release_decisions(release) or _environment_decisions(release) or _step_decisions(release)
        if not found:
            break
        decisions.extend(found)
    return decisions


def _release_decisions(release: ReleaseSnapshot) -> list[Decision]:
    for rule in rules.RELEASE_RULES:
        if release.status != rule.old:
            continue
        why = rule.guard(release)
        if why is not None:
            release.status = rule.new
            return [ReleaseMove(rule.old, rule.new, *why)]
    return []


def _environment_decisions(release: ReleaseSnapshot) -> list[Decision]:
    moves: list[Decision] = []
    for env in release.environments:
        for rule in rules.ENVIRONMENT_RULES:
            if env.status != rule.old:
                continue
            why = rule.guard(env, release)
            if why is not None:
                env.status = rule.new
                env.reason, env.message = why
                moves.append(EnvironmentMove(env.name, rule.old, rule.new, *why))
                break
    return moves


def _step_decisions(release: ReleaseSnapshot) -> list[Decision]:
    found: list[Decision] = []
    for env in release.environments:
        if rules.steps_must_end(env, release):
            found.extend(_end_steps(env, release))
        elif env.status == "RUNNING" and release.status == "RUNNING":
            found.extend(_ready_steps(env))
        elif env.role == "TRIGGER" and release.status == "QUEUED":
            found.extend(_ready_freeze(env))
    return found


def _end_steps(env: EnvironmentView, release: ReleaseSnapshot) -> list[Decision]:
    reason, message = rules.termination_reason(release)
    ended: list[Decision] = []
    for step in env.steps:
        if step.status not in STEP_ENDED and not rules.held_by_worker(step):
            ended.append(StepTerminate(step.id, step.status, reason, message))
            step.status = "TERMINATED"
    return ended


def _ready_freeze(env: EnvironmentView) -> list[Decision]:
    """The source is frozen while the release still waits for its turn: the branch may change meanwhile."""
    freeze = [step for step in env.steps if step.kind == "freeze" and step.status == "PENDING"]
    ready: list[Decision] = [StepReady(step.id) for step in freeze if not step.is_ready]
    for step in freeze:
        step.is_ready = True
    return ready


def _ready_steps(env: EnvironmentView) -> list[Decision]:
    """The steps of the first unfinished phase; a phase waits for all applications of the one before."""
    if rules.bad_steps(env):
        return []
    unfinished = [step for step in env.steps if step.status not in STEP_ENDED]
    if not unfinished:
        return []
    phase = min(step.phase for step in unfinished)
    ready: list[Decision] = []
    for step in unfinished:
        if step.phase == phase and step.status == "PENDING" and not step.is_ready:
            step.is_ready = True
            ready.append(StepReady(step.id))
    return ready
