"""Commits of a wave on a real remote: one push, each environment alone, every intent settled."""

from __future__ import annotations

import pytest

from promotions.models import PushIntent, Release, ReleaseApplication, ReleaseEnvironment, Step
from promotions.services import step_execute
from promotions.services.release_retry import release_retry
from promotions.steps import commit
from promotions.steps.change import read_values
from tests.promotions.repos.git_remotes import git
from tests.promotions.services.light_rows import promoter
from tests.promotions.steps.commit_rows import CHART, PLACES, Wave

pytestmark = pytest.mark.django_db(transaction=True)
DONE = ("SUCCEEDED", "")


class Died(BaseException):
    """Stands for SIGKILL: nothing after it runs."""


def dies_at(monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    fired: list[str] = []

    def failpoint(name: str) -> None:
        if name == place and not fired:
            fired.append(name)
            raise Died

    monkeypatch.setattr(commit, "failpoint", failpoint)
    monkeypatch.setattr(step_execute, "failpoint", failpoint)


def test_a_wave_is_one_push_with_a_commit_for_each_environment(wave: Wave) -> None:
    before = wave.remote.pushes()
    wave.run()
    assert wave.states() == dict.fromkeys(PLACES, DONE)
    assert wave.remote.pushes() == before + 1
    assert wave.remote.subjects()[:3] == [f"Promote shop 2 to {place}" for place in reversed(PLACES)]
    assert wave.versions() == ["2", "2", "2"]
    assert wave.open_intents() == 0
    eu = wave.application("eu")
    assert (eu.version_before, eu.version_after, eu.no_changes) == ("1", "2", False)
    assert [(file["path"], file["added"]) for file in eu.diff] == [("apps/eu/Chart.yaml", 1)]


def test_edits_that_began_at_different_tips_are_one_push_from_the_oldest(wave: Wave) -> None:
    # qa read its base first; then somebody pushed, then eu and asia came in.
    wave.only("qa")
    claimed = wave.application("qa")
    ReleaseApplication.objects.filter(pk=claimed.pk).update(
        base_revision=wave.base,
        base_values={"Chart.yaml": read_values(CHART.format(1).encode(), ["$.version"], "Chart.yaml")},
    )
    wave.remote.outsider_pushes({"README.md": "outside"})
    wave.ready("eu", "asia")
    before = wave.remote.pushes()
    wave.run()
    assert wave.states() == dict.fromkeys(PLACES, DONE)
    assert wave.remote.pushes() == before + 1
    assert len({wave.application(place).base_revision for place in PLACES}) == 2


def test_an_edit_whose_base_was_rewritten_away_fails_alone(wave: Wave) -> None:
    lost = wave.remote.outsider_pushes({"README.md": "lost"})
    ReleaseApplication.objects.filter(pk=wave.application("eu").pk).update(
        base_revision=lost, base_values={"Chart.yaml": {"$.version": "1"}}
    )
    git("push", "-q", "--force", "origin", f"{wave.base}:main", cwd=wave.remote.outsider)
    wave.run()
    assert wave.states() == {"qa": DONE, "eu": ("FAILED", "HISTORY_REWRITTEN"), "asia": DONE}


def test_a_second_environment_on_the_same_files_carries_the_first_ones_commit(wave: Wave) -> None:
    ReleaseApplication.objects.filter(pk=wave.application("asia").pk).update(path="apps/eu")
    wave.run()
    assert wave.states() == {"qa": DONE, "eu": DONE, "asia": ("SUCCEEDED", "NO_CHANGES")}
    # Its commit must carry the values: the tip from before the wave would be judged as overwritten.
    assert wave.application("asia").commit == wave.application("eu").commit


def test_a_target_without_the_version_fails_nobody(wave: Wave) -> None:
    wave.remote.outsider_pushes({"apps/eu/Chart.yaml": "name: shop\n"})
    wave.run()
    assert wave.states() == dict.fromkeys(PLACES, DONE)
    assert wave.application("eu").version_before == ""
    assert wave.application("eu").version_after == "2"


@pytest.mark.parametrize(
    ("content", "reason"), [("{{ template }}\n", "CANNOT_EDIT"), ("- not\n- a map\n", "CANNOT_EDIT")]
)
def test_a_file_that_cannot_be_edited_fails_its_environment_alone(
    wave: Wave, content: str, reason: str
) -> None:
    wave.remote.outsider_pushes({"apps/eu/Chart.yaml": content})
    wave.run()
    assert wave.states() == {"qa": DONE, "eu": ("FAILED", reason), "asia": DONE}
    assert "Chart.yaml" in wave.step("eu").message
    assert wave.remote.read("apps/eu/Chart.yaml") == content.rstrip("\n")


def test_what_the_remote_declines_is_told_apart_from_what_cannot_be_edited(wave: Wave) -> None:
    wave.remote.hook("pre-receive", "echo 'no promotions on Fridays' >&2; exit 1")
    wave.run()
    assert wave.states() == dict.fromkeys(PLACES, ("FAILED", "PUSH_REFUSED"))
    assert "no promotions on Fridays" in wave.step("qa").message
    assert wave.open_intents() == 0


def test_new_files_come_with_their_mode_and_old_ones_keep_theirs(wave: Wave) -> None:
    wave.promote(None)
    wave.freeze(wave.release, {"run.sh": b"#!/bin/sh\n", "Chart.yaml": CHART.format(2).encode()}, "100755")
    wave.run()
    assert wave.remote.mode("apps/eu/run.sh") == "100755"
    assert wave.remote.mode("apps/eu/Chart.yaml") == "100644"


def test_an_empty_file_is_promoted_as_an_empty_file(wave: Wave) -> None:
    wave.promote({"Chart.yaml": ["*"]})
    wave.freeze(wave.release, {"Chart.yaml": b""})
    wave.run()
    assert wave.remote.read("apps/eu/Chart.yaml") == ""
    assert wave.application("eu").version_after == ""


def test_bytes_that_are_no_text_can_be_promoted(wave: Wave) -> None:
    wave.promote(None)
    binary = bytes(range(256)) * 4
    wave.freeze(wave.release, {"logo.png": binary})
    wave.run()
    assert wave.states() == dict.fromkeys(PLACES, DONE)
    [shown] = wave.application("eu").diff
    assert (shown["path"], shown["isBinary"], shown["hunks"]) == ("apps/eu/logo.png", True, [])


@pytest.mark.parametrize(
    "place", ["push.after_intent", "push.during_push", "push.after_push", "commit.before_record"]
)
def test_no_intent_is_open_once_the_next_worker_has_ended_the_steps(
    wave: Wave, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    dies_at(monkeypatch, place)
    with pytest.raises(Died):
        wave.run()
    wave.lose_worker()
    wave.run()
    assert wave.states() == dict.fromkeys(PLACES, DONE)
    assert wave.open_intents() == 0
    assert len(wave.remote.subjects()) == 1 + len(PLACES)
    assert {wave.application(name).diff[0]["added"] for name in PLACES} == {1}


def fail(release: Release) -> None:
    Step.objects.filter(release=release, kind="commit").update(status="FAILED", lease_until=None)
    ReleaseEnvironment.objects.filter(release=release, role="TARGET").update(status="FAILED")
    Release.objects.filter(pk=release.pk).update(status="FAILED")


def test_a_retry_finds_what_had_landed_without_our_knowing(
    wave: Wave, monkeypatch: pytest.MonkeyPatch
) -> None:
    dies_at(monkeypatch, "push.after_push")
    with pytest.raises(Died):
        wave.run()
    wave.lose_worker()
    fail(wave.release)
    release_retry(user=promoter(), release_id=wave.release.pk)
    Release.objects.filter(pk=wave.release.pk).update(status="RUNNING")
    wave.ready(*PLACES)
    wave.run()
    # Not NO_CHANGES: it is this release that wrote it, and what it wrote is shown.
    assert wave.states() == dict.fromkeys(PLACES, DONE)
    assert len(wave.remote.subjects()) == 1 + len(PLACES)
    assert wave.application("eu").diff[0]["added"] == 1


def test_a_value_changed_since_the_base_is_a_conflict_and_another_one_is_not(
    wave: Wave, monkeypatch: pytest.MonkeyPatch
) -> None:
    def outsider(name: str) -> None:
        if name == "commit.after_base":
            wave.remote.outsider_pushes(
                {
                    "apps/eu/Chart.yaml": CHART.format(9),
                    "apps/asia/Chart.yaml": "name: renamed\nversion: 1\n",
                    "apps/qa/Chart.yaml": CHART.format(2),
                }
            )

    monkeypatch.setattr(commit, "failpoint", outsider)
    wave.run()
    assert wave.states() == {
        "qa": ("SUCCEEDED", "NO_CHANGES"), "eu": ("FAILED", "CONFLICT"), "asia": DONE,
    }  # fmt: skip
    assert "Olga Outsider" in wave.step("eu").message
    assert "$.version" in wave.step("eu").message
    assert wave.remote.read("apps/asia/Chart.yaml") == "name: renamed\nversion: 2"
    assert wave.open_intents() == 0


def test_several_applications_of_an_environment_are_one_commit_for_each_branch(wave: Wave) -> None:
    git("push", "-q", "origin", f"{wave.base}:refs/heads/other", cwd=wave.remote.outsider)
    environment = ReleaseEnvironment.objects.get(release=wave.release, name="qa")
    for name, branch in (("shop-two", "main"), ("shop-three", "other")):
        wave.remote.outsider_pushes({f"apps/{name}/Chart.yaml": CHART.format(1)})
        if branch == "other":
            git("push", "-q", "--force", "origin", "HEAD:refs/heads/other", cwd=wave.remote.outsider)
        application = ReleaseApplication.objects.create(
            environment=environment, runtime="local", namespace="argocd", name=name,
            repository=wave.remote.url, branch=branch, path=f"apps/{name}",
        )  # fmt: skip
        Step.objects.create(
            release=wave.release, environment=environment, application=application, kind="commit",
            title="Commit", phase=40, is_ready=True,
        )  # fmt: skip
    before = wave.remote.subjects()
    wave.run("main")
    wave.run("other")
    assert wave.remote.subjects()[: len(PLACES)] == [f"Promote shop 2 to {p}" for p in reversed(PLACES)]
    assert len(wave.remote.subjects()) == len(before) + len(PLACES)
    commits = {app.name: app.commit for app in environment.applications.all()}
    assert commits["shop-qa"] == commits["shop-two"] != commits["shop-three"]
    assert commits["shop-three"] == wave.remote.tip("other")
    assert PushIntent.objects.filter(state="LANDED").count() == len(PLACES) + 1


def test_head_is_the_remotes_default_branch(wave: Wave) -> None:
    ReleaseApplication.objects.filter(environment__release=wave.release).update(branch="HEAD")
    wave.run("HEAD")
    assert wave.states() == dict.fromkeys(PLACES, DONE)
    assert wave.versions() == ["2", "2", "2"]


def test_a_branch_that_is_none_is_said(wave: Wave) -> None:
    ReleaseApplication.objects.filter(environment__release=wave.release).update(branch="v1.0")
    wave.run("v1.0")
    assert wave.states() == dict.fromkeys(PLACES, ("FAILED", "BRANCH_MISSING"))
    assert "no branch v1.0" in wave.step("qa").message


def test_a_termination_before_the_push_writes_nothing_and_gives_the_steps_back(
    wave: Wave, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ends(name: str) -> None:
        if name == "commit.after_base":
            Release.objects.filter(pk=wave.release.pk).update(status="TERMINATING")

    monkeypatch.setattr(commit, "failpoint", ends)
    wave.run()
    assert wave.states() == dict.fromkeys(PLACES, ("PENDING", "ABANDONED"))
    assert wave.versions() == ["1", "1", "1"]


def test_releases_of_two_products_on_one_branch_go_out_together(wave: Wave) -> None:
    other = wave.make_release("pay")
    for place in PLACES:
        wave.remote.outsider_pushes({f"apps/pay-{place}/Chart.yaml": CHART.format(1)})
        ReleaseApplication.objects.filter(environment__release=other, environment__name=place).update(
            path=f"apps/pay-{place}"
        )
    before = wave.remote.pushes()
    wave.run()
    assert wave.remote.pushes() == before + 1
    assert not Step.objects.filter(kind="commit", environment__role="TARGET").exclude(status="SUCCEEDED")
