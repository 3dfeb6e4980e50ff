"""What goes into a target, and who changed what: tables, and properties over random values."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promotions.properties import PropertyError
from promotions.steps.change import (
    Clash,
    NothingToPromote,
    SourceEntry,
    Values,
    clashes,
    current_values,
    missing_values,
    plan_change,
)

A = {"f": {"$.a": "1"}}


@pytest.mark.parametrize(
    ("base", "now", "wanted", "clashing"),
    [
        ({"$.a": "1"}, {"$.a": "1"}, {"$.a": "2"}, []),  # as it was: write
        ({"$.a": "1"}, {"$.a": "2"}, {"$.a": "2"}, []),  # as we want it: no change
        ({"$.a": "1"}, {"$.a": "3"}, {"$.a": "2"}, ["$.a"]),  # neither
        ({"$.a": "1"}, {}, {"$.a": "2"}, ["$.a"]),  # somebody took it out
        ({}, {}, {"$.a": "2"}, []),  # never there: added
        ({}, {"$.a": "2"}, {"$.a": "2"}, []),  # added alike
        ({}, {"$.a": "3"}, {"$.a": "2"}, ["$.a"]),  # added otherwise
        ({"$.a": "1", "$.b": "1"}, {"$.a": "3", "$.b": "1"}, {"$.b": "2"}, []),  # not ours
        ({"$.a": "1", "$.b": "1"}, {"$.a": "3", "$.b": "4"}, {"$.a": "2", "$.b": "2"}, ["$.a", "$.b"]),
        ({"$.a": "1", "$.b": "1"}, {"$.a": "2", "$.b": "4"}, {"$.a": "2", "$.b": "2"}, ["$.b"]),
        ({"$.v[0]": "1", "$.v[1]": "2"}, {"$.v[0]": "9", "$.v[1]": "2"}, {"$.v[1]": "5"}, []),
        ({"*": "d1"}, {"*": "d1"}, {"*": "d2"}, []),
        ({"*": "d1"}, {"*": "d3"}, {"*": "d2"}, ["*"]),
    ],
)
def test_clashes(
    base: dict[str, str], now: dict[str, str], wanted: dict[str, str], clashing: list[str]
) -> None:
    assert clashes({"f": base}, {"f": now}, {"f": wanted}) == [Clash("f", path) for path in clashing]


def test_files_are_told_apart() -> None:
    assert clashes({"g": {"$.a": "1"}}, {"g": {"$.a": "3"}}, A) == []
    assert clashes({}, {}, A) == []


TEXT = "a: 1\nb: x # why\nlist:\n  - {name: one, v: 1}\n  - {name: two, v: 2}\n"


@pytest.mark.parametrize(
    ("content", "wanted", "lost"),
    [
        (TEXT, {"$.a": "1", "$.b": '"x"'}, []),
        (TEXT.replace("a: 1", "a: 2"), {"$.a": "1", "$.b": '"x"'}, ["$.a"]),
        (TEXT.replace("b: x # why", "b: 'x'"), {"$.b": '"x"'}, []),  # written otherwise, the same value
        ("b: x\n", {"$.a": "1", "$.b": '"x"'}, ["$.a"]),
        ("a: [broken\n", {"$.a": "1"}, ["$.a"]),
        (None, {"$.a": "1"}, ["$.a"]),
    ],
)
def test_missing_values(content: str | None, wanted: dict[str, str], lost: list[str]) -> None:
    canonical = current_values(
        {"f": SourceEntry(b"")}, {"f": list(wanted)}, lambda _: TEXT.encode()
    )["f"]  # fmt: skip
    assert set(canonical) == set(wanted)
    found = missing_values({"f": canonical}, lambda _: content.encode() if content is not None else None)
    assert [clash.path for clash in found] == lost


def test_a_whole_file_is_missing_when_any_byte_differs() -> None:
    wanted = plan_change({"f": SourceEntry(b"a: 1\n")}, {"f": ["*"]}, lambda _: None).wanted
    assert missing_values(wanted, lambda _: b"a: 1\n") == []
    assert missing_values(wanted, lambda _: b"a: 1") == [Clash("f", "*")]
    assert missing_values(wanted, lambda _: None) == [Clash("f", "*")]


def test_what_the_source_lacks_is_skipped_and_said() -> None:
    source = {"f": SourceEntry(b"a: 2\n")}
    change = plan_change(source, {"f": ["$.a", "$.gone"], "g": ["$.x"]}, lambda _: b"a: 1\n")
    assert change.skipped == ("g", "f $.gone")
    assert [item.new for item in change.files] == [b"a: 2\n"]


@pytest.mark.parametrize("promotion", [{"g": ["$.x"]}, {"f": ["$.gone"]}, {}])
def test_nothing_matching_at_all_is_an_error(promotion: dict[str, list[str]]) -> None:
    with pytest.raises(NothingToPromote, match="nothing of what is promoted"):
        plan_change({"f": SourceEntry(b"a: 2\n")}, promotion, lambda _: b"a: 1\n")


def test_values_need_a_file_to_go_into() -> None:
    with pytest.raises(PropertyError, match="no such file"):
        plan_change({"f": SourceEntry(b"a: 2\n")}, {"f": ["$.a"]}, lambda _: None)


def test_without_a_block_all_files_are_copied_and_the_targets_own_stay() -> None:
    source = {"a": SourceEntry(b"1"), "b": SourceEntry(b"2", "100755")}
    change = plan_change(source, None, {"a": b"1", "own": b"x"}.get)
    assert [(item.path, item.old, item.mode) for item in change.files] == [("b", None, "100755")]
    assert set(change.wanted) == {"a", "b"}


NAMES = st.text("abcdefgh'\"[].$ \\\u00e9", min_size=1, max_size=6)
SCALARS = st.one_of(st.integers(-50, 50), st.booleans(), st.text("abc \u00e9:#'\"", max_size=6), st.none())
DATA = st.dictionaries(NAMES, st.one_of(SCALARS, st.lists(SCALARS, max_size=3)), min_size=1, max_size=5)


def as_json(data: object) -> bytes:
    return json.dumps(data, indent=1, ensure_ascii=False).encode()


@settings(max_examples=150)
@given(DATA, st.data())
def test_after_the_change_nothing_is_missing_and_a_second_one_is_empty(
    source: dict[str, object], data: st.DataObject
) -> None:
    target = {name: data.draw(SCALARS) for name in source}
    promotion = {"f.json": ["$.*"]}
    entries = {"f.json": SourceEntry(as_json(source))}
    before = as_json(target)
    change = plan_change(entries, promotion, lambda _: before)
    after = change.files[0].new if change.files else before
    assert json.loads(after) == source
    assert missing_values(change.wanted, lambda _: after) == []
    assert plan_change(entries, promotion, lambda _: after).files == ()
    # Against the base nothing clashes; against anybody's third value it does, at that very path.
    base = current_values(entries, promotion, lambda _: before)
    assert clashes(base, base, change.wanted) == []
    name = data.draw(st.sampled_from(sorted(source)))
    if not isinstance(source[name], list):
        theirs = as_json({**target, name: "somebody else's"})
        now = current_values(entries, promotion, lambda _: theirs)
        assert [clash.file for clash in clashes(base, now, change.wanted)] == ["f.json"]
        lost = missing_values(change.wanted, lambda _: as_json({**source, name: "somebody else's"}))
        assert len(lost) == 1


@settings(max_examples=100)
@given(st.dictionaries(st.sampled_from("abc"), st.sampled_from("123")), st.data())
def test_what_is_as_wanted_or_as_before_never_clashes(wanted: dict[str, str], data: st.DataObject) -> None:
    base: Values = {"f": data.draw(st.dictionaries(st.sampled_from("abc"), st.sampled_from("123")))}
    now = {
        path: value
        for path in "abc"
        for value in [data.draw(st.sampled_from([base["f"].get(path), wanted.get(path)]))]
        if value is not None
    }
    unset = {path for path in wanted if path in base["f"] and path not in now}
    found = {clash.path for clash in clashes(base, {"f": now}, {"f": wanted})}
    assert found == unset
