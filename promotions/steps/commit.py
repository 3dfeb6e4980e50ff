"""Writes the promoted values of a wave: every ready environment of one branch in one push, exactly once.

Never decides what follows and never rests on a lock: effects are found again by their key in Git.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils import timezone

from lockstep.failpoints import failpoint
from promotions.mirrors import mirror_open
from promotions.models import Release, ReleaseApplication, ReleaseEnvironment, Step
from promotions.properties import PropertyError
from promotions.repos import (
    Abandoned,
    BranchMissing,
    ChangeSet,
    Committed,
    Conflict,
    Conflicted,
    Edit,
    EditResult,
    FileWrite,
    Identity,
    Mirror,
    NoChanges,
    Refused,
    TreeReader,
    Unchanged,
    push_wave,
)
from promotions.repos import trailers as trailer
from promotions.services.push_intents import RowIntents
from promotions.steps.base import Claim, Done, Outcome, Terminal
from promotions.steps.change import (
    WHOLE_FILE,
    Change,
    FileChange,
    NothingToPromote,
    SourceEntry,
    Values,
    clashes,
    current_values,
    plan_change,
    promotion_from_json,
)
from promotions.steps.file_diff import file_diff
from promotions.steps.freeze import in_directory, source_entries, version_of
from promotions.steps.outcomes import STEP_ERRORS, outcome_of

log = logging.getLogger(__name__)
PUSH_SHARE_OF_LEASE = 0.8  # a push ends well before its lease does


@dataclass
class Target:
    """One application's part of an environment's commit."""

    step: Step
    application: ReleaseApplication
    change: Change | None = None
    version_after: str = ""


@dataclass
class EnvironmentEdit:
    """The commit steps of one environment on one repository + branch: one commit."""

    release: Release
    environment: ReleaseEnvironment
    source: Mapping[str, SourceEntry]
    targets: list[Target] = field(default_factory=list)
    refusal: str = "PUSH_REFUSED"  # the reason code, where compute() refused and not the remote

    @property
    def effect_key(self) -> str:
        first = self.targets[0]
        generation = max(target.step.generation for target in self.targets)
        place = f"{first.application.repository}#{first.application.branch}"
        return f"{self.release.pk}/{self.environment.name}/{place}/commit/{generation}"

    @property
    def bases(self) -> set[str]:
        return {target.application.base_revision for target in self.targets}

    def edit(self) -> Edit:
        release = self.release
        trailers = [
            (trailer.RELEASE, release.pk),
            (trailer.ENVIRONMENT, self.environment.name),
            *((trailer.APPLICATION, target.application.identity) for target in self.targets),
            (trailer.SOURCE_COMMIT, release.source_revision),
        ]
        identity = Identity("Lockstep", "lockstep@localhost")
        return Edit(
            effect_key=self.effect_key,
            message=_message(release, self.environment.name),
            trailers=trailers,
            author=identity,
            date=self.environment.started_at or release.created_at,
            compute=self.compute,
        )

    def compute(self, tree: TreeReader) -> ChangeSet | NoChanges | Conflict | Refused:
        """Run on every new tip; depends on the tree, the frozen source and the recorded base alone."""
        promotion = promotion_from_json(self.release.template)
        try:
            for target in self.targets:
                self.describe(target, tree)
                read = tree_reader(tree, target.application.path)
                clash = self._clash(target, current_values(self.source, promotion, read))
                if clash is not None:
                    return clash
        except (PropertyError, NothingToPromote) as error:
            self.refusal = outcome_of(error).reason
            return Refused(str(error))
        writes = [
            FileWrite(in_directory(target.application.path, item.path), item.new, _new_mode(item))
            for target in self.targets
            if target.change
            for item in target.change.files
        ]
        return ChangeSet(tuple(writes)) if writes else NoChanges()

    def describe(self, target: Target, tree: TreeReader) -> None:
        """Note what promoting upon the tree changes of one application. Raises as plan_change does."""
        read = tree_reader(tree, target.application.path)
        change = plan_change(self.source, promotion_from_json(self.release.template), read)
        target.change = change
        target.version_after = version_of(self.release.template, _changed_reader(change, read))

    def _clash(self, target: Target, now: Values) -> Conflict | None:
        assert target.change is not None
        clash = clashes(target.application.base_values or {}, now, target.change.wanted)
        if not clash:
            return None
        where = in_directory(target.application.path, clash[0].file)
        place = "" if clash[0].path == WHOLE_FILE else f" at {clash[0].path}"
        return Conflict(f"{where}{place} was changed after {self.environment.name} started", where)


def run_commits(
    claims: Mapping[int, Claim],
    *,
    renew: Callable[[], None],
    finish: Callable[[Mapping[Claim, Outcome]], Any],
) -> None:
    """Push what the claimed commit steps want; all are of one repository + branch."""
    edits = _group(claims)
    first = edits[0].targets[0].application
    with mirror_open(first.repository) as mirror:
        tip = mirror.fetch([first.branch]).get(first.branch)
        if tip is None:
            raise BranchMissing(
                f"{first.repository} has no branch {first.branch}: promotions write to branches, so the "
                "application must track one."
            )
        ready = _with_bases(edits, mirror, tip, claims, finish)
        failpoint("commit.after_base")
        for base, members in waves_by_base(mirror, tip, ready):
            renew()
            finish(_push(mirror, first.branch, base, members, claims))


def waves_by_base(
    mirror: Mirror, tip: str, edits: Sequence[EnvironmentEdit]
) -> list[tuple[str, list[EnvironmentEdit]]]:
    """The edits with the base to look for their effects from: all that can go out together do, from the oldest.

    A base that the tip no longer descends from was rewritten away; its edits are pushed (and refused) alone.
    """
    together: list[EnvironmentEdit] = []
    alone: list[tuple[str, list[EnvironmentEdit]]] = []
    bases: set[str] = set()
    for edit in edits:
        lost = [base for base in sorted(edit.bases) if not mirror.is_ancestor(base, tip)]
        if lost:
            alone.append((lost[0], [edit]))
        else:
            together.append(edit)
            bases |= edit.bases
    oldest = [base for base in sorted(bases) if all(mirror.is_ancestor(base, other) for other in bases)]
    if together and oldest:
        return [(oldest[0], together), *alone]
    # Tips of a branch that a merge joined later: none is the ancestor of all.
    return [*((sorted(edit.bases)[0], [edit]) for edit in together), *alone]


def _group(claims: Mapping[int, Claim]) -> list[EnvironmentEdit]:
    steps = (
        Step.objects.filter(pk__in=list(claims))
        .select_related("release__product", "environment", "application")
        .order_by("release__created_at", "environment__position", "pk")
    )
    sources: dict[str, dict[str, SourceEntry]] = {}
    edits: dict[int, EnvironmentEdit] = {}
    for step in steps:
        assert step.application is not None
        source = sources.get(step.release_id)
        if source is None:
            source = sources[step.release_id] = source_entries(step.release)
        edit = edits.setdefault(step.environment_id, EnvironmentEdit(step.release, step.environment, source))
        edit.targets.append(Target(step, step.application))
    return list(edits.values())


def _with_bases(
    edits: Sequence[EnvironmentEdit],
    mirror: Mirror,
    tip: str,
    claims: Mapping[int, Claim],
    finish: Callable[[Mapping[Claim, Outcome]], Any],
) -> list[EnvironmentEdit]:
    """Record each environment's base values once, at its first attempt; drop edits that cannot be read."""
    ready: list[EnvironmentEdit] = []
    for edit in edits:
        promotion = promotion_from_json(edit.release.template)
        try:
            for target in edit.targets:
                application = target.application
                if application.base_values is not None:
                    continue
                read = commit_reader(mirror, tip, application.path)
                # A retry keeps the revision, from which effects of earlier attempts are looked for.
                application.base_revision = application.base_revision or tip
                application.base_values = current_values(edit.source, promotion, read)
                application.version_before = (
                    version_of(edit.release.template, read) or application.version_before
                )
                application.save(update_fields=["base_revision", "base_values", "version_before"])
        except STEP_ERRORS as error:
            outcome = outcome_of(error)
            finish({claims[target.step.pk]: outcome for target in edit.targets})
            continue
        ready.append(edit)
    return ready


def _push(
    mirror: Mirror, branch: str, base: str, edits: Sequence[EnvironmentEdit], claims: Mapping[int, Claim]
) -> dict[Claim, Outcome]:
    by_key = {edit.effect_key: edit for edit in edits}
    intents = RowIntents({key: [claims[t.step.pk] for t in edit.targets] for key, edit in by_key.items()})
    try:
        results: Sequence[EditResult] = push_wave(
            mirror,
            branch,
            base,
            [edit.edit() for edit in edits],
            intents,
            timeout=settings.STEP_LEASE_SECONDS * PUSH_SHARE_OF_LEASE,
            failpoint=_push_failpoint,
        )
    except STEP_ERRORS as error:
        return dict.fromkeys((claims[t.step.pk] for edit in edits for t in edit.targets), outcome_of(error))
    outcomes: dict[Claim, Outcome] = {}
    for edit, result in zip(edits, _with_tips(mirror, results), strict=True):
        if isinstance(result, Abandoned):
            continue  # the claim or the release is over: the caller gives the steps back
        intents.conclude(edit.effect_key, result.sha if isinstance(result, Committed) else None)
        for target in edit.targets:
            outcomes[claims[target.step.pk]] = _outcome(mirror, edit, target, result)
    return outcomes


def _push_failpoint(name: str) -> None:
    failpoint(f"push.{name}")


def _with_tips(mirror: Mirror, results: Sequence[EditResult]) -> list[EditResult]:
    """An edit that an edit before it in the wave left nothing to do is true at that one's commit, which the
    tip that the wave was computed upon has not."""
    seen: list[EditResult] = []
    last = ""
    for result in results:
        if isinstance(result, Committed):
            last = result.sha
        if isinstance(result, Unchanged) and last and not mirror.is_ancestor(last, result.tip):
            seen.append(Unchanged(last))
        else:
            seen.append(result)
    return seen


def _outcome(mirror: Mirror, edit: EnvironmentEdit, target: Target, result: EditResult) -> Outcome:
    if isinstance(result, Committed):
        if result.earlier:  # an earlier push had landed it: say what it changed of what it stood on
            edit.describe(target, _ParentTree(mirror, result.parent))
        return _done(target, result.sha, Done(f"Commit {result.sha[:7]}", outputs={"commit": result.sha}))
    if isinstance(result, Unchanged):
        message = f"{target.application.name} carried the promoted values already."
        return _done(target, result.tip, Done(message, reason="NO_CHANGES", outputs={"commit": result.tip}))
    if isinstance(result, Conflicted):
        who = f" by {result.commit[:7]}, {result.author}" if result.commit else ""
        return Terminal(
            "CONFLICT", f"{result.message}{who}. Nothing was written. Retry promotes onto the new state."
        )
    if isinstance(result, Refused):
        return Terminal(edit.refusal, result.message)
    raise TypeError(f"A push does not end in {type(result).__name__}.")


def _done(target: Target, commit: str, done: Done) -> Done:
    change = target.change
    assert change is not None
    fields: dict[str, Any] = {
        "commit": commit,
        "no_changes": not change.files,
        "pushed_at": timezone.now(),
        "wanted_values": change.wanted,
        "diff": [
            file_diff(in_directory(target.application.path, f.path), f.old, f.new) for f in change.files
        ],
        "version_after": target.version_after,
    }
    outputs = {**done.outputs, "skipped": list(change.skipped)}
    return Done(done.message, done.reason, outputs, fields)


@dataclass(frozen=True)
class _ParentTree:
    """The tree that a commit found in history stood on, to say again what it changed."""

    mirror: Mirror
    commit: str

    def read(self, path: str) -> Any:
        return self.mirror.read(self.commit, path)

    def list_files(self, directory: str) -> list[str]:
        return self.mirror.list_files(self.commit, directory)


def tree_reader(tree: TreeReader, directory: str) -> Callable[[str], bytes | None]:
    """Reads files relative to an application's directory in a tree."""

    def read(name: str) -> bytes | None:
        blob = tree.read(in_directory(directory, name))
        return blob.content if blob is not None else None

    return read


def commit_reader(mirror: Mirror, commit: str, directory: str) -> Callable[[str], bytes | None]:
    """Reads files relative to an application's directory at a commit."""
    return tree_reader(_ParentTree(mirror, commit), directory)


def _changed_reader(change: Change, read: Callable[[str], bytes | None]) -> Callable[[str], bytes | None]:
    new = {item.path: item.new for item in change.files}
    return lambda name: new[name] if name in new else read(name)


def _new_mode(item: FileChange) -> str | None:
    """A new file comes with the source's mode; one that is there keeps its own."""
    return item.mode if item.old is None else None


def _message(release: Release, environment: str) -> str:
    what = release.version or release.source_revision[:7]
    note = f"\n\n{release.note}" if release.note else ""
    return f"Promote {release.product.name} {what} to {environment}{note}"
