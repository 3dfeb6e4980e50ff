"""Claims an Idempotency-Key inside the transaction that makes a release. Never reads a request.

Insert-or-read under the unique constraint: of two equal calls at the same moment the second waits for
the first one's commit (PostgreSQL: on the index; SQLite: on the write lock), then reads its release.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from promotions.models import IdempotencyKey, Release

KEPT_FOR = timedelta(days=7)


@dataclass(frozen=True)
class IdempotencyScope:
    """One key of one caller at one route, with the SHA-256 of the body that came with it."""

    caller: str
    route: str
    key: str
    body_digest: str


class IdempotencyMismatch(Exception):
    """The key was used with another body; the message says what to do."""


def idempotency_claim(*, scope: IdempotencyScope) -> Release | None:
    """The release that an equal call made before; None when this call holds the key now and must make it.

    Call it first in the transaction that makes the release, and idempotency_record() before its end: a
    rollback gives the key back. Raises IdempotencyMismatch when the body differs.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("idempotency_claim must run inside the transaction that makes the release")
    row, is_new = IdempotencyKey.objects.get_or_create(
        caller=scope.caller,
        route=scope.route,
        key=scope.key,
        defaults={"body_digest": scope.body_digest},
    )
    if is_new:
        return None
    row = IdempotencyKey.objects.select_for_update().get(pk=row.pk)
    if row.created_at < timezone.now() - KEPT_FOR:
        row.body_digest, row.release, row.created_at = scope.body_digest, None, timezone.now()
        row.save(update_fields=["body_digest", "release", "created_at"])
        return None
    if row.body_digest != scope.body_digest:
        raise IdempotencyMismatch(
            f"The Idempotency-Key {scope.key} was used with another body: use a new key for another request."
        )
    # None only where the route's owner ended its transaction without a release: then this call makes it.
    return row.release


def idempotency_record(*, scope: IdempotencyScope, release: Release) -> None:
    """Bind the claimed key to the release that was made, in the same transaction."""
    IdempotencyKey.objects.filter(caller=scope.caller, route=scope.route, key=scope.key).update(
        release=release
    )
