"""PromotionPolicy manifests, stored verbatim. Never parsed here."""

from __future__ import annotations

from django.db import models

from environments.models import rfc1123


class Policy(models.Model):
    """A PromotionPolicy manifest, byte for byte; `etag` is its SHA-256."""

    name = models.CharField(max_length=253, unique=True, validators=[rfc1123])
    manifest = models.TextField()
    etag = models.CharField(max_length=64)
    updated_at = models.DateTimeField(auto_now=True)
    updated_by = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "policies"

    def __str__(self) -> str:
        return self.name
