"""Turns errors of Git, files and runtimes into step outcomes. One place, so that all steps say it alike."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import InterfaceError, OperationalError

from environments.repositories import RepositoryRefused
from environments.runtimes.base import RuntimeFault
from promotions.properties import PropertyError
from promotions.repos import GitError
from promotions.steps.base import Outcome, Retryable, Terminal
from promotions.steps.change import NothingToPromote

log = logging.getLogger("promotions.steps")
STEP_ERRORS = (GitError, PropertyError, NothingToPromote, RepositoryRefused, RuntimeFault)


def outcome_of(error: Exception) -> Outcome:
    """Retryable for faults that pass by themselves, Terminal with a stable reason for the rest.

    An error that is none of STEP_ERRORS is logged and ends the step as ERROR.
    """
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
    return fault(error)


def ended(run: Callable[[], Outcome]) -> Outcome:
    """Run a step's body; whatever it raises becomes its outcome."""
    try:
        return run()
    except Exception as error:  # noqa: BLE001  logged and shown; otherwise the step would hang until its lease ends
        return outcome_of(error)


def fault(error: Exception) -> Outcome:
    """An error that no step expects: of the database (it passes), or a defect, which a person must hear of."""
    log.error("A step ended with an error that it does not expect.", exc_info=error)
    if isinstance(error, OperationalError | InterfaceError):
        return Retryable("DATABASE", "The database did not answer in time.")
    return Terminal(
        "INTERNAL_ERROR",
        f"This step hit a defect of Lockstep ({type(error).__name__}: {str(error)[:300]}). The worker's log says "
        "where; retry once it is mended.",
        is_fault=True,
    )


def _code(name: str) -> str:
    return "".join(f"_{letter}" if letter.isupper() else letter for letter in name).lstrip("_").upper()
