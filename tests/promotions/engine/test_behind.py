"""How far behind: changes of the promoted values since the state that an environment carries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promotions.engine.behind import File, Files, Unreadable, Values, changes_since

BROKEN: Files = {"Chart.yaml": Unreadable.FILE}
State = Mapping[str, File]


def chart(version: str, **more: str) -> dict[str, Mapping[str, str]]:
    return {"Chart.yaml": {"$.version": version, **more}}


def undone(states: Sequence[State]) -> Iterator[Files]:
    """What each commit between these states (newest first) changed, as it was before."""
    for newer, older in pairwise(states):
        names = newer.keys() | older.keys()
        yield {name: older.get(name) for name in names if newer.get(name) != older.get(name)}


def behind(states: Sequence[State], carried: Values) -> int | None:
    return changes_since(states[0], undone(states), carried)


# The trigger side's states are written newest first, as they are read.
@pytest.mark.parametrize(
    ("states", "carried", "expected"),
    [
        pytest.param([chart("3"), chart("2"), chart("1")], chart("3"), 0, id="up to date"),
        pytest.param([chart("3"), chart("2"), chart("1")], chart("1"), 2, id="two changes since"),
        pytest.param([chart("2"), chart("2"), chart("1")], chart("1"), 1, id="a commit without a change"),
        pytest.param([chart("1"), chart("2"), chart("1")], chart("1"), 0, id="there and back: the newest counts"),
        pytest.param([chart("2"), chart("1")], chart("9"), None, id="never had by the trigger side"),
        pytest.param([{}], chart("1"), None, id="nothing there"),
        pytest.param([chart("2"), BROKEN, chart("1")], chart("1"), 2, id="broken and mended are two changes"),
        pytest.param([chart("2"), BROKEN, BROKEN, chart("1")], chart("1"), 2, id="broken for two commits"),
        pytest.param(
            [chart("2"), BROKEN | {"v.yaml": {"*": "b"}}, BROKEN, chart("1")], chart("1"), 2,
            id="another file changed meanwhile",
        ),
        pytest.param([BROKEN, chart("1")], chart("1"), 1, id="broken at the tip"),
        pytest.param([chart("2"), {}, {"Chart.yaml": {}}], {}, None, id="nothing promoted is carried by nobody"),
        pytest.param([chart("2", extra="x"), chart("1")], chart("1", extra="own"), 1, id="what the source lacked"),
        pytest.param([{**chart("2"), "v.yaml": {"*": "b"}}, chart("2")], chart("2"), 1, id="a file that came later"),
        pytest.param([chart("2")], {**chart("2"), "own.yaml": {"*": "b"}}, 0, id="a file of the target's own"),
    ],
)  # fmt: skip
def test_behind(states: list[State], carried: Values, expected: int | None) -> None:
    assert behind(states, carried) == expected


def test_no_more_commits_are_read_than_needed() -> None:
    def commits() -> Iterator[Files]:
        yield chart("1")
        pytest.fail("the answer was known")

    assert changes_since(chart("2"), commits(), chart("1")) == 1


VALUES = st.dictionaries(st.sampled_from(["$.a", "$.b"]), st.sampled_from("12"), max_size=2)
NAMES = st.sampled_from(["one", "two", "three"])
STATES = st.lists(st.dictionaries(NAMES, VALUES | st.just(Unreadable.FILE)), min_size=1, max_size=6)


@given(STATES, st.dictionaries(NAMES, VALUES))
def test_commit_by_commit_gives_what_whole_states_give(states: list[State], carried: Values) -> None:
    assert behind(states, carried) == _by_whole_states(states, carried)


@given(STATES, st.data())
def test_what_the_trigger_side_once_had_is_found(states: list[State], data: st.DataObject) -> None:
    chosen = data.draw(st.sampled_from(states))
    carried = {name: values for name, values in chosen.items() if values is not Unreadable.FILE}
    assert behind(states, carried) == _by_whole_states(states, carried)


def _by_whole_states(states: list[State], carried: Values) -> int | None:
    """The rule as it is said, each state compared whole."""
    readable = [None if Unreadable.FILE in state.values() else state for state in states]
    for number, state in enumerate(readable):
        wanted = [(n, path, v) for n, values in (state or {}).items() for path, v in values.items()]
        if wanted and all(carried.get(name, {}).get(path) == value for name, path, value in wanted):
            return sum(readable[at] != readable[at + 1] for at in range(number))
    return None
