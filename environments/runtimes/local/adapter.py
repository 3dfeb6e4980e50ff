"""The local runtime behind the Runtime port: follows Git sources and keeps what it last applied.

There is no background process: whoever lists moves the rows on by the clock, and a compare-and-swap
on each row's serial lets any number of processes do so at once. Never touches a cluster.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from django.db.models import F, QuerySet
from django.utils import timezone

from environments.git_reader import GitReadError, OpenRepositories
from environments.models import Runtime as RuntimeRow
from environments.runtimes.base import (
    ApplicationKey,
    ApplicationState,
    ManifestChange,
    OperationState,
    RuntimeRefused,
    RuntimeUnreachable,
)
from environments.runtimes.local.compare import Comparison, compare, resolve_revisions
from environments.runtimes.local.follow import manifests_follow
from environments.runtimes.local.manifest import Definition, definition_from_json
from environments.runtimes.local.manifest_store import manifests_store
from environments.runtimes.local.models import LocalApplication
from environments.runtimes.local.rows import behaviour_of, columns_of, state_of
from environments.runtimes.local.transitions import (
    AppState,
    advance,
    health_message,
    is_running,
    resource_states,
    start_sync,
    sync_status,
)

_SWAPS = 5


class LocalRuntime:
    """One runtime row of the kind "local". `clock` is the runtime's own clock."""

    def __init__(self, row: RuntimeRow, *, clock: Callable[[], datetime] = timezone.now) -> None:
        self._row = row
        self._clock = clock
        self._problems: tuple[str, ...] = ()

    def list_applications(self) -> Sequence[ApplicationState]:
        return self._observe(None)

    def get_applications(self, keys: Sequence[ApplicationKey]) -> Mapping[ApplicationKey, ApplicationState]:
        return {state.key: state for state in self._observe(keys)}

    def now(self) -> datetime:
        return self._clock()

    def refresh(self, keys: Sequence[ApplicationKey], *, hard: bool = False) -> None:
        """Both kinds read Git again at the next look; a hard one also forgets what was read before."""
        rows = _named(LocalApplication.objects.filter(runtime=self._row), keys)
        forget = {"fingerprint": ""} if hard else {}
        rows.update(refresh_requested=True, serial=F("serial") + 1, **forget)

    def sync(self, key: ApplicationKey, *, revision: str | None = None) -> None:
        with OpenRepositories() as git:
            manifests_follow(self._row, git)
            for _ in range(_SWAPS):
                row = self._advanced(self._get(key), git)
                if row is None:
                    continue
                definition, state = definition_from_json(row.definition), state_of(row)
                if is_running(state):
                    raise RuntimeRefused(f"A sync of {key.name} is running already: wait until it ends.")
                target = state.desired
                if revision is not None:
                    target = compare(definition, git, before=state.desired, pinned=revision).desired
                if target.error:
                    raise RuntimeRefused(f"{key.name} cannot be synced: {target.error}")
                behaviour, now = behaviour_of(row, automated=definition.automated), self._clock()
                started = advance(start_sync(state, behaviour, now, target), behaviour, now)
                if _swap(row, started):
                    return
        raise RuntimeUnreachable(f"The application {key.name} changes too fast: try again.")

    def link(self, key: ApplicationKey) -> str:
        return ""

    def problems(self) -> Sequence[str]:
        """What the last look found in the Git Source that is meant as an Application and is none."""
        return self._problems

    def store_manifests(self, text: str | bytes, *, author: str, email: str) -> Sequence[ManifestChange]:
        return manifests_store(self._row, text, author=author, email=email, now=self._clock())

    def _observe(self, keys: Sequence[ApplicationKey] | None) -> list[ApplicationState]:
        """The states of the named applications, None for all."""
        rows = LocalApplication.objects.filter(runtime=self._row)
        with OpenRepositories() as git:
            self._problems = tuple(manifests_follow(self._row, git).problems)
            if keys is not None:
                rows = _named(rows, keys)
            advanced = [self._advanced(row, git) for row in rows]
            return [self._report(row) for row in advanced if row is not None]

    def _get(self, key: ApplicationKey) -> LocalApplication:
        row = LocalApplication.objects.filter(
            runtime=self._row, namespace=key.namespace, name=key.name
        ).first()
        if row is None:
            raise RuntimeRefused(
                f"The runtime {self._row.name} has no application {key.namespace}/{key.name}."
            )
        return row

    def _advanced(self, row: LocalApplication, git: OpenRepositories) -> LocalApplication | None:
        """The row as of now, None if it went away. After a lost swap it starts from what was written."""
        for _ in range(_SWAPS):
            definition, before = definition_from_json(row.definition), state_of(row)
            looked = self._look(row, definition, before, git)
            after = advance(
                before,
                behaviour_of(row, automated=definition.automated),
                self._clock(),
                looked.desired if looked else None,
            )
            if after == before:
                return row
            if _swap(row, after, fingerprint=looked.fingerprint if looked else row.fingerprint):
                return row
            current = LocalApplication.objects.filter(pk=row.pk).first()
            if current is None:
                return None
            row = current
        return row

    def _look(
        self, row: LocalApplication, definition: Definition, state: AppState, git: OpenRepositories
    ) -> Comparison | None:
        """A new comparison where one is due: asked for, new revisions, a new manifest, or a past error."""
        if not (row.refresh_requested or not row.fingerprint):
            try:
                if resolve_revisions(definition, git) == state.desired.revisions:
                    return None
            except GitReadError:
                pass  # compare() turns this into the condition that people see
        found = compare(definition, git, before=state.desired, fingerprint=row.fingerprint)
        unchanged = found.desired == state.desired and found.fingerprint == row.fingerprint
        return None if unchanged and not row.refresh_requested else found

    def _report(self, row: LocalApplication) -> ApplicationState:
        definition, state = definition_from_json(row.definition), state_of(row)
        behaviour = behaviour_of(row, automated=definition.automated)
        operation = state.operation
        return ApplicationState(
            key=definition.key,
            project=definition.project,
            sources=definition.sources,
            destination_cluster=definition.destination_cluster,
            destination_namespace=definition.destination_namespace,
            labels=definition.labels,
            annotations=definition.annotations,
            sync=sync_status(state),
            health=state.health,
            health_message=health_message(state, behaviour),
            revisions=state.desired.revisions,
            operation=OperationState(
                operation.phase,
                operation.message,
                operation.started_at,
                operation.finished_at,
                next(iter(operation.target.revisions), ""),
            )
            if operation
            else OperationState(),
            reconciled_at=state.reconciled_at,
            health_changed_at=state.health_changed_at,
            observed_at=self._clock(),
            images=tuple(sorted({w.image for w in state.live.workloads if w.image})) if state.live else (),
            resources=resource_states(state, behaviour),
        )


def _named(rows: QuerySet[LocalApplication], keys: Sequence[ApplicationKey]) -> QuerySet[LocalApplication]:
    # Picked here: a condition per pair, and SQLite takes no statement with a thousand of them.
    wanted = {(key.namespace, key.name) for key in keys}
    found = rows.filter(name__in={key.name for key in keys}).values_list("pk", "namespace", "name")
    return rows.filter(pk__in=[pk for pk, namespace, name in found if (namespace, name) in wanted])


def _swap(row: LocalApplication, state: AppState, *, fingerprint: str | None = None) -> bool:
    """Write the state if the row is still the one that was read; the instance then shows what was written."""
    columns = columns_of(state)
    if fingerprint is not None:
        columns |= {"fingerprint": fingerprint, "refresh_requested": False}
    swapped = LocalApplication.objects.filter(pk=row.pk, serial=row.serial).update(
        serial=row.serial + 1, **columns
    )
    if swapped:
        for name, value in columns.items():
            setattr(row, name, value)
        row.serial += 1
    return bool(swapped)
