"""Changing a name or version touches that scalar and nothing else."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from promotions.manifests import ManifestError, is_name, parse_documents, with_name, with_version

TEXT = """# our flow
metadata:
  name: old  # the name
  annotations:
    version: 1.0 # shown
    description: 'it''s old'
spec:   {a:   1}   # odd spacing
"""


def test_name_is_changed_and_every_other_byte_kept() -> None:
    assert with_name(TEXT, "new-one") == TEXT.replace("name: old", "name: new-one")


def test_version_is_always_quoted() -> None:
    assert with_version(TEXT, "1.00") == TEXT.replace("version: 1.0 #", 'version: "1.00" #')


@pytest.mark.parametrize(
    ("old", "new_name", "new"),
    [
        ("name: 'old'", "new", "name: 'new'"),
        ('name: "old"', "new", 'name: "new"'),
        ("name: old", "on", 'name: "on"'),
        ("name: old", "2024-01-01", 'name: "2024-01-01"'),
        ("name: old", "null", 'name: "null"'),
        ("name:", "new", "name: new"),
    ],
)
def test_name_keeps_its_quotes_and_gets_them_where_needed(old: str, new_name: str, new: str) -> None:
    text = f"metadata:\r\n  {old}\r\nspec: {{}}"
    assert with_name(text, new_name) == text.replace(old, new)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "metadata:\r\n  name: x # c\r\nspec: 1\r\n",
            'metadata:\r\n  name: x # c\r\n  annotations:\r\n    version: "2"\r\nspec: 1\r\n',
        ),
        ("metadata:\n  name: x", 'metadata:\n  name: x\n  annotations:\n    version: "2"'),
        (
            "metadata:\n  annotations:\n      # why\n      description: |\n        d\n  name: x\n",
            'metadata:\n  annotations:\n      # why\n      version: "2"\n      description: |\n        d\n  name: x\n',
        ),
        ("metadata: {name: x}", 'metadata: {name: x, annotations: {version: "2"}}'),
        (
            "metadata: {name: x, annotations: {a: b}}",
            'metadata: {name: x, annotations: {version: "2", a: b}}',
        ),
        ("metadata:\n  annotations:\n  name: x\n", 'metadata:\n  annotations: {version: "2"}\n  name: x\n'),
    ],
)
def test_version_is_added_where_it_is_absent(text: str, expected: str) -> None:
    assert with_version(text, "2") == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a: b\n",
        "- a\n",
        "metadata: {name: x}\n---\nmetadata: {name: y}\n",
        "metadata:\n  name: &n x\nspec: *n\n",
        "spec: &n x\nmetadata:\n  name: *n\n",
        "metadata:\n  name: |\n    x\n",
        "metadata:\n  name: !!str x\n",
        "a: &m {name: x}\nmetadata: *m\n",
        "a: &m {name: x}\nmetadata:\n  <<: *m\n",
        "metadata: {name: x, name: y}\n",
    ],
)
def test_what_cannot_be_changed_in_its_place_is_refused(text: str) -> None:
    with pytest.raises(ManifestError):
        with_name(text, "new")


@pytest.mark.parametrize("name", ["", "New", "a b", "a" * 254, "a\n"])
def test_only_names_become_names(name: str) -> None:
    with pytest.raises(ManifestError, match="is no valid name"):
        with_name(TEXT, name)


@pytest.mark.parametrize("version", ["", " ", "1\n2", "\x07"])
def test_only_a_line_becomes_a_version(version: str) -> None:
    with pytest.raises(ManifestError, match="is no version"):
        with_version(TEXT, version)


@settings(max_examples=150)
@given(st.text(st.characters(exclude_categories=("C", "Z")) | st.just(" "), min_size=1, max_size=20))
def test_any_printable_version_is_read_back(version: str) -> None:
    assume(version.strip())
    (document,) = parse_documents(with_version(TEXT, version))
    assert document.data["metadata"]["annotations"]["version"] == version


@settings(max_examples=100)
@given(st.from_regex(r"[a-z0-9]([-a-z0-9.]{0,10}[a-z0-9])?", fullmatch=True))
def test_any_name_is_read_back(name: str) -> None:
    assume(is_name(name))
    (document,) = parse_documents(with_name(TEXT, name))
    assert document.name == name
