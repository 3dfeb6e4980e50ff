"""What a new release of a product does to those before it: queue behind them, or end them.

Never starts or ends a release itself: it asks, the engine decides. Rule: SPEC section 3, "Concurrency".
"""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from products.models import Product
from promotions.models import Release
from promotions.models.release import ReleaseStatus
from promotions.services.events import release_event
from promotions.services.publishing import tick_request

MOST_QUEUED = 50
ACTIVE = [ReleaseStatus.QUEUED, ReleaseStatus.RUNNING, ReleaseStatus.SUSPENDED]


def slot_make_room(release: Release) -> list[str]:
    """Ask the releases that this one replaces to end; returns their ids. The product's row is locked.

    With `terminate`: the active ones that share a target environment. With `queue`: the oldest that
    wait, past the limit.
    """
    others = Release.objects.filter(
        product_id=release.product_id, status__in=ACTIVE, terminate_requested_at=None
    ).exclude(pk=release.pk)
    if release.product.concurrency == Product.Concurrency.TERMINATE:
        names = release.environments.filter(role="TARGET").values("name")
        shared = others.filter(environments__role="TARGET", environments__name__in=names).distinct()
        return _ask(shared, release, f"Release {release.number} replaces it.")
    waiting = others.filter(status=ReleaseStatus.QUEUED).order_by("-created_at")
    oldest = [row.pk for row in waiting[MOST_QUEUED - 1 :]]
    return _ask(
        others.filter(pk__in=oldest),
        release,
        f"More than {MOST_QUEUED} releases wait; the oldest one gives way.",
    )


def _ask(releases: QuerySet[Release], by: Release, message: str) -> list[str]:
    asked: list[str] = []
    for other in releases.select_related("product").order_by("pk"):
        Release.objects.filter(pk=other.pk).update(
            terminate_requested_at=timezone.now(), terminate_requested_by=f"release {by.number}"
        )
        release_event(
            other,
            kind="release.terminate_requested",
            actor=by.initiator,
            message=message,
            data={"status": other.status},
        )
        tick_request(other.pk)
        asked.append(other.pk)
    return asked
