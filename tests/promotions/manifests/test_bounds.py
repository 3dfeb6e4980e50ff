"""Hostile and broken texts end in a sentence, quickly, never in a crash."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promotions.manifests import ManifestError, parse_documents

FLOW = """apiVersion: codefresh.io/v1beta1
kind: PromotionFlow
metadata: {name: x}
spec:
  triggerEnvironment: dev
  steps:
"""


def code_of(text: str | bytes) -> str:
    with pytest.raises(ManifestError) as caught:
        parse_documents(text)
    return caught.value.problems[0].code


def bomb(line: str, levels: int = 9) -> str:
    """Ten aliases of the level above on each level."""
    lines = [f"a0: &a0 {line}"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, levels)]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("[" * 100_000, "too-deep", id="brackets"),
        pytest.param("{a: " * 30_000, "too-deep", id="braces"),
        pytest.param("- " * 100_000, "too-deep", id="dashes"),
        pytest.param("? " * 100_000, "too-deep", id="questions"),
        pytest.param("a: " + "x" * (2 * 1024 * 1024), "too-large", id="2 MiB of text"),
        pytest.param(b"#" * (1024 * 1024 + 1), "too-large", id="one byte too many"),
        pytest.param("# " + "\u00e9" * (600 * 1024), "too-large", id="bytes count, not characters"),
        pytest.param("- a\n" * 100_001, "too-many-nodes", id="long list"),
        pytest.param("--- a\n" * 100_001, "too-many-nodes", id="many documents"),
        pytest.param(bomb("[x, x, x]"), "too-many-nodes", id="aliases"),
        pytest.param(bomb("{k: v}").replace(": &", ": &", 1), "too-many-nodes", id="aliased mappings"),
        pytest.param("a: &a\n  b: *a\n", "alias", id="alias inside its anchor"),
        pytest.param("a: *b\n", "alias", id="alias of nothing"),
        pytest.param(b"a: \xff\n", "encoding", id="no UTF-8"),
        pytest.param("a: b".encode("utf-16"), "encoding", id="UTF-16"),
        pytest.param("a: \x00", "character", id="NUL"),
        pytest.param("a: \ud800", "character", id="half a surrogate pair"),
        pytest.param("%YAML 9.9\n--- a", "syntax", id="another YAML"),
    ],
)
def test_text_beyond_the_bounds_is_refused(text: str | bytes, code: str) -> None:
    assert code_of(text) == code


def test_aliases_count_towards_the_depth() -> None:
    text = "a: &a " + "[" * 60 + "]" * 60 + "\nb: " + "[" * 60 + "*a" + "]" * 60
    assert code_of(text) == "too-deep"


def test_depth_of_exactly_one_hundred_is_read_and_no_more() -> None:
    assert code_of("[" * 101 + "]" * 101) == "too-deep"
    (document,) = parse_documents("[" * 100 + "]" * 100)
    assert [problem.code for problem in document.problems] == ["not-a-manifest"]


def test_merge_key_bomb_is_refused_before_it_is_merged() -> None:
    lines = ["a0: &a0 {k: 1, l: 2, m: 3}"]
    lines += [f"a{i}: &a{i} {{<<: [{', '.join([f'*a{i - 1}'] * 9)}]}}" for i in range(1, 12)]
    begin = time.process_time()
    assert code_of("\n".join(lines)) == "too-many-nodes"
    assert time.process_time() - begin < 5


def test_hopeless_text_is_answered_with_a_hundred_problems() -> None:
    (document,) = parse_documents(FLOW + "".join(f"    - {i}\n" for i in range(20_000)))
    assert len(document.problems) == 100


def test_an_escape_that_no_database_stores_is_refused_at_its_place() -> None:
    (document,) = parse_documents(f'{FLOW}    - environment: "q\\0a"\n      dependsOn: [dev]\n')
    problem = next(problem for problem in document.errors if problem.code == "character")
    assert (problem.line, problem.column) == (7, 20)


def test_a_cycle_of_thousands_is_found_without_recursion() -> None:
    steps = "".join(f"    - {{environment: e{i}, dependsOn: [e{i + 1}]}}\n" for i in range(3_000))
    (document,) = parse_documents(FLOW + steps + "    - {environment: e3000, dependsOn: [e0]}\n")
    (problem,) = document.problems
    assert problem.code == "cycle"
    assert "e0 -> e1 -> " in problem.message
    assert "(2991 more) -> e0" in problem.message


def test_a_number_that_python_would_not_convert_is_a_problem() -> None:
    (document,) = parse_documents(FLOW + "    []\n  promotionTimeoutLimit: " + "9" * 5000)
    assert "bad-number" in {problem.code for problem in document.problems}


def test_a_merge_key_fills_what_is_absent_and_the_first_source_wins() -> None:
    text = "a: &a {x: 1, y: 1}\nb: &b {x: 2, z: 2}\nc: {<<: [*a, *b], y: 3}\n"
    (document,) = parse_documents(text)
    assert document.data["c"] == {"y": 3, "x": 1, "z": 2}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"),
        ("012", 12),
        ("0o14", 12),
        ("0x1F", 31),
        ("1_000", "1_000"),
        ("1:30", "1:30"),
        ("2024-01-01", "2024-01-01"),
        ("~", None),
        ("TRUE", True),
        ("1e3", 1000.0),
        ("58.10", 58.1),
        ("'58.10'", "58.10"),
        ("!!str 58.10", "58.10"),
        ("=", "="),
    ],
)
def test_plain_scalars_follow_yaml_1_2(written: str, value: object) -> None:
    (document,) = parse_documents(f"a: {written}\n")
    assert document.data["a"] == value
    assert type(document.data["a"]) is type(value)


def same_again(text: str) -> None:
    try:
        documents = parse_documents(text)
    except ManifestError as error:
        assert error.problems
        return
    for document in documents:
        (again,) = parse_documents(document.text)
        assert again.data == document.data
        assert [p.code for p in again.problems] == [p.code for p in document.problems]


PIECES = st.sampled_from(
    [
        "apiVersion: codefresh.io/v1beta1\n",
        "kind: PromotionFlow\n",
        "metadata:\n",
        "  name: x\n",
        "spec:\n",
        "  properties:\n",
        "    triggerEnvironment: dev\n",
        "  triggerEnvironment: dev\n",
        "  steps:\n",
        "    - environment: qa\n",
        "      dependsOn: [dev]\n",
        "      dependsOn:\n",
        "        - qa\n",
        "---\n",
        "...\n",
        "%YAML 1.1\n",
        "%TAG ! tag:x,1:\n",
        "# c\n",
        "\t",
        "  ",
        "&a ",
        "*a",
        "<<: ",
        "!!str ",
        "'",
        '"',
        "{",
        "}",
        "[",
        "]",
        ", ",
        ": ",
        "- ",
        "? ",
        "|\n",
        ">-\n",
        "\r\n",
        "\ufeff",
        "\u2028",
        "é",
        "🚀",
        "1.0",
        "~",
        ".nan",
    ]
)


@settings(max_examples=200)
@given(st.lists(PIECES, max_size=25).map("".join))
def test_nearly_yaml_never_crashes_and_reads_the_same_again(text: str) -> None:
    same_again(text)


@settings(max_examples=150)
@given(st.text(max_size=60))
def test_any_text_never_crashes_and_reads_the_same_again(text: str) -> None:
    same_again(text)


@settings(max_examples=100)
@given(st.binary(max_size=60))
def test_any_bytes_never_crash(raw: bytes) -> None:
    try:
        parse_documents(raw)
    except ManifestError as error:
        assert error.problems[0].line >= 1
