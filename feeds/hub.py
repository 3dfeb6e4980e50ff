"""One listener per process for all live connections: hints, heads and what came since. Never writes.

A hundred browsers on one page cost one query a second together, not a hundred: connections register
here, and the hub asks for all of their feeds at once. Hints of the channel layer only make it faster;
without them (Redis down, a hint lost) every event still arrives within POLL_SECONDS.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import logging
import random
import weakref
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any

from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from django.db import DatabaseError
from redis.exceptions import RedisError

from feeds.selectors import events_after_all, feed_last_numbers
from feeds.services import REVOCATIONS, channel_group

log = logging.getLogger(__name__)

POLL_SECONDS = 1.0
HEAD_SECONDS = 5.0
AUTHORISE_SECONDS = 10.0
LAYER_TIMEOUT_SECONDS = 2.0
# Each is a condition of its own in one statement, and databases limit how many nest.
MOST_FEEDS_AT_ONCE = 200
# A connection that reads slower than this many events wait is told to start again from the rows.
BACKLOG = 1000

Checker = Callable[[Iterable[Any]], set[Any]]


@dataclass(frozen=True)
class Told:
    """One event as connections get it: who wants more reads the rows."""

    number: int
    kind: str
    subject: str


@dataclass(frozen=True)
class Head:
    """The feed's last number, sent at HEAD_SECONDS so that a lost last event shows."""

    number: int


@dataclass(frozen=True)
class Revoked:
    """The credential of this connection is no longer good."""


Message = Told | Head | Revoked


@dataclass(eq=False)
class Listener:
    """One connection to one feed. `credential` is whatever the hub's checker understands."""

    feed: str
    credential: Hashable
    queue: asyncio.Queue[Message] = field(default_factory=lambda: asyncio.Queue(BACKLOG))

    def tell(self, message: Message) -> None:
        # Full: the reader is slower than events come. It sees the gap in the numbers and reads the rows.
        with contextlib.suppress(asyncio.QueueFull):
            self.queue.put_nowait(message)


class Hub:
    """All listeners of one event loop."""

    def __init__(self, still_valid: Checker) -> None:
        self._still_valid = still_valid
        self._listeners: dict[str, set[Listener]] = {}
        self._seen: dict[str, int] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._layer: Any = get_channel_layer()
        self._channel = ""
        self._wake = asyncio.Event()

    @contextlib.asynccontextmanager
    async def listen(self, feed: str, credential: Hashable) -> AsyncIterator[Listener]:
        """Register first, so that whatever happens from now on is told; then the caller replays."""
        listener = Listener(feed, credential)
        is_new = feed not in self._listeners
        self._listeners.setdefault(feed, set()).add(listener)
        try:
            if is_new:
                await self._join(feed)
            self._ensure_running()
            yield listener
        finally:
            await self._leave(listener)

    def _ensure_running(self) -> None:
        for run in (self._receive, self._poll, self._heads, self._authorise):
            task = self._tasks.get(run.__name__)
            if task is None or task.done():
                # An empty context: the first connection's own (its thread, its request) ends before the hub.
                task = asyncio.create_task(run(), context=contextvars.Context())
                task.add_done_callback(_report)
                self._tasks[run.__name__] = task

    async def _join(self, feed: str) -> None:
        await self._layer_call(lambda: self._layer.group_add(channel_group(feed), self._channel))
        self._wake.set()

    async def _leave(self, listener: Listener) -> None:
        listeners = self._listeners.get(listener.feed, set())
        listeners.discard(listener)
        if listeners:
            return
        self._listeners.pop(listener.feed, None)
        self._seen.pop(listener.feed, None)
        await self._layer_call(lambda: self._layer.group_discard(channel_group(listener.feed), self._channel))
        if not self._listeners:
            for task in self._tasks.values():
                task.cancel()
            self._tasks = {}
            self._channel = ""

    async def _layer_call(self, call: Callable[[], Awaitable[None]]) -> None:
        """A wish to the layer; the poll makes up for one that fails."""
        if not self._channel:
            return
        try:
            await asyncio.wait_for(call(), LAYER_TIMEOUT_SECONDS)
        except (RedisError, OSError, TimeoutError) as error:
            log.warning("The channel layer did not answer (%r); live pages go on by polling.", error)

    async def _receive(self) -> None:
        """Take hints from the layer; subscribe anew, with a pause, whenever that fails."""
        while self._layer is not None:
            try:
                async with asyncio.timeout(LAYER_TIMEOUT_SECONDS):
                    self._channel = await self._layer.new_channel()
                    await self._layer.group_add(REVOCATIONS, self._channel)
                    for feed in list(self._listeners):
                        await self._layer.group_add(channel_group(feed), self._channel)
                while True:
                    await self._take(await self._layer.receive(self._channel))
            except (RedisError, OSError, TimeoutError) as error:
                self._channel = ""
                log.warning("No hints from the channel layer (%r); live pages go on by polling.", error)
                await asyncio.sleep(random.uniform(2, 5))

    async def _take(self, message: dict[str, Any]) -> None:
        if message.get("type") == "access.revoked":
            await self._check_credentials()
            return
        feed, number = message.get("feed", ""), message.get("number", 0)
        if number == self._seen.get(feed, -1) + 1:
            self._dispatch(feed, Told(number, message.get("kind", ""), message.get("subject", "")))
        elif number > self._seen.get(feed, 0):
            self._wake.set()

    async def _poll(self) -> None:
        """Read what came since, for all feeds at once, each second or as soon as a hint shows a gap."""
        while True:
            try:
                await self._catch_up()
            except DatabaseError as error:
                log.warning("The feeds could not be read (%s); trying again.", error)
                await asyncio.sleep(POLL_SECONDS)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), POLL_SECONDS)
            self._wake.clear()

    async def _catch_up(self) -> None:
        heads = await _heads_of(list(self._listeners))
        behind: dict[str, int] = {}
        for feed in list(self._listeners):
            head = heads.get(feed, 0)
            if feed not in self._seen:
                # New here: it starts at its head, and connections that are not there yet read the rows.
                self._seen[feed] = head
                for listener in self._listeners[feed]:
                    listener.tell(Head(head))
            elif self._seen[feed] < head:
                behind[feed] = self._seen[feed]
        if not behind:
            return
        if len(behind) > MOST_FEEDS_AT_ONCE:
            behind = dict(list(behind.items())[:MOST_FEEDS_AT_ONCE])
        events = await _events_of(behind)
        if events:
            # Perhaps not all: look again at once instead of in a second.
            self._wake.set()
        for feed, number, kind, subject in events:
            if number > self._seen.get(feed, 0):
                self._dispatch(feed, Told(number, kind, subject))

    def _dispatch(self, feed: str, told: Told) -> None:
        if feed not in self._listeners:
            return
        self._seen[feed] = told.number
        for listener in self._listeners[feed]:
            listener.tell(told)

    async def _heads(self) -> None:
        while True:
            await asyncio.sleep(HEAD_SECONDS)
            for feed, listeners in self._listeners.items():
                if feed in self._seen:
                    for listener in listeners:
                        listener.tell(Head(self._seen[feed]))

    async def _authorise(self) -> None:
        while True:
            await asyncio.sleep(AUTHORISE_SECONDS)
            try:
                await self._check_credentials()
            except DatabaseError as error:
                # Whoever cannot be checked keeps reading until the database answers again.
                log.warning("Credentials could not be checked (%s); trying again.", error)

    async def _check_credentials(self) -> None:
        listeners = [one for several in self._listeners.values() for one in several]
        valid = await database_sync_to_async(self._still_valid)({one.credential for one in listeners})
        for listener in listeners:
            if listener.credential not in valid:
                while listener.queue.full():
                    listener.queue.get_nowait()
                listener.queue.put_nowait(Revoked())


def _report(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and task.exception() is not None:
        log.error(
            "A task of the live hub ended; the next connection starts it again.", exc_info=task.exception()
        )


_hubs: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = weakref.WeakKeyDictionary()


def hub_of_this_loop(still_valid: Checker) -> Hub:
    """The hub of the running event loop; the checker says which credentials are still good."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub(still_valid)
    return _hubs[loop]


@database_sync_to_async
def _heads_of(feeds: list[str]) -> dict[str, int]:
    return feed_last_numbers(feeds)


@database_sync_to_async
def _events_of(behind: dict[str, int]) -> list[tuple[str, int, str, str]]:
    return events_after_all(behind)
