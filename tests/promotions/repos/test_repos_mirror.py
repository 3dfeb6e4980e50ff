"""The mirror: what it fetches, reads and remembers, and that many processes may share it."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from promotions.repos import BranchMissing, GitCommandFailed, Mirror, RepositoryNotFound, push_wave
from tests.promotions.repos.git_remotes import Intents, Remote, git, version_edit


def test_fetch_brings_the_full_history_of_the_named_branches_only(remote: Remote, mirror: Mirror) -> None:
    first = remote.tip()
    second = remote.outsider_pushes({"qa/values.yaml": "version: 2\n"})
    git("branch", "other", "main", cwd=remote.path)

    assert mirror.fetch(["main", "HEAD", "missing"]) == {"main": second, "HEAD": second}
    assert (mirror.tip("main"), mirror.tip("other")) == (second, None)
    assert mirror.is_ancestor(first, second) and not mirror.is_ancestor(second, first)
    assert not (mirror.git.directory / "shallow").exists()


def test_probe_names_branches_exactly(remote: Remote, mirror: Mirror) -> None:
    git("branch", "feature/main", "main", cwd=remote.path)

    assert mirror.probe(["main"]) == {"main": remote.tip()}
    assert set(mirror.probe()) == {"main", "feature/main"}


def test_nothing_is_transferred_when_nothing_moved(remote: Remote, tmp_path: Path) -> None:
    operations: list[str] = []
    with Mirror.open(
        tmp_path / "m", remote.url, allow_file=True, on_git=lambda name, seconds: operations.append(name)
    ) as mirror:
        mirror.fetch(["main"])
        assert "fetch" in operations
        operations.clear()
        mirror.fetch(["main"])
    assert operations == ["ls-remote"]


def test_a_replaced_branch_is_followed_and_a_deleted_one_forgotten(remote: Remote, mirror: Mirror) -> None:
    old = remote.outsider_pushes({"a": "1"})
    git("branch", "gone", "main", cwd=remote.path)
    mirror.fetch(["main", "gone"])
    git("branch", "-D", "gone", cwd=remote.path)
    git("reset", "-q", "--hard", "HEAD~1", cwd=remote.outsider)
    git("push", "-q", "--force", "origin", "HEAD:main", cwd=remote.outsider)

    assert mirror.fetch(["main", "gone"]) == {"main": remote.tip()}
    assert mirror.tip("main") == remote.tip() != old
    assert mirror.tip("gone") is None


def test_an_empty_repository_has_no_default_branch(tmp_path: Path) -> None:
    remote = Remote(tmp_path / "empty")
    with Mirror.open(tmp_path / "m", remote.url, allow_file=True) as mirror:
        assert mirror.probe() == {}
        with pytest.raises(BranchMissing, match="no default branch"):
            mirror.fetch(["HEAD"])


def test_a_repository_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    with (
        Mirror.open(tmp_path / "m", str(tmp_path / "nowhere"), allow_file=True) as mirror,
        pytest.raises(RepositoryNotFound, match="nowhere") as caught,
    ):
        mirror.fetch(["main"])
    assert not caught.value.retryable


def test_a_fetch_waits_for_a_ref_that_another_process_has_locked(
    remote: Remote, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror.fetch(["main"])
    tip = remote.outsider_pushes({"a": "1"})
    lock = mirror.git.directory / "refs" / "remotes" / "origin" / "main.lock"
    lock.touch()
    monkeypatch.setattr(time, "sleep", lambda seconds: lock.unlink(missing_ok=True))

    assert mirror.fetch(["main"]) == {"main": tip}


def test_a_fetch_gives_up_on_a_lock_that_nobody_releases(
    remote: Remote, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror.fetch(["main"])
    remote.outsider_pushes({"a": "1"})
    (mirror.git.directory / "refs" / "remotes" / "origin" / "main.lock").touch()
    monkeypatch.setattr(time, "sleep", lambda seconds: None)

    with pytest.raises(GitCommandFailed, match="lock") as caught:
        mirror.fetch(["main"])
    assert caught.value.retryable


def test_files_are_read_at_any_commit(remote: Remote, mirror: Mirror) -> None:
    old = remote.tip()
    (remote.outsider / "link").symlink_to("qa")
    new = remote.outsider_pushes({"qa/values.yaml": "version: 2\n", "qa/deep/er/x": "x"})
    mirror.fetch(["main"])

    blobs = [mirror.read(commit, "qa/values.yaml") for commit in (old, new)]
    assert [blob.content for blob in blobs if blob] == [b"version: 1\n", b"version: 2\n"]
    assert mirror.list_files(new, "qa") == ["qa/deep/er/x", "qa/values.yaml"]
    assert mirror.list_files(new, "qa/values.yaml") == mirror.list_files(new, "none") == []
    link = mirror.read(new, "link")
    assert link is not None and (link.mode, link.content) == ("120000", b"qa")
    assert mirror.read(new, "link/values.yaml") is None
    assert mirror.read(new, "qa") is None and mirror.read(new, "none") is None


def test_a_commit_read_before_it_was_fetched_is_found_afterwards(remote: Remote, mirror: Mirror) -> None:
    mirror.fetch(["main"])
    new = remote.outsider_pushes({"qa/values.yaml": "version: 2\n"})

    assert mirror.read(new, "qa/values.yaml") is None
    mirror.fetch(["main"])
    assert mirror.read(new, "qa/values.yaml") is not None


def test_history_tells_who_changed_a_file_last(remote: Remote, mirror: Mirror) -> None:
    base = remote.tip()
    change = remote.outsider_pushes({"qa/values.yaml": "version: 2\n"}, "Hotfix\n\nGrüße\n\nTicket: 4")
    tip = remote.outsider_pushes({"qa/other.yaml": "x\n"})
    mirror.fetch(["main"])

    found = mirror.last_change(base, tip, "qa/values.yaml")
    assert found is not None and (found.sha, found.parents) == (change, (base,))
    assert (found.author_name, found.message) == ("Olga Outsider", "Hotfix\n\nGrüße\n\nTicket: 4\n")
    assert found.trailers == {"Ticket": ("4",)}
    assert mirror.last_change(base, tip, "prod-eu/values.yaml") is None
    assert mirror.commit(base).parents == ()


def test_revisions_resolve_to_commits_or_nothing(remote: Remote, mirror: Mirror) -> None:
    mirror.fetch(["main"])
    tip = remote.tip()

    assert mirror.resolve(tip) == mirror.resolve(tip[:12]) == tip
    for nothing in ("0" * 40, "--all", "no such ref", "", "main"):
        assert mirror.resolve(nothing) is None


OPEN_AND_FETCH = """
import sys
from pathlib import Path
from promotions.repos import Mirror

sys.stdin.readline()  # all start together
with Mirror.open(Path(sys.argv[1]), sys.argv[2], allow_file=True) as mirror:
    print(mirror.fetch(["main"])["main"])
"""


def test_many_processes_create_and_fetch_one_mirror_at_once(remote: Remote, tmp_path: Path) -> None:
    root = tmp_path / "mirrors"
    children = [
        subprocess.Popen(
            [sys.executable, "-c", OPEN_AND_FETCH, str(root), remote.url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[3],
        )
        for _ in range(6)
    ]
    outputs = [child.communicate("go\n", timeout=60) for child in children]

    assert outputs == [(remote.tip() + "\n", "")] * 6
    assert [path.suffix for path in root.iterdir()] == [".git"]  # one mirror, nothing left beside it


def test_a_mirror_appears_whole_and_once_when_two_make_it_together(
    remote: Remote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "mirrors"
    rename = os.rename
    seen: list[list[str]] = []

    def rename_second(source: Path, target: Path) -> None:
        assert (source / "HEAD").exists() and not target.exists()
        monkeypatch.setattr(os, "rename", rename)
        with Mirror.open(root, remote.url, allow_file=True) as other:  # is first
            seen.append([other.fetch(["main"])["main"]])
        rename(source, target)

    monkeypatch.setattr(os, "rename", rename_second)
    with Mirror.open(root, remote.url, allow_file=True) as mirror:
        assert mirror.tip("main") == remote.tip()  # what the first fetched is still there
    assert seen == [[remote.tip()]]
    assert len(list(root.iterdir())) == 1


def test_a_root_that_cannot_hold_mirrors_is_a_git_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a directory")
    with pytest.raises(GitCommandFailed, match="cannot be made ready"):
        Mirror.open(tmp_path / "file", "https://example.com/app.git")


def test_a_relative_root_works_from_where_it_was_given(
    remote: Remote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, intents: Intents
) -> None:
    monkeypatch.chdir(tmp_path)
    with Mirror.open(Path("relative"), remote.url, allow_file=True) as mirror:
        edits = [version_edit("qa", "2")]
        [result] = push_wave(mirror, "main", remote.tip(), edits, intents, timeout=30)
    assert remote.tip() == result.sha


def test_what_killed_imports_left_behind_is_removed_after_an_hour(
    remote: Remote, mirror: Mirror, tmp_path: Path
) -> None:
    old = mirror.git.directory / "lockstep-import-old"
    new = mirror.git.directory / "lockstep-import-new"
    for directory in (old, new):
        (directory / "objects").mkdir(parents=True)
    os.utime(old, (time.time() - 4000, time.time() - 4000))

    Mirror.open(tmp_path / "mirrors", remote.url, allow_file=True).close()
    assert (old.exists(), new.exists()) == (False, True)


def test_compacting_keeps_what_the_branches_hold(remote: Remote, mirror: Mirror) -> None:
    mirror.fetch(["main"])
    mirror.compact(timeout=60)

    assert mirror.read(remote.tip(), "qa/values.yaml") is not None


def test_the_history_of_files_says_what_each_commit_did_to_them(remote: Remote, mirror: Mirror) -> None:
    first = remote.tip()
    second = remote.outsider_pushes({"qa/values.yaml": "version: 2\n", "qa/ü z": "x", "other": "1"})
    remote.outsider_pushes({"other": "2"})
    git("rm", "-q", "qa/values.yaml", cwd=remote.outsider)
    third = remote.outsider_commits_and_pushes("Remove")
    mirror.fetch(["main"])

    before = mirror.blob_ids(first, ["qa"])["qa/values.yaml"]
    after = mirror.blob_ids(second, ["qa"])
    assert set(after) == {"qa/values.yaml", "qa/ü z"}
    assert mirror.blob(after["qa/values.yaml"]) == b"version: 2\n"
    found = mirror.file_history(third, ["qa"], limit=10)
    assert [(commit.sha, commit.files) for commit in found] == [
        (third, {"qa/values.yaml": (after["qa/values.yaml"], None)}),
        (second, {"qa/values.yaml": (before, after["qa/values.yaml"]), "qa/ü z": (None, after["qa/ü z"])}),
        (first, {"qa/values.yaml": (None, before)}),
    ]
    assert [commit.sha for commit in mirror.file_history(third, ["qa/values.yaml"], limit=2)] == [
        third,
        second,
    ]
    assert len(mirror.file_history(third, [""], limit=10)) == 4
    assert mirror.file_history(third, ["qa/[v]alues.yaml"], limit=10) == []


def test_a_merge_did_what_it_brought_in_and_links_are_no_files(remote: Remote, mirror: Mirror) -> None:
    start = remote.tip()
    git("checkout", "-q", "-b", "side", cwd=remote.outsider)
    for version in ("2", "3"):
        (remote.outsider / "qa/values.yaml").write_text(f"version: {version}\n")
        git("commit", "-qam", version, cwd=remote.outsider)
    git("checkout", "-q", "main", cwd=remote.outsider)
    (remote.outsider / "qa/link").symlink_to("values.yaml")
    git("add", "-A", cwd=remote.outsider)
    git("commit", "-qm", "Link", cwd=remote.outsider)
    git("merge", "-q", "--no-ff", "-m", "Merge", "side", cwd=remote.outsider)
    git("push", "-q", "origin", "HEAD:main", cwd=remote.outsider)
    mirror.fetch(["main"])

    blobs = [mirror.blob_ids(commit, ["qa"])["qa/values.yaml"] for commit in (start, remote.tip())]
    assert set(mirror.blob_ids(remote.tip(), ["qa"])) == {"qa/values.yaml"}
    merge, link, _ = mirror.file_history(remote.tip(), ["qa"], limit=10)
    assert (merge.sha, merge.files) == (remote.tip(), {"qa/values.yaml": tuple(blobs)})
    assert link.files == {"qa/link": (None, None)}
