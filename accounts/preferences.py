"""Writes a person's preferences. Never holds anything that others see."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from accounts.models import User


def preferences_update(*, user: User, values: Mapping[str, str]) -> None:
    """Merge values into the person's preferences; two tabs that save at once keep both."""
    with transaction.atomic():
        row = User.objects.select_for_update().get(pk=user.pk)
        row.preferences = {**row.preferences, **values}
        row.save(update_fields=["preferences"])
