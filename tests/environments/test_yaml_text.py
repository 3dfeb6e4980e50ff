"""YAML within limits: documents with their text and line, and what is refused before it is composed."""

from __future__ import annotations

import time

import pytest

from environments.yaml_text import YamlProblem, load_documents


def test_documents_keep_their_text_and_line() -> None:
    text = "# first\na: 1\n---\n# second\nb: [2]  # two\n...\n---\nc: 3"
    first, second, third = load_documents(text)
    assert (first.data, first.line, first.text) == ({"a": 1}, 1, "# first\na: 1\n")
    assert (second.data, second.line) == ({"b": [2]}, 3)
    assert second.text == "---\n# second\nb: [2]  # two\n...\n"
    assert (third.data, third.text) == ({"c": 3}, "---\nc: 3")


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n", "---\n---\n", b"\xef\xbb\xbf"])
def test_empty_text_has_no_documents(text: str | bytes) -> None:
    assert load_documents(text) == []


def test_bytes_with_a_byte_order_mark() -> None:
    assert load_documents(b"\xef\xbb\xbfa: 1\n")[0].data == {"a": 1}


BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9)
)
MERGE_BOMB = "a0: &a0 {k: v}\n" + "".join(
    f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}\n" for n in range(1, 9)
)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a: 1\nb: [1\n", 3, "expected"),
        ("a: 1\n\tb: 2\n", 2, "tab|cannot start|mapping values"),
        ("[" * 150, 1, "deeper than 100"),
        ("[" * 100_000, 1, "deeper than 100"),
        (BOMB, 6, "more than 100,000"),
        (MERGE_BOMB, None, "more than 100,000"),
        ("- x\n" * 100_001, 100_000, "more than 100,000"),
        ("a: &a [*a]\n", 1, "inside of its own anchor"),
        ("a: *nobody\n", 1, "undefined alias"),
        ("a: 2024-13-45\n", 1, "cannot be read"),
        ("a: !!python/object:os.system {}\n", 1, "could not determine a constructor"),
        (b"a: 1\nb: \xff\n", 2, "UTF-8"),
        ("a: \x00\n", 1, "special characters|not allowed|control"),
        ("x" * 1_048_577, 1, "1 MiB"),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_what_is_refused(text: str | bytes, line: int | None, message: str) -> None:
    started = time.process_time()
    with pytest.raises(YamlProblem, match=message) as caught:
        load_documents(text)
    assert line is None or caught.value.line == line
    assert time.process_time() - started < 5  # exhausting input would take minutes or end the process
