"""What promotions refuse, as sentences. Never knows HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from environments.errors import Conflict, DomainError


@dataclass(frozen=True)
class PlanProblem:
    """One reason why a release cannot start; `environment` is "" where none is to blame."""

    code: str
    message: str
    environment: str = ""

    def as_json(self) -> dict[str, str]:
        return {
            "code": self.code,
            "message": self.message,
            "environment": self.environment,
            "severity": "error",
        }


class PlanRefused(DomainError):
    """A release cannot start; `problems` names every reason at once."""

    def __init__(self, problems: Sequence[PlanProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(problem.message for problem in problems))


class ManifestUnreadable(Conflict):
    """A stored manifest stands in the way: it cannot be read. The sentence names it, its line and the way out."""


class PlanChanged(Conflict):
    """What would be written is not what the person saw in the preview."""


class ReleaseNotRetryable(Conflict):
    """The release runs, succeeded, or something newer stands in its way."""
