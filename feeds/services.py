"""Appends events under the feed rows' locks and tells listeners on commit. Never blocks on listeners."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction
from django.utils import timezone

from feeds.models import Event, Feed

log = logging.getLogger(__name__)

BOARD = "board"
_RANK = {"release": 0, "product": 1, "board": 2}


def release_feed(release_id: str) -> str:
    return f"release:{release_id}"


def product_feed(product_name: str) -> str:
    return f"product:{product_name}"


def channel_group(feed_key: str) -> str:
    """The channel layer's group of a feed (groups allow only ASCII letters, digits, - _ .)."""
    return "feed." + "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "." for c in feed_key)[:90]


def _lock_order(key: str) -> tuple[int, str]:
    # One order for everybody, or two transactions that write two feeds each could wait for each other.
    return (_RANK.get(key.split(":", 1)[0], 9), key)


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
    for key in sorted(set(feeds), key=_lock_order):
        Feed.objects.get_or_create(key=key)
        feed = Feed.objects.select_for_update().get(key=key)
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
    """A hint only: a listener that misses it sees the gap at the next heartbeat and reads the rows."""
    layer = get_channel_layer()
    if layer is None:
        return
    for key, number in numbers.items():
        message = {"type": "feed.event", "feed": key, "number": number, "kind": kind, "subject": subject}
        async_to_sync(layer.group_send)(channel_group(key), message)
