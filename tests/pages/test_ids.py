"""Names that people choose stand in ids behind a word of their own: none makes the id of something else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
MARKUP = sorted((ROOT / "templates").rglob("*.html"))
SCRIPTS = sorted(
    p for p in (ROOT / "static").rglob("*.ts*") if "dist" not in p.parts and ".test." not in p.name
)
SPRITE = ROOT / "static/look/icons.svg"


def found(pattern: str, paths: list[Path]) -> Iterator[str]:
    for path in paths:
        yield from re.findall(pattern, path.read_text("utf-8"))


def made_from_names() -> set[str]:
    """What stands in front of the name."""
    return {
        *found(r'\bid="([\w-]+-)\{\{', MARKUP),
        *found(r"Id = \(\w+: string\): string => `([\w-]+)\$\{", SCRIPTS),
    }


def fixed() -> set[str]:
    return set(found(r'\bid="([\w-]+)"', [*MARKUP, *SCRIPTS, SPRITE]))


def test_no_id_that_stands_in_the_source_begins_like_one_made_from_a_name() -> None:
    prefixes = made_from_names()
    assert {"column-", "flow-row-", "facts-of-", "state-of-"} <= prefixes
    assert {"main", "announce", "i-alert", "flow-menu", "release-panel"} <= fixed()
    assert [one for one in sorted(fixed()) if one.startswith(tuple(prefixes))] == []


def test_no_two_words_in_front_of_names_can_make_the_same_id() -> None:
    prefixes = made_from_names()
    assert [(a, b) for a in prefixes for b in prefixes if a != b and a.startswith(b)] == []


def test_every_id_with_something_from_the_data_begins_with_a_word() -> None:
    # Django's own ids of form fields, which begin with id_, are made of no name that a person chose.
    bare = set(found(r'\bid="(\{[^"]*)"', MARKUP))
    assert {one for one in bare if "id_for_label" not in one} == set()
    assert list(found(r"\bid=\{`([^`]*)`\}", SCRIPTS)) == ["${id}-list"]  # behind React's own id
