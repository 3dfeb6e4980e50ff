"""Compares versions as people read them. Never guesses: what cannot be compared is no downgrade."""

from __future__ import annotations

import re

_PARTS = re.compile(r"v?(\d+(?:\.\d+)*)(?:[-+].*)?\Z")


def is_downgrade(current: str, new: str) -> bool:
    """Whether both are dotted numbers and the new one is lower; a leading "v" and a suffix do not count."""
    one, other = _PARTS.match(current), _PARTS.match(new)
    if one is None or other is None:
        return False
    return _numbers(other[1]) < _numbers(one[1])


def _numbers(text: str) -> tuple[int, ...]:
    numbers = [int(part) for part in text.split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)
