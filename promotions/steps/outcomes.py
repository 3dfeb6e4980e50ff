"""Turns errors of Git, files and runtimes into step outcomes. One place, so that all steps say it alike."""

from __future__ import annotations

from collections.abc import Callable

from environments.repositories import RepositoryRefused
from environments.runtimes.base import RuntimeFault
from promotions.properties import PropertyError
from promotions.repos import GitError
from promotions.steps.base import Outcome, Retryable, Terminal
from promotions.steps.change import NothingToPromote

STEP_ERRORS = (GitError, PropertyError, NothingToPromote, RepositoryRefused, RuntimeFault)


def outcome_of(error: Exception) -> Outcome:
    """Retryable for faults that pass by themselves, Terminal with a stable reason for the rest."""
    if isinstance(error, GitError):
        reason = _code(type(error).__name__)
        return Retryable(reason, str(error)) if error.retryable else Terminal(reason, str(error))
    if isinstance(error, RuntimeFault):
        reason = _code(type(error).__name__)
        return Retryable(reason, str(error)) if error.retryable else Terminal(reason, str(error))
    if isinstance(error, PropertyError):
        return Terminal("CANNOT_EDIT", str(error))
    if isinstance(error, NothingToPromote):
        return Terminal("NOTHING_TO_PROMOTE", str(error))
    if isinstance(error, RepositoryRefused):
        return Terminal("REPOSITORY_REFUSED", str(error))
    raise TypeError(f"{type(error).__name__} is not an error that steps end with") from error


def ended(run: Callable[[], Outcome]) -> Outcome:
    """Run a step's body; its expected errors become its outcome, anything else is a fault of ours."""
    try:
        return run()
    except STEP_ERRORS as error:
        return outcome_of(error)


def _code(name: str) -> str:
    return "".join(f"_{letter}" if letter.isupper() else letter for letter in name).lstrip("_").upper()
