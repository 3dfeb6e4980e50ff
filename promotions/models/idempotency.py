"""Answers kept per Idempotency-Key, so that a repeated POST makes nothing twice."""

from __future__ import annotations

from django.db import models


class IdempotencyKey(models.Model):
    """Scoped to caller and route, kept seven days: the same body replays, another body is refused."""

    caller = models.CharField(max_length=150)
    route = models.CharField(max_length=300)
    key = models.CharField(max_length=200)
    body_digest = models.CharField(max_length=64)
    release = models.ForeignKey("promotions.Release", null=True, on_delete=models.CASCADE)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["caller", "route", "key"], name="idempotency_key_once_per_caller_route"
            )
        ]
