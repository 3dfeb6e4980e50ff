"""Reads of feeds: the last number, and what came after a number. Never writes."""

from __future__ import annotations

from django.db.models import QuerySet

from feeds.models import Event, Feed


def feed_last_number(key: str) -> int:
    """0 for a feed that has no event yet."""
    return Feed.objects.filter(key=key).values_list("last_number", flat=True).first() or 0


def events_after(key: str, number: int, *, limit: int = 500) -> QuerySet[Event]:
    """At most `limit` events of the feed with a number above the given one, in order."""
    return Event.objects.filter(feed__key=key, number__gt=number).order_by("number")[:limit]
