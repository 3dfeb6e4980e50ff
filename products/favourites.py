"""A person's favourite applications. Never seen by others."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from environments.errors import NotFound
from products.models import Application, Favourite


def favourite_toggle(*, user: User, application_id: int) -> bool:
    """Make an application a favourite, or no longer; returns whether it is one now. Raises NotFound."""
    application = Application.objects.filter(pk=application_id).first()
    if application is None:
        raise NotFound("That application is gone: its runtime no longer reports it.")
    with transaction.atomic():
        _, created = Favourite.objects.get_or_create(user=user, application=application)
        if not created:
            Favourite.objects.filter(user=user, application=application).delete()
    return created
