"""Scalars are copied into the target's text and no other byte changes."""

from __future__ import annotations

import pytest

from promotions.properties import PropertyError, copy_values

CASES = [
    # name, source, target, path, expected target
    ("plain", "tag: v2\n", "tag: v1\n", "$.tag", "tag: v2\n"),
    ("nested", "image:\n  tag: v2\n", "image:\n  repo: x\n  tag: v1\n", "$.image.tag", None),
    ("trailing comment stays", "tag: v2 # ours\n", "tag: v1   # theirs\n", "$.tag", "tag: v2   # theirs\n"),
    ("source's quotes come along", "tag: '2'\n", "tag: 1\n", "$.tag", "tag: '2'\n"),
    ("target's quotes go", "tag: v2\n", 'tag: "v1"\n', "$.tag", "tag: v2\n"),
    ("trailing zero", "v: 58.10\n", "v: 58.1\n", "$.v", "v: 58.10\n"),
    ("no newline at the end", "a: 2\n", "b: 0\na: 1", "$.a", "b: 0\na: 2"),
    ("CRLF", "a: 2\nb: 1\n", "# x\r\na: 1\r\nb: 1\r\n", "$.a", "# x\r\na: 2\r\nb: 1\r\n"),
    ("byte order mark", "a: 2\n", "\ufeffa: 1\n", "$.a", "\ufeffa: 2\n"),
    ("byte order mark in the source", "\ufeffa: 2\n", "a: 1\n", "$.a", "a: 2\n"),
    ("characters of several bytes", "k: zwei\n", "# 😀 ümläut\né: 日本\nk: eins # ß\n", "$.k", None),
    ("empty value gets one", "a: 2\n", "a:   # none yet\nb: 1\n", "$.a", "a: 2   # none yet\nb: 1\n"),
    ("value becomes empty", "a:\nb: 1\n", "a: 1 # c\nb: 1\n", "$.a", "a:  # c\nb: 1\n"),
    ("list item", "l:\n- a\n- c\n", "l:\n  - a # x\n  - b # y\n", "$.l[1]", "l:\n  - a # x\n  - c # y\n"),
    ("last of a list", "l: [1, 3]\n", "l:\n  - 1\n  - 2\n", "$.l[-1]", "l:\n  - 1\n  - 3\n"),
    ("flow map", "a: {x: 2}\n", "a: { x: 1 , y: 3}\n", "$.a.x", "a: { x: 2 , y: 3}\n"),
    ("flow map, empty value", "a: {x: 2}\n", "a: {x: , y: 3}\n", "$.a.x", "a: {x: 2 , y: 3}\n"),
    ("$name", "a: 2\n", "a: 1\n", "$a", "a: 2\n"),
    ("quoted key with dots", "'a.b/c': 2\n", '"a.b/c": 1\n', "$['a.b/c']", '"a.b/c": 2\n'),
    ("number as key", "8080: x\n", "8080: y\n", "$['8080']", "8080: x\n"),
    ("document start", "a: 2\n", "---\na: 1\n...\n", "$.a", "---\na: 2\n...\n"),
    ("next to an anchor", "a: 2\n", "a: &v 1 # c\nb: 3\n", "$.a", "a: &v 2 # c\nb: 3\n"),
    ("source behind an anchor", "a: &v 2\nb: *v\n", "a: 1\nb: 1\n", "$.a", "a: 2\nb: 1\n"),
    ("source behind an alias", "a: &v 2\nb: *v\n", "a: 1\nb: 1\n", "$.b", "a: 1\nb: 2\n"),
    ("source behind a merge key", "x: &x {t: 2}\na:\n  <<: *x\n", "a:\n  t: 1\n", "$.a.t", "a:\n  t: 2\n"),
    ("several by wildcard", "a: {t: 2}\nb: {t: 3}\n", "a:\n  t: 1\nb:\n  t: 1 # c\n", "$.*.t", None),
    (
        "by filter",
        "l:\n- name: y\n  t: 2\n",
        "l:\n- name: x\n  t: 0\n- name: y\n  t: 1\n",
        "$.l[?@.name=='y'].t",
        None,
    ),
    (
        "double quotes over two lines",
        'a: "x\n  y"\n',
        "m:\n  z: 1\na: q # c\n",
        "$.a",
        'm:\n  z: 1\na: "x\n  y" # c\n',
    ),
]
WRITTEN_OUT = {
    "nested": "image:\n  repo: x\n  tag: v2\n",
    "characters of several bytes": "# 😀 ümläut\né: 日本\nk: zwei # ß\n",
    "several by wildcard": "a:\n  t: 2\nb:\n  t: 3 # c\n",
    "by filter": "l:\n- name: x\n  t: 0\n- name: y\n  t: 2\n",
}


@pytest.mark.parametrize(
    ("source", "target", "path", "expected"),
    [(s, t, p, e if e is not None else WRITTEN_OUT[name]) for name, s, t, p, e in CASES],
    ids=[case[0] for case in CASES],
)
def test_scalar_is_copied_and_every_other_byte_kept(
    source: str, target: str, path: str, expected: str
) -> None:
    copied = copy_values(source.encode(), target.encode(), [path], filename="values.yaml")
    assert copied.content.decode() == expected
    assert copied.applied
    again = copy_values(source.encode(), copied.content, [path], filename="values.yaml")
    assert again.content == copied.content
    assert again.applied == ()


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("tag: 'v1' # c\n", "tag: v1\n"),
        ("m: {a: 1, b: 2}\ntag: x\n", "tag: x\nm:\n  b: 2\n  a: 1\n"),
        ("t: |\n  a\n", 't: "a\\n"\n'),
    ],
    ids=["quotes", "layout and order", "block text"],
)
def test_equal_values_written_otherwise_are_left_alone(source: str, target: str) -> None:
    copied = copy_values(source.encode(), target.encode(), ["$.*"], filename="v.yaml")
    assert copied.content == target.encode()
    assert copied.applied == ()
    assert copied.unchanged


@pytest.mark.parametrize(
    ("source", "target"), [("1.10", "1.1"), ("1", "'1'"), ("1e5", "'1e5'"), ("null", "'null'"), ("012", "12")]
)
def test_values_that_some_reader_tells_apart_are_copied(source: str, target: str) -> None:
    copied = copy_values(f"a: {source}\n".encode(), f"a: {target}\n".encode(), ["$.a"], filename="v.yaml")
    assert copied.content == f"a: {source}\n".encode()


def test_paths_that_the_source_lacks_are_named_and_the_rest_is_copied() -> None:
    copied = copy_values(b"a: 2\n", b"a: 1\nb: 1\n", ["$.a", "$.b", "$x"], filename="v.yaml")
    assert copied.content == b"a: 2\nb: 1\n"
    assert copied.skipped == ("$.b", "$x")


def test_applied_values_tell_old_and_new_text() -> None:
    copied = copy_values(b"a: {t: 'v2'}\n", b"a:\n  t: v1\n", ["$.a.t"], filename="v.yaml")
    assert [(one.path, one.parts, one.old_text, one.new_text) for one in copied.applied] == [
        ("$.a.t", ("a", "t"), "v1", "'v2'")
    ]


@pytest.mark.parametrize(
    ("reason", "source", "target", "path"),
    [
        ("alias", "a: 2\nb: 2\n", "a: &v 1\nb: *v\n", "$.b"),
        ("anchor", "a: 2\nb: 1\n", "a: &v 1\nb: *v\n", "$.a"),
        ("alias", "x: {t: 1}\na: {t: 2}\n", "x: &x {t: 1}\na: *x\n", "$.a.t"),
        ("merge", "a: {t: 2}\n", "x: &x {t: 1}\na:\n  <<: *x\n", "$.a.t"),
        ("anchor", "x: {t: 2}\n", "x: &x {t: 1}\na:\n  <<: *x\n", "$.x.t"),
        ("tag", "a: !secret x\n", "a: y\n", "$.a"),
        ("tag", "a: x\n", "a: !secret y\n", "$.a"),
        ("many-documents", "a: 2\n", "a: 1\n---\na: 1\n", "$.a"),
        ("many-documents", "a: 2\n---\nb: 1\n", "a: 1\n", "$.a"),
        ("ambiguous", "a: 2\n", "a: 1\na: 3\n", "$.a"),
        ("invalid", "a: 2\n", "a: {{ .Values.x }}: [\n", "$.a"),
        ("no-parent", "a: {b: 2}\n", "c: 1\n", "$.a.b"),
        ("no-parent", "a: [1, 2]\n", "a: [1]\n", "$.a[1]"),
        ("bad-path", "a: 1\n", "a: 1\n", "a"),
        ("bad-path", "a: 1\n", "a: 1\n", "$.a["),
        ("ambiguous", "l: [{n: x, t: 1}, {n: x, t: 2}]\n", "l: [{n: x, t: 1}]\n", "$.l[?@.n=='x'].t"),
        ("ambiguous", "l: [{name: x, t: 1}]\n", "l: [{name: y, t: 2}]\n", "$.l[*].t"),
    ],
)
def test_what_cannot_be_copied_exactly_is_refused_with_its_reason(
    reason: str, source: str, target: str, path: str
) -> None:
    with pytest.raises(PropertyError) as caught:
        copy_values(source.encode(), target.encode(), [path], filename="v.yaml")
    assert caught.value.reason == reason, str(caught.value)
    assert "v.yaml" in str(caught.value) or caught.value.path


def test_refusal_names_file_line_path_and_way_out() -> None:
    with pytest.raises(PropertyError) as caught:
        copy_values(
            b"image: {tag: 2}\n", b"v: &v 1\nimage:\n  tag: *v\n", ["$.image.tag"], filename="values.yaml"
        )
    assert str(caught.value) == (
        "values.yaml line 3, $.image.tag: the target has an alias (*) there, which shares its value with "
        "other places; write the value out there, or promote it at its anchor"
    )
