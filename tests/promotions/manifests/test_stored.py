"""Texts that were taken in before a rule of the door: read again, they mean what they always meant."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from promotions.manifests import ManifestError, parse_documents, parse_one
from promotions.manifests.tree import Mapping, Node, Scalar, Sequence

POLICY = (
    "apiVersion: codefresh.io/v1beta1\nkind: PromotionPolicy\nmetadata: {name: one}\n"
    "spec:\n  priority: 1\n  policy: {action: commit}\n"
)
FLOW = (
    "apiVersion: codefresh.io/v1beta1\nkind: PromotionFlow\nmetadata: {name: one}\n"
    "spec:\n  triggerEnvironment: dev\n  steps:\n  - environment: qa\n    dependsOn: [\n  dev]\n"
)
BREAKS = ["\r", "\x85", "\u2028", "\u2029"]
ODD = [*BREAKS, "\ufeff"]


@pytest.mark.parametrize("character", BREAKS)
def test_what_ended_a_line_still_ends_it(character: str) -> None:
    # For other readers, the browser's among them, the comment goes on to the line's end.
    text = POLICY.replace("spec:\n", f"spec: # was an approval{character}  gates: {{soak: 5}}\n")
    text = text.replace("codefresh.io/v1beta1", "lockstep.dev/v1")
    with pytest.raises(ManifestError, match="ends a line for some readers"):
        parse_one(text, "PromotionPolicy")
    (document,) = parse_documents(text, stored=True)
    assert document.data["spec"]["gates"] == {"soak": 5}
    assert document.text == text


@pytest.mark.parametrize("character", ODD)
def test_a_text_with_an_odd_character_in_a_value_keeps_it_as_it_was_read(character: str) -> None:
    quoted = POLICY.replace("{name: one}", f'{{name: one, annotations: {{description: "a{character}b"}}}}')
    expected = {"\u2028": "a\u2028b", "\u2029": "a\u2029b", "\ufeff": "a\ufeffb"}.get(character, "a b")
    data = parse_one(quoted, "PromotionPolicy", stored=True).data
    assert data["metadata"]["annotations"]["description"] == expected


def test_a_flow_that_only_stricter_readers_refuse_is_read() -> None:
    with pytest.raises(ManifestError, match="goes on too far left"):
        parse_one(FLOW, "PromotionFlow")
    assert parse_one(FLOW, "PromotionFlow", stored=True).view.spec["steps"][0]["dependsOn"] == ["dev"]


@pytest.mark.parametrize("text", ["a: \x07", "a: [", "a: *x", "\ta: 1", f"{POLICY}{POLICY}"])
def test_what_was_never_taken_in_is_refused_as_ever(text: str) -> None:
    with pytest.raises(ManifestError):
        parse_one(text, "PromotionPolicy", stored=True)


@given(st.data())
def test_a_stored_text_is_read_as_its_parser_alone_reads_it(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([POLICY, FLOW, f"# one # two\n{POLICY}"]))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text)))
        text = text[:at] + data.draw(st.sampled_from(ODD)) + text[at:]
    try:
        documents = parse_documents(text, stored=True)
    except ManifestError:
        return
    if any(problem.code == "duplicate-key" for document in documents for problem in document.problems):
        return
    alone = [found for found in yaml.load_all(text, yaml.CBaseLoader) if found != ""]
    assert [_texts(document.view.root) for document in documents] == alone


def _texts(node: Node) -> Any:
    if isinstance(node, Mapping):
        return {name: _texts(pair.value) for name, pair in node.pairs.items()}
    if isinstance(node, Sequence):
        return [_texts(item) for item in node.items]
    assert isinstance(node, Scalar)
    return node.text
