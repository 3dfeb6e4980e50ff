"""Reads of feeds: last numbers, and what came after a number. Never writes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q, QuerySet

from feeds.models import Event, Feed


def feed_last_number(key: str) -> int:
    """0 for a feed that has no event yet."""
    return Feed.objects.filter(key=key).values_list("last_number", flat=True).first() or 0


def feed_last_numbers(keys: Iterable[str]) -> dict[str, int]:
    """The last number of each feed that has one, in one query."""
    return dict(Feed.objects.filter(key__in=list(keys)).values_list("key", "last_number"))


def events_after(key: str, number: int, *, limit: int = 500) -> QuerySet[Event]:
    """At most `limit` events of the feed with a number above the given one, in order."""
    return Event.objects.filter(feed__key=key, number__gt=number).order_by("number")[:limit]


def events_after_all(numbers: Mapping[str, int], *, limit: int = 2000) -> list[tuple[str, int, str, str]]:
    """(feed, number, kind, subject) of what came after each feed's number, in order, in one query."""
    asked = Q()
    for key, number in numbers.items():
        asked |= Q(feed__key=key, number__gt=number)
    rows = Event.objects.filter(asked).order_by("feed_id", "number")
    return list(rows.values_list("feed__key", "number", "kind", "subject")[:limit]) if numbers else []


def event_json(event: Event) -> dict[str, Any]:
    """An event as the API and streams tell it."""
    return {
        "number": event.number,
        "kind": event.kind,
        "subject": event.subject,
        "message": event.message,
        "reason": event.reason,
        "actor": event.actor,
        "at": event.at,
        "data": event.data,
    }
