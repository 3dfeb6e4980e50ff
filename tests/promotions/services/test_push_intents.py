"""Intents as rows: who may record one, how each is settled, and that a dark remote fills no queue."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now

from promotions.models import PushIntent, Release, Step
from promotions.repos import Intent, Landed, NotLanded, Unknown
from promotions.services import push_intents
from promotions.services.push_intents import RowIntents, intents_due, intents_resolve
from promotions.services.step_run import leases_expire
from promotions.services.sweep import sweep
from promotions.steps.base import Claim
from tests.promotions.services.demo_world import Outbox
from tests.promotions.services.light_rows import claim, light_release, lose_workers, put, step_of

pytestmark = pytest.mark.django_db(transaction=True)
BASE, PARENT, CANDIDATE = "a" * 40, "b" * 40, "c" * 40


def intent(key: str = "effect", candidate: str = CANDIDATE) -> Intent:
    return Intent(key, "url", "main", BASE, PARENT, candidate)


def claimed(outbox: Outbox) -> tuple[Release, Claim]:
    release = light_release("dev > qa", done=["dev"])
    put(release, "qa", "PENDING", "PENDING")
    return release, claim(step_of(release, "qa", "commit"))


def test_nothing_is_recorded_for_a_claim_that_is_gone(outbox: Outbox) -> None:
    _, ours = claimed(outbox)
    lose_workers()
    leases_expire()
    assert RowIntents({"effect": [ours]}).record([intent()]) == ["effect"]
    assert not PushIntent.objects.exists()


def test_nothing_is_recorded_for_any_when_one_claim_is_gone(outbox: Outbox) -> None:
    _, ours = claimed(outbox)
    gone = Claim(ours.step_id, ours.number - 1, 1)
    store = RowIntents({"effect": [ours], "other": [gone]})
    assert store.record([intent(), intent("other", "d" * 40)]) == ["other"]
    assert not PushIntent.objects.exists()


def test_nothing_is_recorded_for_a_release_that_ends(outbox: Outbox) -> None:
    release, ours = claimed(outbox)
    Release.objects.filter(pk=release.pk).update(status="TERMINATING")
    assert RowIntents({"effect": [ours]}).record([intent()]) == ["effect"]


def test_a_later_look_settles_what_an_earlier_worker_left_open(outbox: Outbox) -> None:
    _, ours = claimed(outbox)
    store = RowIntents({"effect": [ours]})
    store.record([intent()])
    store.record([intent(candidate="d" * 40)])
    store.conclude("effect", "d" * 40)
    states = dict(PushIntent.objects.values_list("candidate", "state"))
    assert states == {CANDIDATE: "NOT_LANDED", "d" * 40: "LANDED"}
    assert not PushIntent.objects.filter(resolved_at=None).exists()


def dark(outbox: Outbox) -> Release:
    """A push whose worker died: its lease is over, its intent open."""
    release, ours = claimed(outbox)
    RowIntents({"effect": [ours]}).record([intent()])
    lose_workers()
    leases_expire()
    long_ago = Now() - timedelta(hours=1)
    PushIntent.objects.update(created_at=long_ago, ask_at=long_ago)
    return release


def test_a_remote_that_cannot_be_asked_is_asked_at_intervals(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = dark(outbox)
    monkeypatch.setattr(push_intents, "_ask", lambda row: Unknown("No route to git."))
    assert [sweep()["intents"] for _ in range(3)] == [1, 0, 0]
    assert intents_resolve(release_id=release.pk) == 0
    assert PushIntent.objects.get().state == "PENDING"


def test_a_push_that_may_be_under_way_is_not_asked_about(outbox: Outbox) -> None:
    release, ours = claimed(outbox)
    RowIntents({"effect": [ours]}).record([intent()])
    Step.objects.filter(pk=ours.step_id).update(status="PENDING")
    assert intents_due() == []
    assert intents_resolve(release_id=release.pk) == 0


@pytest.mark.parametrize(
    ("answer", "state", "commit"),
    [(Landed(CANDIDATE), "LANDED", CANDIDATE), (NotLanded(PARENT), "NOT_LANDED", "")],
)
def test_the_remotes_answer_is_recorded(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch, answer: Any, state: str, commit: str
) -> None:
    release = dark(outbox)
    monkeypatch.setattr(push_intents, "_ask", lambda row: answer)
    assert intents_resolve(release_id=release.pk) == 1
    assert PushIntent.objects.get().state == state
    application = step_of(release, "qa", "commit").application
    assert application is not None
    assert application.commit == commit
    assert Release.objects.get(pk=release.pk).tick_due


def test_an_answer_that_is_older_than_another_push_of_the_commit_is_dropped(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = dark(outbox)

    def pushed_meanwhile(row: PushIntent) -> NotLanded:
        heir = claim(step_of(release, "qa", "commit"), "w2")
        store = RowIntents({"effect": [heir]})
        assert store.record([intent()]) == []
        store.settle([(intent(), Landed(CANDIDATE))])
        return NotLanded(PARENT)

    monkeypatch.setattr(push_intents, "_ask", pushed_meanwhile)
    assert intents_resolve(release_id=release.pk) == 0
    assert PushIntent.objects.get().state == "LANDED"
