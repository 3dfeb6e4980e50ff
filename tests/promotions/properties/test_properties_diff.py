"""Previews show changed lines with their numbers and the word that changed."""

from __future__ import annotations

import json

import pytest

from promotions.properties import DiffHunk, line_diff


def drawn(hunks: list[DiffHunk]) -> str:
    """The hunks as text: `-5  | version: 1.184.[6]`."""
    signs = {"context": " ", "removed": "-", "added": "+"}
    lines = []
    for hunk in hunks:
        lines.append(f"@ {hunk.old_start},{hunk.old_count} {hunk.new_start},{hunk.new_count}")
        for line in hunk.lines:
            text = "".join(f"[{part}]" if changed else part for part, changed in line.segments)
            lines.append(f"{signs[line.kind]}{line.old_number or ''}:{line.new_number or ''} {text}")
    return "\n".join(lines)


def test_changed_word_is_marked_between_context_lines() -> None:
    old = b"a: 1\nname: x\ntype: application\nversion: 1.184.6  # released\nend: 1\n"
    assert drawn(line_diff(old, old.replace(b"184.6", b"184.7"), context=1)) == (
        "@ 3,3 3,3\n"
        " 3:3 type: application\n"
        "-4: version: 1.184.[6]  # released\n"
        "+:4 version: 1.184.[7]  # released\n"
        " 5:5 end: 1"
    )


@pytest.mark.parametrize(
    ("old", "new", "marked"),
    [
        ("tag: main-cca826d", "tag: main-f2a1f54", ("tag: [main-cca826d]", "tag: [main-f2a1f54]")),
        ("tag: 1-rc x", "tag: 2-rc x", ("tag: [1-rc] x", "tag: [2-rc] x")),
        ("tag: v10", "tag: v100", ("tag: [v10]", "tag: [v100]")),
        ("tag: v1", "tag: v1 # c", ("tag: v1", "tag: v1[ # c]")),
        ("a: x", "b: y", ("a: x", "b: y")),
        ("  a: x", "  zz", ("  a: x", "  zz")),
    ],
)
def test_mark_covers_whole_words_and_not_whole_lines(old: str, new: str, marked: tuple[str, str]) -> None:
    text = drawn(line_diff(old.encode(), new.encode()))
    assert text == f"@ 1,1 1,1\n-1: {marked[0]}\n+:1 {marked[1]}"


def test_far_changes_are_hunks_of_their_own_and_near_ones_share_one() -> None:
    old = [b"%d" % i for i in range(20)]
    near, far = list(old), list(old)
    near[3], near[8] = b"x", b"y"
    far[3], far[9] = b"x", b"y"
    assert len(line_diff(b"\n".join(old), b"\n".join(near), context=2)) == 1
    assert len(line_diff(b"\n".join(old), b"\n".join(far), context=2)) == 2


def test_equal_files_have_no_hunks() -> None:
    assert line_diff(b"a\n", b"a\n") == []


def test_new_file_and_changed_line_endings_are_shown() -> None:
    [created] = line_diff(b"", b"a\nb")
    assert (created.old_start, created.old_count, created.new_start, created.new_count) == (0, 0, 1, 2)
    assert [line.ending for line in created.lines] == ["lf", "none"]
    [changed] = line_diff(b"a\n", b"a\r\n")
    assert [(line.kind, line.ending) for line in changed.lines] == [("removed", "lf"), ("added", "crlf")]


def test_json_has_counts_numbers_and_segments() -> None:
    [hunk] = line_diff(b"t: v1\n", b"t: v2\n")
    data = json.loads(json.dumps(hunk.as_json()))
    assert (data["added"], data["removed"], data["oldStart"], data["newCount"]) == (1, 1, 1, 1)
    assert data["lines"][1] == {
        "kind": "added",
        "oldNumber": None,
        "newNumber": 1,
        "text": "t: v2",
        "ending": "lf",
        "segments": [{"text": "t: ", "changed": False}, {"text": "v2", "changed": True}],
    }


def test_large_rewritten_files_stay_cheap() -> None:
    old = b"".join(b"old %d\n" % i for i in range(15_000))
    new = b"".join(b"new %d\n" % i for i in range(15_000))
    [hunk] = line_diff(old, new)
    assert (hunk.removed, hunk.added) == (15_000, 15_000)
