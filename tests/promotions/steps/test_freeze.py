"""What a release keeps of its source: exactly the bytes of one commit, or a refusal that says why."""

from __future__ import annotations

from typing import Any

import pytest

from promotions.models import Release, SourceBlob
from promotions.steps import freeze
from promotions.steps.base import Done, Outcome, Terminal
from promotions.steps.freeze import directory_name, in_directory, run_freeze, source_entries
from promotions.steps.outcomes import ended
from tests.promotions.repos.git_remotes import git
from tests.promotions.steps.commit_rows import CHART, Wave

pytestmark = pytest.mark.django_db(transaction=True)


def frozen(wave: Wave, *, path: str = "apps/dev", revision: str = "", **template: Any) -> Outcome:
    Release.objects.filter(pk=wave.release.pk).update(
        source_repository=wave.remote.url,
        source_path=path,
        source_revision=revision or wave.remote.tip(),
        frozen_at=None,
        template={"versionSource": {"file": "Chart.yaml", "jsonPath": "$.version"}, **template},
    )
    wave.release.source_files.all().delete()
    wave.release.refresh_from_db()
    outcome = ended(lambda: run_freeze(wave.release))
    wave.release.refresh_from_db()
    return outcome


def contents(wave: Wave) -> dict[str, bytes]:
    return {path: entry.content for path, entry in source_entries(wave.release).items()}


def test_the_files_of_the_template_are_stored_with_version_and_author(wave: Wave) -> None:
    tip = wave.remote.outsider_pushes({"apps/dev/Chart.yaml": CHART.format("58.10"), "apps/dev/x": "x"}, "Up")
    assert isinstance(frozen(wave, promotion={"Chart.yaml": ["$.version"], "gone.yaml": ["*"]}), Done)
    assert contents(wave) == {"Chart.yaml": CHART.format("58.10").encode()}
    release = wave.release
    assert (release.version, release.source_author, release.source_revision) == (
        "58.10", "Olga Outsider", tip,
    )  # fmt: skip
    assert release.source_message.strip() == "Up"


def test_without_a_block_the_whole_directory_is_stored_with_modes(wave: Wave) -> None:
    wave.remote.outsider_pushes({"apps/dev/run.sh": "#!/bin/sh\n", "apps/dev/sub/x": "x", "apps/deva": "no"})
    (wave.remote.outsider / "apps/dev/run.sh").chmod(0o755)
    git("add", "-A", cwd=wave.remote.outsider)
    wave.remote.outsider_commits_and_pushes("Executable")
    frozen(wave)
    assert set(contents(wave)) == {"run.sh", "sub/x"}
    assert source_entries(wave.release)["run.sh"].mode == "100755"


def test_a_force_push_after_the_freeze_changes_nothing(wave: Wave) -> None:
    revision = wave.remote.outsider_pushes({"apps/dev/Chart.yaml": CHART.format(2)})
    frozen(wave, promotion={"Chart.yaml": ["$.version"]})
    git("push", "-q", "--force", "origin", f"{wave.base}:main", cwd=wave.remote.outsider)
    wave.remote.outsider_pushes({"apps/dev/Chart.yaml": CHART.format(666)})
    wave.run()
    assert wave.versions() == ["2", "2", "2"]
    assert f"Lockstep-Source-Commit: {revision}" in git(
        "log", "-1", "--format=%B", "main", cwd=wave.remote.path
    )


def test_an_older_commit_can_be_the_source(wave: Wave) -> None:
    older = wave.remote.outsider_pushes({"apps/dev/Chart.yaml": CHART.format("0.9")})
    wave.remote.outsider_pushes({"apps/dev/Chart.yaml": CHART.format("1.0")})
    assert isinstance(frozen(wave, revision=older[:10]), Done)
    assert (wave.release.version, wave.release.source_revision) == ("0.9", older)


def refused(outcome: Outcome) -> str:
    assert isinstance(outcome, Terminal)
    assert outcome.message
    assert not outcome.is_fault
    return outcome.reason


def test_a_commit_that_the_branch_never_had_is_refused(wave: Wave) -> None:
    assert refused(frozen(wave, revision="b" * 40)) == "SOURCE_GONE"


def test_a_commit_of_another_branch_is_refused(wave: Wave) -> None:
    git("checkout", "-q", "--detach", cwd=wave.remote.outsider)
    (wave.remote.outsider / "apps/dev").mkdir(parents=True, exist_ok=True)
    (wave.remote.outsider / "apps/dev/Chart.yaml").write_text(CHART.format(7))
    git("add", "-A", cwd=wave.remote.outsider)
    git("commit", "-q", "-m", "Not reviewed", cwd=wave.remote.outsider)
    git("push", "-q", "origin", "HEAD:refs/heads/proposal", cwd=wave.remote.outsider)
    proposal = git("rev-parse", "HEAD", cwd=wave.remote.outsider)
    from promotions.mirrors import mirror_open

    with mirror_open(wave.remote.url) as mirror:  # it is here, as some application follows that branch
        mirror.fetch(["proposal"])
    assert refused(frozen(wave, revision=proposal)) == "SOURCE_GONE"


def test_links_are_refused(wave: Wave) -> None:
    link = wave.remote.outsider / "apps/dev/Chart.yaml"
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to("../../secret")
    git("add", "-A", cwd=wave.remote.outsider)
    wave.remote.outsider_commits_and_pushes("Link")
    assert refused(frozen(wave)) == "NOT_A_FILE"
    assert refused(frozen(wave, promotion={"Chart.yaml": ["*"]})) == "NOT_A_FILE"
    assert not wave.release.source_files.exists()


def test_a_name_that_is_no_text_is_refused(wave: Wave) -> None:
    wave.remote.outsider_pushes({"apps/dev/caf\udce9": "x"})
    assert refused(frozen(wave)) == "ODD_FILE_NAME"


def test_a_source_that_is_too_large_is_refused_before_it_is_read_whole(wave: Wave, settings: Any) -> None:
    settings.FREEZE_LIMIT_BYTES = 1024**2
    wave.remote.outsider_pushes({f"apps/dev/{n}": "x" * 600_000 for n in range(3)})
    outcome = frozen(wave)
    assert refused(outcome) == "SOURCE_TOO_LARGE"
    assert "1 MiB" in outcome.message
    settings.FREEZE_LIMIT_BYTES = 3 * 600_000
    assert isinstance(frozen(wave), Done)


@pytest.mark.parametrize(("path", "promotion"), [("apps/none", None), ("apps/qa", {"x.yaml": ["*"]})])
def test_nothing_there_is_refused(wave: Wave, path: str, promotion: Any) -> None:
    assert refused(frozen(wave, path=path, promotion=promotion)) == "NOTHING_TO_PROMOTE"


def test_a_version_that_cannot_be_read_stops_nothing(wave: Wave) -> None:
    wave.remote.outsider_pushes({"apps/dev/Chart.yaml": "{{ no yaml }}\n"})
    assert isinstance(frozen(wave), Done)
    assert wave.release.version == ""


def test_a_version_is_cut_to_what_the_column_holds(wave: Wave) -> None:
    wave.remote.outsider_pushes({"apps/dev/Chart.yaml": CHART.format("9" * 500)})
    assert isinstance(frozen(wave), Done)
    assert len(wave.release.version) == freeze.VERSION_LENGTH


def test_a_second_run_keeps_what_is_stored(wave: Wave) -> None:
    wave.remote.outsider_pushes({"apps/dev/Chart.yaml": CHART.format(2)})
    frozen(wave)
    wave.remote.outsider_pushes({"apps/dev/Chart.yaml": CHART.format(3)})
    assert isinstance(run_freeze(wave.release), Done)
    assert contents(wave) == {"Chart.yaml": CHART.format(2).encode()}


def test_equal_contents_are_stored_once(wave: Wave) -> None:
    wave.remote.outsider_pushes({"apps/dev/a": "same", "apps/dev/b": "same"})
    frozen(wave)
    assert len(contents(wave)) == 2
    assert SourceBlob.objects.filter(content=b"same").count() == 1


@pytest.mark.parametrize(
    ("path", "name"), [("", ""), (".", ""), ("./", ""), ("/a/b/", "a/b"), ("./a//b", "a/b"), ("a/../b", "b")]
)
def test_directories_are_named_as_git_names_them(path: str, name: str) -> None:
    assert directory_name(path) == name
    assert in_directory(path, "f") == (f"{name}/f" if name else "f")
