"""A wave of edits: one push, exactly once each, whoever else pushes."""

import pytest

from promotions.repos import (
    Abandoned,
    BranchMissing,
    ChangeSet,
    Committed,
    Conflicted,
    FileWrite,
    GitTimeout,
    HistoryRewritten,
    Landed,
    Mirror,
    NotLanded,
    PushRejected,
    Refused,
    Unchanged,
    push_wave,
)
from tests.promotions.repos.git_remotes import BOT, Intents, Remote, edit, git, key, version_edit, write_edit

PLACES = ("qa", "prod-eu", "prod-asia")


def promote_all(mirror: Mirror, base: str, intents: Intents, **options):  # type: ignore[no-untyped-def]
    edits = [version_edit(place, "2") for place in PLACES]
    return push_wave(mirror, "main", base, edits, intents, timeout=30, **options)


def no_sleep(seconds: float) -> None:
    """Retry at once."""


def test_three_edits_become_a_chain_of_three_commits_in_one_push(
    remote: Remote, mirror: Mirror, intents: Intents
) -> None:
    base = remote.tip()
    results = promote_all(mirror, base, intents)

    # base <- qa <- prod-eu <- prod-asia
    assert all(isinstance(result, Committed) for result in results), results
    assert [result.parent for result in results] == [base, results[0].sha, results[1].sha]
    assert remote.tip() == results[2].sha
    assert results[1].changes == ("prod-eu/values.yaml",)
    assert remote.pushes() == 2  # the start and the wave
    assert [remote.read(f"{place}/values.yaml") for place in PLACES] == ["version: 2"] * 3
    git("fsck", "--strict", "--no-dangling", cwd=remote.path)


def test_a_commit_carries_author_date_message_and_trailers(
    remote: Remote, mirror: Mirror, intents: Intents
) -> None:
    [result] = push_wave(mirror, "main", remote.tip(), [version_edit("qa", "2")], intents, timeout=30)

    commit = mirror.commit(result.sha)
    assert (commit.author_name, commit.author_email) == (BOT.name, BOT.email)
    assert commit.date.isoformat() == "2026-03-01T12:30:00+00:00"
    assert commit.message.startswith("Promote to qa\n\n")
    assert commit.trailers == {
        "Lockstep-Release": ("7",),
        "Lockstep-Environment": ("qa",),
        "Lockstep-Effect": (key("qa"),),
    }


def test_intents_name_parent_and_candidate_before_the_push_and_are_settled_after(
    remote: Remote, mirror: Mirror, intents: Intents
) -> None:
    base = remote.tip()
    tips_at_failpoints = {}
    results = promote_all(
        mirror,
        base,
        intents,
        failpoint=lambda name: tips_at_failpoints.update({name: (remote.tip(), len(intents.recorded))}),
    )

    [recorded] = intents.recorded
    assert [(intent.parent, intent.candidate) for intent in recorded] == [
        (result.parent, result.sha) for result in results
    ]
    assert {(intent.repository, intent.branch, intent.base) for intent in recorded} == {
        (remote.url, "main", base)
    }
    assert tips_at_failpoints["after_intent"] == (base, 1)
    assert tips_at_failpoints["after_push"] == (results[2].sha, 1)
    assert list(tips_at_failpoints) == ["after_intent", "during_push", "after_push"]
    assert intents.settled == [(intent, Landed(intent.candidate)) for intent in recorded]


def test_an_unrelated_push_in_between_stays_and_the_wave_is_still_one_push(
    remote: Remote, mirror: Mirror, intents: Intents
) -> None:
    base = remote.tip()
    outside: list[str] = []

    def outsider_is_first(name: str) -> None:
        if name == "after_intent" and not outside:
            outside.append(remote.outsider_pushes({"docs/readme.md": "hello\n"}))

    results = promote_all(mirror, base, intents, failpoint=outsider_is_first)

    # base <- outsider <- qa <- prod-eu <- prod-asia
    assert results[0].parent == outside[0]
    assert remote.read("docs/readme.md") == "hello"
    assert remote.pushes() == 3  # the start, the outsider, the wave
    first, second = intents.recorded
    assert intents.settled[:3] == [(intent, NotLanded(outside[0])) for intent in first]
    assert intents.settled[3:] == [(intent, Landed(intent.candidate)) for intent in second]


def test_a_conflict_names_commit_and_author_and_the_other_edits_land_in_one_push(
    remote: Remote, mirror: Mirror, intents: Intents
) -> None:
    base = remote.tip()
    outside: list[str] = []

    def outsider_is_first(name: str) -> None:
        if name == "after_intent" and not outside:
            outside.append(remote.outsider_pushes({"prod-eu/values.yaml": "version: hotfix\n"}))

    results = promote_all(mirror, base, intents, failpoint=outsider_is_first)

    assert results[1] == Conflicted(
        "prod-eu/values.yaml was changed to 'version: hotfix'", outside[0], "Olga Outsider <olga@example.com>"
    )
    assert isinstance(results[0], Committed) and isinstance(results[2], Committed)
    assert remote.read("prod-eu/values.yaml") == "version: hotfix"
    assert remote.pushes() == 3


def test_what_the_branch_holds_already_is_unchanged_and_nothing_is_pushed(
    remote: Remote, mirror: Mirror, intents: Intents
) -> None:
    tip = remote.tip()
    same_bytes = write_edit("prod-eu", FileWrite("prod-eu/values.yaml", b"version: 1\n"))
    results = push_wave(mirror, "main", tip, [version_edit("qa", "1"), same_bytes], intents, timeout=30)

    assert results == [Unchanged(tip), Unchanged(tip)]
    assert (remote.pushes(), intents.recorded) == (1, [])


def test_an_edit_sees_what_the_edits_before_it_wrote(
    remote: Remote, mirror: Mirror, intents: Intents
) -> None:
    def append(line: bytes):  # type: ignore[no-untyped-def]
        return lambda tree: ChangeSet(
            (FileWrite("qa/values.yaml", tree.read("qa/values.yaml").content + line),)
        )

    edits = [edit("first", append(b"a: 1\n")), edit("second", append(b"b: 2\n"))]
    push_wave(mirror, "main", remote.tip(), edits, intents, timeout=30)

    assert remote.read("qa/values.yaml") == "version: 1\na: 1\nb: 2"


@pytest.mark.parametrize("crash_at", ["after_intent", "after_push"])
def test_a_crash_and_a_second_run_leave_one_commit_for_each_edit(
    remote: Remote, mirror: Mirror, intents: Intents, crash_at: str
) -> None:
    base = remote.tip()

    def crash(name: str) -> None:
        if name == crash_at:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        promote_all(mirror, base, intents, failpoint=crash)
    results = promote_all(mirror, base, intents)

    candidates = [intent.candidate for intent in intents.recorded[0]]
    assert [result.sha for result in results] == candidates  # the second run made the same SHAs
    assert {result.earlier for result in results} == {crash_at == "after_push"}
    assert results[0].changes == ("qa/values.yaml",)
    assert remote.subjects() == ["Promote to prod-asia", "Promote to prod-eu", "Promote to qa", "Start"]
    assert remote.pushes() == 2


def test_an_effect_is_found_under_later_commits_of_others(
    remote: Remote, mirror: Mirror, intents: Intents
) -> None:
    base = remote.tip()
    first = promote_all(mirror, base, intents)
    remote.outsider_pushes({"qa/values.yaml": "version: 3\n"})

    again = promote_all(mirror, base, intents)

    assert [(result.sha, result.earlier) for result in again] == [(result.sha, True) for result in first]


def test_an_abandoned_edit_is_left_out_and_the_chain_is_built_anew(
    remote: Remote, mirror: Mirror, intents: Intents
) -> None:
    base = remote.tip()
    intents.refuse = {key("qa")}
    results = promote_all(mirror, base, intents)

    assert results[0] == Abandoned()
    assert results[1].parent == base
    assert remote.read("qa/values.yaml") == "version: 1"
    assert [[intent.effect_key for intent in chain] for chain in intents.recorded] == [
        [key("prod-eu"), key("prod-asia")]
    ]


REFUSE_PROD_EU = """
while read -r old new ref; do
    if git diff --name-only "$old" "$new" | grep -q ^prod-eu/; then
        echo "prod-eu is frozen until Monday" >&2
        exit 1
    fi
done
"""


def test_what_a_hook_refuses_fails_alone(remote: Remote, mirror: Mirror, intents: Intents) -> None:
    remote.hook("pre-receive", REFUSE_PROD_EU)
    results = promote_all(mirror, remote.tip(), intents, sleep=no_sleep)

    assert isinstance(results[0], Committed) and isinstance(results[2], Committed)
    assert results[1] == Refused(
        f"Branch main of {remote.url} refused the commit: prod-eu is frozen until Monday"
    )
    assert remote.subjects() == ["Promote to prod-asia", "Promote to qa", "Start"]
    assert len(intents.recorded) == 1 + 3  # together, then each alone; a hook's no is not asked for twice
    last_word = {intent.effect_key: outcome for intent, outcome in intents.settled}
    assert isinstance(last_word[key("prod-eu")], NotLanded)
    assert isinstance(last_word[key("qa")], Landed)


def test_a_lock_that_another_push_holds_on_the_remote_is_waited_for(
    remote: Remote, mirror: Mirror, intents: Intents
) -> None:
    lock = remote.path / "refs" / "heads" / "main.lock"
    lock.touch()
    results = promote_all(mirror, remote.tip(), intents, sleep=lambda seconds: lock.unlink(missing_ok=True))

    assert all(isinstance(result, Committed) for result in results), results
    assert remote.pushes() == 2


def test_a_remote_that_says_no_twice_in_other_words_has_refused(
    remote: Remote, mirror: Mirror, intents: Intents
) -> None:
    git("config", "core.bare", "false", cwd=remote.path)  # "branch is currently checked out"
    git("config", "receive.denyCurrentBranch", "refuse", cwd=remote.path)
    [result] = push_wave(
        mirror, "main", remote.tip(), [version_edit("qa", "2")], intents, timeout=30, sleep=no_sleep
    )

    assert isinstance(result, Refused) and "checked out" in result.message
    assert len(intents.recorded) == 2
    assert all(isinstance(outcome, NotLanded) for _, outcome in intents.settled)


def test_it_gives_up_as_stale_when_others_are_always_first(
    remote: Remote, mirror: Mirror, intents: Intents
) -> None:
    pushed = iter(range(1000))

    def outsider_is_first(name: str) -> None:
        if name == "after_intent":
            remote.outsider_pushes({"counter": f"{next(pushed)}\n"})

    with pytest.raises(PushRejected, match="first, 10 times in a row") as caught:
        promote_all(mirror, remote.tip(), intents, failpoint=outsider_is_first, sleep=no_sleep)
    assert caught.value.reason == "stale" and caught.value.retryable


def test_a_rewritten_history_stops_the_wave(remote: Remote, mirror: Mirror, intents: Intents) -> None:
    base = remote.outsider_pushes({"qa/values.yaml": "version: 1.5\n"})
    mirror.fetch(["main"])
    git("reset", "-q", "--hard", "HEAD~1", cwd=remote.outsider)
    git("push", "-q", "--force", "origin", "HEAD:main", cwd=remote.outsider)

    with pytest.raises(HistoryRewritten, match=r"history of branch main .* was rewritten"):
        promote_all(mirror, base, intents)
    assert intents.recorded == []


def test_a_branch_deleted_in_between_is_not_made_again(
    remote: Remote, mirror: Mirror, intents: Intents
) -> None:
    git("branch", "release", "main", cwd=remote.path)

    def delete(name: str) -> None:
        if name == "after_intent":
            git("branch", "-D", "release", cwd=remote.path)

    with pytest.raises(BranchMissing, match="no branch release"):
        push_wave(
            mirror,
            "release",
            remote.tip(),
            [version_edit("qa", "2")],
            intents,
            timeout=30,
            failpoint=delete,
            sleep=no_sleep,
        )
    assert "release" not in git("branch", cwd=remote.path)


def test_the_branch_literally_called_head_is_the_default_branch(
    remote: Remote, mirror: Mirror, intents: Intents
) -> None:
    [result] = push_wave(mirror, "HEAD", remote.tip(), [version_edit("qa", "2")], intents, timeout=30)

    assert remote.tip("main") == result.sha
    assert intents.recorded[0][0].branch == "main"


def test_a_push_ends_when_its_time_is_over_and_does_not_land_later(
    remote: Remote, mirror: Mirror, intents: Intents
) -> None:
    base = remote.tip()
    mirror.fetch(["main"])
    remote.hook("pre-receive", "sleep 30")

    with pytest.raises(GitTimeout):
        push_wave(mirror, "main", base, [version_edit("qa", "2")], intents, timeout=1)
    assert remote.tip() == base
    assert intents.settled == []  # in doubt until somebody asks the remote

    remote.hook("pre-receive", "exit 0")
    [result] = push_wave(mirror, "main", base, [version_edit("qa", "2")], intents, timeout=30)
    assert result.sha == intents.recorded[0][0].candidate


def test_an_answer_lost_after_the_push_landed_is_not_pushed_again(
    remote: Remote, mirror: Mirror, intents: Intents
) -> None:
    # The remote moves the branch and then dies before it can say so.
    remote.hook("post-update", "exec >&- 2>&-; kill -9 $PPID")
    results = promote_all(mirror, remote.tip(), intents, sleep=no_sleep)

    assert all(isinstance(result, Committed) for result in results), results
    assert remote.pushes() == 2
    assert [outcome for _, outcome in intents.settled] == [Landed(result.sha) for result in results]


def test_two_edits_with_one_effect_key_are_refused(remote: Remote, mirror: Mirror, intents: Intents) -> None:
    with pytest.raises(ValueError, match="same effect key"):
        push_wave(mirror, "main", remote.tip(), [version_edit("qa", "2")] * 2, intents, timeout=30)
