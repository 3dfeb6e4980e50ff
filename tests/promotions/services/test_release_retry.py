"""Which releases may be retried, and what a retry resets, on bare rows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from promotions.errors import ReleaseNotRetryable
from promotions.models import Release, ReleaseApplication, ReleaseEnvironment, Step
from promotions.services.release_retry import release_retry
from tests.promotions.services.demo_world import Outbox
from tests.promotions.services.light_rows import light_release, promoter, put, run_ticks, step_of

pytestmark = pytest.mark.django_db(transaction=True)


def end(release: Release, status: str = "FAILED", **environments: str) -> Release:
    """The release over, with the environments (underscores for hyphens) and their last steps as given."""
    for word, state in environments.items():
        name = word.replace("_", "-")
        put(release, name, "SUCCEEDED", state, reason="APP_DEGRADED", message="boom")
        ReleaseEnvironment.objects.filter(release=release, name=name).update(status=state)
    Release.objects.filter(pk=release.pk).update(status=status, finished_at=timezone.now())
    release.refresh_from_db()
    return release


def retry(release: Release, environment: str | None = None) -> Release:
    return release_retry(user=promoter(), release_id=release.pk, environment=environment)


def statuses(release: Release) -> dict[str, str]:
    return dict(ReleaseEnvironment.objects.filter(release=release).values_list("name", "status"))


def test_what_failed_goes_on_and_what_succeeded_stays(outbox: Outbox) -> None:
    release = end(light_release(done=["dev", "qa"]), prod="FAILED", prod_eu="SUCCEEDED")
    assert retry(release).status == "QUEUED"
    assert statuses(release) == {
        "dev": "SUCCEEDED", "qa": "SUCCEEDED", "prod": "RUNNING", "prod-eu": "SUCCEEDED",
    }  # fmt: skip
    assert step_of(release, "prod", "commit").status == "SUCCEEDED"
    wait = step_of(release, "prod", "await_sync")
    assert (wait.status, wait.is_ready, wait.state, wait.errors) == ("PENDING", False, {}, 0)


def test_a_release_with_one_environment_retried_and_another_left_terminated_ends(outbox: Outbox) -> None:
    release = end(light_release(done=["dev", "qa"]), "TERMINATED", prod="TERMINATED", prod_eu="TERMINATED")
    retry(release, "prod")
    put(release, "prod", "SUCCEEDED", "SUCCEEDED")
    run_ticks(outbox)
    release.refresh_from_db()
    assert statuses(release)["prod"] == "SUCCEEDED"
    assert release.status == "FAILED"
    assert "prod-eu was terminated" in release.message


@pytest.mark.parametrize("environment", ["nowhere", "qa", "prod-eu"])
def test_an_environment_that_did_not_fail_is_refused(outbox: Outbox, environment: str) -> None:
    release = end(light_release(done=["dev", "qa"]), prod="FAILED")
    with pytest.raises(ReleaseNotRetryable, match=f"failed in {environment}"):
        retry(release, environment)
    release.refresh_from_db()
    assert release.status == "FAILED"


def test_one_environment_is_refused_where_another_would_halt_it_again(outbox: Outbox) -> None:
    release = end(light_release(done=["dev", "qa"], on_failure="halt"), prod="FAILED", prod_eu="FAILED")
    with pytest.raises(ReleaseNotRetryable, match="prod-eu failed too"):
        retry(release, "prod")
    assert retry(release).status == "QUEUED"


def test_a_source_that_could_not_be_read_while_waiting_is_read_again(outbox: Outbox) -> None:
    release = light_release(status="TERMINATED")
    Step.objects.filter(release=release, kind="freeze").update(status="FAILED", is_ready=True)
    retry(release)
    outbox.run_one()
    step = step_of(release, "dev", "freeze")
    assert (step.status, step.is_ready) == ("PENDING", True)


@pytest.mark.parametrize("status", ["QUEUED", "RUNNING", "TERMINATING", "SUCCEEDED"])
def test_only_what_ended_badly_can_be_retried(outbox: Outbox, status: str) -> None:
    with pytest.raises(ReleaseNotRetryable, match="only a failed or terminated"):
        retry(light_release(status=status))


def test_asking_twice_retries_once(outbox: Outbox) -> None:
    release = end(light_release(done=["dev", "qa"]), prod="FAILED", prod_eu="FAILED")
    retry(release)
    assert retry(release).retries == 1


def wrote(release: Release, environment: str, **columns: object) -> None:
    ReleaseApplication.objects.filter(environment__release=release, environment__name=environment).update(
        **{"commit": "f" * 40, "pushed_at": timezone.now(), **columns}
    )


def test_a_newer_release_that_wrote_to_an_environment_stands_in_the_way(outbox: Outbox) -> None:
    release = end(light_release(done=["dev", "qa"]), prod="FAILED", prod_eu="FAILED")
    newer = light_release(status="FAILED")
    wrote(newer, "qa", no_changes=True)
    wrote(light_release(status="FAILED", product="pay"), "qa")
    assert retry(release).status == "QUEUED"
    end(release, prod="FAILED")
    wrote(newer, "qa", no_changes=False)
    with pytest.raises(ReleaseNotRetryable, match=f"Release {newer.number} has changed qa"):
        retry(release)


def test_so_does_an_older_one_that_was_retried_since(outbox: Outbox) -> None:
    older = light_release(status="SUCCEEDED")
    release = end(light_release(done=["dev", "qa"]), prod="FAILED", prod_eu="FAILED")
    wrote(older, "prod", pushed_at=timezone.now() - timedelta(hours=1))
    retry(release)
    end(release, prod="FAILED")
    wrote(older, "prod")
    with pytest.raises(ReleaseNotRetryable, match=f"Release {older.number} has changed prod"):
        retry(release)


def test_so_does_one_that_is_writing_now(outbox: Outbox) -> None:
    release = end(light_release(done=["dev", "qa"]), prod="FAILED", prod_eu="FAILED")
    light_release("dev > other")
    end(Release.objects.exclude(pk=release.pk).get(), "SUCCEEDED")
    running = light_release("dev > qa")
    with pytest.raises(ReleaseNotRetryable, match=f"Release {running.number} is promoting to qa now"):
        retry(release)


def test_values_that_were_overwritten_are_written_anew_and_no_others(outbox: Outbox) -> None:
    release = light_release("dev > qa", done=["dev"])
    environment = ReleaseEnvironment.objects.get(release=release, name="qa")
    other = ReleaseApplication.objects.create(
        environment=environment, runtime="local", namespace="argocd", name="other",
        repository="lockstep://local/demo.git", branch="main", path="apps/other", commit="e" * 40,
    )  # fmt: skip
    beside = Step.objects.create(
        release=release, environment=environment, application=other, kind="commit", title="c", phase=40,
        status="SUCCEEDED", generation=3,
    )  # fmt: skip
    steps = list(Step.objects.filter(release=release, environment=environment).exclude(pk=beside.pk))
    for step in steps:
        is_wait = step.kind == "await_sync"
        Step.objects.filter(pk=step.pk).update(
            status="FAILED" if is_wait else "SUCCEEDED", reason="OVERWRITTEN" if is_wait else ""
        )
    ReleaseEnvironment.objects.filter(pk=environment.pk).update(status="FAILED")
    Release.objects.filter(pk=release.pk).update(status="FAILED")
    retry(release)
    # Effect keys hold the environment's highest number on the branch: 3 is taken by what stands beside.
    assert [(s.status, s.generation) for s in Step.objects.filter(environment=environment, kind="commit")] == [
        ("PENDING", 4), ("SUCCEEDED", 3),
    ]  # fmt: skip


def test_effects_of_earlier_attempts_are_looked_for_from_where_they_began(outbox: Outbox) -> None:
    release = light_release("dev > qa", done=["dev"])
    put(release, "qa", "FAILED", "PENDING")
    ReleaseEnvironment.objects.filter(release=release, name="qa").update(status="FAILED")
    ReleaseApplication.objects.filter(environment__name="qa").update(base_revision="b" * 40, base_values={})
    Release.objects.filter(pk=release.pk).update(status="FAILED")
    retry(release)
    application = ReleaseApplication.objects.get(environment__name="qa")
    assert (application.base_revision, application.base_values) == ("b" * 40, None)
