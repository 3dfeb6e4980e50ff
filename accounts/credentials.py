"""Whether what somebody came with is still good, asked for many at once. Never signs anybody in."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db.models import Q
from django.utils import timezone

from accounts.models import ApiToken, User


@dataclass(frozen=True)
class Credential:
    """A person, and the session or the API token that they came with (exactly one is set)."""

    user_id: int
    session_key: str = ""
    token_id: int = 0


def token_digest(text: str) -> str:
    """What is stored of a token: tokens are long and random, so a plain SHA-256 is enough."""
    return hashlib.sha256(text.encode()).hexdigest()


def token_find(text: str) -> ApiToken | None:
    """The token with its user, unless it is unknown, has expired, or its user is switched off."""
    now = timezone.now()
    return (
        ApiToken.objects.select_related("user")
        .filter(
            Q(expires_at__isnull=True) | Q(expires_at__gt=now),
            digest=token_digest(text),
            user__is_active=True,
        )
        .first()
    )


def credentials_still_valid(credentials: Iterable[Credential]) -> set[Credential]:
    """Those whose user is active and whose session or token still stands; three queries for any number.

    A changed password ends sessions: the session's hash no longer matches the user's.
    """
    asked = set(credentials)
    if not asked:
        return set()
    now = timezone.now()
    users = {user.pk: user for user in User.objects.filter(pk__in={c.user_id for c in asked}, is_active=True)}
    tokens = set(
        ApiToken.objects.filter(pk__in={c.token_id for c in asked if c.token_id})
        .filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now))
        .values_list("pk", "user_id")
    )
    sessions = {
        row.session_key: row.session_data
        for row in Session.objects.filter(
            session_key__in={c.session_key for c in asked if c.session_key}, expire_date__gt=now
        )
    }
    return {
        credential
        for credential in asked
        if credential.user_id in users
        and (
            (credential.token_id, credential.user_id) in tokens
            if credential.token_id
            else _session_is_of(sessions.get(credential.session_key), users[credential.user_id])
        )
    }


def _session_is_of(data: str | None, user: User) -> bool:
    if data is None:
        return False
    content = SessionStore().decode(data)
    if str(content.get(SESSION_KEY)) != str(user.pk) or BACKEND_SESSION_KEY not in content:
        return False
    stored = str(content.get(HASH_SESSION_KEY, ""))
    return any(
        hmac.compare_digest(stored, good)
        for good in (user.get_session_auth_hash(), *user.get_session_auth_fallback_hash())
    )
