"""What a new release of a product does to those before it: queue behind them, or end them.

Never starts or ends a release itself: it asks, the engine decides. Rule: SPEC section 3, "Concurrency".
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from products.models import Product
from promotions.models import Release
from promotions.models.release import ReleaseStatus
from promotions.services.events import release_event
from promotions.services.publishing import tick_request

MOST_QUEUED = 50
ACTIVE = [ReleaseStatus.QUEUED, ReleaseStatus.RUNNING, ReleaseStatus.SUSPENDED]


def slot_make_room(release: Release) -> list[str]:
    """Ask the releases that this one replaces to end; returns their ids.

    With `terminate`: the active ones that share a target environment. With `queue`: the oldest that
    wait, past the limit.

    Call it after the transaction that made the release, outside any: each release asked is locked in a
    transaction of its own. Locking one while holding the product's row or feeds would wait for a tick of
    it that waits for those.
    """
    others = Release.objects.filter(
        product_id=release.product_id,
        status__in=ACTIVE,
        terminate_requested_at=None,
        number__lt=release.number,
    )
    if release.product.concurrency == Product.Concurrency.TERMINATE:
        names = release.environments.filter(role="TARGET").values("name")
        replaced = others.filter(environments__role="TARGET", environments__name__in=names).distinct()
        message = f"Release {release.number} replaces it."
    else:
        replaced = others.filter(status=ReleaseStatus.QUEUED).order_by("-number")[MOST_QUEUED - 1 :]
        message = f"More than {MOST_QUEUED} releases wait; the oldest one gives way."
    return [pk for pk in [row.pk for row in replaced] if _ask(pk, release, message)]


@transaction.atomic
def _ask(release_id: str, by: Release, message: str) -> bool:
    locked = Release.objects.select_for_update(of=("self",), no_key=True).select_related("product")
    other = locked.get(pk=release_id)
    if other.is_over or other.terminate_requested_at is not None:
        return False
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
    return True
