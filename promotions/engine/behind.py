"""Counts how many changes of the promoted values an environment lacks. Never reads a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

Values = Mapping[str, Mapping[str, str]]
"""File -> concrete JSONPath (or "*") -> something that is equal exactly when the values are."""


def changes_since(states: Iterable[Values | None], carried: Values) -> int | None:
    """How often the promoted values changed since the newest state that is `carried`; None where none is.

    `states` are those that the trigger side had, newest first, None for one that cannot be read: it differs
    from every one that can, and nobody carries it. Only as many are taken as are needed.
    """
    changes = 0
    newer: Values | None = None
    for number, state in enumerate(states):
        if number > 0 and state != newer:
            changes += 1
        if state is not None and carries(carried, state):
            return changes
        newer = state
    return None


def carries(carried: Values, state: Values) -> bool:
    """Whether all of the state's values are there; what only the carrier has is its own business."""
    wanted = [(file, path, value) for file, values in state.items() for path, value in values.items()]
    return bool(wanted) and all(carried.get(file, {}).get(path) == value for file, path, value in wanted)
