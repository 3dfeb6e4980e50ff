"""Tells live connections when somebody's access may have ended. Never decides whether it did."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_out
from django.db import transaction
from django.db.models.signals import post_delete, post_save

from feeds.services import revocation_tell


def connect() -> None:
    """Listen to what ends access: a user changed or deleted, a token deleted, somebody signed out."""
    post_save.connect(_user_changed, sender=settings.AUTH_USER_MODEL, dispatch_uid="feeds-user-saved")
    post_delete.connect(_user_changed, sender=settings.AUTH_USER_MODEL, dispatch_uid="feeds-user-deleted")
    post_delete.connect(_token_deleted, sender="accounts.ApiToken", dispatch_uid="feeds-token-deleted")
    user_logged_out.connect(_signed_out, dispatch_uid="feeds-signed-out")


def _user_changed(
    instance: Any, created: bool = False, update_fields: frozenset[str] | None = None, **_: Any
) -> None:
    # Signing in writes last_login and a page writes preferences: neither ends anything.
    harmless = update_fields is not None and update_fields <= {"last_login", "preferences"}
    if not created and not harmless:
        _tell(instance.pk)


def _token_deleted(instance: Any, **_: Any) -> None:
    _tell(instance.user_id)


def _signed_out(user: Any = None, **_: Any) -> None:
    if user is not None:
        _tell(user.pk)


def _tell(user_id: int) -> None:
    transaction.on_commit(lambda: revocation_tell(user_id), robust=True)
