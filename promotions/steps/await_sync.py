"""Waits until applications are truly green at what was promoted. One look per call; never sleeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings

from environments.models import Runtime
from environments.runtimes.base import ApplicationKey, ApplicationState, RuntimeFault
from products.discovery import Observed, runtime_observe
from promotions.engine.green import Content, Green, Limits, Memory, NotGreen, Observation, judge
from promotions.mirrors import mirror_open
from promotions.models import ReleaseApplication, ReleaseEnvironment, Step
from promotions.repos import HistoryRewritten, Mirror
from promotions.steps.base import Done, Outcome, Retryable, Terminal, Waiting
from promotions.steps.change import missing_values
from promotions.steps.commit import commit_reader
from promotions.steps.freeze import directory_name, in_directory
from promotions.steps.outcomes import STEP_ERRORS, ended, fault, outcome_of

FIRST_CHECKS_SECONDS = 0.5
LATER_CHECKS_SECONDS = 3.0
PATIENT_AFTER_LOOKS = 60
REFRESH_EVERY_LOOKS = 20
# A Missing application may just be being created; a refusal says so only after this long.
GONE_AFTER_LOOKS = 10


@dataclass(frozen=True)
class Target:
    """Where the promoted values must be: the commit, and the values themselves (None for the trigger)."""

    repository: str
    branch: str
    path: str
    commit: str
    wanted: Mapping[str, Mapping[str, str]] | None


def run_await_sync(step_ids: list[int]) -> dict[int, Outcome]:
    """Outcome per step; steps of one runtime are asked for in ONE call."""
    steps = Step.objects.filter(pk__in=step_ids).select_related("application", "environment", "release")
    by_runtime: dict[str, list[Step]] = {}
    for step in steps:
        assert step.application is not None
        by_runtime.setdefault(step.application.runtime, []).append(step)
    outcomes: dict[int, Outcome] = {}
    for name, members in by_runtime.items():
        outcomes.update(_look(name, members))
    return outcomes


def _look(runtime_name: str, steps: list[Step]) -> dict[int, Outcome]:
    runtime = Runtime.objects.filter(name=runtime_name).first()
    if runtime is None:
        gone = Terminal("RUNTIME_GONE", f"The runtime {runtime_name} was deleted. Add it again, then retry.")
        return {step.pk: gone for step in steps}
    keys = list(dict.fromkeys(_key(step.application) for step in steps))
    try:
        seen = runtime_observe(runtime=runtime, keys=keys, refresh=_to_refresh(steps))
    except RuntimeFault as error:
        waiting = _unreachable(error)
        return {step.pk: waiting(step) for step in steps}
    except Exception as error:  # noqa: BLE001  as in ended(): one batch must not hang for a defect
        return {step.pk: fault(error) for step in steps}
    return {step.pk: ended(partial(_judged, step, seen)) for step in steps}


def _key(application: ReleaseApplication | None) -> ApplicationKey:
    assert application is not None
    return ApplicationKey(application.namespace, application.name)


def _unreachable(error: RuntimeFault) -> Any:
    """A runtime that cannot be asked says nothing about health: keep waiting, say so, never fail for it."""

    def outcome(step: Step) -> Outcome:
        if not error.retryable:
            return Terminal("RUNTIME_REFUSED", f"{error} Mend the runtime's settings, then retry.")
        return Waiting(LATER_CHECKS_SECONDS, "RUNTIME_UNREACHABLE", str(error), state=step.state)

    return outcome


def _to_refresh(steps: Sequence[Step]) -> list[ApplicationKey]:
    """At the first look after the push, and now and then later: asking at every look would load the runtime."""
    due = [step for step in steps if int(step.state.get("looks", 0)) % REFRESH_EVERY_LOOKS == 0]
    return list(dict.fromkeys(_key(step.application) for step in due))


def _judged(step: Step, observed: Observed) -> Outcome:
    assert step.application is not None
    state = observed.states.get(_key(step.application))
    looks = int(step.state.get("looks", 0)) + 1
    if state is None:
        if looks > GONE_AFTER_LOOKS:
            return Terminal(
                "APP_MISSING",
                f"{step.application.name} is not in the runtime {step.application.runtime} any more. "
                "Bring the application back, then retry.",
            )
        message = f"The runtime {step.application.runtime} does not know {step.application.name}."
        return Waiting(FIRST_CHECKS_SECONDS, "APP_MISSING", message, state={**step.state, "looks": looks})
    target = _target(step)
    seen = _observation(state, target, observed.asked_at)
    try:
        content = _content(target, seen.revision, look_again=looks % REFRESH_EVERY_LOOKS == 0)
    except STEP_ERRORS as error:
        outcome = outcome_of(error)
        if isinstance(outcome, Retryable):
            return Waiting(LATER_CHECKS_SECONDS, outcome.reason, outcome.message, state=step.state)
        return outcome
    limits = Limits(
        settle=timedelta(seconds=settings.SETTLE_SECONDS),
        grace=timedelta(seconds=settings.DEGRADED_GRACE_SECONDS),
    )
    verdict, memory = judge(seen, content, _memory(step.state), limits)
    shown = {"health_status": state.health, "sync_status": state.sync}
    if isinstance(verdict, Green):
        return Done(verdict.message, outputs={"revision": seen.revision}, application=shown)
    if isinstance(verdict, NotGreen):
        return Terminal(verdict.reason, verdict.message, application=shown)
    pause = FIRST_CHECKS_SECONDS if looks < PATIENT_AFTER_LOOKS else LATER_CHECKS_SECONDS
    return Waiting(pause, verdict.reason, verdict.message, {**_state(memory), "looks": looks}, shown)


def _target(step: Step) -> Target:
    application = step.application
    assert application is not None
    if step.environment.role == ReleaseEnvironment.Role.TRIGGER:
        release = step.release
        return Target(
            release.source_repository,
            release.source_branch,
            release.source_path,
            release.source_revision,
            None,
        )
    return Target(
        application.repository,
        application.branch,
        application.path,
        application.commit,
        application.wanted_values,
    )


def _observation(state: ApplicationState, target: Target, asked_at: datetime) -> Observation:
    return Observation(
        name=state.key.name,
        asked_at=asked_at,
        observed_at=state.observed_at,
        reconciled_at=state.reconciled_at,
        sync=state.sync,
        health=state.health,
        health_message=state.health_message,
        operation_phase=state.operation.phase,
        operation_message=state.operation.message,
        revision=_revision(state, target),
    )


def _revision(state: ApplicationState, target: Target) -> str:
    """The SHA that the runtime compared with, for the source that the promotion writes to."""
    for source, revision in zip(state.sources, state.revisions, strict=False):
        is_path = bool(source.path) and directory_name(source.path) == directory_name(target.path)
        if source.repo_url == target.repository and is_path:
            return revision
    return ""


def _content(target: Target, revision: str, *, look_again: bool) -> Content:
    """What Git says of the revision: does it carry our values, is it older, was it overwritten?

    `look_again`: a revision that does not have our commit is no reason to wait for ever where the branch
    does not have it either. Raises HistoryRewritten then, and the other GitErrors.
    """
    if not revision:
        return Content("unknown")
    with mirror_open(target.repository) as mirror:
        if mirror.resolve(revision) is None or mirror.resolve(target.commit) is None:
            mirror.fetch([target.branch])
        if mirror.resolve(revision) is None:
            return Content("unknown")
        if not mirror.is_ancestor(target.commit, revision):
            if mirror.resolve(target.commit) is None or not _same_files(mirror, target, revision):
                if look_again:
                    _refuse_rewritten(mirror, target)
                return Content("not_yet")
            return Content("not_yet", same_files=True)
        if target.wanted is None:
            return Content("yes")
        lost = missing_values(
            {file: dict(values) for file, values in target.wanted.items()},
            commit_reader(mirror, revision, target.path),
        )
        if not lost:
            return Content("yes")
        culprit = mirror.last_change(target.commit, revision, in_directory(target.path, lost[0].file))
        who = f"{culprit.sha[:7]}, {culprit.author_name}" if culprit else revision[:7]
        return Content("overwritten", overwritten_by=who)


def _refuse_rewritten(mirror: Mirror, target: Target) -> None:
    tip = mirror.fetch([target.branch]).get(target.branch)
    if tip is not None and not mirror.is_ancestor(target.commit, tip):
        raise HistoryRewritten(
            f"The branch {target.branch} of {target.repository} was rewritten and does not hold commit "
            f"{target.commit[:7]} any more. "
            + (
                "Trigger a release of a commit that it holds."
                if target.wanted is None
                else "Retry promotes onto the new history."
            )
        )


def _same_files(mirror: Mirror, target: Target, revision: str) -> bool:
    """Whether the application's own directory is byte-equal at both commits (paths and contents)."""
    directory = directory_name(target.path)
    names = mirror.list_files(revision, directory)
    if names != mirror.list_files(target.commit, directory):
        return False
    return all(mirror.read(revision, name) == mirror.read(target.commit, name) for name in names)


def _memory(state: Mapping[str, Any]) -> Memory:
    def moment(name: str) -> datetime | None:
        text = state.get(name)
        return datetime.fromisoformat(text) if text else None

    return Memory(
        asked_at=moment("askedAt"),
        green_since=moment("greenSince"),
        green_revision=state.get("greenRevision", ""),
        bad_since=moment("badSince"),
    )


def _state(memory: Memory) -> dict[str, Any]:
    return {
        "askedAt": memory.asked_at.isoformat() if memory.asked_at else None,
        "greenSince": memory.green_since.isoformat() if memory.green_since else None,
        "greenRevision": memory.green_revision,
        "badSince": memory.bad_since.isoformat() if memory.bad_since else None,
    }
