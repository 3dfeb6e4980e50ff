"""Answers that wait: a long poll, and an event stream with replay. Never holds a thread while it waits."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Hashable
from typing import Any

from channels.db import database_sync_to_async
from django.http import StreamingHttpResponse
from rest_framework.utils.encoders import JSONEncoder

from feeds.hub import Checker, Revoked, hub_of_this_loop
from feeds.selectors import event_json, events_after

KEEP_ALIVE_SECONDS = 15.0
# A stream ends by itself after this long; the client continues with Last-Event-ID.
STREAM_SECONDS = 3600.0
# Told to the browser as the pause before it connects again, in milliseconds.
RETRY_MILLISECONDS = 2000


def long_poll(
    feed: str, *, after: int, wait: float, limit: int, credential: Hashable, still_valid: Checker
) -> StreamingHttpResponse:
    """`{"results": events, "last": number}`: at once if there are any, else as soon as there are, at most
    `wait` seconds later. The head is sent at once, so proxies see a live answer."""

    async def body() -> AsyncIterator[bytes]:
        async with hub_of_this_loop(still_valid).listen(feed, credential) as listener:
            deadline = asyncio.get_running_loop().time() + wait
            events = await _events(feed, after, limit)
            while not events:
                left = deadline - asyncio.get_running_loop().time()
                try:
                    message = await asyncio.wait_for(listener.queue.get(), max(0, left))
                except TimeoutError:
                    break
                if isinstance(message, Revoked):
                    break
                events = await _events(feed, after, limit)
        last = events[-1]["number"] if events else after
        yield _json({"results": events, "last": last}).encode()

    response = StreamingHttpResponse(body(), content_type="application/json")
    response["Cache-Control"] = "no-store"
    return response


def event_stream(
    feed: str, *, after: int, credential: Hashable, still_valid: Checker
) -> StreamingHttpResponse:
    """Server-sent events: `id` is the number, `event` the kind, `data` the event as JSON."""

    async def body() -> AsyncIterator[bytes]:
        async with hub_of_this_loop(still_valid).listen(feed, credential) as listener:
            ends = asyncio.get_running_loop().time() + STREAM_SECONDS
            yield f"retry: {RETRY_MILLISECONDS}\n\n".encode()
            last = after
            while asyncio.get_running_loop().time() < ends:
                while events := await _events(feed, last, 500):
                    for event in events:
                        yield _frame(event)
                    last = events[-1]["number"]
                try:
                    message = await asyncio.wait_for(listener.queue.get(), KEEP_ALIVE_SECONDS)
                except TimeoutError:
                    yield b": alive\n\n"
                    continue
                if isinstance(message, Revoked):
                    return
                if message.number <= last:
                    yield b": alive\n\n"

    response = StreamingHttpResponse(body(), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


def _frame(event: dict[str, Any]) -> bytes:
    return f"id: {event['number']}\nevent: {event['kind']}\ndata: {_json(event)}\n\n".encode()


def _json(value: Any) -> str:
    return json.dumps(value, cls=JSONEncoder, separators=(",", ":"))


@database_sync_to_async
def _events(feed: str, after: int, limit: int) -> list[dict[str, Any]]:
    return [event_json(event) for event in events_after(feed, after, limit=limit)]
