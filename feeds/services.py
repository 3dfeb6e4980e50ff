"""Appends events under the feed rows' locks and tells listeners on commit. Never blocks on listeners."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction
from django.utils import timezone
from redis.exceptions import RedisError

from feeds.models import Event, Feed

log = logging.getLogger(__name__)

BOARD = "board"
# The group that every process with live connections listens to beside its feeds.
REVOCATIONS = "access"
SEND_TIMEOUT_SECONDS = 2.0
PAUSE_SECONDS = 5.0
_RANK = {"flow": 0, "release": 1, "product": 2, "board": 3}


@dataclass
class _Pause:
    """Until when (time.monotonic) this process sends no hints."""

    until: float = 0.0


_pause = _Pause()


def release_feed(release_id: str) -> str:
    return f"release:{release_id}"


def product_feed(product_name: str) -> str:
    return f"product:{product_name}"


def flow_feed(flow_name: str) -> str:
    return f"flow:{flow_name}"


def channel_group(feed_key: str) -> str:
    """The channel layer's group of a feed (groups allow only ASCII letters, digits, - _ .)."""
    return "feed." + "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "." for c in feed_key)[:90]


def _lock_order(key: str) -> tuple[int, str]:
    # One order for everybody, or two transactions that write two feeds each could wait for each other.
    return (_RANK.get(key.split(":", 1)[0], 9), key)


def feeds_lock(keys: Iterable[str]) -> list[Feed]:
    """The feeds, locked until the caller's transaction ends, in the one order that everybody takes them in.

    A transaction that tells several products and the board locks all of their feeds with one call before
    its first event, and after its other rows: event by event it would hold the board, for which another
    transaction waits that holds the next product.
    """
    locked = []
    for key in sorted(set(keys), key=_lock_order):
        Feed.objects.get_or_create(key=key)
        locked.append(Feed.objects.select_for_update().get(key=key))
    return locked


def event_append(
    *,
    feeds: Iterable[str],
    kind: str,
    subject: str = "",
    message: str = "",
    reason: str = "",
    actor: str = "",
    data: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> dict[str, int]:
    """Append one event to each feed inside the caller's transaction; returns feed key -> number.

    The number is taken from the locked feed row, so numbers have no gap and follow commit order.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("event_append must run inside the transaction that makes the change")
    moment = at or timezone.now()
    numbers: dict[str, int] = {}
    for feed in feeds_lock(feeds):
        key = feed.key
        feed.last_number += 1
        feed.save(update_fields=["last_number"])
        Event.objects.create(
            feed=feed,
            number=feed.last_number,
            kind=kind,
            subject=subject,
            message=message,
            reason=reason,
            actor=actor,
            data=data or {},
            at=moment,
        )
        numbers[key] = feed.last_number
    transaction.on_commit(lambda: _tell(numbers, kind, subject), robust=True)
    return numbers


def _tell(numbers: dict[str, int], kind: str, subject: str) -> None:
    """A hint only: a listener that misses it sees the gap within a second and reads the rows."""
    hints_send(
        (
            channel_group(key),
            {"type": "feed.event", "feed": key, "number": number, "kind": kind, "subject": subject},
        )
        for key, number in numbers.items()
    )


def revocation_tell(user_id: int) -> None:
    """Let every process look now whether the user's live connections may go on."""
    hints_send([(REVOCATIONS, {"type": "access.revoked", "user": user_id})])


def hints_send(hints: Iterable[tuple[str, dict[str, Any]]]) -> None:
    """Send (group, message) hints through the channel layer; at worst SEND_TIMEOUT_SECONDS, never an error.

    After a failure this process sends no hints for PAUSE_SECONDS, so that a layer that hangs cannot slow
    down every transaction that has something to tell.
    """
    layer = get_channel_layer()
    if layer is None or time.monotonic() < _pause.until:
        return
    messages = list(hints)

    async def send() -> None:
        async with asyncio.timeout(SEND_TIMEOUT_SECONDS):
            for group, message in messages:
                await layer.group_send(group, message)

    try:
        async_to_sync(send)()
    except (RedisError, OSError, TimeoutError) as error:
        _pause.until = time.monotonic() + PAUSE_SECONDS
        log.warning("The channel layer took no hint (%r); live pages read the rows instead.", error)
