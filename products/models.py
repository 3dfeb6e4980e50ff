"""Things: products, the applications that runtimes report, promotion templates. Never releases."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from environments.models import Environment, Runtime, rfc1123


class PromotionTemplate(models.Model):
    """A PromotionTemplate manifest, verbatim; the columns are what selection needs."""

    name = models.CharField(max_length=253, unique=True, validators=[rfc1123])
    manifest = models.TextField()
    etag = models.CharField(max_length=64)
    priority = models.IntegerField(default=100)
    updated_at = models.DateTimeField(auto_now=True)
    updated_by = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ["priority", "name"]

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    """Applications that belong together. `manifest` is the Product manifest where one was given."""

    class Concurrency(models.TextChoices):
        QUEUE = "queue", "Queue"
        TERMINATE = "terminate", "Terminate"

    name = models.CharField(max_length=63, unique=True, validators=[rfc1123])
    description = models.CharField(max_length=500, blank=True)
    labels = models.JSONField(default=dict, blank=True)
    tags = models.JSONField(default=list, blank=True)
    concurrency = models.CharField(max_length=9, choices=Concurrency.choices, default=Concurrency.QUEUE)
    template = models.ForeignKey(PromotionTemplate, null=True, blank=True, on_delete=models.PROTECT)
    # Inline template content (spec.promotionTemplate) as YAML text; the reference wins when both are there.
    inline_template = models.TextField(blank=True)
    # [{"name": flow, "gitTriggerSelectors": [...]}] in the product's order.
    flows = models.JSONField(default=list, blank=True)
    manifest = models.TextField(blank=True)
    etag = models.CharField(max_length=64, blank=True)
    # From where the annotation counts, as "RUNTIME" or "RUNTIME/PROJECT"; empty means from everywhere.
    restricted_to = models.JSONField(default=list, blank=True)
    release_counter = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Application(models.Model):
    """The last known state of one application of one runtime; written by discovery alone."""

    runtime = models.ForeignKey(Runtime, on_delete=models.CASCADE, related_name="applications")
    namespace = models.CharField(max_length=63)
    name = models.CharField(max_length=253)
    project = models.CharField(max_length=100, default="default")
    # [{"repoURL", "path", "targetRevision", "chart", "ref", "valueFiles"}]
    sources = models.JSONField(default=list)
    # The cluster's name, whether the manifest wrote its name or its server.
    destination_cluster = models.CharField(max_length=500)
    destination_namespace = models.CharField(max_length=63, blank=True)
    labels = models.JSONField(default=dict)
    annotations = models.JSONField(default=dict)
    sync_status = models.CharField(max_length=12, default="Unknown")
    health_status = models.CharField(max_length=12, default="Unknown")
    health_message = models.TextField(blank=True)
    revisions = models.JSONField(default=list)
    # {"phase", "message", "startedAt", "finishedAt", "revision"}
    operation = models.JSONField(default=dict)
    images = models.JSONField(default=list)
    # [{"kind", "name", "health", "message", "image", "ready"}]
    resources = models.JSONField(default=list)
    reconciled_at = models.DateTimeField(null=True, blank=True)
    health_changed_at = models.DateTimeField(null=True, blank=True)
    observed_at = models.DateTimeField(null=True, blank=True)
    # What is deployed: the last commit that touched the application, at the revision that the runtime
    # reports, and the version there. `described` says of which revision, sources and template.
    described = models.CharField(max_length=64, blank=True)
    commit_sha = models.CharField(max_length=64, blank=True)
    version = models.CharField(max_length=200, blank=True)
    commit_author = models.CharField(max_length=200, blank=True)
    commit_message = models.TextField(blank=True)
    commit_at = models.DateTimeField(null=True, blank=True)
    product = models.ForeignKey(
        Product, null=True, blank=True, on_delete=models.SET_NULL, related_name="applications"
    )
    assigned_by_hand = models.BooleanField(default=False)
    environment = models.ForeignKey(
        Environment, null=True, blank=True, on_delete=models.SET_NULL, related_name="applications"
    )
    missing_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "namespace"]
        constraints = [
            models.UniqueConstraint(
                fields=["runtime", "namespace", "name"], name="application_once_per_runtime"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def identity(self) -> str:
        """`runtime/namespace/name`, as events and the API spell an application."""
        return f"{self.runtime.name}/{self.namespace}/{self.name}"


class Favourite(models.Model):
    """An application that a person keeps on top of the board."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="favourites")
    application = models.ForeignKey(Application, on_delete=models.CASCADE)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "application"], name="favourite_once_per_person")
        ]
