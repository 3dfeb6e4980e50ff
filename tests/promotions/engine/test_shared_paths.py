"""Who reads the same files: the same answers as comparing each with each."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promotions.engine.shared_paths import SharedPaths

Reader = tuple[str, str, tuple[str, ...]]  # tree, path, what it waits for


def found(readers: list[Reader]) -> list[list[int]]:
    paths = SharedPaths()
    return [paths.add(*reader) for reader in readers]


@pytest.mark.parametrize(
    ("first", "second", "shared"),
    [
        pytest.param(("t", "a/b", ("dev",)), ("t", "a", ("dev",)), True, id="above"),
        pytest.param(("t", "a", ("dev",)), ("t", "a/b", ("dev",)), True, id="below"),
        pytest.param(("t", "", ("dev",)), ("t", "a", ("dev",)), True, id="below the root"),
        pytest.param(("t", "a", ("dev",)), ("t", "", ("dev",)), True, id="the root"),
        pytest.param(("t", "a", ("dev",)), ("t", "ab", ("dev",)), False, id="a longer name"),
        pytest.param(("t", "a", ("dev",)), ("u", "a", ("qa",)), False, id="another branch"),
        pytest.param(("t", "a", ("dev", "qa")), ("t", "a", ("qa", "dev")), False, id="starts together"),
        pytest.param(("t", "a", ("dev",)), ("t", "a", ("qa",)), True, id="starts later"),
        pytest.param(("t", "", ("dev",)), ("t", "", ("dev",)), False, id="the root, together"),
    ],
)
def test_two_readers(first: Reader, second: Reader, shared: bool) -> None:
    assert found([first, second]) == [[], [0] if shared else []]


PATHS = st.lists(st.sampled_from(["a", "b", "ab"]), max_size=3).map("/".join)
READERS = st.tuples(
    st.sampled_from("tu"), PATHS, st.sampled_from([("dev",), ("qa",), ("qa", "dev"), ("dev", "qa")])
)


@given(st.lists(READERS, max_size=12))
def test_all_readers_are_found_in_order(readers: list[Reader]) -> None:
    assert found(readers) == [
        [number for number, other in enumerate(readers[:at]) if _share(other, reader)]
        for at, reader in enumerate(readers)
    ]


def _share(one: Reader, other: Reader) -> bool:
    """The rule as it is said: one directory is the other or holds it, unless both start together on the same."""
    if one[0] != other[0] or (one[1] == other[1] and set(one[2]) == set(other[2])):
        return False
    if not one[1] or not other[1]:
        return True
    first, second = f"{one[1]}/", f"{other[1]}/"
    return first.startswith(second) or second.startswith(first)
