"""Several documents of one text: each keeps its own part, byte for byte, and its own lines."""

import json

import pytest

from promotions.manifests import KINDS, ManifestError, is_label, is_name, parse_documents, schema
from promotions.manifests.names import LABEL_RULE, NAME_RULE
from promotions.manifests.schema import SCHEMA_DIRECTORY, extension_paths

ONE = "apiVersion: codefresh.io/v1beta1\nkind: Product\nmetadata: {name: one}\nspec: {}\n"
POLICY = (
    "apiVersion: codefresh.io/v1beta1\nkind: PromotionPolicy\nmetadata: {name: one}\n"
    "spec: {priority: 1, policy: {}}\n"
)
TWO = "# two\napiVersion: codefresh.io/v1beta1\nkind: Product\nmetadata: {name: two}\nspec: {colour: red}\n"


def test_each_document_keeps_its_own_text() -> None:
    first, second = parse_documents(f"# files\n---\n{ONE}---\n{TWO}")
    assert first.text == f"# files\n---\n{ONE}"
    assert second.text == TWO
    assert (first.name, second.name) == ("one", "two")


def test_a_line_in_the_whole_text_is_a_line_of_the_document() -> None:
    _, second = parse_documents(f"{ONE}---\n{TWO}")
    (problem,) = second.problems
    assert second.line == 6
    (alone,) = parse_documents(second.text)
    assert problem.line - second.line + 1 == alone.problems[0].line == 5


def test_empty_documents_are_left_out() -> None:
    first, second = parse_documents(f"---\n---\n{ONE}---\n# nothing\n---\n{TWO}---\n")
    assert (first.name, second.name) == ("one", "two")
    assert second.text == TWO


def test_content_on_the_marker_line_stays_with_its_document() -> None:
    first, second = parse_documents('a: 1\n--- {"b": 2}\n')
    assert (first.text, second.text) == ("a: 1\n", '--- {"b": 2}\n')
    assert second.data == {"b": 2}


def test_an_anchor_does_not_reach_into_the_next_document() -> None:
    first, second = parse_documents("a: &x 1\n---\na: &x 2\nb: *x\n")
    assert (first.data, second.data) == ({"a": 1}, {"a": 2, "b": 2})
    with pytest.raises(ManifestError, match="No anchor &x stands above this alias"):
        parse_documents("a: &x 1\n---\nb: *x\n")


def test_aliased_parts_are_not_one_object() -> None:
    (document,) = parse_documents("a: &x [1]\nb: *x\n")
    assert document.data["a"] is not document.data["b"]


def test_columns_count_code_points() -> None:
    (document,) = parse_documents('\ufeffmetadata: {name: "🚀🚀", nme: 1}\nkind: Product\n')
    problem = next(p for p in document.problems if p.path == "metadata.nme")
    assert (problem.line, problem.column, problem.end_column) == (1, 24, 27)


def test_a_range_ends_with_the_last_character_of_the_value() -> None:
    (document,) = parse_documents(ONE.replace("{name: one}", "\n  name: |\n    Bad Name\n\n"))
    (problem,) = document.problems
    assert (problem.line, problem.end_line, problem.end_column) == (4, 5, 13)


@pytest.mark.parametrize("value", ['"one\n  two"', "[\n  one]", "[one]# two"])
def test_only_a_flow_is_held_to_what_the_chart_can_read(value: str) -> None:
    text = f"apiVersion: argoproj.io/v1alpha1\nkind: KIND\nspec:\n  arguments: {value}\n"
    (workflow,) = parse_documents(text.replace("KIND", "WorkflowTemplate"))
    (flow,) = parse_documents(text.replace("KIND", "PromotionFlow"))
    assert "syntax" not in {problem.code for problem in workflow.problems}
    assert "syntax" in {problem.code for problem in flow.problems}


def test_kinds_and_schemas_are_the_same_set() -> None:
    files = {path.stem for path in SCHEMA_DIRECTORY.glob("*.json")}
    assert files == {*KINDS, "common"}
    for kind in KINDS:
        assert schema(kind)["properties"]["kind"]["enum"] == [kind]


def test_extensions_are_those_that_the_contract_marks() -> None:
    found = {kind: extension_paths(kind) for kind in KINDS if extension_paths(kind)}
    assert found == {"PromotionFlow": (("spec", "onFailure"),), "PromotionPolicy": (("spec", "gates"),)}


def test_schema_and_code_agree_on_names() -> None:
    for name in ("a", "a.b-c", "0", "a" * 253, "", "-a", "a-", "a..b", "A", "a_b", "a\n", "a" * 254):
        written = json.dumps(name)
        (policy,) = parse_documents(POLICY.replace("one", written))
        assert is_name(name) == (not policy.errors), name
        (product,) = parse_documents(ONE.replace("one", written))
        assert is_label(name) == (not product.errors), name


def test_schema_and_code_tell_the_same_rules() -> None:
    parts = schema("common")["$defs"]
    assert (parts["name"]["x-rule"], parts["label"]["x-rule"]) == (NAME_RULE, LABEL_RULE)
