"""How far behind: changes of the promoted values since the state that an environment carries."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from promotions.engine.behind import Values, changes_since


def chart(version: str, **more: str) -> Values:
    return {"Chart.yaml": {"$.version": version, **more}}


# The trigger side's states are written newest first, as they are read.
@pytest.mark.parametrize(
    ("states", "carried", "behind"),
    [
        pytest.param([chart("3"), chart("2"), chart("1")], chart("3"), 0, id="up to date"),
        pytest.param([chart("3"), chart("2"), chart("1")], chart("1"), 2, id="two changes since"),
        pytest.param([chart("2"), chart("2"), chart("1")], chart("1"), 1, id="a commit without a change"),
        pytest.param([chart("1"), chart("2"), chart("1")], chart("1"), 0, id="there and back: the newest counts"),
        pytest.param([chart("2"), chart("1")], chart("9"), None, id="never had by the trigger side"),
        pytest.param([], chart("1"), None, id="no history"),
        pytest.param([chart("2"), None, chart("1")], chart("1"), 2, id="broken and mended are two changes"),
        pytest.param([chart("2"), None, None, chart("1")], chart("1"), 2, id="broken for two commits"),
        pytest.param([None, chart("1")], chart("1"), 1, id="broken at the tip"),
        pytest.param([chart("2"), {}, {"Chart.yaml": {}}], {}, None, id="nothing promoted is carried by nobody"),
        pytest.param([chart("2", extra="x"), chart("1")], chart("1", extra="own"), 1, id="what the source lacked"),
        pytest.param([{**chart("2"), "v.yaml": {"*": "b"}}, chart("2")], chart("2"), 1, id="a file that came later"),
        pytest.param([chart("2")], {**chart("2"), "own.yaml": {"*": "b"}}, 0, id="a file of the target's own"),
    ],
)  # fmt: skip
def test_behind(states: list[Values | None], carried: Values, behind: int | None) -> None:
    assert changes_since(states, carried) == behind


def test_no_more_states_are_read_than_needed() -> None:
    def states() -> Iterator[Values]:
        yield chart("2")
        yield chart("1")
        pytest.fail("the answer was known")

    assert changes_since(states(), chart("1")) == 1
