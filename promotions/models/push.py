"""Push intents: what a push was about to do, written before it, and the per-branch lock rows."""

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
    effect_key = models.CharField(max_length=300, db_index=True)
    base = models.CharField(max_length=64)
    parent = models.CharField(max_length=64)
    candidate = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    created_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["step", "candidate"], name="push_intent_once_per_candidate")
        ]


class BranchLock(models.Model):
    """Saves two workers from computing the same branch at once; correctness does not need it."""

    repository = models.CharField(max_length=500)
    branch = models.CharField(max_length=250)
    owner = models.CharField(max_length=200, blank=True)
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["repository", "branch"], name="one_lock_row_per_branch")
        ]
