"""Push intents: what a push was about to do, written before it. Never pushes."""

from __future__ import annotations

from django.db import models


class PushIntent(models.Model):
    """One candidate commit of one effect. Exactly-once rests on these and on Git, never on a lock or lease."""

    class State(models.TextChoices):
        PENDING = "PENDING", "Pending"
        LANDED = "LANDED", "Landed"
        NOT_LANDED = "NOT_LANDED", "Not landed"

    step = models.ForeignKey("promotions.Step", on_delete=models.CASCADE, related_name="intents")
    repository = models.CharField(max_length=500)
    branch = models.CharField(max_length=250)
    effect_key = models.CharField(max_length=1000, db_index=True)
    base = models.CharField(max_length=64)
    parent = models.CharField(max_length=64)
    candidate = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    created_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    # When the push is surely over, so that the remote can be asked whether it landed; moved on by each asking.
    ask_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["state", "ask_at"])]
        constraints = [
            models.UniqueConstraint(fields=["step", "candidate"], name="push_intent_once_per_candidate")
        ]
