"""Removes what time has made useless: old idempotency keys, ended sessions, loose packs of mirrors.

Never removes what a page shows, and never anything that a running release needs.
"""

from __future__ import annotations

import logging

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from environments.repositories import RepositoryRefused
from promotions.mirrors import mirror_open
from promotions.models import IdempotencyKey, Release, ReleaseApplication
from promotions.repos import GitError
from promotions.services.idempotency import KEPT_FOR

log = logging.getLogger(__name__)


def tidy() -> None:
    """One round; harmless at any time and as often as wished."""
    IdempotencyKey.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()
    SessionStore.clear_expired()
    _mirrors_compact()


def _mirrors_compact() -> None:
    """Every push leaves a pack in its mirror; Git itself decides whether there are enough to join them."""
    written = ReleaseApplication.objects.order_by().values_list("repository", flat=True).distinct()
    read = Release.objects.order_by().values_list("source_repository", flat=True).distinct()
    for url in sorted({*written, *read} - {""}):
        try:
            with mirror_open(url) as mirror:
                mirror.compact(timeout=settings.GIT_TIMEOUT_SECONDS)
        except (GitError, RepositoryRefused) as error:
            log.warning("The mirror of a repository was not compacted: %s", error)
