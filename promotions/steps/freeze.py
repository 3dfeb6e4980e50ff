"""Freezes a release's source: the files at one commit are stored, so that no later push can change them."""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from promotions.mirrors import mirror_open
from promotions.models import Release, SourceBlob, SourceFile
from promotions.properties import PropertyError, read_scalar
from promotions.repos import Blob, Mirror
from promotions.steps.base import Done, Outcome, Terminal
from promotions.steps.change import Promotion, SourceEntry, promotion_from_json

REGULAR = {"100644", "100755"}
VERSION_LENGTH = 200


@dataclass(frozen=True)
class Source:
    """The source as read from Git: file contents relative to the application's path, and its commit.

    `commit` is the last one up to `revision` that changed the path; author, message and time are its.
    """

    revision: str
    commit: str
    branch: str
    files: Mapping[str, SourceEntry]
    version: str
    author: str
    message: str
    committed_at: datetime


class SourceUnusable(Exception):
    """The source cannot be promoted; the message says why and what to do."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


def source_read(
    mirror: Mirror, *, branch: str, tip: str | None, path: str, revision: str, template: Mapping[str, Any]
) -> Source:
    """Read what the template promotes at the revision; `tip` is the branch's, as just fetched.

    Raises SourceUnusable, GitError, PropertyError.
    """
    # The mirror holds other branches too, and what was rewritten away: only the tracked branch counts, where
    # it is a branch (a tag has no tip to ask for).
    commit = mirror.resolve(revision)
    if commit is None or (tip is not None and not mirror.is_ancestor(commit, tip)):
        raise SourceUnusable(
            "SOURCE_GONE",
            f"Commit {revision[:7]} is not in {branch} of {mirror.name}. Trigger with a commit that is.",
        )
    files = _files(mirror, commit, path, promotion_from_json(template))
    info = mirror.last_commit_of(commit, directory_name(path))
    return Source(
        revision=commit,
        commit=info.sha,
        branch=mirror.branch_name(branch),
        files=files,
        version=version_of(template, lambda name: _content(mirror, commit, path, name)),
        author=info.author_name,
        message=info.message,
        committed_at=info.date,
    )


def version_of(template: Mapping[str, Any], read: Any) -> str:
    """The version as written in the template's versionSource; "" without one or where it cannot be read.

    It is only shown: what cannot be read is said where it is promoted.
    """
    where = template.get("versionSource")
    content = read(where["file"]) if where else None
    if not where or content is None:
        return ""
    try:
        return read_scalar(content, where["jsonPath"], filename=where["file"])[:VERSION_LENGTH]
    except PropertyError:
        return ""


def in_directory(directory: str, name: str) -> str:
    """The path from the repository's root of a file named relative to an application's directory."""
    return f"{directory_name(directory)}/{name}" if directory_name(directory) else name


def directory_name(path: str) -> str:
    """An application's path as Git spells directories: without slashes around it, "" for the root."""
    normal = posixpath.normpath(path.strip("/"))
    return "" if normal == "." else normal


def _files(mirror: Mirror, commit: str, path: str, promotion: Promotion | None) -> dict[str, SourceEntry]:
    prefix = in_directory(path, "")
    if promotion is None:
        names = [name.removeprefix(prefix) for name in mirror.list_files(commit, directory_name(path))]
    else:
        names = list(promotion)
    files: dict[str, SourceEntry] = {}
    size = 0
    for name in names:
        _refuse_odd_name(name)
        blob = mirror.read(commit, in_directory(path, name))
        if blob is not None:
            size += len(blob.content)
            if size > settings.FREEZE_LIMIT_BYTES:
                raise SourceUnusable(
                    "SOURCE_TOO_LARGE",
                    f"{path} holds more to promote than the limit of {settings.FREEZE_LIMIT_BYTES // 1024**2} MiB. "
                    "Name the files to promote in a template.",
                )
            files[name] = SourceEntry(_regular(blob).content, blob.mode)
    if not files:
        wanted = ", ".join(names) or "a file"
        raise SourceUnusable(
            "NOTHING_TO_PROMOTE",
            f"{path} has nothing of what is promoted ({wanted}) at {commit[:7]}. Check the template.",
        )
    return files


def _refuse_odd_name(name: str) -> None:
    """Bytes that are no UTF-8 come as surrogates, which no database column holds."""
    if not name.isascii() and name != name.encode("utf-8", "replace").decode():
        raise SourceUnusable(
            "ODD_FILE_NAME",
            f"The name of {name!r} is no UTF-8 text. Rename the file, or name the files to promote.",
        )


def _regular(blob: Blob) -> Blob:
    if blob.mode not in REGULAR:
        raise SourceUnusable(
            "NOT_A_FILE",
            f"{blob.path} is a symbolic link or submodule, which is not promoted. Name the files instead.",
        )
    return blob


def _content(mirror: Mirror, commit: str, path: str, name: str) -> bytes | None:
    blob = mirror.read(commit, in_directory(path, name))
    return blob.content if blob is not None else None


def run_freeze(release: Release) -> Outcome:
    """Store the source's files with the release; a second run finds them stored and does nothing."""
    if release.frozen_at is not None:
        return _frozen(release.source_revision, release.source_commit)
    try:
        with mirror_open(release.source_repository) as mirror:
            branch = release.source_branch
            source = source_read(
                mirror,
                branch=branch,
                tip=mirror.fetch([branch]).get(branch),
                path=release.source_path,
                revision=release.source_revision,
                template=release.template,
            )
    except SourceUnusable as error:
        return Terminal(error.reason, str(error))
    source_store(release, source)
    return _frozen(source.revision, source.commit)


def _frozen(revision: str, commit: str) -> Done:
    return Done(f"Source {commit[:7]}", outputs={"revision": revision, "commit": commit})


@transaction.atomic
def source_store(release: Release, source: Source) -> None:
    """Write the files, content-addressed, and what the commit says of itself."""
    locked = Release.objects.select_for_update(no_key=True).get(pk=release.pk)
    if locked.frozen_at is not None:
        return
    digests = {path: hashlib.sha256(entry.content).hexdigest() for path, entry in source.files.items()}
    # By digest: two releases that store the same contents at once wait for each other in one order.
    for path in sorted(source.files, key=digests.__getitem__):
        content = source.files[path].content
        SourceBlob.objects.get_or_create(digest=digests[path], defaults={"content": content})
    SourceFile.objects.bulk_create(
        SourceFile(release=locked, path=path, mode=entry.mode, blob_id=digests[path])
        for path, entry in source.files.items()
    )
    locked.source_revision = source.revision
    locked.source_commit = source.commit
    locked.source_branch = source.branch
    locked.source_author = source.author[:VERSION_LENGTH]
    locked.source_message = source.message
    locked.source_at = source.committed_at
    locked.version = source.version
    locked.frozen_at = timezone.now()
    frozen = ("revision", "commit", "branch", "author", "message", "at")
    locked.save(update_fields=[*(f"source_{name}" for name in frozen), "version", "frozen_at"])


def source_entries(release: Release) -> dict[str, SourceEntry]:
    """The frozen files of a release."""
    rows = SourceFile.objects.filter(release=release).select_related("blob")
    return {row.path: SourceEntry(bytes(row.blob.content), row.mode) for row in rows}
