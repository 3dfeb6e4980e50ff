"""What every Runtime adapter must do, whatever stands behind it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from environments.runtimes.base import (
    ManifestRefused,
    Runtime,
    RuntimeRefused,
    RuntimeUnreachable,
    StoresManifests,
)
from tests.contracts.runtime_sites import LocalSite, RuntimeSite, key, manifest, settle, state
from tests.environments.bare_repository import chart

pytestmark = pytest.mark.django_db

ADAPTERS: dict[str, Callable[[Path], RuntimeSite]] = {"local": LocalSite}


@pytest.fixture(params=sorted(ADAPTERS))
def site(request: pytest.FixtureRequest, tmp_path: Path, settings: Any) -> RuntimeSite:
    settings.DATA_DIR = tmp_path
    return ADAPTERS[request.param](tmp_path)


@pytest.fixture
def web(site: RuntimeSite) -> RuntimeSite:
    """One automated application, Synced and Healthy."""
    site.commit({"manifests/web.yaml": manifest(annotations={"team": "blue"}), **chart()})
    settle(site)
    return site


def test_it_reports_what_the_manifest_says(web: RuntimeSite) -> None:
    seen = state(web)
    assert seen.key == key()
    assert (seen.project, dict(seen.annotations)) == ("default", {"team": "blue"})
    assert (seen.destination_cluster, seen.destination_namespace) == ("in-cluster", "web")
    source = seen.sources[0]
    assert (source.repo_url, source.path, source.target_revision) == (web.url, "apps/web", "HEAD")


def test_a_settled_application_names_the_commit_that_it_compared_with(web: RuntimeSite) -> None:
    tip = web.commit({"README.md": "hello\n"})
    settle(web)
    assert state(web).revisions == (tip,)


def test_listing_and_asking_for_one_agree(web: RuntimeSite) -> None:
    listed = {s.key: s for s in web.runtime.list_applications()}
    assert listed == dict(web.runtime.get_applications([key()]))


def test_asking_for_what_does_not_exist_leaves_it_out(web: RuntimeSite) -> None:
    assert set(web.runtime.get_applications([key(), key("nobody")])) == {key()}
    assert web.runtime.get_applications([]) == {}


def test_thousands_can_be_asked_for_in_one_call(web: RuntimeSite) -> None:
    keys = [key(), *(key(f"web-{number}") for number in range(3000))]
    assert set(web.runtime.get_applications(keys)) == {key()}
    web.runtime.refresh(keys, hard=True)


#  commit -> OutOfSync, Running -> Synced, Progressing -> Healthy
def test_a_commit_goes_through_operation_and_rollout_to_healthy(web: RuntimeSite) -> None:
    before = state(web)
    tip = web.commit(chart("v2", "a2"))
    steps: list[tuple[str, str, str]] = []

    def done() -> bool:
        seen = state(web)
        step = (seen.sync, seen.health, seen.operation.phase)
        if not steps or steps[-1] != step:
            steps.append(step)
        return step == ("Synced", "Healthy", "Succeeded") and seen.revisions == (tip,)

    web.wait(done)
    assert steps == [
        ("OutOfSync", "Healthy", "Running"),
        ("Synced", "Progressing", "Succeeded"),
        ("Synced", "Healthy", "Succeeded"),
    ]
    after = state(web)
    assert after.operation.revision == tip
    assert after.operation.started_at and after.operation.finished_at and after.health_changed_at
    assert before.operation.finished_at and before.operation.finished_at < after.operation.started_at
    assert after.operation.started_at <= after.operation.finished_at <= after.health_changed_at
    assert after.images == ("site/web:a2",)
    assert [(r.kind, r.name, r.health, r.ready) for r in after.resources] == [
        ("Deployment", "web", "Healthy", "2/2")
    ]


def test_a_refresh_is_answered_by_a_later_look_of_its_own_clock(web: RuntimeSite) -> None:
    before = state(web)
    asked_at = web.runtime.now()
    web.runtime.refresh([key()], hard=True)
    web.wait(lambda: (state(web).reconciled_at or asked_at) > asked_at or state(web) != before)
    seen = state(web)
    assert seen.reconciled_at is not None and before.reconciled_at is not None
    assert before.reconciled_at < seen.reconciled_at <= seen.observed_at
    assert (seen.sync, seen.health, seen.revisions) == (before.sync, before.health, before.revisions)


def test_a_refresh_of_nothing_known_is_no_error(web: RuntimeSite) -> None:
    web.runtime.refresh([key("nobody")])
    web.runtime.refresh([])


def test_without_automation_it_waits_for_a_sync(site: RuntimeSite) -> None:
    site.commit({"manifests/web.yaml": manifest(automated=False), **chart()})
    assert (state(site).sync, state(site).health) == ("OutOfSync", "Missing")
    site.runtime.sync(key())
    with pytest.raises(RuntimeRefused, match="running"):
        site.runtime.sync(key())
    settle(site)


def test_a_sync_to_an_older_revision_is_out_of_sync_with_the_newest(site: RuntimeSite) -> None:
    first = site.commit({"manifests/web.yaml": manifest(automated=False), **chart("v1", "a1")})
    second = site.commit(chart("v2", "a2"))
    site.runtime.sync(key(), revision=first)
    site.wait(lambda: state(site).operation.phase == "Succeeded" and state(site).health == "Healthy")
    seen = state(site)
    assert (seen.sync, seen.revisions, seen.operation.revision) == ("OutOfSync", (second,), first)
    assert seen.images == ("site/web:a1",)


@pytest.mark.parametrize("revision", ["nowhere", "f" * 40, "--upload-pack=x"])
def test_a_sync_to_an_unknown_revision_is_refused(web: RuntimeSite, revision: str) -> None:
    with pytest.raises(RuntimeRefused):
        web.runtime.sync(key(), revision=revision)
    assert state(web).operation.phase == "Succeeded"


def test_a_sync_of_an_unknown_application_is_refused(site: RuntimeSite) -> None:
    site.commit({"README.md": "empty\n"})
    with pytest.raises(RuntimeRefused, match="nobody"):
        site.runtime.sync(key("nobody"))


def test_a_failed_sync_says_why_and_keeps_what_ran(web: RuntimeSite) -> None:
    web.fail("web", "sync_error", "quota exceeded")
    web.commit(chart("v2", "a2"))
    web.wait(lambda: state(web).operation.phase == "Failed")
    seen = state(web)
    assert "quota exceeded" in seen.operation.message
    assert (seen.sync, seen.health, seen.images) == ("OutOfSync", "Healthy", ("site/web:a1",))


def test_a_degraded_application_says_why(web: RuntimeSite) -> None:
    web.fail("web", "degraded", "Deployment web exceeded its progress deadline.")
    tip = web.commit(chart("v2", "a2"))
    web.wait(lambda: state(web).health == "Degraded" and state(web).sync == "Synced")
    seen = state(web)
    assert seen.revisions == (tip,)
    assert "progress deadline" in seen.health_message
    assert [(r.name, r.health) for r in seen.resources] == [("web", "Degraded")]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"manifests/bad.yaml": manifest("bad", path="apps/none")}, "apps/none"),
        ({"manifests/bad.yaml": manifest("bad", revision="no-such-branch")}, "no-such-branch"),
        ({"manifests/bad.yaml": manifest("bad", url="lockstep://local/none.git")}, "none.git"),
        (
            {
                "manifests/bad.yaml": manifest("bad", path="apps/bad"),
                **chart(path="apps/bad"),
                "apps/bad/values.yaml": "a: [1\n",
            },
            "values.yaml",
        ),
    ],
)
def test_one_broken_application_has_a_condition_and_the_others_go_on(
    web: RuntimeSite, files: dict[str, str | None], message: str
) -> None:
    web.commit({**files, **chart("v2", "a2")})
    settle(web, "web")
    bad = state(web, "bad")
    assert (bad.sync, bad.health) == ("Unknown", "Missing")
    assert message in bad.health_message
    assert state(web).images == ("site/web:a2",)


def test_null_characters_of_one_application_leave_the_others_alone(web: RuntimeSite) -> None:
    odd = manifest("odd", path="apps/odd").replace("annotations: {}", 'annotations: {a: "b\\0c"}')
    values = 'web: {image: {repository: "a\\0", tag: b}}\n'
    nameless = manifest("nameless").replace("name: nameless", 'name: "name\\0less"')
    chart_of_odd = {**chart(path="apps/odd"), "apps/odd/values.yaml": values}
    web.commit({"manifests/odd.yaml": odd, "manifests/nameless.yaml": nameless, **chart_of_odd})
    settle(web, "odd")
    assert state(web, "odd").annotations == {"a": "b\ufffdc"}
    assert state(web, "odd").images == ("a\ufffd:b",)
    assert state(web).health == "Healthy"
    assert any("nameless.yaml" in problem for problem in web.runtime.problems())


def test_a_file_that_broke_does_not_take_its_application_away(web: RuntimeSite) -> None:
    web.commit({"manifests/web.yaml": manifest() + "\t- broken\n"})
    seen = state(web)
    assert (seen.sync, seen.health) == ("Unknown", "Healthy")
    assert "manifests/web.yaml" in seen.health_message
    assert any("manifests/web.yaml" in problem for problem in web.runtime.problems())
    web.commit({"manifests/web.yaml": manifest()})
    settle(web)
    assert list(web.runtime.problems()) == []


def test_an_application_whose_manifest_goes_away_is_no_longer_listed(web: RuntimeSite) -> None:
    web.commit({"manifests/web.yaml": None})
    assert list(web.runtime.list_applications()) == []


def test_a_git_source_that_is_gone_is_unreachable(web: RuntimeSite) -> None:
    web.break_git_source()
    with pytest.raises(RuntimeUnreachable, match=r"gone\.git"):
        web.runtime.list_applications()


def storing(runtime: Runtime) -> StoresManifests:
    if not isinstance(runtime, StoresManifests):
        pytest.skip("this runtime takes no manifests")
    return runtime


def test_storing_manifests_is_repeatable(web: RuntimeSite) -> None:
    store = storing(web.runtime)
    text = f"# two\n{manifest()}---\n{manifest('new', namespace='new')}"
    who = {"author": "Ada", "email": "ada@site.example"}
    outcomes = [[(c.key.name, c.outcome) for c in store.store_manifests(text, **who)] for _ in range(2)]
    assert outcomes[0] == [("web", "changed"), ("new", "created")]
    assert outcomes[1] == [("web", "unchanged"), ("new", "unchanged")]
    assert {s.key.name for s in web.runtime.list_applications()} == {"web", "new"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no manifest"),
        ("a: [", "line"),
        ("kind: ConfigMap\n", "line 1"),
        (manifest() + "---\n" + manifest(), "twice"),
        (manifest("../etc"), "lower-case"),
        (manifest().replace("destination", "destiny"), "destination"),
        (manifest().replace("path: apps/web, ", ""), "path"),
    ],
)
def test_storing_refuses_what_is_no_application(web: RuntimeSite, text: str, message: str) -> None:
    with pytest.raises(ManifestRefused, match=message):
        storing(web.runtime).store_manifests(text, author="Ada", email="ada@site.example")
