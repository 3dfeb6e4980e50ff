"""Makes and ends users' access: tokens, roles. Never reads a request and never shows a token twice."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction

from accounts.credentials import token_digest
from accounts.models import ApiToken, Role, User
from accounts.permissions import NotAllowed, require_role

PREFIX = "lst_"  # lets secret scanners recognise a leaked token


def token_create(
    *, by: User, user: User, name: str, expires_at: datetime | None = None, text: str | None = None
) -> tuple[ApiToken, str]:
    """A new token and its text, which is stored nowhere. `text` is for one that the operator chose.

    People make their own; administrators make anybody's. Raises NotAllowed.
    """
    if by.pk != user.pk:
        require_role(by, Role.ADMINISTRATOR, "make a token for somebody else")
    if not user.is_active:
        raise NotAllowed(f"{user} is switched off, so a token would not work: switch the account on first.")
    plain = text or PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(user=user, name=name, digest=token_digest(plain), expires_at=expires_at)
    return token, plain


def token_keep(*, user: User, name: str, text: str) -> ApiToken:
    """Make sure that the token of this name has this text (the operator's setting); idempotent."""
    with transaction.atomic():
        ApiToken.objects.filter(user=user, name=name).exclude(digest=token_digest(text)).delete()
        token, _ = ApiToken.objects.get_or_create(
            digest=token_digest(text), defaults={"user": user, "name": name}
        )
    return token
