"""The corpus that server and browser judge alike: one verdict, one line and one code for each finding."""

import json
from pathlib import Path
from typing import Any

import pytest

from promotions.manifests import ManifestError, Problem, parse_documents, parse_one, validate_flow

CORPUS = Path(__file__).parent / "corpus"
# The corpus is what shows that server and browser judge alike: it only ever grows.
FEWEST_FLOWS = 300
EXPECTED: dict[str, dict[str, Any]] = json.loads((CORPUS / "expected.json").read_text("utf-8"))


def judged(name: str) -> list[Problem]:
    """What parse_one and then validate_flow say about a text of the corpus."""
    expected = EXPECTED[name]
    text = (CORPUS / f"{name}.yaml").read_bytes()
    try:
        document = parse_one(text, expected["kind"])
    except ManifestError as error:
        return list(error.problems)
    if expected["kind"] != "PromotionFlow":
        return list(document.problems)
    return validate_flow(
        document,
        known_environments=expected.get("knownEnvironments"),
        known_workflows=expected.get("knownWorkflows"),
    )


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_text_is_judged_as_expected(name: str) -> None:
    expected = EXPECTED[name]
    problems = judged(name)
    found = [{"severity": p.severity, "line": p.line, "code": p.code} for p in problems]
    assert sorted(found, key=lambda p: (p["line"], p["code"])) == expected["problems"]
    assert any(p.is_error for p in problems) == (expected["verdict"] == "invalid")


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_every_message_is_a_sentence_with_an_exact_range(name: str) -> None:
    lines = (CORPUS / f"{name}.yaml").read_bytes().decode().splitlines() or [""]
    for problem in judged(name):
        assert problem.message[0].isupper() or problem.message.startswith(('"', "spec", "metadata"))
        assert problem.message.endswith((".", "?", '"')), problem.message
        assert 1 <= problem.line <= problem.end_line <= len(lines)
        assert (problem.line, problem.column) <= (problem.end_line, problem.end_column)
        assert problem.column <= len(lines[problem.line - 1]) + 1


def test_corpus_holds_enough_flows() -> None:
    assert sum(one["kind"] == "PromotionFlow" for one in EXPECTED.values()) >= FEWEST_FLOWS


def test_every_file_of_the_corpus_is_expected() -> None:
    assert sorted(EXPECTED) == sorted(path.stem for path in CORPUS.glob("*.yaml"))


@pytest.mark.parametrize("name", [n for n, e in sorted(EXPECTED.items()) if e["verdict"] == "valid"])
def test_accepted_text_is_kept_byte_for_byte(name: str) -> None:
    raw = (CORPUS / f"{name}.yaml").read_bytes()
    (document,) = parse_documents(raw)
    assert document.text.encode() == raw
    assert parse_one(document.text, document.kind).data == document.data
