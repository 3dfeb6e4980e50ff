"""The product's slot and the queue for it, on bare rows: who starts next, and who says so."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from feeds.models import Event
from promotions.models import Release
from promotions.services import release_tick as ticks
from promotions.services.publishing import tick_request
from promotions.services.release_terminate import release_terminate
from promotions.services.sweep import sweep
from tests.promotions.services.demo_world import Outbox
from tests.promotions.services.light_rows import light_release, promoter, put, run_ticks

pytestmark = pytest.mark.django_db(transaction=True)


def tick(release: Release) -> str:
    with transaction.atomic():
        tick_request(release.pk)
    ticks.release_tick(release_id=release.pk)
    release.refresh_from_db()
    return release.status


def test_a_queued_release_names_the_one_that_it_waits_for(outbox: Outbox) -> None:
    first, second, third = light_release(), light_release(status="QUEUED"), light_release(status="QUEUED")
    assert tick(third) == tick(second) == "QUEUED"
    assert second.reason == "WAITING_FOR_RELEASE"
    assert second.message == f"Release {first.number} of shop runs first; this one starts when it has ended."
    tick(second)
    told = Event.objects.filter(feed__key=f"release:{second.pk}", reason="WAITING_FOR_RELEASE")
    assert told.count() == 1


def test_the_oldest_queued_release_is_first_whatever_clocks_say(outbox: Outbox) -> None:
    first, second = light_release(status="QUEUED"), light_release(status="QUEUED")
    Release.objects.filter(pk=first.pk).update(created_at=timezone.now() + timedelta(hours=1))
    assert tick(second) == "QUEUED"
    assert tick(first) == "RUNNING"


def test_two_products_run_at_once(outbox: Outbox) -> None:
    assert tick(light_release(status="QUEUED")) == "RUNNING"
    assert tick(light_release(status="QUEUED", product="pay")) == "RUNNING"


@pytest.mark.parametrize("is_waiting_first", [False, True])
def test_the_end_of_a_release_wakes_the_next(outbox: Outbox, is_waiting_first: bool) -> None:
    first = light_release("dev > qa", status="QUEUED" if is_waiting_first else "RUNNING", done=["dev"])
    second = light_release("dev > qa", status="QUEUED")
    tick(second)
    release_terminate(user=promoter(), release_id=first.pk)
    run_ticks(outbox)
    second.refresh_from_db()
    assert second.status == "RUNNING"


def test_a_wake_up_that_was_lost_with_its_process_is_made_up_for(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = light_release("dev > qa", done=["dev"]), light_release("dev > qa", status="QUEUED")
    tick(second)
    monkeypatch.setattr(ticks, "product_wake", lambda *, product_id: None)  # died after the commit
    release_terminate(user=promoter(), release_id=first.pk)
    run_ticks(outbox)
    second.refresh_from_db()
    assert second.status == "QUEUED"
    assert sweep()["slots"] == 1
    run_ticks(outbox)
    second.refresh_from_db()
    assert second.status == "RUNNING"
    assert sweep()["slots"] == 0


def test_ticks_that_coalesce_look_once(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    release = light_release()
    looks: list[str] = []
    real = ticks.release_snapshot
    monkeypatch.setattr(ticks, "release_snapshot", lambda row: (looks.append(row.pk), real(row))[1])
    with transaction.atomic():
        for _ in range(5):
            tick_request(release.pk)
    run_ticks(outbox)
    assert looks == [release.pk]


def test_a_due_tick_is_sent_again_at_intervals_and_not_at_every_sweep(outbox: Outbox) -> None:
    release = light_release()
    Release.objects.filter(pk=release.pk).update(tick_due=True, tick_due_at=Now() - timedelta(seconds=5))
    assert [sweep()["ticks"] for _ in range(3)] == [1, 0, 0]


def test_a_release_past_its_limit_is_ticked_once(outbox: Outbox) -> None:
    release = light_release("dev > qa", done=["dev"], timeout_minutes=2)
    put(release, "qa", "SUCCEEDED", "WAITING")
    tick(release)
    Release.objects.filter(pk=release.pk).update(resumed_at=timezone.now() - timedelta(minutes=3))
    outbox.messages.clear()
    assert sweep()["timeouts"] == 1
    assert sweep()["timeouts"] == 0
    run_ticks(outbox)
    release.refresh_from_db()
    assert (release.status, release.reason) == ("TERMINATED", "TIMEOUT")
    assert sweep()["timeouts"] == 0
