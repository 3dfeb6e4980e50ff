"""Brings Application rows in line with what runtimes report, one transaction each. Never acts on releases.

Events are written only when something changed that pages show; a poll that finds nothing new writes
nothing but the runtime's last-seen time, now and then.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import CharField, Q, QuerySet
from django.utils import timezone

from environments.git_reader import OpenRepositories
from environments.models import Cluster, Runtime, rfc1123
from environments.runtimes.base import ApplicationKey, ApplicationSource, ApplicationState, RuntimeFault
from environments.runtimes.registry import runtime_open
from environments.selectors import PlaceIndex
from environments.services import cluster_ensure
from environments.storable import storable_columns
from feeds.services import BOARD, event_append, product_feed
from products.deployed import description_columns
from products.models import Application, Product

log = logging.getLogger(__name__)

PRODUCT_ANNOTATION = "codefresh.io/product"
# An application that a runtime no longer reports is shown as missing for this long (seconds), then goes.
MISSING_GRACE = timedelta(seconds=60)
_LAST_SEEN_EVERY = timedelta(seconds=10)
# What no page shows on its own: stored, but no reason for an event. (Every commit to a repository moves
# the revision of all applications that read it; pages show the last commit that touched each.)
_SILENT = {"reconciled_at", "described", "revisions"}


@dataclass(frozen=True)
class PollResult:
    """What one look at a runtime did; `error` is the sentence recorded on the runtime."""

    seen: int = 0
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    error: str = ""


@dataclass
class _Look:
    """What is read once per look and shared by all applications of it."""

    runtime: Runtime
    git: OpenRepositories
    places: PlaceIndex
    products: dict[str, Product | None] = field(default_factory=dict)


def runtime_poll(*, runtime: Runtime) -> PollResult:
    """List everything, record it, notice what vanished. A failure is recorded on the runtime and logged."""
    try:
        adapter = runtime_open(runtime)
        states = adapter.list_applications()
    except (RuntimeFault, ValueError) as error:
        log.warning("Runtime %s cannot be read: %s", runtime.name, error)
        _seen(runtime, error=str(error), answered=False)
        return PollResult(error=str(error))
    rows = list(_rows(runtime))
    changed = _record(runtime, states, rows)
    removed = _vanished({state.key for state in states}, rows)
    problems = " ".join(adapter.problems())
    _seen(runtime, error=problems, answered=True)
    return PollResult(len(states), tuple(changed), tuple(removed), problems)


@dataclass(frozen=True)
class Observed:
    """One look at named applications; `asked_at` is the runtime's clock just before it was asked."""

    asked_at: datetime
    states: Mapping[ApplicationKey, ApplicationState]


def runtime_observe(
    *, runtime: Runtime, keys: Sequence[ApplicationKey], refresh: Sequence[ApplicationKey] = ()
) -> Observed:
    """Report the named applications in one call, after asking for a hard refresh of those in `refresh`.

    Brings their rows in line. Applications that do not exist are left out of the states. Raises the
    port's RuntimeFault; the caller decides what a failure means.
    """
    adapter = runtime_open(runtime)
    asked_at = adapter.now()
    if refresh:
        adapter.refresh(refresh, hard=True)
    states = adapter.get_applications(keys)
    _record(runtime, list(states.values()), _rows(runtime).filter(name__in={key.name for key in keys}))
    return Observed(asked_at, states)


def _record(runtime: Runtime, states: Sequence[ApplicationState], rows: Iterable[Application]) -> list[str]:
    """Store what changed against the rows read before; returns identities whose shown state changed."""
    if not states:
        return []
    known = {ApplicationKey(row.namespace, row.name): row for row in rows}
    products: dict[str, Product | None] = {r.product.name: r.product for r in known.values() if r.product}
    with OpenRepositories() as git:
        look = _Look(runtime, git, _places(states), products)
        return [
            _identity(runtime, state.key)
            for state in states
            if _application_record(look, state, known.get(state.key))
        ]


def _rows(runtime: Runtime) -> QuerySet[Application]:
    return Application.objects.filter(runtime=runtime).select_related("runtime", "product__template")


def _places(states: Sequence[ApplicationState]) -> PlaceIndex:
    """The index of places, after clusters that nobody has named yet were created."""
    index = PlaceIndex.load()
    unknown = {s.destination_cluster for s in states if s.destination_cluster} - index.clusters.keys()
    missing = [text for text in sorted(unknown) if index.cluster_id(text) is None and _can_be_cluster(text)]
    for text in missing:
        cluster_ensure(text)
    return PlaceIndex.load() if missing else index


def _can_be_cluster(text: str) -> bool:
    """Whether a destination names a cluster at all: no name or server is that long, or has a null character."""
    server = Cluster._meta.get_field("server")
    assert isinstance(server, CharField) and server.max_length is not None
    return len(text) <= server.max_length and "\0" not in text


def _application_record(look: _Look, state: ApplicationState, known: Application | None) -> bool:
    """Store one application if anything differs; whether what people see changed."""
    columns = _columns(look, state, known)
    if known is None:
        return _application_create(look, state, columns)
    different = _differences(known, columns)
    if not different:
        return False
    if different <= _SILENT:
        _not_older(state).filter(pk=known.pk).update(
            observed_at=state.observed_at, **{name: columns[name] for name in different}
        )
        return False
    return _application_change(known, state, columns)


def _application_create(look: _Look, state: ApplicationState, columns: dict[str, Any]) -> bool:
    with transaction.atomic():
        row, created = Application.objects.get_or_create(
            runtime=look.runtime, namespace=state.key.namespace, name=state.key.name, defaults=columns
        )
        if created:
            _tell(row, kind="application.discovered", products={_name(columns["product"])})
    return created or _application_change(row, state, columns)


def _application_change(known: Application, state: ApplicationState, columns: dict[str, Any]) -> bool:
    with transaction.atomic():
        rows = _not_older(state).select_for_update(of=("self",)).select_related("runtime", "product")
        row = rows.filter(pk=known.pk).first()
        if row is None:
            return False  # gone, or somebody stored a later look meanwhile
        if row.assigned_by_hand:
            columns["product"] = row.product
        before = _name(row.product)
        shown = _differences(row, columns) - _SILENT
        for name, value in columns.items():
            setattr(row, name, value)
        row.save(update_fields=[name.removesuffix("_id") for name in columns])
        if shown:
            products = {before, _name(row.product)}
            _tell(row, kind="application.changed", products=products, fields=sorted(shown))
    return bool(shown)


def _not_older(state: ApplicationState) -> QuerySet[Application]:
    """Rows that no later look of the runtime has written."""
    return Application.objects.filter(Q(observed_at=None) | Q(observed_at__lte=state.observed_at))


def _columns(look: _Look, state: ApplicationState, known: Application | None) -> dict[str, Any]:
    """Every column of the row as the state says it should be."""
    if known is not None and known.assigned_by_hand:
        product = known.product
    else:
        product = product_of(
            state.annotations, runtime=look.runtime.name, project=state.project, cache=look.products
        )
    columns: dict[str, Any] = {
        "project": state.project,
        "sources": [source_to_json(source) for source in state.sources],
        "destination_cluster": look.places.cluster_name(state.destination_cluster),
        "destination_namespace": state.destination_namespace,
        "labels": dict(state.labels),
        "annotations": dict(state.annotations),
        "sync_status": state.sync,
        "health_status": state.health,
        "health_message": state.health_message,
        "revisions": list(state.revisions),
        "operation": _operation_to_json(state),
        "images": list(state.images),
        "resources": [dict(resource.__dict__) for resource in state.resources],
        "reconciled_at": state.reconciled_at,
        "health_changed_at": state.health_changed_at,
        "observed_at": state.observed_at,
        "product": product,
        "environment_id": look.places.environment_id(state.destination_cluster, state.destination_namespace),
        "missing_since": None,
    }
    columns |= description_columns(
        state, git=look.git, product=product, before=known.described if known else ""
    )
    return storable_columns(Application, columns)


def product_of(
    annotations: Mapping[str, str],
    *,
    runtime: str,
    project: str,
    cache: dict[str, Product | None] | None = None,
) -> Product | None:
    """The product that an application's annotation names, created when it is new; None where the annotation
    is absent, is no name, or does not count because the product is restricted to other places."""
    name = annotations.get(PRODUCT_ANNOTATION, "").strip()
    if not name:
        return None
    cache = {} if cache is None else cache
    if name not in cache:
        cache[name] = Product.objects.select_related("template").filter(name=name).first() or (
            _product_create(name) if _is_name(name) else None
        )
    product = cache[name]
    if product is None:
        log.debug("An application of %s names the product %r, which is no name for one.", runtime, name)
        return None
    allowed = set(product.restricted_to)
    return product if not allowed or {runtime, f"{runtime}/{project}"} & allowed else None


def _is_name(text: str) -> bool:
    try:
        rfc1123(text)
    except ValidationError:
        return False
    return len(text) <= 63


@transaction.atomic
def _product_create(name: str) -> Product:
    product, created = Product.objects.get_or_create(name=name)
    if created:
        event_append(
            feeds=[product_feed(name), BOARD],
            kind="product.changed",
            subject=name,
            message=f"The product {name} was created because an application names it.",
        )
    return product


def _vanished(present: set[ApplicationKey], rows: Iterable[Application]) -> list[str]:
    """Mark what is no longer reported as missing, and remove it after the grace; returns what was removed."""
    now, removed = timezone.now(), []
    for row in rows:
        if ApplicationKey(row.namespace, row.name) in present:
            continue
        if row.missing_since is None:
            _mark_missing(row, now)
        elif now - row.missing_since >= MISSING_GRACE:
            with transaction.atomic():
                gone, _ = Application.objects.filter(pk=row.pk, missing_since=row.missing_since).delete()
                if gone:
                    _tell(row, kind="application.changed", products={_name(row.product)}, reason="GONE")
                    removed.append(row.identity)
    return removed


def _mark_missing(row: Application, now: datetime) -> None:
    with transaction.atomic():
        if Application.objects.filter(pk=row.pk, missing_since=None).update(missing_since=now):
            row.missing_since = now
            _tell(row, kind="application.changed", products={_name(row.product)}, reason="MISSING")


def _tell(
    row: Application, *, kind: str, products: set[str], fields: Sequence[str] = (), reason: str = ""
) -> None:
    """One event for the board and for every product that the application belongs or belonged to."""
    if reason:
        message = f"{row.name} is no longer reported by the runtime {row.runtime.name}."
    else:
        at = f" at {row.version}" if row.version else ""
        message = f"{row.name} is {row.sync_status} and {row.health_status}{at}."
    event_append(
        feeds=[BOARD, *(product_feed(name) for name in sorted(products) if name)],
        kind=kind,
        subject=row.identity,
        message=message,
        reason=reason,
        data={"product": _name(row.product), "environmentId": row.environment_id, "fields": list(fields)},
    )


def _differences(row: Application, columns: Mapping[str, Any]) -> set[str]:
    """Columns that differ and are worth a write: times of looking alone are not."""
    different = {name for name, value in columns.items() if getattr(row, name) != value}
    return different - {"observed_at"}


def _seen(runtime: Runtime, *, error: str, answered: bool) -> None:
    """Note the look on the runtime's row, rarely when all is well."""
    now = timezone.now()
    fresh = runtime.last_seen_at is not None and now - runtime.last_seen_at < _LAST_SEEN_EVERY
    if runtime.last_error == error and (not answered or fresh):
        return
    columns: dict[str, Any] = {"last_error": error}
    if answered:
        columns["last_seen_at"] = now
    Runtime.objects.filter(pk=runtime.pk).update(**columns)


def _operation_to_json(state: ApplicationState) -> dict[str, Any]:
    operation = state.operation
    if not operation.phase:
        return {}
    return {
        "phase": operation.phase,
        "message": operation.message,
        "startedAt": operation.started_at.isoformat() if operation.started_at else None,
        "finishedAt": operation.finished_at.isoformat() if operation.finished_at else None,
        "revision": operation.revision,
    }


def source_to_json(source: ApplicationSource) -> dict[str, Any]:
    """One source as Application.sources keeps it."""
    return {
        "repoURL": source.repo_url,
        "path": source.path,
        "targetRevision": source.target_revision,
        "chart": source.chart,
        "ref": source.ref,
        "valueFiles": list(source.value_files),
    }


def _identity(runtime: Runtime, key: ApplicationKey) -> str:
    return f"{runtime.name}/{key.namespace}/{key.name}"


def _name(product: Product | None) -> str:
    return product.name if product else ""
