"""Users with one of three roles, and their API tokens. Never decides what a role may do (permissions.py)."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models


class Role(models.TextChoices):
    VIEWER = "viewer", "Viewer"
    PROMOTER = "promoter", "Promoter"
    ADMINISTRATOR = "administrator", "Administrator"


class User(AbstractUser):
    """A person or a service account; a superuser is always an administrator."""

    role = models.CharField(max_length=16, choices=Role.choices, default=Role.VIEWER)
    # Column order of nothing and favourites of everything personal: small, so JSON on the row.
    preferences = models.JSONField(default=dict, blank=True)

    class Meta(AbstractUser.Meta):
        pass

    @property
    def effective_role(self) -> Role:
        return Role.ADMINISTRATOR if self.is_superuser else Role(self.role)


class ApiToken(models.Model):
    """A bearer token; only its SHA-256 is stored, the text is shown once."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "API token"

    def __str__(self) -> str:
        return f"{self.name} of {self.user}"
