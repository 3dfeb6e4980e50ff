"""The first administrator and the token that the environment names. Never changes an existing password."""

from __future__ import annotations

import secrets

from django.db import transaction

from accounts.models import Role, User
from accounts.services import token_keep
from lockstep.environ import WrongSetting

ADMINISTRATOR = "admin"
LEAST_TOKEN_LENGTH = 8


def first_administrator_create(*, password: str | None) -> str | None:
    """Create the user `admin` where there is no administrator yet.

    Returns the password that was made up for it; None when one was given or nobody was created.
    """
    with transaction.atomic():
        if User.objects.filter(is_superuser=True).exists():
            return None
        chosen = password or secrets.token_urlsafe(12)
        User.objects.create_superuser(ADMINISTRATOR, password=chosen, role=Role.ADMINISTRATOR)
    return None if password else chosen


def administrator_token_ensure(*, token: str) -> None:
    """Make `token` the operator's bearer token, of the first administrator; repeatable."""
    if len(token) < LEAST_TOKEN_LENGTH or any(character.isspace() for character in token):
        raise WrongSetting(
            f"LOCKSTEP_ADMIN_TOKEN must have {LEAST_TOKEN_LENGTH} characters or more and no white space."
        )
    owner = User.objects.filter(is_superuser=True, is_active=True).order_by("pk").first()
    if owner is None:
        raise WrongSetting(
            "LOCKSTEP_ADMIN_TOKEN is set but there is no active administrator: "
            "create one with `manage.py createsuperuser`."
        )
    token_keep(user=owner, name="LOCKSTEP_ADMIN_TOKEN", text=token)
