"""Maps, lists and block texts take the target's indentation; new keys take its form; the rest is refused."""

from __future__ import annotations

import pytest

from promotions.properties import PropertyError, copy_values

REPLACED = {
    "map takes the target's indentation": (
        "m:\n  a: 2\n  b:\n    c: 3\n",
        "x: 0\nm:\n    a: 1 # gone with the map\n    b: 2 # stays\n# stays\ny: 0\n",
        "$.m",
        "x: 0\nm:\n    a: 2\n    b:\n      c: 3 # stays\n# stays\ny: 0\n",
    ),
    "deeper target, comments inside come along": (
        "m:\n  # why\n  a: 2 # two\n",
        "o:\n  m:\n    a: 1\n",
        ("$.m", "$.o.m"),
        None,
    ),
    "list keeps the target's own column": (
        "l:\n  - a\n  - b: 1\n    c: 2\n",
        "l:\n- a\nm: 1\n",
        "$.l",
        "l:\n- a\n- b: 1\n  c: 2\nm: 1\n",
    ),
    "list end does not reach over the next key's comment": (
        "l:\n- a\n- b\n",
        "l:\n- a\n\n# about m\nm: 1\n",
        "$.l",
        "l:\n- a\n- b\n\n# about m\nm: 1\n",
    ),
    "CRLF target gets CRLF lines": (
        "m:\n  a: 1\n  b: 2\n",
        "m:\r\n  a: 1\r\n",
        "$.m",
        "m:\r\n  a: 1\r\n  b: 2\r\n",
    ),
    "LF target gets LF lines": ("m:\r\n  a: 1\r\n  b: 2\r\n", "m:\n  a: 1\n", "$.m", "m:\n  a: 1\n  b: 2\n"),
    "no newline at the end": ("m:\n  a: 1\n  b: 2\n", "m:\n  a: 1", "$.m", "m:\n  a: 1\n  b: 2"),
    "brackets to block": ("m: {a: 1, b: 2}\n", "m:\n  a: 1\n", "$.m", "m: {a: 1, b: 2}\n"),
    "brackets to block below a comment": (
        "m: [1]\n",
        "m: # about m\n  # more\n  a: 1 # gone?\nz: 1\n",
        "$.m",
        "m: [1] # about m\n  # more # gone?\nz: 1\n",
    ),
    "block to brackets": (
        "m:\n  - a\n  - b\n",
        "m: [] # none yet\nz: 1\n",
        "$.m",
        "m: # none yet\n  - a\n  - b\nz: 1\n",
    ),
    "block map to scalar takes the target's step": (
        "m:\n  a: 1\n",
        "k:\n    v: 1\nm: none\n",
        "$.m",
        "k:\n    v: 1\nm:\n    a: 1\n",
    ),
    "scalar over a block": ("m: none\n", "m:\n  a: 1\n  b: 2\nz: 1\n", "$.m", "m: none\nz: 1\n"),
    "map over a list in the key's own column": (
        "m:\n  a: 1\n",
        "m:\n- x\nz: 1\n",
        "$.m",
        "m:\n  a: 1\nz: 1\n",
    ),
    "map in a list": (
        "l:\n- name: a\n  t: 2\n",
        "l:\n  -   name: a\n      t: 1 # c\n",
        "$.l[0]",
        "l:\n  -   name: a\n      t: 2 # c\n",
    ),
    "scalar in a list becomes a map": ("l:\n- a: 1\n  b: 2\n", "l:\n  - x # c\n", "$.l[0]", None),
    "block text takes the target's indentation": (
        "t: |\n  one\n\n    two\n",
        "m:\n    t: |-\n        old\n    u: 1\n",
        ("$.t", "$.m.t"),
        None,
    ),
    "block text over a scalar keeps its comment": (
        "t: |-\n  one\n  two\n",
        "t: x # note\nu: 1\n",
        "$.t",
        "t: |- # note\n  one\n  two\nu: 1\n",
    ),
    "scalar over a block text keeps its comment": (
        "t: x\n",
        "t: |  # note\n  one\n\n\n# about u\nu: 1\n",
        "$.t",
        "t: x  # note\n\n\n# about u\nu: 1\n",
    ),
    "folded text with indentation indicator": (
        "t: >2\n   one\n  two\n",
        "t: x\n",
        "$.t",
        "t: >2\n   one\n  two\n",
    ),
    "block text at the end does not swallow a comment": (
        "m:\n  a: |\n    text\n",
        "m:\n  a: x # note\n",
        "$.m",
        "m:\n  a: |\n    text\n  # note\n",
    ),
    "whole document": ("a: 2\nb: 1\n", "# head\n---\na: 1 # c\n", "$", "# head\n---\na: 2\nb: 1 # c\n"),
}
SHAPED = {
    "scalar in a list becomes a map": "l:\n  - # c\n    a: 1\n    b: 2\n",
}


@pytest.mark.parametrize("name", [name for name, case in REPLACED.items() if isinstance(case[2], str)])
def test_value_is_laid_out_for_its_place(name: str) -> None:
    source, target, path, expected = REPLACED[name]
    copied = copy_values(source.encode(), target.encode(), [str(path)], filename="values.yaml")
    assert copied.content.decode() == (expected if expected is not None else SHAPED[name])
    again = copy_values(source.encode(), copied.content, [str(path)], filename="values.yaml")
    assert (again.content, again.applied) == (copied.content, ())


INSERTED = {
    "behind its neighbour": (
        "a: 1\nb: 2\nc: 3\n",
        "a: 1 # one\n# about c\nc: 3\n",
        "$.b",
        "a: 1 # one\nb: 2\n# about c\nc: 3\n",
    ),
    "at the end without neighbour": ("n: 1\nz: 0\n", "x: 1\ny: 2 # c\n", "$.n", "x: 1\ny: 2 # c\nn: 1\n"),
    "no newline at the end": ("a: 1\nb: 2\n", "a: 1", "$.b", "a: 1\nb: 2"),
    "CRLF": ("a: 1\nb: 2\n", "a: 1\r\nc: 1\r\n", "$.b", "a: 1\r\nb: 2\r\nc: 1\r\n"),
    "nested, behind a block": (
        "m:\n  a:\n    x: 1\n  b: 2\n",
        "m:\n    a:\n        x: 1\n\n# z\nz: 1\n",
        "$.m.b",
        "m:\n    a:\n        x: 1\n    b: 2\n\n# z\nz: 1\n",
    ),
    "block value takes the target's step": (
        "a:\n  x: 1\nm:\n  k: v\n",
        "a:\n    x: 1\n",
        "$.m",
        "a:\n    x: 1\nm:\n    k: v\n",
    ),
    "list keeps its own offset": ("a: 1\nl:\n- x\n- y\n", "a: 1\n", "$.l", "a: 1\nl:\n- x\n- y\n"),
    "block text": ("a: 1\nt: | # ours\n  x\n  y\n", "a: 1\nz: 2\n", "$.t", "a: 1\nt: |\n  x\n  y\nz: 2\n"),
    "in braces": ("m: {a: 1, b: 2}\n", "m: { a: 1, c: 3 }\n", "$.m.b", "m: { a: 1, b: 2, c: 3 }\n"),
    "in empty braces": ("m:\n  b: 2\n", "m: {} # c\n", "$.m.b", "m: {b: 2} # c\n"),
    "in a list's map": ("l:\n- n: a\n  t: 1\n", "l:\n  - n: a # c\n  - n: b\n", "$.l[0].t", None),
    "quoted key": ("a: 1\n'x y': 2\n", "a: 1\n", "$['x y']", "a: 1\n'x y': 2\n"),
    "empty value": ("a: 1\nb:\n", "a: 1\n", "$.b", "a: 1\nb:\n"),
}


@pytest.mark.parametrize("name", INSERTED)
def test_missing_key_is_added_in_the_form_of_the_file(name: str) -> None:
    source, target, path, expected = INSERTED[name]
    copied = copy_values(source.encode(), target.encode(), [path], filename="values.yaml")
    assert copied.content.decode() == (expected or "l:\n  - n: a # c\n    t: 1\n  - n: b\n")
    assert [one.old_text for one in copied.applied] == [None]


@pytest.mark.parametrize(
    ("reason", "source", "target", "path"),
    [
        ("not-exact", "m:\n  a: 1\n", "x: {m: 1}\n", "$.x.m"),
        ("not-exact", "x:\n  m:\n    a: 1\n", "x: {m: 1}\n", "$.x.m"),
        ("not-exact", "x:\n  t: |\n    a\n", "x: {t: 1}\n", "$.x.t"),
        ("not-exact", "x:\n  t: |\n    a\n", "x: {u: 1}\n", "$.x.t"),
        ("not-exact", "t: |\n  a\n", "t: b", "$.t"),
        ("not-exact", "t: |+\n  a\n\n\n", "t: b\n\nz: 1\n", "$.t"),
        ("not-exact", "a: 1\n", "? a\n", "$.a"),
        ("not-exact", "a: [x: 1, y]\n", "a: [b: 1]\n", "$.a[0].x"),
        ("anchor", "m:\n  a: &v 1\n  b: 1\n", "m:\n  a: 2\n", "$.m"),
        ("alias", "v: &v 1\nm:\n  a: *v\n", "m:\n  a: 2\n", "$.m"),
        ("anchor", "m:\n  a: 2\n", "m:\n  a: &v 1\nb: *v\n", "$.m"),
        ("tag", "m:\n  a: 2\n", "m:\n  a: !x 1\n", "$.m"),
        ("merge", "d: &d {t: 1}\nm:\n  <<: *d\n", "m: {a: 1}\n", "$.m.t"),
    ],
)
def test_layouts_that_cannot_be_carried_over_are_refused(
    reason: str, source: str, target: str, path: str
) -> None:
    if path == "$.x.m" and source.startswith("m:"):
        source = f"x:\n{''.join(f'  {line}' for line in source.splitlines(keepends=True))}"
    with pytest.raises(PropertyError) as caught:
        copy_values(source.encode(), target.encode(), [path], filename="values.yaml")
    assert caught.value.reason == reason, str(caught.value)
    assert str(caught.value).startswith("values.yaml")


JSON_CASES = {
    "scalar": ('{"a": 2}', '{\n\t"a": 1\n}\n', "$.a", '{\n\t"a": 2\n}\n'),
    "text with escapes": ('{"a": "\\ud83d\\ude00 \\/"}', '{"a":"x"}', "$.a", '{"a":"\\ud83d\\ude00 \\/"}'),
    "object": ('{"m": {"a": [1, 2]}}', '{ "m": {} , "n": 1}', "$.m", '{ "m": {"a": [1, 2]} , "n": 1}'),
    "new key on its own line": (
        '{"a": 1, "b": 2}',
        '{\r\n  "a": 1,\r\n  "c": 3\r\n}',
        "$.b",
        '{\r\n  "a": 1,\r\n  "b": 2,\r\n  "c": 3\r\n}',
    ),
    "new key on the same line": ('{"a":1,"b":2}', '{"a": 1}', "$.b", '{"a": 1, "b": 2}'),
}


@pytest.mark.parametrize("name", JSON_CASES)
def test_json_stays_json(name: str) -> None:
    source, target, path, expected = JSON_CASES[name]
    copied = copy_values(source.encode(), target.encode(), [path], filename="values.json")
    assert copied.content.decode() == expected


@pytest.mark.parametrize(
    "text", ["{'a': 1}", '{"a": 1,}', '{"a": 01}', '{"a": 1} x', '{"a": nul}', '["\\x"]', "{"]
)
def test_what_is_not_json_is_refused(text: str) -> None:
    with pytest.raises(PropertyError) as caught:
        copy_values(b'{"a": 2}', text.encode(), ["$.a"], filename="values.json")
    assert caught.value.reason == "invalid"


def test_wildcard_changes_many_values_in_one_go_in_any_mix() -> None:
    source = "m:\n  a: {t: 2, n: 1}\n  b: {t: 3}\n  c: {t: 4}\n  d: {t: [5]}\n"
    target = "m:\n  a: {t: 1} # a\n  # b\n  b:\n    t: 1\n  c: {t: 4}\n  d:\n    t:\n    - 1\n    - 2\n"
    copied = copy_values(source.encode(), target.encode(), ["$.m.*.*", "$.m.b.t", "$.m"], filename="v.yaml")
    assert copied.content.decode() == (
        "m:\n  a: {t: 2, n: 1} # a\n  # b\n  b:\n    t: 3\n  c: {t: 4}\n  d:\n    t: [5]\n"
    )
    assert [one.path for one in copied.applied] == ["$.m.a.t", "$.m.a.n", "$.m.b.t", "$.m.d.t"]
    assert copied.unchanged == ("$.m.c.t", "$.m.b.t", "$.m")


def test_one_refused_value_among_many_is_named_and_nothing_is_written() -> None:
    source = b"a: 2\nb: 2\nt: |\n  x\nz: 3\n"
    with pytest.raises(PropertyError, match=r"v\.yaml line 4, \$\.t: .* same layout in both files") as caught:
        copy_values(source, b"a: 1\nb: 1\nz: 1\nt: y", ["$.*"], filename="v.yaml")
    assert caught.value.path == "$.t"


def test_large_files_with_many_changes_stay_cheap() -> None:
    lines = [f"k{i}:\n  image: x/{i}\n  tag: v1.{i} # c\n" for i in range(1_000)]
    target = "".join(lines).encode()
    copied = copy_values(target.replace(b"v1", b"v2"), target, ["$.*.tag"], filename="v.yaml")
    assert copied.content == target.replace(b"v1", b"v2")
    assert len(copied.applied) == 1_000
