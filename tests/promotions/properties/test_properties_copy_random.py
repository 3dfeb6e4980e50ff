"""What holds for every YAML text: checked on random ones, with PyYAML's own loader as the judge."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator

import yaml
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from promotions.properties import PropertyError, copy_values, digest_values, format_parts, line_diff, select
from promotions.properties.tree import Part
from tests.promotions.properties.yaml_documents import documents

FILE = "values.yaml"
moderate = settings(max_examples=200, suppress_health_check=list(HealthCheck))


def loaded(content: bytes) -> object:
    """All scalars as text: an independent view that no typing rule can blur."""
    return yaml.load(content.decode("utf-8-sig"), Loader=yaml.BaseLoader)


def readable(content: bytes) -> bool:
    try:
        loaded(content)
        select(content, "$", filename=FILE)
    except (yaml.YAMLError, PropertyError):
        return False
    return True


def concrete_paths(data: object, above: tuple[Part, ...] = ()) -> Iterator[tuple[Part, ...]]:
    children: list[tuple[Part, object]] = []
    if isinstance(data, dict):
        children = list(data.items())
    elif isinstance(data, list):
        children = list(enumerate(data))
    for part, child in children:
        yield (*above, part)
        yield from concrete_paths(child, (*above, part))


def at(data: object, parts: tuple[Part, ...]) -> object:
    for part in parts:
        data = data[part]  # type: ignore[index]
    return data


def has(data: object, parts: tuple[Part, ...]) -> bool:
    try:
        at(data, parts)
    except (KeyError, IndexError, TypeError):
        return False
    return True


def with_value(data: object, parts: tuple[Part, ...], value: object) -> object:
    data = copy.deepcopy(data)
    at(data, parts[:-1])[parts[-1]] = value  # type: ignore[index]
    return data


@moderate
@given(source=documents(), target=documents(), choice=st.randoms(use_true_random=False))
def test_copy_changes_exactly_the_promoted_value_or_is_refused(source, target, choice) -> None:
    assume(readable(source) and readable(target))
    wanted, old = loaded(source), loaded(target)
    paths = list(concrete_paths(wanted))
    shared = [parts for parts in paths if has(old, parts)]
    parts = choice.choice(shared or paths)
    path = format_parts(parts)
    try:
        copied = copy_values(source, target, [path], filename=FILE)
    except PropertyError as error:
        event(f"refused: {error.reason}")
        assert str(error)
        return
    event(f"{'copied' if copied.applied else 'equal'}, {'shared' if shared else 'new'}")
    if not copied.applied:
        assert copied.content == target
        return
    assert loaded(copied.content) == with_value(old, parts, at(wanted, parts))
    again = copy_values(source, copied.content, [path], filename=FILE)
    assert (again.content, again.applied) == (copied.content, ())
    # A scalar's place is known: all in front of it, its line's comment and all behind that line are kept.
    if has(old, parts) and isinstance(at(old, parts), str):
        [was] = select(target, path, filename=FILE)
        line_end = target.find(b"\n", was.end) if b"\n" in target[was.end :] else len(target)
        comment = target[was.end : line_end].strip()
        one_line = isinstance(at(wanted, parts), str) and "\n" not in copied.applied[0].new_text
        kept = target[was.end :] if one_line else target[line_end:]
        assert copied.content.startswith(target[: was.start].rstrip(b" "))
        assert copied.content.endswith(kept)
        assert comment in copied.content[was.start - 1 : len(copied.content) - len(target[line_end:])]


@moderate
@given(target=documents(), path=st.sampled_from(["$.*", "$..*", "$", "$..tag", "$.image", "$[?@.a].*"]))
def test_copying_a_file_onto_itself_changes_nothing(target: bytes, path: str) -> None:
    assume(readable(target))
    try:
        copied = copy_values(target, target, [path], filename=FILE)
    except PropertyError as error:
        raise AssertionError(f"a file is its own equal: {error}") from error
    assert copied.content == target
    assert copied.applied == ()


@moderate
@given(
    target=documents(),
    word=st.sampled_from(["v2", "'x # y'", '"a\\tb"', "2", "[1, {a: b}]", ""]),
    data=st.data(),
)
def test_any_scalar_takes_any_inline_value(target: bytes, word: str, data: st.DataObject) -> None:
    """Here a refusal is a defect: a one-line value fits wherever a one-line value stands."""
    assume(readable(target))
    old = loaded(target)
    parts = data.draw(
        st.sampled_from([parts for parts in concrete_paths(old) if isinstance(at(old, parts), str)] or [()])
    )
    assume(parts)
    inner: object = word
    text = word
    for part in reversed(parts):
        text = f"{{{_quoted(part)}: {text}}}" if isinstance(part, str) else f"[{'0, ' * part}{text}]"
    assume(inner or "[" not in text)
    copied = copy_values(text.encode(), target, [format_parts(parts)], filename=FILE)
    assert loaded(copied.content) == with_value(old, parts, at(loaded(text.encode()), parts))


def _quoted(part: str) -> str:
    return "'" + part.replace("'", "''") + "'"


@moderate
@given(content=documents())
def test_selected_ranges_hold_the_value_itself(content: bytes) -> None:
    assume(readable(content))
    data = loaded(content)
    for match in select(content, "$..*", filename=FILE):
        assert content[match.start : match.end] == match.text
        assert content[: match.start].count(b"\n") + 1 == match.line
        value = at(data, match.parts)
        if isinstance(value, str) and not match.text.startswith((b"|", b">")) and b"\n" not in match.text:
            assert yaml.load(match.text.decode(), Loader=yaml.BaseLoader) in (
                value,
                None if value == "" else value,
            )


@moderate
@given(content=documents())
def test_digest_names_each_value_once(content: bytes) -> None:
    assume(readable(content))
    digest = digest_values(content, ["$..*", "$.*"], filename=FILE)
    assert max(Counter(path for path, _ in digest).values()) == 1
    assert len(digest) == len(list(concrete_paths(loaded(content))))


@moderate
@given(
    st.one_of(
        st.text(alphabet=" \t\n\r-:{}[]&*!|>'\"#a1?,\u2028\ufeff<", max_size=40).map(str.encode),
        st.binary(max_size=30),
    )
)
def test_any_bytes_are_read_or_refused_with_a_sentence(content: bytes) -> None:
    for name in ("v.yaml", "v.json"):
        try:
            found = select(content, "$..*", filename=name)
            copied = copy_values(content, content, ["$..*"], filename=name)
        except PropertyError as error:
            assert str(error)
        else:
            assert copied.content == content
            assert all(content[one.start : one.end] == one.text for one in found)


@moderate
@given(source=documents(), target=documents(), context=st.integers(0, 3))
def test_hunks_turn_the_old_lines_into_the_new(source: bytes, target: bytes, context: int) -> None:
    endings = {"lf": b"\n", "crlf": b"\r\n", "none": b""}
    rebuilt: list[bytes] = []
    lines = target.split(b"\n")
    old = [line + b"\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
    position = 0
    for hunk in line_diff(target, source, context=context):
        same = (hunk.old_start - position if hunk.old_count else hunk.new_start - len(rebuilt)) - 1
        rebuilt += old[position : position + same]
        position += same
        for line in hunk.lines:
            content = line.text.encode() + endings[line.ending]
            assert "".join(text for text, _ in line.segments) == line.text
            if line.kind != "added":
                assert (line.old_number, old[position]) == (position + 1, content)
                position += 1
            if line.kind != "removed":
                rebuilt.append(content)
                assert line.new_number == len(rebuilt)
    assert b"".join([*rebuilt, *old[position:]]) == source
