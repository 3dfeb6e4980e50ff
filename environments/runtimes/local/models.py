"""What the local runtime remembers: how far it followed its Git Source, and each application's state.

Never anything that lives in a process: whoever lists next moves the rows on by the clock.
"""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models

from environments.models import Runtime


class GitSource(models.Model):
    """The state of a runtime's Git Source that the application rows reflect."""

    runtime = models.OneToOneField(Runtime, on_delete=models.CASCADE, related_name="local_source")
    # "URL BRANCH PATH": another setting on the runtime means to read again.
    address = models.CharField(max_length=1300, blank=True)
    # Git's id of the directory of manifests that was read; commits elsewhere leave it as it is.
    tree = models.CharField(max_length=64, blank=True)
    # Sentences about files that are no Application manifests although they look like some.
    problems = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.runtime} at {self.tree[:7]}"


class LocalApplication(models.Model):
    """One application: its manifest, what Git asks for, what was applied, the last operation.

    `serial` guards every state change by compare-and-swap, since any process may advance a row.
    """

    class Failure(models.TextChoices):
        NONE = "none", "None"
        SYNC_ERROR = "sync_error", "The sync fails"
        DEGRADED = "degraded", "Ends up Degraded"
        PROGRESSING = "progressing", "Stays Progressing"

    runtime = models.ForeignKey(Runtime, on_delete=models.CASCADE, related_name="local_applications")
    namespace = models.CharField(max_length=63)
    name = models.CharField(max_length=253)
    manifest_path = models.CharField(max_length=1000)
    manifest = models.TextField()
    # What the manifest says, as read by manifest.py.
    definition = models.JSONField(default=dict)

    latency_seconds = models.FloatField(
        default=1.0, validators=[MinValueValidator(0.0)], help_text="How long a sync operation takes."
    )
    rollout_seconds = models.FloatField(
        default=1.0,
        validators=[MinValueValidator(0.0)],
        help_text="How long the application stays Progressing after a sync.",
    )
    failure = models.CharField(max_length=12, choices=Failure.choices, default=Failure.NONE)
    failure_message = models.CharField(max_length=500, blank=True)
    auto_sync = models.BooleanField(
        null=True,
        blank=True,
        help_text="Overrides the manifest's syncPolicy; unknown = as the manifest says.",
    )

    # Git's ids of everything the comparison read: unchanged ids mean that nothing needs reading again.
    fingerprint = models.CharField(max_length=64, blank=True)
    desired = models.JSONField(default=dict)
    live = models.JSONField(null=True)
    operation = models.JSONField(null=True)
    health_status = models.CharField(max_length=12, default="Missing")
    health_changed_at = models.DateTimeField(null=True)
    reconciled_at = models.DateTimeField(null=True)
    refresh_requested = models.BooleanField(default=False)
    serial = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ["name", "namespace"]
        constraints = [
            models.UniqueConstraint(
                fields=["runtime", "namespace", "name"], name="local_application_once_per_runtime"
            )
        ]

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}"
