"""Appends a release's events to its own feed and to its product's. Never decides anything."""

from __future__ import annotations

from typing import Any

from feeds.services import BOARD, event_append, product_feed, release_feed
from promotions.models import Release

SHOWN_IN_LISTS = frozenset({"release.created", "release.status", "environment.status"})


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
    """One event in the release's and the product's feed, inside the caller's transaction, release row locked.

    What Home and the lists show, which follow the board's feed, goes there too; steps do not.
    """
    feeds = [release_feed(release.pk), product_feed(release.product.name)]
    if kind in SHOWN_IN_LISTS:
        feeds.append(BOARD)
    event_append(
        feeds=feeds,
        kind=kind,
        subject=subject,
        reason=reason,
        message=message,
        actor=actor,
        data={"release": release.pk, "number": release.number, **(data or {})},
    )
