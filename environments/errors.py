"""What the services of places and things refuse, for the API and the pages alike. Never knows HTTP."""

from __future__ import annotations

from collections.abc import Mapping


class DomainError(Exception):
    """Base of every refusal; str() is a sentence that a person can act on."""


class NotFound(DomainError):
    """The thing named does not exist."""


class Conflict(DomainError):
    """It exists or is used already; the sentence names by what."""


class Invalid(DomainError):
    """Input that cannot be taken: field name -> sentence."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        super().__init__(" ".join(self.problems.values()))
