"""Which step kinds exist, in which phase they stand, and which Celery task runs them. Never runs one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from celery import current_app
from celery.canvas import Signature

from promotions.models import Step

# The phases of one environment, in order (SPEC section 3). Kinds that are not registered below have
# no phase number in use yet; the gaps are theirs.
PHASE_FREEZE, PHASE_ACTION, PHASE_AWAIT_SYNC = 5, 40, 50


@dataclass(frozen=True)
class StepKind:
    name: str
    doing: str  # what a person reads while a worker has it
    signatures: Callable[[Sequence[Step]], list[Signature]]


def _one_task_each(task: str) -> Callable[[Sequence[Step]], list[Signature]]:
    return lambda steps: [current_app.signature(task, args=[[step.pk]]) for step in steps]


def _one_task_per_branch(steps: Sequence[Step]) -> list[Signature]:
    """Commits that start together on one repository and branch go out in one push."""
    targets = {(step.application.repository, step.application.branch) for step in steps if step.application}
    return [
        current_app.signature("promotions.tasks.commit_steps", args=list(target))
        for target in sorted(targets)
    ]


_KINDS = {
    kind.name: kind
    for kind in (
        StepKind("freeze", "Reads the source from Git.", _one_task_each("promotions.tasks.freeze_steps")),
        StepKind("commit", "Writes the promoted values to Git.", _one_task_per_branch),
        StepKind(
            "await_sync",
            "Asks the runtime for the application.",
            _one_task_each("promotions.tasks.await_sync_steps"),
        ),
    )
}


def step_kind(name: str) -> StepKind:
    """The kind; KeyError for a name that no release can have been planned with."""
    return _KINDS[name]
