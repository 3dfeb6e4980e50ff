"""Places: runtimes, clusters, environments and what each environment covers. Never applications."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models

rfc1123 = RegexValidator(
    r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?\Z",
    "Use lower-case letters, digits and '-', starting and ending with a letter or digit.",
)


class Runtime(models.Model):
    """A GitOps engine that reports applications. `kind` picks the adapter in settings.RUNTIME_ADAPTERS."""

    name = models.CharField(max_length=63, unique=True, validators=[rfc1123])
    kind = models.CharField(max_length=20, default="local")
    url = models.CharField(max_length=500, blank=True)
    # Local runtime: the Git Source that holds Application manifests.
    git_source_url = models.CharField(max_length=500, blank=True)
    git_source_branch = models.CharField(max_length=200, default="main")
    git_source_path = models.CharField(max_length=500, blank=True, default="")
    last_seen_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.name


class Cluster(models.Model):
    """Where applications run. Argo CD names a destination by name or by server: both are this cluster."""

    name = models.CharField(max_length=100, unique=True)
    server = models.CharField(max_length=500, unique=True, null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class EnvironmentKind(models.TextChoices):
    PROD = "PROD", "Production"
    NON_PROD = "NON_PROD", "Non-production"


class Environment(models.Model):
    name = models.CharField(max_length=63, unique=True, validators=[rfc1123])
    kind = models.CharField(max_length=8, choices=EnvironmentKind.choices, default=EnvironmentKind.NON_PROD)
    tags = models.JSONField(default=list, blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class EnvironmentTarget(models.Model):
    """One cluster + namespace of an environment; an empty namespace stands for the whole cluster."""

    environment = models.ForeignKey(Environment, on_delete=models.CASCADE, related_name="targets")
    cluster = models.ForeignKey(Cluster, on_delete=models.PROTECT, related_name="targets")
    namespace = models.CharField(max_length=63, blank=True, default="")

    class Meta:
        ordering = ["cluster__name", "namespace"]
        constraints = [
            models.UniqueConstraint(fields=["cluster", "namespace"], name="place_belongs_to_one_environment")
        ]

    def __str__(self) -> str:
        return f"{self.cluster}/{self.namespace or '*'}"
