"""The memory of answers that follow from contents."""

from __future__ import annotations

import pytest

from promotions.selectors.remembered import Remembered


def unexpected() -> str:
    raise AssertionError("asked again")


def test_an_answer_is_computed_once_and_those_not_asked_for_are_forgotten_first() -> None:
    memory: Remembered[str] = Remembered(2)
    assert memory.get("a", lambda: "1") == memory.get("a", unexpected) == "1"
    memory.get("b", lambda: "2")
    memory.get("a", unexpected)
    memory.get("c", lambda: "3")
    assert (memory.get("a", unexpected), memory.get("c", unexpected)) == ("1", "3")
    assert memory.get("b", lambda: "again") == "again"


def test_a_failure_is_not_remembered() -> None:
    memory: Remembered[str] = Remembered(2)
    with pytest.raises(AssertionError):
        memory.get("a", unexpected)
    assert memory.get("a", lambda: "1") == "1"
