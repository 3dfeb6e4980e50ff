"""Values, their source text, their digests and their limits."""

from __future__ import annotations

import time

import pytest

from promotions.properties import PropertyError, digest_values, format_parts, parse_path, read_scalar, select

FILE = "Chart.yaml"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("58.10", "58.10"),
        ("1.0", "1.0"),
        ("'58.10'", "58.10"),
        ('"v1\\t2"', "v1\t2"),
        ("0x1F", "0x1F"),
        ("2026-01-02", "2026-01-02"),
        ("yes", "yes"),
        ("", ""),
        ("&a 58.10", "58.10"),
        ("!!str 58.10", "58.10"),
        ("# c\n  later", "later"),
    ],
)
def test_scalar_is_read_as_it_is_written(text: str, expected: str) -> None:
    assert read_scalar(f"x: 1\nversion: {text}\n".encode(), "$.version", filename=FILE) == expected


@pytest.mark.parametrize(
    ("reason", "source", "path"),
    [
        ("not-found", "a: 1\n", "$.b"),
        ("not-found", "", "$.b"),
        ("not-found", "just text\n", "$.b"),
        ("not-scalar", "a: {b: 1}\n", "$.a"),
        ("not-scalar", "a: [1]\n", "$.a"),
        ("ambiguous", "a: [1, 2]\n", "$.a[*]"),
        ("invalid", "a: 'x\n", "$.a"),
        ("invalid", "\tb: 1\n", "$.b"),
        ("invalid", "a: \x00\n", "$.a"),
        ("invalid", "? [a]\n: b\n", "$.a"),
        ("invalid", "<<: 1\n", "$.a"),
        ("alias", "a: &a [*a]\n", "$.a"),
        ("alias", "a: *x\n", "$.a"),
        ("alias", "x: &a 1\ny: &a [*a]\n", "$.x"),
        ("ambiguous", "a: 1\n'a': 2\n", "$.a"),
    ],
)
def test_scalar_that_is_not_there_is_refused_with_its_reason(reason: str, source: str, path: str) -> None:
    with pytest.raises(PropertyError) as caught:
        read_scalar(source.encode(), path, filename=FILE)
    assert caught.value.reason == reason, str(caught.value)
    assert str(caught.value).startswith(FILE)


def test_matches_tell_bytes_line_and_value() -> None:
    source = "\ufeff# ü\r\nl:\r\n- name: é\r\n  tag: '😀' # c\r\n".encode()
    [found] = select(source, "$.l[?@.name == 'é'].tag", filename=FILE)
    assert (found.parts, found.text, found.value, found.line) == (("l", 0, "tag"), "'😀'".encode(), "😀", 4)
    assert source[found.start : found.end] == found.text


@pytest.mark.parametrize(
    "path", ["$.l[?@.n > 1].v", "$.l[?@.on == true].v", "$.l[?@.v == 'b'].v", "$.l[1:].v"]
)
def test_filters_see_numbers_and_booleans(path: str) -> None:
    source = b"l:\n- {n: 1, v: a, on: false}\n- {n: 2.5, v: b, on: true}\n"
    assert [one.value for one in select(source, path, filename=FILE)] == ["b"]


def test_merge_keys_are_read_as_a_reader_sees_them() -> None:
    source = b"x: &x {t: 1, u: 1}\ny: &y {t: 2, w: 2}\na:\n  <<: [*x, *y]\n  u: 3\n"
    assert [select(source, f"$.a.{key}", filename=FILE)[0].value for key in "tuw"] == [1, 3, 2]


def test_digest_is_equal_exactly_for_equal_values() -> None:
    def digest(text: str) -> object:
        return digest_values(text.encode(), ["$.a"], filename=FILE)

    assert digest("a: {x: v1, y: [1]}\n") == digest("# c\na:\n  y:\n  - 1\n  x: 'v1' # c\n")
    assert (
        len(
            {repr(digest(f"a: {text}\n")) for text in ["1.10", "1.1", "'1.1'", "[1.1]", "{x: 1.1}", "!x 1.1"]}
        )
        == 6
    )
    assert digest("b: 1\n") == ()
    assert digest_values(b"a: [x, {b.c: z}]\n", ["$.a[*]", "$..['b.c']"], filename=FILE) == (
        ("$.a[0]", b'["string","x"]'),
        ("$.a[1]", b'{"b.c":["string","z"]}'),
        ("$.a[1]['b.c']", b'["string","z"]'),
    )


@pytest.mark.parametrize("name", ["a", "a-b", "ü", "a.b", "it's", "8080", 'q"q', "a\\b", "\n", "", "😀 x"])
def test_concrete_paths_are_valid_paths(name: str) -> None:
    assert parse_path(format_parts((name, 0))).find({name: ["x"]}) == [(name, 0)]


@pytest.mark.parametrize(
    "path",
    ["", "image.tag", "$.", "$.a.~", "$.a | $.b", "$.1x", "$.l[?", "$..a..b..c", "$." + "a" * 1000],
)
def test_bad_paths_are_refused(path: str) -> None:
    with pytest.raises(PropertyError) as caught:
        parse_path(path)
    assert caught.value.reason == "bad-path"


BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]\n" for old, new in zip("abcdef", "bcdefg", strict=True)
)
MERGE_BOMB = "a: &a {x: 1}\n" + "".join(
    f"{new}: &{new} {{<<: [{', '.join([f'*{old}'] * 9)}]}}\n"
    for old, new in zip("abcdefg", "bcdefgh", strict=True)
)
ALIASED_DEPTH = "a0: &a0 [1]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}]\n" for i in range(1, 120))


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "{a: " * 101,
        BOMB,
        MERGE_BOMB,
        ALIASED_DEPTH,
        "- x\n" * 200_001,
        "a: " + "x" * 5 * 1024 * 1024,
    ],
    ids=["brackets", "braces", "aliases", "merges", "aliased depth", "nodes", "bytes"],
)
def test_hostile_sizes_are_refused_at_once(text: str) -> None:
    started = time.process_time()
    with pytest.raises(PropertyError) as caught:
        select(text.encode(), "$.a", filename="v.yaml")
    assert caught.value.reason == "too-large"
    assert time.process_time() - started < 10


@pytest.mark.parametrize("text", ["[" * 100_000, "[" + "1," * 200_001 + "1]"])
def test_hostile_json_is_refused_at_once(text: str) -> None:
    with pytest.raises(PropertyError) as caught:
        select(text.encode(), "$.a", filename="v.json")
    assert caught.value.reason == "too-large"


def test_text_in_another_encoding_is_refused() -> None:
    with pytest.raises(PropertyError, match="UTF-8"):
        select("a: é\n".encode("latin-1"), "$.a", filename="v.yaml")
    with pytest.raises(PropertyError, match="UTF-8"):
        select("a: 1\n".encode("utf-16"), "$.a", filename="v.yaml")
