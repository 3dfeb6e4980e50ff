"""GET /api/releases/ID/events/: numbered events, as a long poll and as a stream that resumes."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import transaction
from django.test import AsyncClient

from accounts.models import ApiToken, Role, User
from accounts.services import token_create
from feeds import sse
from feeds.services import event_append, release_feed
from products.models import Product
from promotions.models import Release
from tests.api.conftest import release_of

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.asyncio,
    pytest.mark.usefixtures("database_thread"),
]
# Half of what the longest poll lasts.
PATIENCE = 30
LONG = 2 * PATIENCE


@pytest.fixture
def release(transactional_db: None) -> Release:
    return release_of(Product.objects.create(name="trio"))


class Caller:
    """Asks with a token; Django's asynchronous client keeps no headers of its own."""

    def __init__(self, token: str) -> None:
        self._client = AsyncClient(raise_request_exception=False)
        self._headers = {"authorization": f"Bearer {token}"}

    async def get(self, url: str, **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self._client.get(url, headers={**self._headers, **named})


@pytest.fixture
def caller(transactional_db: None) -> Caller:
    user = User.objects.create_user("vera", role=Role.VIEWER)
    _, text = token_create(by=user, user=user, name="test")
    return Caller(text)


def append(release: Release, count: int = 1) -> None:
    for _ in range(count):
        with transaction.atomic():
            event_append(feeds=[release_feed(release.pk)], kind="step.status", subject="qa", message="On.")


async def poll(caller: Caller, release: Release, query: str) -> dict[str, Any]:
    answer = await caller.get(f"/api/releases/{release.pk}/events/{query}")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json"
    return dict(json.loads(b"".join([part async for part in answer.streaming_content])))


async def test_what_is_there_comes_at_once(caller: Caller, release: Release) -> None:
    await sync_to_async(append)(release, 3)
    body = await asyncio.wait_for(poll(caller, release, f"?after=1&wait={LONG}"), PATIENCE)
    assert ([event["number"] for event in body["results"]], body["last"]) == ([2, 3], 3)
    assert set(body["results"][0]) == {
        "number", "kind", "subject", "message", "reason", "actor", "at", "data",
    }  # fmt: skip
    assert body["results"][0]["at"].endswith("Z")


async def test_without_wait_an_empty_answer_comes_at_once(caller: Caller, release: Release) -> None:
    assert await poll(caller, release, "?after=7") == {"results": [], "last": 7}


async def test_a_poll_ends_when_its_time_is_over(caller: Caller, release: Release) -> None:
    started = time.monotonic()
    waiting = poll(caller, release, "?wait=1")
    assert await asyncio.wait_for(waiting, PATIENCE) == {"results": [], "last": 0}
    assert time.monotonic() - started > 0.9


async def test_a_poll_ends_as_soon_as_something_happens(caller: Caller, release: Release) -> None:
    waiting = asyncio.create_task(poll(caller, release, f"?wait={LONG}"))
    await asyncio.sleep(0.5)
    assert not waiting.done()
    await sync_to_async(append)(release)
    body = await asyncio.wait_for(waiting, PATIENCE)
    assert [event["number"] for event in body["results"]] == [1]


@pytest.mark.parametrize("query", ["?after=-1", "?after=x", "?wait=x", "?limit=x"])
async def test_a_number_that_is_none_is_422(caller: Caller, release: Release, query: str) -> None:
    answer = await caller.get(f"/api/releases/{release.pk}/events/{query}")
    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"


class Stream:
    """Frames of an event stream, one by one."""

    def __init__(self, parts: AsyncIterator[bytes]) -> None:
        self._parts = parts

    async def frame(self) -> dict[str, str]:
        """The next frame with an event; comments and the retry hint are left out."""
        while True:
            text = (await asyncio.wait_for(anext(self._parts), PATIENCE)).decode()
            assert text.endswith("\n\n")
            fields = dict(line.split(": ", 1) for line in text.strip().splitlines())
            if "event" in fields:
                return fields


async def stream(caller: Caller, release: Release, **headers: str) -> Stream:
    url = f"/api/releases/{release.pk}/events/"
    answer = await caller.get(url, accept="text/event-stream", **headers)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/event-stream"
    return Stream(aiter(answer.streaming_content))


async def test_a_stream_replays_and_follows(caller: Caller, release: Release) -> None:
    await sync_to_async(append)(release, 2)
    events = await stream(caller, release)
    assert [(await events.frame())["id"] for _ in range(2)] == ["1", "2"]
    await sync_to_async(append)(release)
    frame = await events.frame()
    assert (frame["id"], frame["event"]) == ("3", "step.status")
    assert json.loads(frame["data"])["subject"] == "qa"


async def test_a_stream_resumes_behind_the_last_event_id(caller: Caller, release: Release) -> None:
    await sync_to_async(append)(release, 3)
    events = await stream(caller, release, last_event_id="2")
    assert (await events.frame())["id"] == "3"


async def test_a_stream_ends_when_access_does(
    caller: Caller, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sse, "KEEP_ALIVE_SECONDS", 0.2)
    await sync_to_async(append)(release)
    events = await stream(caller, release)
    await events.frame()
    await sync_to_async(ApiToken.objects.all().delete)()
    with pytest.raises(StopAsyncIteration):
        await events.frame()
