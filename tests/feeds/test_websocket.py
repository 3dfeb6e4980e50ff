"""WebSockets of feeds: who may connect, what is replayed, what comes live, and when they are closed."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from channels.layers import get_channel_layer
from django.conf import settings
from django.db import transaction
from django.test import Client

from accounts.models import ApiToken, User
from accounts.services import token_create
from feeds import hub as hub_module
from feeds.consumers import FORBIDDEN, NOT_SIGNED_IN
from feeds.routing import websocket_application
from feeds.services import event_append

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.asyncio,
    pytest.mark.usefixtures("database_thread"),
]
# Longer than any pause of the hub: where one matters, the test makes it longer than this.
PATIENCE = 30
NEVER = 3600
Hears = Callable[[], Awaitable[object]]
FEED = "release:r1"
URL = "/ws/releases/r1/"
OURS = (b"origin", settings.PUBLIC_URL.encode())
HOST = (b"host", b"127.0.0.1:8000")


def append(count: int = 1, feed: str = FEED) -> None:
    for index in range(count):
        with transaction.atomic():
            event_append(feeds=[feed], kind="step.status", subject=f"s{index}")


@pytest.fixture
def user(transactional_db: None) -> User:
    return User.objects.create_user("vera", password="correct horse battery")


@pytest.fixture
def cookie(user: User) -> tuple[bytes, bytes]:
    client = Client()
    client.force_login(user)
    return (b"cookie", f"sessionid={client.session.session_key}".encode())


class Socket:
    """A connection of a test; leaving the block hangs up."""

    def __init__(self, url: str, *headers: tuple[bytes, bytes]) -> None:
        path, _, query = url.partition("?")
        scope = {
            "type": "websocket",
            "path": path,
            "query_string": query.encode(),
            "headers": list(headers),
            "subprotocols": [],
        }
        self._application = ApplicationCommunicator(websocket_application, scope)

    async def __aenter__(self) -> Socket:
        await self._application.send_input({"type": "websocket.connect"})
        answer = await self._application.receive_output(timeout=PATIENCE)
        self.accepted = answer["type"] == "websocket.accept"
        self.code = answer.get("code")
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._application.send_input({"type": "websocket.disconnect", "code": 1000})
        await self._application.wait(timeout=PATIENCE)

    async def frame(self) -> dict[str, Any]:
        sent = await self._application.receive_output(timeout=PATIENCE)
        assert sent["type"] == "websocket.send", sent
        return dict(json.loads(sent["text"]))

    async def numbers(self, count: int) -> list[int]:
        """The numbers of the next events; heads in between are left out."""
        found: list[int] = []
        while len(found) < count:
            frame = await self.frame()
            if frame["type"] == "event":
                found.append(frame["number"])
        return found

    async def close_code(self) -> int:
        while True:
            sent = await self._application.receive_output(timeout=PATIENCE)
            if sent["type"] == "websocket.close":
                return int(sent["code"])

    async def is_silent(self) -> bool:
        return await self._application.receive_nothing(timeout=0.3)


@pytest.fixture
def hears_hints(monkeypatch: pytest.MonkeyPatch) -> Hears:
    """Waits until the hub has subscribed, which it does in the background. To be called before the first connection."""

    def watch() -> Awaitable[object]:
        layer, waits = get_channel_layer(), asyncio.Event()
        receive = layer.receive

        async def received(channel: str) -> Any:
            waits.set()
            return await receive(channel)

        monkeypatch.setattr(layer, "receive", received)
        return asyncio.wait_for(waits.wait(), PATIENCE)

    return watch


async def test_replays_after_n_then_follows_live_in_order(cookie: tuple[bytes, bytes]) -> None:
    await sync_to_async(append)(3)
    async with Socket(f"{URL}?after=1", HOST, OURS, cookie) as socket:
        assert await socket.frame() == {"type": "head", "number": 3}
        assert await socket.frame() == {"type": "event", "number": 2, "kind": "step.status", "subject": "s1"}
        assert await socket.numbers(1) == [3]
        await sync_to_async(append)(2)
        assert await socket.numbers(2) == [4, 5]


async def test_without_after_only_what_comes_from_now_on(cookie: tuple[bytes, bytes]) -> None:
    await sync_to_async(append)(2)
    async with Socket(URL, HOST, OURS, cookie) as socket:
        assert await socket.frame() == {"type": "head", "number": 2}
        await sync_to_async(append)()
        assert await socket.numbers(1) == [3]


async def test_events_arrive_within_a_second_or_two_when_no_hint_does(
    cookie: tuple[bytes, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feeds.services.get_channel_layer", lambda: None)
    async with Socket(URL, HOST, OURS, cookie) as socket:
        await socket.frame()
        await sync_to_async(append)(2)
        assert await socket.numbers(2) == [1, 2]


async def test_more_feeds_than_one_statement_takes_all_catch_up(
    cookie: tuple[bytes, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feeds.services.get_channel_layer", lambda: None)
    monkeypatch.setattr(hub_module, "MOST_FEEDS_AT_ONCE", 1)
    names = ["a", "b", "c"]
    sockets = [Socket(f"/ws/products/{name}/", HOST, OURS, cookie) for name in names]
    for socket in sockets:
        await socket.__aenter__()
        await socket.frame()
    for name in names:
        await sync_to_async(append)(feed=f"product:{name}")
    assert [await socket.numbers(1) for socket in sockets] == [[1]] * 3
    for socket in sockets:
        await socket.__aexit__()


async def test_another_feeds_events_do_not_come(cookie: tuple[bytes, bytes]) -> None:
    async with Socket("/ws/products/trio/", HOST, OURS, cookie) as socket:
        await socket.frame()
        await sync_to_async(append)()
        while not await socket.is_silent():
            assert (await socket.frame())["type"] == "head"
        await sync_to_async(append)(feed="product:trio")
        assert await socket.numbers(1) == [1]


async def test_the_head_comes_regularly(cookie: tuple[bytes, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "HEAD_SECONDS", 0.1)
    await sync_to_async(append)(2)
    async with Socket(f"{URL}?after=2", HOST, OURS, cookie) as socket:
        for _ in range(4):
            assert await socket.frame() == {"type": "head", "number": 2}


async def test_many_listeners_cost_one_query_a_poll(
    cookie: tuple[bytes, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    real = hub_module._heads_of

    async def counted(feeds: list[str]) -> dict[str, int]:
        asked.append(len(feeds))
        return await real(feeds)

    monkeypatch.setattr(hub_module, "_heads_of", counted)
    monkeypatch.setattr(hub_module, "POLL_SECONDS", 0.2)
    sockets = [Socket(URL, HOST, OURS, cookie) for _ in range(20)]
    for socket in sockets:
        await socket.__aenter__()
        await socket.frame()
    asked.clear()
    began = time.monotonic()
    await asyncio.sleep(1)
    await sync_to_async(append)()
    assert [await socket.numbers(1) for socket in sockets] == [[1]] * 20
    assert set(asked) == {1}
    assert len(asked) <= 2 * (time.monotonic() - began) / hub_module.POLL_SECONDS
    for socket in sockets:
        await socket.__aexit__()


async def test_nobody_is_closed_with_4401_after_accepting() -> None:
    async with Socket(URL, HOST, OURS) as socket:
        assert socket.accepted
        assert await socket.close_code() == NOT_SIGNED_IN


@pytest.mark.parametrize(
    "headers",
    [
        [(b"origin", b"https://evil.example")],
        [(b"origin", b"http://127.0.0.1:9999")],
        [(b"origin", b"http://evil.example"), (b"host", b"evil.example")],
        [(b"origin", b"null")],
        [],
    ],
    ids=["another site", "another port", "a forged host", "an opaque origin", "no origin"],
)
async def test_another_site_is_refused_before_accepting(
    cookie: tuple[bytes, bytes], headers: list[tuple[bytes, bytes]]
) -> None:
    host = [] if any(name == b"host" for name, _ in headers) else [HOST]
    async with Socket(URL, *host, *headers, cookie) as socket:
        assert not socket.accepted
        assert socket.code == FORBIDDEN


async def test_a_bearer_token_needs_no_origin(user: User) -> None:
    _, text = await sync_to_async(token_create)(by=user, user=user, name="cli")
    async with Socket(URL, HOST, (b"authorization", f"Bearer {text}".encode())) as socket:
        assert (await socket.frame())["type"] == "head"
        await sync_to_async(ApiToken.objects.all().delete)()
        assert await socket.close_code() == NOT_SIGNED_IN


async def test_a_wrong_token_is_4401() -> None:
    async with Socket(URL, HOST, (b"authorization", b"Bearer nonsense")) as socket:
        assert await socket.close_code() == NOT_SIGNED_IN


async def test_switching_a_user_off_closes_at_once(
    user: User, cookie: tuple[bytes, bytes], hears_hints: Hears, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_module, "AUTHORISE_SECONDS", NEVER)
    subscribed = hears_hints()
    async with Socket(URL, HOST, OURS, cookie) as socket:
        await subscribed
        user.is_active = False
        await sync_to_async(user.save)()
        assert await socket.close_code() == NOT_SIGNED_IN


async def test_a_changed_password_closes_and_a_harmless_save_does_not(
    user: User, cookie: tuple[bytes, bytes], hears_hints: Hears, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_module, "AUTHORISE_SECONDS", NEVER)
    subscribed = hears_hints()
    async with Socket(URL, HOST, OURS, cookie) as socket:
        await socket.frame()
        await subscribed
        user.first_name = "Vera"
        await sync_to_async(user.save)()
        await sync_to_async(append)()
        assert await socket.numbers(1) == [1]
        await sync_to_async(user.set_password)("another correct horse")
        await sync_to_async(user.save)()
        assert await socket.close_code() == NOT_SIGNED_IN


async def test_a_session_that_ended_without_a_message_closes_at_the_next_check(
    cookie: tuple[bytes, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.contrib.sessions.models import Session

    monkeypatch.setattr(hub_module, "AUTHORISE_SECONDS", 0.3)
    async with Socket(URL, HOST, OURS, cookie) as socket:
        await socket.frame()
        await sync_to_async(Session.objects.all().delete)()
        assert await socket.close_code() == NOT_SIGNED_IN


async def test_an_unknown_path_is_refused(cookie: tuple[bytes, bytes]) -> None:
    async with Socket("/ws/nothing/", HOST, OURS, cookie) as socket:
        assert not socket.accepted


async def test_hints_of_a_real_server_come_at_once(
    cookie: tuple[bytes, bytes],
    valkey_url: str,
    settings: Any,
    hears_hints: Hears,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [valkey_url], "prefix": "test"},
        }
    }
    monkeypatch.setattr(hub_module, "POLL_SECONDS", NEVER)  # so that nothing but a hint tells it
    monkeypatch.setattr(hub_module, "HEAD_SECONDS", NEVER)
    subscribed = hears_hints()
    async with Socket(URL, HOST, OURS, cookie) as socket:
        await socket.frame()
        await subscribed
        for number in (1, 2, 3):
            await sync_to_async(append)()
            assert await socket.numbers(1) == [number]
