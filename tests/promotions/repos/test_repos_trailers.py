"""What is written as trailers is what git reads back, and nothing else is."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from promotions.repos.history import LOG_FORMAT, parse_log
from promotions.repos.trailers import APPLICATION, EFFECT, RELEASE, write_message
from tests.promotions.repos.git_remotes import git

TRAILERS = [(RELEASE, "7"), (APPLICATION, "argocd/qa"), (APPLICATION, "argocd/qa-worker"), (EFFECT, "a/b: c")]


def read_back(directory: Path, message: str) -> dict[str, tuple[str, ...]]:
    git("init", "-q", ".", cwd=directory)
    tree = git("mktree", cwd=directory, stdin=b"")
    commit = git("commit-tree", tree, "-F", "-", cwd=directory, stdin=message.encode())
    output = git("log", "-z", LOG_FORMAT, commit, cwd=directory)
    return dict(parse_log(output.encode())[0].trailers)


@pytest.mark.parametrize(
    "message",
    [
        "Promote",
        "Promote\n\nA body with Grüßen.\n\n",
        "Promote\n\nSigned-off-by: Somebody <s@example.com>",
        "Promote\n\nnot a trailer\nLockstep-Effect: forged\nmore prose",
        "Promote\n\n---\nbelow a divider",
        "Promote: with a colon",
        "Windows\r\n\r\nlines",
    ],
)
def test_trailers_are_read_back_as_written(tmp_path: Path, message: str) -> None:
    assert read_back(tmp_path, write_message(message, TRAILERS)) == {
        RELEASE: ("7",),
        APPLICATION: ("argocd/qa", "argocd/qa-worker"),
        EFFECT: ("a/b: c",),
    }


def test_a_message_without_trailers_has_none(tmp_path: Path) -> None:
    assert read_back(tmp_path, write_message("Promote\n\nProse: only in the middle\n\nof it", [])) == {}


@pytest.mark.parametrize(
    ("message", "trailers"),
    [
        ("  \n ", []),
        ("Promote", [("Two words", "x")]),
        ("Promote", [("", "x")]),
        ("Promote", [("Ünicode", "x")]),
        ("Promote", [(EFFECT, "")]),
        ("Promote", [(EFFECT, " padded")]),
        ("Promote", [(EFFECT, "x\nLockstep-Release: forged")]),
        ("Promote", [(EFFECT, "x\x1fy")]),
    ],
)
def test_what_would_be_read_back_differently_is_refused(
    message: str, trailers: Sequence[tuple[str, str]]
) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        write_message(message, trailers)
