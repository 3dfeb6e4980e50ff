"""Appends a release's events to its own feed and to its product's. Never decides anything."""

from __future__ import annotations

from typing import Any

from feeds.services import event_append, product_feed, release_feed
from promotions.models import Release


def release_event(
    release: Release,
    *,
    kind: str,
    subject: str = "",
    reason: str = "",
    message: str = "",
    actor: str = "",
    data: dict[str, Any] | None = None,
) -> None:
    """One event in both feeds, inside the caller's transaction, with the release's row locked."""
    event_append(
        feeds=[release_feed(release.pk), product_feed(release.product.name)],
        kind=kind,
        subject=subject,
        reason=reason,
        message=message,
        actor=actor,
        data={"release": release.pk, "number": release.number, **(data or {})},
    )
