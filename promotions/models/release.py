"""A release, its environments, their applications, and the frozen source. Never decides transitions."""

from __future__ import annotations

import secrets
import time

from django.db import models

from products.models import Product

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def new_release_id() -> str:
    """26 opaque characters that sort by time: 10 of milliseconds, 16 of chance."""
    number = (time.time_ns() // 1_000_000 << 80) | secrets.randbits(80)
    return "".join(_ALPHABET[(number >> shift) & 31] for shift in range(125, -5, -5))


class ReleaseStatus(models.TextChoices):
    QUEUED = "QUEUED", "Queued"
    RUNNING = "RUNNING", "Running"
    SUSPENDED = "SUSPENDED", "Suspended"
    SUCCEEDED = "SUCCEEDED", "Succeeded"
    FAILED = "FAILED", "Failed"
    TERMINATING = "TERMINATING", "Terminating"
    TERMINATED = "TERMINATED", "Terminated"


class EnvironmentStatus(models.TextChoices):
    PENDING = "PENDING", "Pending"
    RUNNING = "RUNNING", "Running"
    SUSPENDED = "SUSPENDED", "Suspended"
    SUCCEEDED = "SUCCEEDED", "Succeeded"
    FAILED = "FAILED", "Failed"
    TERMINATED = "TERMINATED", "Terminated"


class Release(models.Model):
    """One run of a flow for one product. `flow_manifest` and all that is resolved is frozen at its start."""

    id = models.CharField(max_length=26, primary_key=True, default=new_release_id, editable=False)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="releases")
    number = models.PositiveIntegerField()
    flow_name = models.CharField(max_length=253)
    flow_version = models.CharField(max_length=100, blank=True)
    flow_manifest = models.TextField()
    status = models.CharField(max_length=11, choices=ReleaseStatus.choices, default=ReleaseStatus.QUEUED)
    reason = models.CharField(max_length=60, blank=True)
    message = models.TextField(blank=True)
    note = models.TextField(blank=True)  # what the initiator wrote at the trigger
    initiator = models.CharField(max_length=150)
    # The chosen source: one application of the trigger environment at one commit.
    source_application = models.CharField(max_length=400)  # runtime/namespace/name
    source_repository = models.CharField(max_length=500)
    source_branch = models.CharField(max_length=250)
    source_path = models.CharField(max_length=500, blank=True)
    source_revision = models.CharField(max_length=64)
    # The last commit up to the revision that changed the source's own files: what people know it by.
    source_commit = models.CharField(max_length=64, blank=True)
    source_author = models.CharField(max_length=200, blank=True)
    source_message = models.TextField(blank=True)
    source_at = models.DateTimeField(null=True)
    version = models.CharField(max_length=200, blank=True)
    previous_version = models.CharField(max_length=200, blank=True)
    # Frozen template: {"origin", "versionSource": {...}|None, "promotion": {file: [paths]}|None}
    template = models.JSONField(default=dict)
    plan_digest = models.CharField(max_length=64, blank=True)
    on_failure = models.CharField(max_length=10, default="continue")
    timeout_minutes = models.PositiveIntegerField(default=1440)
    frozen_at = models.DateTimeField(null=True)
    retries = models.PositiveIntegerField(default=0)
    tick_due = models.BooleanField(default=True)
    tick_due_at = models.DateTimeField(null=True)
    terminate_requested_at = models.DateTimeField(null=True)
    terminate_requested_by = models.CharField(max_length=150, blank=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    # When it last began to run: a retry's time limit counts from there, its duration from `started_at`.
    resumed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["product", "number"], name="release_number_once_per_product")
        ]
        indexes = [
            models.Index(fields=["tick_due", "tick_due_at"]),
            models.Index(fields=["product", "status"]),
            models.Index(fields=["created_at", "id"]),  # lists of all products, newest first
        ]

    def __str__(self) -> str:
        return f"{self.product.name} #{self.number}"

    @property
    def is_over(self) -> bool:
        return self.status in {ReleaseStatus.SUCCEEDED, ReleaseStatus.FAILED, ReleaseStatus.TERMINATED}


class ReleaseEnvironment(models.Model):
    """One environment of a release, the trigger environment included (position 0, role TRIGGER)."""

    class Role(models.TextChoices):
        TRIGGER = "TRIGGER", "Trigger"
        TARGET = "TARGET", "Target"

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="environments")
    name = models.CharField(max_length=63)
    kind = models.CharField(max_length=8)
    role = models.CharField(max_length=7, choices=Role.choices)
    position = models.PositiveIntegerField()
    depends_on = models.JSONField(default=list)
    # {"action": {"value", "origin": {"kind", "name"?, "line"?, "priority"?}}, "preAction"?, "postAction"?}
    policy = models.JSONField(default=dict)
    status = models.CharField(
        max_length=10, choices=EnvironmentStatus.choices, default=EnvironmentStatus.PENDING
    )
    reason = models.CharField(max_length=60, blank=True)
    message = models.TextField(blank=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["release", "name"], name="environment_once_per_release")
        ]


class ReleaseApplication(models.Model):
    """One application of one environment of a release, with its frozen Git target."""

    environment = models.ForeignKey(ReleaseEnvironment, on_delete=models.CASCADE, related_name="applications")
    runtime = models.CharField(max_length=63)
    namespace = models.CharField(max_length=63)
    name = models.CharField(max_length=253)
    component = models.CharField(max_length=100, blank=True)
    destination = models.CharField(max_length=600, blank=True)  # "cluster / namespace", for people
    repository = models.CharField(max_length=500)
    branch = models.CharField(max_length=250)
    path = models.CharField(max_length=500, blank=True)
    version_before = models.CharField(max_length=200, blank=True)
    version_after = models.CharField(max_length=200, blank=True)
    # Tip when the environment started, and the base values read there ({file: [[path, text], ...]}).
    base_revision = models.CharField(max_length=64, blank=True)
    base_values = models.JSONField(null=True)
    # What this release wrote: the commit that carries the values, and the diff shown to people.
    commit = models.CharField(max_length=64, blank=True)
    pushed_at = models.DateTimeField(null=True)
    no_changes = models.BooleanField(default=False)
    # {file: [[path, text], ...]}: the values that must be there for green.
    wanted_values = models.JSONField(null=True)
    diff = models.JSONField(default=list)
    health_status = models.CharField(max_length=12, blank=True)
    sync_status = models.CharField(max_length=12, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["environment", "runtime", "namespace", "name"],
                name="application_once_per_environment",
            )
        ]

    @property
    def identity(self) -> str:
        return f"{self.runtime}/{self.namespace}/{self.name}"


class SourceBlob(models.Model):
    """Frozen file content, addressed by its SHA-256, shared by releases."""

    digest = models.CharField(max_length=64, primary_key=True)
    content = models.BinaryField()


class SourceFile(models.Model):
    """One file of the frozen source of one release, relative to the source application's path."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="source_files")
    path = models.CharField(max_length=1000)
    mode = models.CharField(max_length=6, default="100644")
    blob = models.ForeignKey(SourceBlob, on_delete=models.PROTECT)

    class Meta:
        ordering = ["path"]
        constraints = [
            models.UniqueConstraint(fields=["release", "path"], name="source_file_once_per_release")
        ]
