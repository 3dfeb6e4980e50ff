"""Promotion flows, stored verbatim, and every version that was saved. Never parsed here."""

from __future__ import annotations

from django.db import models

from environments.models import rfc1123


class Flow(models.Model):
    """A PromotionFlow manifest, byte for byte. `etag` is its SHA-256; a save compares and swaps on it."""

    name = models.CharField(max_length=253, unique=True, validators=[rfc1123])
    manifest = models.TextField()
    etag = models.CharField(max_length=64)
    version = models.CharField(max_length=100, blank=True)
    description = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField()
    updated_by = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class FlowRevision(models.Model):
    """One saved text of a flow: who, when, what."""

    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    manifest = models.TextField()
    etag = models.CharField(max_length=64)
    version = models.CharField(max_length=100, blank=True)
    saved_at = models.DateTimeField()
    saved_by = models.CharField(max_length=150, blank=True)
    # Lines against the save before; null where there is none, or was not counted.
    added = models.PositiveIntegerField(null=True)
    removed = models.PositiveIntegerField(null=True)
    # The name before, where this save changed it.
    renamed_from = models.CharField(max_length=253, blank=True)

    class Meta:
        ordering = ["flow", "number"]
        constraints = [models.UniqueConstraint(fields=["flow", "number"], name="flow_revision_once")]
