"""Opens the mirror of a repository as settings say. The only place where promotions turn a URL into Git."""

from __future__ import annotations

import logging
from contextlib import AbstractContextManager

from django.conf import settings

from environments.repositories import is_local, resolve_repository_url
from promotions.repos import Mirror

log = logging.getLogger("promotions.git")


def mirror_open(url: str) -> AbstractContextManager[Mirror]:
    """The mirror of the URL as it stands in manifests. Raises RepositoryRefused and GitError."""
    resolved = resolve_repository_url(url)
    return Mirror.open(
        settings.REPOSITORIES_DIR,
        resolved,
        timeout=settings.GIT_TIMEOUT_SECONDS,
        allow_file=is_local(resolved),
        on_git=lambda operation, seconds: log.debug("git %s took %.3f s", operation, seconds),
    )
