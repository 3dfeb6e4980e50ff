"""Asks a release to end. Never ends it itself: the engine does, once every push is known."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts.models import Role, User
from accounts.permissions import require_role
from environments.errors import Conflict
from promotions.models import Release
from promotions.models.release import ReleaseStatus
from promotions.selectors.releases import release_get
from promotions.services.events import release_event
from promotions.services.publishing import tick_request


@transaction.atomic
def release_terminate(*, user: User, release_id: str, reason: str = "") -> Release:
    """Repeatable: asking again changes nothing. Raises NotAllowed, NotFound, Conflict (ended otherwise)."""
    require_role(user, Role.PROMOTER, "terminate a release")
    release_get(release_id)
    release = (
        Release.objects.select_for_update(of=("self",), no_key=True)
        .select_related("product")
        .get(pk=release_id)
    )
    if release.terminate_requested_at is not None or release.status == ReleaseStatus.TERMINATED:
        return release
    if release.is_over:
        raise Conflict(f"Release {release.number} has ended as {release.get_status_display()} already.")
    release.terminate_requested_at = timezone.now()
    release.terminate_requested_by = user.get_username()
    release.save(update_fields=["terminate_requested_at", "terminate_requested_by"])
    release_event(
        release,
        kind="release.terminate_requested",
        actor=user.get_username(),
        message=reason or f"{user.get_username()} asked to terminate.",
        data={"status": release.status},
    )
    tick_request(release.pk)
    return release
