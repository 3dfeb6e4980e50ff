"""Says as which problem each domain error is told. Never raises one; imported for its registrations."""

from __future__ import annotations

from environments.errors import Conflict, DomainError, Invalid, NotFound
from environments.runtimes.base import RuntimeFault, RuntimeRefused, RuntimeUnreachable
from lockstep.api.problems import Problem, tells, translate
from promotions.errors import PlanChanged, PlanRefused, ReleaseNotRetryable
from promotions.manifests import ManifestError
from promotions.services.apply import ApplyRefused
from promotions.services.document_save import ConditionMissing, StaleDocument, problem_json
from promotions.services.idempotency import IdempotencyMismatch


def _invalid(error: Invalid) -> Problem:
    return Problem(422, "invalid", str(error), errors={k: [v] for k, v in error.problems.items()})


def _manifest(error: ManifestError) -> Problem:
    too_large = any(problem.code == "too-large" for problem in error.problems)
    count = sum(problem.is_error for problem in error.problems)
    first = next((problem for problem in error.problems if problem.is_error), None)
    where = f" Line {first.line}: {first.message}" if first else ""
    return Problem(
        413 if too_large else 422,
        "invalid-manifest",
        f"The manifest has {count} error{'s' if count != 1 else ''}.{where}",
        problems=[problem_json(problem) for problem in error.problems],
    )


def _apply(error: ApplyRefused) -> Problem:
    problems = [{"file": each.file, **problem_json(each.problem)} for each in error.problems]
    too_large = any(each.problem.code == "too-large" for each in error.problems)
    return Problem(413 if too_large else 422, "invalid-manifest", str(error), problems=problems)


def _stale(error: StaleDocument) -> Problem:
    current = error.current and {
        "manifest": error.current.manifest,
        "etag": error.current.etag,
        "savedBy": error.current.saved_by,
        "savedAt": error.current.saved_at,
    }
    return Problem(412, "stale", str(error), current=current)


def _plan(error: PlanRefused) -> Problem:
    return Problem(
        422, "release-refused", str(error), problems=[problem.as_json() for problem in error.problems]
    )


tells(DomainError, 422, "refused")
tells(NotFound, 404, "not-found")
tells(Conflict, 409, "conflict")
translate(Invalid, _invalid)
translate(PlanRefused, _plan)
tells(PlanChanged, 409, "plan-changed")
tells(ReleaseNotRetryable, 409, "not-retryable")
translate(ManifestError, _manifest)
translate(ApplyRefused, _apply)
translate(StaleDocument, _stale)
tells(ConditionMissing, 428, "condition-missing")
tells(IdempotencyMismatch, 422, "idempotency-key-reused")
tells(RuntimeFault, 502, "runtime-failed")
tells(RuntimeRefused, 409, "runtime-refused")
tells(RuntimeUnreachable, 503, "runtime-unreachable")
