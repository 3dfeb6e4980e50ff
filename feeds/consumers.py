"""WebSockets of feeds: replay after N, then live, in order and without a gap. Never sends data, only numbers.

Frames to the browser: {"type":"event","number","kind","subject"} and {"type":"head","number"}. Frames from
it are ignored. Close codes: 4401 not signed in (any more), 4403 from another site, 1013 try again later.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import AsyncExitStack
from typing import Any
from urllib.parse import parse_qs, urlsplit

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.conf import settings
from django.db import DatabaseError
from django.http.request import validate_host

from accounts.credentials import Credential, credentials_still_valid, token_find
from feeds.hub import Head, Listener, Revoked, Told, hub_of_this_loop
from feeds.selectors import events_after, feed_last_number
from feeds.services import BOARD, flow_feed, product_feed, release_feed

log = logging.getLogger(__name__)

NOT_SIGNED_IN = 4401
FORBIDDEN = 4403
TRY_AGAIN = 1013


class FeedConsumer(AsyncJsonWebsocketConsumer):
    """One connection to one feed. Subclasses name the feed."""

    # No channel of its own: the process' hub listens for all connections, so a dead layer refuses nobody.
    channel_layer_alias = None

    def feed(self) -> str:
        raise NotImplementedError

    async def connect(self) -> None:
        if not origin_is_ours(self.scope):
            await self.close(FORBIDDEN)  # before accepting: another site's script learns nothing
            return
        # Accepted first, or the browser would see 1006 and not know that it has to sign in.
        await self.accept()
        credential = await credential_of(self.scope)
        if credential is None:
            await self.close(NOT_SIGNED_IN)
            return
        self._stack = AsyncExitStack()
        hub = hub_of_this_loop(credentials_still_valid)
        listener = await self._stack.enter_async_context(hub.listen(self.feed(), credential))
        self._task = asyncio.create_task(self._serve(listener, after_of(self.scope)))

    async def disconnect(self, code: int) -> None:
        task = getattr(self, "_task", None)
        if task is not None:
            task.cancel()
            await self._stack.aclose()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None, **_: Any) -> None:
        """Clients have nothing to say here."""

    async def _serve(self, listener: Listener, after: int | None) -> None:
        try:
            await self._follow(listener, after)
        except DatabaseError as error:
            log.warning("A live connection to %s ends, the rows cannot be read: %s", self.feed(), error)
            await self.close(TRY_AGAIN)

    async def _follow(self, listener: Listener, after: int | None) -> None:
        head = await self._head()
        last = head if after is None else min(after, head)
        await self.send_json({"type": "head", "number": head})
        last = await self._replay(last)
        while True:
            message = await listener.queue.get()
            match message:
                case Revoked():
                    await self.close(NOT_SIGNED_IN)
                    return
                case Told(number=number) if number == last + 1:
                    await self._send_event(number, message.kind, message.subject)
                    last = number
                case Told(number=number):
                    if number > last:
                        last = await self._replay(last)
                case Head(number=number):
                    if number > last:
                        last = await self._replay(last)
                    await self.send_json({"type": "head", "number": max(number, last)})

    async def _replay(self, last: int) -> int:
        """Send everything after a number from the rows; returns the last number sent."""
        while events := await self._events(last):
            for number, kind, subject in events:
                await self._send_event(number, kind, subject)
                last = number
        return last

    async def _send_event(self, number: int, kind: str, subject: str) -> None:
        await self.send_json({"type": "event", "number": number, "kind": kind, "subject": subject})

    @database_sync_to_async
    def _events(self, last: int) -> list[tuple[int, str, str]]:
        return list(events_after(self.feed(), last).values_list("number", "kind", "subject"))

    @database_sync_to_async
    def _head(self) -> int:
        return feed_last_number(self.feed())


class ReleaseConsumer(FeedConsumer):
    def feed(self) -> str:
        return release_feed(self.scope["url_route"]["kwargs"]["release_id"])


class ProductConsumer(FeedConsumer):
    def feed(self) -> str:
        return product_feed(self.scope["url_route"]["kwargs"]["name"])


class FlowConsumer(FeedConsumer):
    def feed(self) -> str:
        return flow_feed(self.scope["url_route"]["kwargs"]["name"])


class BoardConsumer(FeedConsumer):
    def feed(self) -> str:
        return BOARD


def after_of(scope: dict[str, Any]) -> int | None:
    """`?after=N`; None (only what comes from now on) when it is absent or no number."""
    text = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("after", [""])[0]
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def origin_is_ours(scope: dict[str, Any]) -> bool:
    """Whether the page that opens the socket is ours: the public URL, or the host that was asked.

    Browsers always send Origin. A caller with a bearer token is no browser and needs none.
    """
    headers = dict(scope.get("headers", []))
    origin = headers.get(b"origin", b"").decode("latin-1").rstrip("/")
    if not origin:
        return bool(headers.get(b"authorization"))
    if origin.lower() == settings.PUBLIC_URL.lower():
        return True
    parts = urlsplit(origin)
    host = headers.get(b"host", b"").decode("latin-1")
    if parts.scheme not in {"http", "https"} or parts.netloc.lower() != host.lower():
        return False
    return validate_host(parts.hostname or "", settings.ALLOWED_HOSTS)


async def credential_of(scope: dict[str, Any]) -> Credential | None:
    """Who connects: by bearer token, or by the session of the pages; None for nobody."""
    authorization = dict(scope.get("headers", [])).get(b"authorization", b"").decode("latin-1").split()
    if authorization:
        if len(authorization) != 2 or authorization[0].lower() != "bearer":
            return None
        token = await database_sync_to_async(token_find)(authorization[1])
        return Credential(user_id=token.user_id, token_id=token.pk) if token else None
    user, session = scope.get("user"), scope.get("session")
    if user is None or not user.is_authenticated or session is None:
        return None
    credential = Credential(user_id=user.pk, session_key=session.session_key or "")
    valid = await database_sync_to_async(credentials_still_valid)([credential])
    return credential if credential in valid else None
