"""Numbered, append-only events per feed: audit trail, live feed, and what a page replays from.

Never holds data that a page could not also read from the rows: an event carries id, kind and number.
"""

from __future__ import annotations

from django.db import models


class Feed(models.Model):
    """One stream of events: `release:<id>`, `product:<name>`, `flow:<name>` or `board`. The row is the counter."""

    key = models.CharField(max_length=300, unique=True)
    last_number = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return self.key


class Event(models.Model):
    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="events")
    number = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=60)
    # What it happened to: an environment's name, an application's identity, or "".
    subject = models.CharField(max_length=300, blank=True)
    message = models.TextField(blank=True)
    reason = models.CharField(max_length=60, blank=True)
    actor = models.CharField(max_length=150, blank=True)
    data = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        ordering = ["feed", "number"]
        constraints = [models.UniqueConstraint(fields=["feed", "number"], name="event_number_once_per_feed")]

    def __str__(self) -> str:
        return f"{self.feed_id}/{self.number} {self.kind}"
