"""An intent found after a crash: did its push land?"""

from dataclasses import replace
from pathlib import Path

import pytest

from promotions.repos import Intent, Landed, Mirror, NotLanded, Unknown, push_wave, resolve_intent
from tests.promotions.repos.git_remotes import Intents, Remote, git, key, version_edit


@pytest.fixture
def intent(remote: Remote, mirror: Mirror, intents: Intents) -> Intent:
    """The intent of a push that landed."""
    push_wave(mirror, "main", remote.tip(), [version_edit("qa", "2")], intents, timeout=30)
    return intents.recorded[0][0]


def test_a_candidate_under_later_commits_has_landed(remote: Remote, mirror: Mirror, intent: Intent) -> None:
    remote.outsider_pushes({"a": "1"})
    assert resolve_intent(mirror, intent) == Landed(intent.candidate)


def test_a_candidate_in_the_history_has_landed_whatever_became_of_the_base(
    mirror: Mirror, intent: Intent
) -> None:
    assert resolve_intent(mirror, replace(intent, base="0123456789" * 4)) == Landed(intent.candidate)


def test_an_effect_that_landed_as_another_commit_has_landed(
    remote: Remote, mirror: Mirror, intent: Intent
) -> None:
    superseded = replace(intent, candidate="0123456789" * 4)
    assert resolve_intent(mirror, superseded) == Landed(intent.candidate)


def test_an_effect_rebased_by_somebody_else_has_landed(
    remote: Remote, mirror: Mirror, intent: Intent
) -> None:
    git("fetch", "-q", cwd=remote.outsider)
    git("reset", "-q", "--hard", "origin/main", cwd=remote.outsider)
    git("commit", "-q", "--amend", "--reset-author", "--no-edit", cwd=remote.outsider)
    git("push", "-q", "--force", "origin", "HEAD:main", cwd=remote.outsider)

    assert remote.tip() != intent.candidate
    assert resolve_intent(mirror, intent) == Landed(remote.tip())


def test_a_commit_that_was_thrown_away_has_not_landed(remote: Remote, mirror: Mirror, intent: Intent) -> None:
    git("update-ref", "refs/heads/main", intent.base, cwd=remote.path)
    assert resolve_intent(mirror, intent) == NotLanded(intent.base)


def test_another_effect_has_not_landed(remote: Remote, mirror: Mirror, intent: Intent) -> None:
    other = replace(intent, effect_key=key("elsewhere"), candidate="0123456789" * 4)
    assert resolve_intent(mirror, other) == NotLanded(remote.tip())


def test_nothing_has_landed_on_a_branch_that_is_gone(remote: Remote, mirror: Mirror, intent: Intent) -> None:
    assert resolve_intent(mirror, replace(intent, branch="gone")) == NotLanded(None)


def test_it_is_unknown_while_the_remote_cannot_be_asked(
    remote: Remote, mirror: Mirror, intent: Intent, tmp_path: Path
) -> None:
    remote.path.rename(tmp_path / "moved-away")
    result = resolve_intent(mirror, intent)
    assert isinstance(result, Unknown) and "remote.git" in result.message


def test_it_is_unknown_where_the_base_is_not_in_the_history(mirror: Mirror, intent: Intent) -> None:
    lost = replace(intent, base="0123456789" * 4, candidate="0123456789" * 4)
    assert isinstance(resolve_intent(mirror, lost), Unknown)
