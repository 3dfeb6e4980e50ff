"""Hints never fail or hold up the transaction that made the change."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest
import redis
from django.db import transaction

from feeds import services
from feeds.models import Event
from feeds.services import event_append

pytestmark = pytest.mark.django_db(transaction=True)


class Layer:
    def __init__(self, failure: Exception | None = None) -> None:
        self.failure = failure
        self.sent: list[str] = []

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        self.sent.append(group)
        if self.failure is not None:
            raise self.failure
        await asyncio.sleep(3600)


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "_pause", services._Pause())
    monkeypatch.setattr(services, "SEND_TIMEOUT_SECONDS", 0.3)


def append() -> None:
    with transaction.atomic():
        event_append(feeds=["release:r1"], kind="release.status")


@pytest.mark.parametrize(
    "failure",
    [redis.ConnectionError("refused"), OSError("no such socket"), None],
    ids=["refused", "no socket", "hangs"],
)
def test_a_dead_layer_costs_one_timeout_and_then_nothing(
    monkeypatch: pytest.MonkeyPatch, failure: Exception | None
) -> None:
    layer = Layer(failure)
    monkeypatch.setattr(services, "get_channel_layer", lambda: layer)
    monkeypatch.setattr(services, "PAUSE_SECONDS", 3600)  # however long the twenty take
    for _ in range(20):
        append()
    # Whoever is not asked costs no timeout.
    assert len(layer.sent) == 1
    assert Event.objects.count() == 20


def test_hints_are_tried_again_after_the_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    layer = Layer(OSError("gone"))
    monkeypatch.setattr(services, "get_channel_layer", lambda: layer)
    monkeypatch.setattr(services, "PAUSE_SECONDS", 0.05)
    append()
    time.sleep(0.06)
    append()
    assert len(layer.sent) == 2


def test_an_event_that_is_rolled_back_is_never_told(monkeypatch: pytest.MonkeyPatch) -> None:
    layer = Layer(OSError("gone"))
    monkeypatch.setattr(services, "get_channel_layer", lambda: layer)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        event_append(feeds=["release:r1"], kind="release.status")
        raise ZeroDivisionError
    assert layer.sent == []


def test_an_event_outside_of_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="inside the transaction"):
        event_append(feeds=["release:r1"], kind="release.status")


def test_numbers_have_no_gap_and_each_feed_counts_for_itself() -> None:
    with transaction.atomic():
        assert event_append(feeds=["board", "release:r1"], kind="a") == {"board": 1, "release:r1": 1}
        assert event_append(feeds=["release:r1"], kind="b") == {"release:r1": 2}
    assert list(Event.objects.filter(feed__key="release:r1").values_list("number", flat=True)) == [1, 2]
