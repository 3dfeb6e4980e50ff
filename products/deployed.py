"""What of an application is deployed: the revision, its version, its last commit. Never writes rows."""

from __future__ import annotations

import hashlib
import json
import logging
from typing import Any

from environments.git_reader import CommitInfo, GitReadError, OpenRepositories
from environments.runtimes.base import ApplicationSource, ApplicationState
from products.models import Product
from products.versions import version_read

log = logging.getLogger(__name__)


def description_columns(
    state: ApplicationState, *, git: OpenRepositories, product: Product | None, before: str
) -> dict[str, Any]:
    """Version and last commit of what is deployed; read again only when something they hang on changed.

    `before` is the row's `described`, two digests: of the revision, and of what the application's own
    files are there. A commit to another application moves the first alone, and then nothing needs reading.
    """
    source, revision = deployed_revision(state)
    if source is None or not revision:
        return {}
    paths = [s.path for s in state.sources if s.path and s.repo_url == source.repo_url]
    hangs_on: list[Any] = [paths, dict(state.labels), product and [product.pk, product.inline_template]]
    if product is not None and product.template is not None:
        hangs_on.append(product.template.etag)
    at = _digest([revision, hangs_on])
    if before.startswith(at):
        return {}
    try:
        reader = git.get(source.repo_url)
        content = _digest([[reader.object_id(revision, path) for path in paths], hangs_on])
        if before.endswith(content):
            return {"described": at + content}
        version = version_read(
            product, state.labels, lambda path: reader.read(revision, f"{source.path}/{path}")
        )
        commit = reader.last_change(revision, paths)
    except GitReadError as error:
        # Seen at every poll: what is known stays shown, and the application itself shows what is wrong.
        log.debug("%s cannot be described: %s", state.key.name, error)
        return {}
    return {"described": at + content, "version": version[:200], **_commit_columns(commit)}


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()[:32]


def _commit_columns(commit: CommitInfo | None) -> dict[str, Any]:
    return {
        "commit_sha": commit.sha if commit else "",
        "commit_author": commit.author[:200] if commit else "",
        "commit_message": commit.message if commit else "",
        "commit_at": commit.at if commit else None,
    }


def deployed_revision(state: ApplicationState) -> tuple[ApplicationSource | None, str]:
    """The source that is deployed from a path and the commit that runs; "" where it cannot be told.

    In sync, that is what was compared; otherwise what the last sync that succeeded applied.
    """
    number = next((n for n, source in enumerate(state.sources) if source.path), None)
    if number is None:
        return None, ""
    if state.sync == "Synced" and number < len(state.revisions):
        return state.sources[number], state.revisions[number]
    applied = state.operation.revision if state.operation.phase == "Succeeded" and number == 0 else ""
    return state.sources[number], applied
