"""Computes the commits of a wave upon one tip, edit by edit. Writes nothing and contacts nobody."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from promotions.repos import trailers
from promotions.repos.base import (
    Abandoned,
    Blob,
    ChangeSet,
    CommitInfo,
    Committed,
    Conflict,
    Conflicted,
    Edit,
    EditResult,
    FileWrite,
    NoChanges,
    Refused,
    Unchanged,
    UnsafePath,
)
from promotions.repos.fast_import import PendingCommit, PendingFile
from promotions.repos.mirror import Mirror
from promotions.repos.paths import check_target
from promotions.repos.trees import Overlay


@dataclass
class Chain:
    """What a wave comes to on one tip: results that need no commit, and commits to make, in order."""

    results: dict[str, EditResult] = field(default_factory=dict)
    commits: dict[str, PendingCommit] = field(default_factory=dict)


def build_chain(
    mirror: Mirror,
    base: str,
    tip: str,
    edits: Sequence[Edit],
    landed: Mapping[str, CommitInfo],
    abandoned: Collection[str],
) -> Chain:
    """Ask every edit, upon the tip and the edits before it, what it wants to write.

    `landed` has the commits between base and tip by effect key: those edits are done.
    """
    chain = Chain()
    overlay = Overlay(mirror.trees, tip)
    for edit in edits:
        key = edit.effect_key
        if key in landed:
            commit = landed[key]
            chain.results[key] = Committed(
                commit.sha, mirror.changed_paths(commit.sha), commit.parents[0], earlier=True
            )
        elif key in abandoned:
            chain.results[key] = Abandoned()
        else:
            computed = edit.compute(overlay)
            match computed:
                case ChangeSet(files):
                    overlay = _add(chain, edit, files, overlay)
                case NoChanges():
                    chain.results[key] = Unchanged(tip)
                case Conflict(message, path):
                    chain.results[key] = _conflicted(mirror, base, tip, message, path)
                case Refused():
                    chain.results[key] = computed
    return chain


def _add(chain: Chain, edit: Edit, writes: Sequence[FileWrite], overlay: Overlay) -> Overlay:
    """Put the edit's commit on the chain; returns the overlay with its files, or as it was."""
    try:
        after, files = _applied(writes, overlay)
    except UnsafePath as error:
        chain.results[edit.effect_key] = Refused(str(error))
        return overlay
    if not files:
        chain.results[edit.effect_key] = Unchanged(overlay.commit)
        return overlay
    chain.commits[edit.effect_key] = PendingCommit(
        message=trailers.write_message(edit.message, [*edit.trailers, (trailers.EFFECT, edit.effect_key)]),
        author=edit.author,
        committer=edit.committer or edit.author,
        date=edit.date,
        files=files,
    )
    return after


def _applied(writes: Sequence[FileWrite], overlay: Overlay) -> tuple[Overlay, tuple[PendingFile, ...]]:
    """The overlay with the writes, and those that change something. Raises UnsafePath for any bad one."""
    after = Overlay(overlay.trees, overlay.commit, dict(overlay.files))
    files: list[PendingFile] = []
    for write in writes:
        check_target(write.path, after.mode_at)
        there = after.read(write.path)
        mode = write.mode or ("100644" if there is None else there.mode)
        if there is None or (there.content, there.mode) != (write.content, mode):
            files.append(PendingFile(write.path, write.content, mode))
            after.files[write.path] = Blob(write.path, write.content, mode)
    return after, tuple(files)


def _conflicted(mirror: Mirror, base: str, tip: str, message: str, path: str) -> Conflicted:
    culprit = mirror.last_change(base, tip, path)
    if culprit is None:
        return Conflicted(message, None, None)
    return Conflicted(message, culprit.sha, f"{culprit.author_name} <{culprit.author_email}>")
