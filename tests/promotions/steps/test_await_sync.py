"""What Git says of a reported revision, and looks at many applications: no false green, no endless wait."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from environments.models import Runtime
from environments.runtimes.base import (
    ApplicationKey,
    ApplicationSource,
    ApplicationState,
    OperationState,
    RuntimeRefused,
    RuntimeUnreachable,
)
from products.discovery import Observed
from promotions.models import ReleaseApplication, Step
from promotions.steps import await_sync
from promotions.steps.await_sync import run_await_sync
from promotions.steps.base import Done, Outcome, Terminal, Waiting
from tests.promotions.repos.git_remotes import git
from tests.promotions.steps.commit_rows import CHART, Wave

pytestmark = pytest.mark.django_db(transaction=True)


class Reports:
    """What the runtime says: the revision per application name; everything else is well."""

    def __init__(self, wave: Wave, monkeypatch: pytest.MonkeyPatch) -> None:
        Runtime.objects.get_or_create(name="local")
        self.wave = wave
        self.revisions: dict[str, str] = {}
        self.asked: list[list[str]] = []
        monkeypatch.setattr(await_sync, "runtime_observe", self.observe)

    def observe(self, *, runtime: Any, keys: Any, refresh: Any = ()) -> Observed:
        self.asked.append([key.name for key in keys])
        now = timezone.now()
        return Observed(now, {key: self.state(key, now) for key in keys if key.name in self.revisions})

    def state(self, key: ApplicationKey, now: Any) -> ApplicationState:
        application = ReleaseApplication.objects.filter(name=key.name).first()
        assert application is not None
        return ApplicationState(
            key=key, project="default", sources=(ApplicationSource(self.wave.remote.url, application.path),),
            destination_cluster="c", destination_namespace="n", labels={}, annotations={}, sync="Synced",
            health="Healthy", health_message="", revisions=(self.revisions[key.name],),
            operation=OperationState("Succeeded"), reconciled_at=now + timedelta(seconds=1),
            health_changed_at=now, observed_at=now,
        )  # fmt: skip

    def look(self, *places: str, **state: Any) -> dict[str, Outcome]:
        steps = Step.objects.filter(kind="await_sync", environment__name__in=places)
        if state:
            steps.update(state=state)
        found = run_await_sync([step.pk for step in steps])
        return {step.environment.name: found[step.pk] for step in steps.select_related("environment")}


@pytest.fixture
def reports(wave: Wave, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Reports:
    """qa, eu and asia were written; the runtime reports eu at its commit."""
    settings.SETTLE_SECONDS = 0.0
    wave.run()
    reports = Reports(wave, monkeypatch)
    reports.revisions["shop-eu"] = wave.application("eu").commit
    return reports


def test_the_commit_itself_is_green(reports: Reports) -> None:
    assert isinstance(reports.look("eu")["eu"], Done)


def test_somebodys_later_commit_on_top_is_green(reports: Reports) -> None:
    reports.revisions["shop-eu"] = reports.wave.remote.outsider_pushes({"README.md": "x"})
    assert isinstance(reports.look("eu")["eu"], Done)


def test_an_older_revision_is_waited_for(reports: Reports) -> None:
    reports.revisions["shop-eu"] = reports.wave.base
    outcome = reports.look("eu")["eu"]
    assert isinstance(outcome, Waiting)
    assert outcome.reason == "OLD_REVISION"


def test_an_older_revision_with_the_same_files_is_green(reports: Reports) -> None:
    # eu's directory does not change with asia's commit: the runtime may go on reporting eu's.
    ReleaseApplication.objects.filter(name="shop-eu").update(commit=reports.wave.application("asia").commit)
    assert isinstance(reports.look("eu")["eu"], Done)


def test_values_that_were_overwritten_name_the_author(reports: Reports) -> None:
    reports.revisions["shop-eu"] = reports.wave.remote.outsider_pushes(
        {"apps/eu/Chart.yaml": CHART.format(9)}
    )
    outcome = reports.look("eu")["eu"]
    assert isinstance(outcome, Terminal)
    assert outcome.reason == "OVERWRITTEN"
    assert "Olga Outsider" in outcome.message


def test_a_commit_that_was_rewritten_away_is_not_waited_for_until_the_limit(reports: Reports) -> None:
    wave = reports.wave
    git("push", "-q", "--force", "origin", f"{wave.base}:main", cwd=wave.remote.outsider)
    reports.revisions["shop-eu"] = wave.base
    assert isinstance(reports.look("eu")["eu"], Waiting)
    outcome = reports.look("eu", looks=await_sync.REFRESH_EVERY_LOOKS - 1)["eu"]
    assert isinstance(outcome, Terminal)
    assert outcome.reason == "HISTORY_REWRITTEN"
    assert "Retry" in outcome.message


def test_a_revision_that_nobody_knows_is_waited_for(reports: Reports) -> None:
    reports.revisions["shop-eu"] = "b" * 40
    outcome = reports.look("eu")["eu"]
    assert isinstance(outcome, Waiting)
    assert outcome.reason == "REVISION_UNKNOWN"


def test_one_call_asks_for_all_and_each_is_judged_alone(
    reports: Reports, monkeypatch: pytest.MonkeyPatch
) -> None:
    reports.revisions |= {f"shop-{place}": reports.wave.application(place).commit for place in ("qa", "asia")}
    real = await_sync._content

    def breaks(target: Any, revision: str, **options: Any) -> Any:
        if target.path == "apps/asia":
            raise KeyError("defect")
        return real(target, revision, **options)

    monkeypatch.setattr(await_sync, "_content", breaks)
    found = reports.look("qa", "eu", "asia")
    assert reports.asked == [["shop-qa", "shop-eu", "shop-asia"]]
    assert isinstance(found["qa"], Done)
    assert isinstance(found["eu"], Done)
    assert isinstance(found["asia"], Terminal)
    assert found["asia"].is_fault


def test_two_steps_that_wait_for_one_application_are_both_answered(reports: Reports) -> None:
    ReleaseApplication.objects.filter(name="shop-asia").update(
        name="shop-eu", path="apps/eu", commit=reports.wave.application("eu").commit
    )
    assert set(map(type, reports.look("eu", "asia").values())) == {Done}


def test_an_application_that_the_runtime_lost_is_waited_for_and_then_refused(reports: Reports) -> None:
    reports.revisions.clear()
    outcome = reports.look("eu")["eu"]
    assert isinstance(outcome, Waiting)
    assert isinstance(reports.look("eu", looks=await_sync.GONE_AFTER_LOOKS)["eu"], Terminal)


@pytest.mark.parametrize(
    ("error", "kind"), [(RuntimeUnreachable("No answer."), Waiting), (RuntimeRefused("Forbidden."), Terminal)]
)
def test_a_runtime_that_cannot_be_asked(
    reports: Reports, monkeypatch: pytest.MonkeyPatch, error: Exception, kind: type
) -> None:
    def fails(**_: Any) -> Observed:
        raise error

    monkeypatch.setattr(await_sync, "runtime_observe", fails)
    outcome = reports.look("eu", looks=7)["eu"]
    assert isinstance(outcome, kind)
    assert str(error) in outcome.message
