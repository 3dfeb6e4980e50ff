"""A release from trigger to end, on real repositories: what the remote's log and the rows say."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from environments.models import Runtime
from environments.runtimes.local.models import LocalApplication
from feeds.models import Event, Feed
from products.discovery import runtime_poll
from products.models import Product
from promotions.errors import PlanChanged, PlanRefused, ReleaseNotRetryable
from promotions.models import PushIntent, Release, Step, StepAttempt
from promotions.selectors.preview import release_preview
from promotions.selectors.releases import release_detail
from promotions.selectors_pages import home
from promotions.services import release_concurrency, step_execute, sweep
from promotions.services.release_retry import release_retry
from promotions.services.release_terminate import release_terminate
from promotions.services.step_run import leases_expire, step_finish, steps_claim
from promotions.steps.base import Done
from tests.promotions.services.demo_world import PARALLEL, Demo, make_due

pytestmark = pytest.mark.django_db(transaction=True)
ALL = ["dev", "qa", "prod", "prod-eu", "prod-asia"]
EU_CHART = "demo-applications/trioapp-prod-eu/Chart.yaml"


def subjects_since(demo: Demo, start: str) -> list[str]:
    return demo.git("log", "--reverse", "--format=%s", f"{start}..main").splitlines()


def states(release: Release) -> dict[str, str]:
    return {env.name: env.status for env in release.environments.all()}


def set_failure(name: str, failure: str, message: str = "") -> None:
    LocalApplication.objects.filter(name=name).update(failure=failure, failure_message=message)


def until_wave(demo: Demo, release: Release) -> None:
    """Run until the three production environments have been published and none was claimed."""
    for _ in range(30):
        while demo.outbox.messages:
            if Step.objects.filter(environment__name="prod", kind="commit", is_ready=True).exists():
                return
            demo.outbox.run_one()
        make_due()
        sweep.sweep()
    raise AssertionError("The wave never became ready")


def test_the_parallel_flow_promotes_every_environment_once(demo: Demo) -> None:
    #        ┌─ prod
    # dev ─ qa ─ prod-eu
    #        └─ prod-asia
    start = demo.git("rev-parse", "main")
    release = demo.settle(demo.trigger())
    assert (release.status, release.reason) == ("SUCCEEDED", "SUCCEEDED"), release.message
    assert states(release) == dict.fromkeys(ALL, "SUCCEEDED")
    promoted = [f"Promote demo-trioapp {release.version} to {name}" for name in ALL[1:]]
    assert subjects_since(demo, start) == promoted
    trailers = demo.git("log", "-1", "--format=%(trailers:only,unfold)", "main")
    assert f"Lockstep-Release: {release.pk}" in trailers
    assert f"Lockstep-Source-Commit: {release.source_revision}" in trailers


def test_environments_that_start_together_are_one_group_and_arrive_in_one_push(demo: Demo) -> None:
    before = len(demo.git("reflog", "show", "main").splitlines())
    demo.settle(demo.trigger())
    pushes = demo.git("reflog", "show", "main").splitlines()
    assert len(pushes) - before == 2  # qa; then the three together
    assert ["promotions.tasks.await_sync_steps"] * 3 in demo.outbox.groups


def test_each_environment_has_attempts_of_its_own(demo: Demo) -> None:
    release = demo.settle(demo.trigger())
    waits = StepAttempt.objects.filter(step__release=release, step__kind="await_sync", step__phase=50)
    assert waits.count() == len(ALL)
    assert waits.values("task_id").distinct().count() == len(ALL)


def test_every_byte_outside_the_promoted_values_stays(demo: Demo) -> None:
    start = demo.git("rev-parse", "main")
    demo.settle(demo.trigger())
    changed = demo.git("diff", "--numstat", start, "main").splitlines()
    assert {line.split("\t")[2].split("/")[1] for line in changed} == {
        "trioapp-qa", "trioapp-prod", "trioapp-prod-eu", "trioapp-prod-asia",
    }  # fmt: skip
    added = [line for line in demo.git("diff", "-U0", start, "main").splitlines() if line[:1] == "+"]
    values = [line for line in added if not line.startswith("+++")]
    assert values
    assert all("ersion:" in line or "tag:" in line for line in values), values


def test_all_environments_show_the_same_version(demo: Demo) -> None:
    release = demo.settle(demo.trigger())
    versions = {
        app.version_after
        for env in release.environments.exclude(name="dev")
        for app in env.applications.all()
    }
    assert versions == {release.version}
    assert release.version


def test_a_second_release_of_the_same_source_has_nothing_to_change(demo: Demo) -> None:
    demo.settle(demo.trigger())
    start = demo.git("rev-parse", "main")
    again = demo.settle(demo.trigger())
    assert again.status == "SUCCEEDED"
    assert demo.git("rev-parse", "main") == start
    assert {env.reason for env in again.environments.exclude(name="dev")} == {"NO_CHANGES"}


def test_a_degraded_region_fails_the_release_after_the_others_finished(demo: Demo) -> None:
    set_failure("demo-trioapp-eu", "degraded", "Deployment ctrlr exceeded its progress deadline")
    release = demo.settle(demo.trigger())
    assert release.status == "FAILED"
    assert states(release) == {**dict.fromkeys(ALL, "SUCCEEDED"), "prod-eu": "FAILED"}
    assert release.reason == "APP_DEGRADED"
    for words in ("prod-eu", "demo-trioapp-eu is Degraded", "exceeded its progress deadline", "retry"):
        assert words in release.message


def test_a_dependent_of_the_failed_environment_never_starts(demo: Demo) -> None:
    # dev ─ qa ─ prod        with qa Degraded
    set_failure("demo-trioapp-qa", "degraded", "boom")
    release = demo.settle(demo.trigger())
    assert release.status == "FAILED"
    assert states(release) == {"dev": "SUCCEEDED", "qa": "FAILED", **dict.fromkeys(ALL[2:], "PENDING")}


def test_retry_goes_on_from_the_failed_step_and_commits_nothing_twice(demo: Demo) -> None:
    start = demo.git("rev-parse", "main")
    set_failure("demo-trioapp-eu", "degraded", "boom")
    release = demo.settle(demo.trigger())
    set_failure("demo-trioapp-eu", "none")
    release_retry(user=demo.admin, release_id=release.pk)
    release = demo.settle(release)
    assert release.status == "SUCCEEDED", release.message
    assert len(subjects_since(demo, start)) == 4


def test_an_outsiders_commit_during_the_wave_is_kept(demo: Demo) -> None:
    release = demo.trigger()
    until_wave(demo, release)
    outside = demo.commit("README.md", lambda text: text + "\nOutside.\n")
    release = demo.settle(release)
    assert release.status == "SUCCEEDED", release.message
    demo.git("merge-base", "--is-ancestor", outside, "main")
    assert "Outside." in demo.git("show", "main:README.md")


def conflict_in_eu(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> str:
    """An outsider changes prod-eu's version after its base was read and before the push."""
    done: list[str] = []

    def outsider(name: str) -> None:
        wave = Step.objects.filter(environment__name="prod-eu", kind="commit", status="RUNNING").exists()
        if name == "commit.after_base" and wave and not done:
            done.append(demo.commit(EU_CHART, lambda text: text.replace("appVersion: ", "appVersion: 9")))

    monkeypatch.setattr("promotions.steps.commit.failpoint", outsider)
    release = demo.settle(demo.trigger())
    assert done, "the outsider never came"
    assert release.status == "FAILED"
    assert states(release) == {**dict.fromkeys(ALL, "SUCCEEDED"), "prod-eu": "FAILED"}
    return str(release.pk)


def test_an_outsiders_change_of_the_promoted_value_fails_that_environment_alone(
    demo: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = Release.objects.get(pk=conflict_in_eu(demo, monkeypatch))
    theirs = demo.git("log", "-1", "--format=%h", "--author=Olive", "main")
    assert release.reason == "CONFLICT"
    assert theirs in release.message
    assert "Olive Outsider" in release.message
    assert EU_CHART in release.message


def test_retry_after_a_conflict_promotes_onto_the_new_state(
    demo: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = Release.objects.get(pk=conflict_in_eu(demo, monkeypatch))
    release_retry(user=demo.admin, release_id=release.pk)
    release = demo.settle(release)
    assert release.status == "SUCCEEDED", release.message
    assert f"{release.version.removeprefix('v')}" in demo.git("show", f"main:{EU_CHART}")


def test_a_value_overwritten_before_green_fails_and_names_the_author(demo: Demo) -> None:
    LocalApplication.objects.filter(name="demo-trioapp-eu").update(latency_seconds=600)
    release = demo.trigger()
    for _ in range(20):
        demo.outbox.run_all()
        if Step.objects.filter(environment__name="prod-eu", kind="commit", status="SUCCEEDED").exists():
            break
        make_due()
        sweep.sweep()
    demo.commit(EU_CHART, lambda text: text.replace("appVersion: ", "appVersion: 9"))
    release = demo.settle(release, rounds=80)
    assert release.status == "FAILED"
    assert release.reason == "OVERWRITTEN"
    assert "Olive Outsider" in release.message


def test_work_that_was_published_and_lost_is_published_again(demo: Demo) -> None:
    release = demo.trigger()
    chance = random.Random(7)
    lost = 0
    for _ in range(200):
        while demo.outbox.messages:
            if chance.random() < 0.5:
                demo.outbox.messages.pop(0)
                lost += 1
            else:
                demo.outbox.run_one()
        make_due()
        Release.objects.filter(tick_due=True).update(tick_due_at=Now() - timedelta(seconds=5))
        sweep.sweep()
        release.refresh_from_db()
        if release.is_over:
            break
    assert release.status == "SUCCEEDED"
    assert lost > 5


def test_a_worker_that_lost_its_lease_cannot_finish(demo: Demo) -> None:
    release = demo.trigger()
    demo.outbox.run_one()  # the tick that readies the freeze
    step = Step.objects.get(release=release, kind="freeze")
    claims = steps_claim(step_ids=[step.pk], task_id="t1", worker="w1")
    Step.objects.filter(pk=step.pk).update(lease_until=Now() - timedelta(seconds=1))
    assert leases_expire() == 1
    assert not step_finish(claim=claims[step.pk], outcome=Done("late"))
    assert steps_claim(step_ids=[step.pk], task_id="t2", worker="w2")[step.pk].attempt == 2
    assert StepAttempt.objects.get(step=step, number=1).outcome == "lost"


def test_a_step_is_claimed_once(demo: Demo) -> None:
    release = demo.trigger()
    demo.outbox.run_one()
    step = Step.objects.get(release=release, kind="freeze")
    assert steps_claim(step_ids=[step.pk], task_id="t1", worker="w1")
    assert not steps_claim(step_ids=[step.pk], task_id="t2", worker="w2")


@pytest.mark.parametrize(
    "place", ["push.after_intent", "push.during_push", "push.after_push", "commit.before_record"]
)
def test_a_worker_that_dies_around_the_push_leaves_exactly_one_commit(
    demo: Demo, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    class Died(BaseException):
        pass

    fired: list[str] = []

    def die(name: str) -> None:
        wave = Step.objects.filter(environment__name="prod", status="RUNNING").exists()
        if name == place and wave and not fired:
            fired.append(name)
            raise Died

    for module in (step_execute, __import__("promotions.steps.commit", fromlist=["x"])):
        monkeypatch.setattr(module, "failpoint", die)
    start = demo.git("rev-parse", "main")
    release = demo.trigger()
    with pytest.raises(Died):
        demo.settle(release)
    Step.objects.filter(status="RUNNING").update(lease_until=Now() - timedelta(seconds=1))
    release = demo.settle(release)
    assert release.status == "SUCCEEDED", release.message
    assert sorted(subjects_since(demo, start)) == sorted(
        f"Promote demo-trioapp {release.version} to {name}" for name in ALL[1:]
    )


def test_terminate_ends_what_waits_and_leaves_commits(demo: Demo) -> None:
    set_failure("demo-trioapp-qa", "progressing")
    release = demo.trigger()
    for _ in range(5):
        demo.outbox.run_all()
        make_due()
        sweep.sweep()
    assert Step.objects.get(release=release, environment__name="qa", kind="await_sync").status == "WAITING"
    release_terminate(user=demo.admin, release_id=release.pk, reason="wrong version")
    release_terminate(user=demo.admin, release_id=release.pk)
    release = demo.settle(release)
    assert release.status == "TERMINATED"
    assert states(release) == {"dev": "SUCCEEDED", "qa": "TERMINATED", **dict.fromkeys(ALL[2:], "PENDING")}
    assert "release-engineer" in release.message


def test_termination_waits_until_every_push_is_known(demo: Demo, settings: Any) -> None:
    release = demo.trigger()
    until_wave(demo, release)
    step = Step.objects.get(release=release, environment__name="prod", kind="commit")
    tip = demo.git("rev-parse", "main")
    PushIntent.objects.create(
        step=step, repository=release.source_repository, branch="main", effect_key="k", base=tip, parent=tip,
        candidate="f" * 40, created_at=timezone.now(), ask_at=timezone.now(),
    )  # fmt: skip
    release_terminate(user=demo.admin, release_id=release.pk)
    demo.outbox.messages = [m for m in demo.outbox.messages if m[0].endswith("tick")]
    demo.outbox.run_all()
    release.refresh_from_db()
    assert release.status == "TERMINATING"
    settings.STEP_LEASE_SECONDS = 0
    release = demo.settle(release)
    assert release.status == "TERMINATED"
    assert PushIntent.objects.get(effect_key="k").state == "NOT_LANDED"


def test_a_release_past_its_limit_is_terminated(demo: Demo) -> None:
    set_failure("demo-trioapp-qa", "progressing")
    release = demo.trigger()
    demo.outbox.run_all()
    Release.objects.filter(pk=release.pk).update(
        resumed_at=timezone.now() - timedelta(minutes=3), timeout_minutes=2
    )
    release = demo.settle(release)
    assert (release.status, release.reason) == ("TERMINATED", "TIMEOUT")
    assert "2 minutes" in release.message


def test_releases_of_one_product_run_one_after_the_other(demo: Demo) -> None:
    first, second = demo.trigger(), demo.trigger()
    until_wave(demo, first)
    second.refresh_from_db()
    assert second.status == "QUEUED"
    demo.settle(first)
    second = demo.settle(second)
    assert second.status == "SUCCEEDED"
    first.refresh_from_db()
    assert first.finished_at is not None
    assert second.started_at is not None
    assert first.finished_at <= second.started_at


def test_event_numbers_have_no_gap(demo: Demo) -> None:
    release = demo.settle(demo.trigger())
    feed = Feed.objects.get(key=f"release:{release.pk}")
    numbers = list(Event.objects.filter(feed=feed).values_list("number", flat=True))
    assert numbers == list(range(1, feed.last_number + 1))
    assert Event.objects.filter(feed=feed, kind="release.status", data__status="SUCCEEDED").count() == 1


def test_a_missing_application_is_refused_at_the_trigger_with_all_named(demo: Demo) -> None:
    from products.models import Application

    Application.objects.filter(name__in=["demo-trioapp-eu", "demo-trioapp-asia"]).update(environment=None)
    with pytest.raises(PlanRefused) as refusal:
        demo.trigger()
    assert {problem.environment for problem in refusal.value.problems} == {"prod-eu", "prod-asia"}
    assert Release.objects.count() == 0


def test_a_trigger_with_the_previews_digest_is_refused_once_anything_differs(demo: Demo) -> None:
    seen = release_preview(flow_name=PARALLEL, product_name="demo-trioapp")
    assert [env["name"] for env in seen["environments"]] == ALL[1:]
    assert all(env["files"] for env in seen["environments"])
    demo.commit(EU_CHART, lambda text: text.replace("appVersion: ", "appVersion: 9"))
    with pytest.raises(PlanChanged):
        demo.trigger(plan_digest=seen["planDigest"])
    fresh = release_preview(flow_name=PARALLEL, product_name="demo-trioapp")
    assert demo.trigger(plan_digest=fresh["planDigest"]).status == "QUEUED"


def test_retry_is_refused_while_running_and_after_a_newer_release(demo: Demo) -> None:
    set_failure("demo-trioapp-eu", "degraded", "boom")
    first = demo.settle(demo.trigger())
    set_failure("demo-trioapp-eu", "none")
    demo.commit(
        "demo-applications/trioapp-dev/Chart.yaml", lambda text: text.replace("appVersion: ", "appVersion: 9")
    )
    runtime_poll(runtime=Runtime.objects.get(name="local"))
    second = demo.trigger()
    with pytest.raises(ReleaseNotRetryable):
        release_retry(user=demo.admin, release_id=second.pk)
    second = demo.settle(second)
    assert second.status == "SUCCEEDED"
    with pytest.raises(ReleaseNotRetryable, match="Release 2 has changed"):
        release_retry(user=demo.admin, release_id=first.pk)


def test_the_detail_tells_the_whole_story(demo: Demo) -> None:
    release = demo.settle(demo.trigger(message="Faster route lookup"))
    detail = release_detail(release)
    assert [env["name"] for env in detail["environments"]] == ALL
    assert detail["environments"][0]["role"] == "TRIGGER"
    eu = detail["environments"][3]["applications"][0]
    assert eu["commit"]
    assert [step["kind"] for step in eu["steps"]] == ["commit", "await_sync"]
    assert eu["diff"]
    assert detail["counts"]["SUCCEEDED"] == len(ALL)
    assert detail["note"] == "Faster route lookup"


def test_with_terminate_a_new_release_ends_the_active_one_and_starts_then(demo: Demo) -> None:
    Product.objects.filter(name="demo-trioapp").update(concurrency="terminate")
    set_failure("demo-trioapp-qa", "progressing")
    first = demo.trigger()
    demo.outbox.run_all()
    second = demo.trigger()
    for _ in range(5):
        demo.outbox.run_all()
        make_due()
        sweep.sweep()
    first.refresh_from_db()
    assert first.status == "TERMINATED"
    assert "release 2" in first.message
    set_failure("demo-trioapp-qa", "none")
    second = demo.settle(second)
    assert second.status == "SUCCEEDED", second.message


def test_past_the_limit_the_oldest_waiting_release_is_terminated(
    demo: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(release_concurrency, "MOST_QUEUED", 2)
    set_failure("demo-trioapp-qa", "progressing")
    releases = [demo.trigger()]
    demo.outbox.run_all()
    releases += [demo.trigger() for _ in range(3)]
    demo.outbox.run_all()
    statuses = [Release.objects.get(pk=release.pk).status for release in releases]
    assert statuses == ["RUNNING", "TERMINATED", "QUEUED", "QUEUED"]


def test_a_retried_release_counts_its_duration_from_its_first_start(demo: Demo) -> None:
    set_failure("demo-trioapp-qa", "degraded", "boom")
    release = demo.settle(demo.trigger())
    first_start = release.started_at
    set_failure("demo-trioapp-qa", "none")
    release_retry(user=demo.admin, release_id=release.pk)
    release = demo.settle(release)
    assert release.started_at == first_start
    assert release.resumed_at is not None
    assert first_start is not None
    assert release.resumed_at > first_start


def test_a_retried_environment_counts_its_time_from_the_retry(demo: Demo) -> None:
    set_failure("demo-trioapp-qa", "degraded", "boom")
    release = demo.settle(demo.trigger())
    qa = release.environments.get(name="qa")
    dev_times = release.environments.values_list("started_at", "finished_at").get(name="dev")
    failed_at = qa.finished_at
    set_failure("demo-trioapp-qa", "none")
    release_retry(user=demo.admin, release_id=release.pk)
    # While the release waits for its turn, nothing runs whose time could be counted.
    qa.refresh_from_db()
    assert (qa.status, qa.started_at, qa.finished_at) == ("RUNNING", None, None)
    release = demo.settle(release)
    qa.refresh_from_db()
    assert qa.started_at == release.resumed_at
    assert failed_at < qa.started_at < qa.finished_at
    assert release.environments.values_list("started_at", "finished_at").get(name="dev") == dev_times


def test_a_release_is_known_by_the_last_commit_of_its_source_and_frozen_at_the_tip(demo: Demo) -> None:
    theirs = demo.git("log", "-1", "--format=%H", "main", "--", "demo-applications/trioapp-dev")
    tip = demo.commit("README.md", lambda text: f"{text}Something else.\n")
    runtime_poll(runtime=Runtime.objects.get(name="local"))
    release = demo.settle(demo.trigger())
    source = release_detail(release)["source"]
    assert (source["revision"], source["commit"]) == (tip, theirs)
    assert source["message"].startswith(demo.git("log", "-1", "--format=%s", theirs))
    assert source["branch"] == "main"


def test_home_shows_a_failure_until_a_release_that_covers_its_environment(demo: Demo) -> None:
    set_failure("demo-trioapp-eu", "degraded", "boom")
    failed = demo.settle(demo.trigger())
    other = demo.settle(demo.trigger("multi-env-sequential-promotion"))
    assert other.status == "SUCCEEDED"
    assert [row["number"] for row in home().failed] == [failed.number]
    set_failure("demo-trioapp-eu", "none")
    demo.settle(demo.trigger())
    assert home().failed == []
