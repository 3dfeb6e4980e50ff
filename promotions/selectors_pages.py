"""Reads of releases, products and flows, shaped for Home, Products, Releases and Flows. Never writes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from environments.models import Environment
from products.models import Application, Product
from promotions.models import Flow, Release, ReleaseEnvironment
from promotions.models.release import EnvironmentStatus, ReleaseStatus
from promotions.selectors.flows import flow_edges
from promotions.selectors.releases import release_filter, release_rows

ACTIVE = (ReleaseStatus.RUNNING, ReleaseStatus.SUSPENDED, ReleaseStatus.TERMINATING)
PAGE = 25
_MOST = 200


def _rows(releases: QuerySet[Release]) -> list[dict[str, Any]]:
    return release_rows(releases.defer("flow_manifest"))


# ---- Releases tab ----


@dataclass(frozen=True)
class ReleaseFilter:
    """What the Releases tab is narrowed to; empty means any."""

    status: str = ""
    flow: str = ""
    since: datetime | None = None


@dataclass(frozen=True)
class ReleasePage:
    rows: list[dict[str, Any]]
    environments: list[dict[str, str]]  # the columns: name and kind
    older: int | None  # "older than this number" asks for the next page; None at the end
    floor: int | None  # the oldest number shown


def _columns(product: Product) -> list[dict[str, str]]:
    """Every environment that a release of the product ever had, in the board's order, then by name."""
    had = ReleaseEnvironment.objects.filter(release__product=product).order_by().values("name", "kind")
    # The newest release's word counts; one row per name and kind, however many releases there are.
    newest_last = had.annotate(newest=Max("release_id")).order_by("newest")
    kinds = dict(newest_last.values_list("name", "kind"))
    current = dict(Environment.objects.values_list("name", "kind"))
    ordered = [name for name in current if name in kinds] + sorted(n for n in kinds if n not in current)
    return [{"name": name, "kind": current.get(name, kinds[name])} for name in ordered]


def release_page(
    product: Product, wanted: ReleaseFilter, *, before: int | None = None, floor: int | None = None
) -> ReleasePage:
    """A page of releases, newest first, below the number `before`.

    With `floor` everything down to that number (at most 200), so that a page that is read again does not
    lose its last rows to new ones above. Four queries however many rows there are.
    """
    found = release_filter(
        product=product.name, status=[wanted.status], flow=wanted.flow, created_after=wanted.since
    ).order_by("-number")
    if before is not None:
        found = found.filter(number__lt=before)
    if floor is not None:
        rows = _rows(found.filter(number__gte=floor)[:_MOST])
        older = floor if found.filter(number__lt=floor).exists() else None
    else:
        rows = _rows(found[: PAGE + 1])
        older = rows[PAGE - 1]["number"] if len(rows) > PAGE else None
        rows = rows[:PAGE]
    return ReleasePage(
        rows=rows,
        environments=_columns(product),
        older=older,
        floor=rows[-1]["number"] if rows else floor,
    )


def release_flow_names(product: Product) -> list[str]:
    """Flows that releases of the product ran, for the filter."""
    names = Release.objects.filter(product=product).order_by("flow_name").values_list("flow_name", flat=True)
    return list(names.distinct())


# ---- Home ----


@dataclass(frozen=True)
class Waiting:
    """Something that goes on only when a person acts."""

    title: str
    text: str
    release: dict[str, Any]
    since: datetime | None


@dataclass(frozen=True)
class Home:
    running: list[dict[str, Any]]
    queued: int
    failed: list[dict[str, Any]]
    waiting: list[Waiting]


def _culprit(row: dict[str, Any]) -> dict[str, Any] | None:
    """The first environment that failed."""
    failed = (e for e in row["environments"] if e["status"] == EnvironmentStatus.FAILED)
    return next(failed, None)


def _failed() -> list[dict[str, Any]]:
    """Failed releases with an environment that no later release has brought to an end, newest first.

    A later success counts only where it covers the environment that failed.
    """
    later = ReleaseEnvironment.objects.filter(
        name=OuterRef("name"),
        release__product=OuterRef("release__product"),
        release__number__gt=OuterRef("release__number"),
        status__in=[EnvironmentStatus.SUCCEEDED, EnvironmentStatus.FAILED],
    )
    still_open = ReleaseEnvironment.objects.filter(
        ~Exists(later), status=EnvironmentStatus.FAILED, release__status=ReleaseStatus.FAILED
    )
    rows = _rows(Release.objects.filter(pk__in=still_open.values("release"))[:20])
    return [{**row, "culprit": _culprit(row)} for row in rows]


def _waiting(running: Sequence[dict[str, Any]], failed: Sequence[dict[str, Any]]) -> list[Waiting]:
    for_people = [
        Waiting(f"{row['product']} waits in {entry['name']}", entry["message"], row, entry["startedAt"])
        for row in running
        for entry in row["environments"]
        if entry["status"] == EnvironmentStatus.SUSPENDED
    ]
    conflicts = [
        Waiting(f"Resolve the conflict in {row['culprit']['name']}", row["message"], row, row["finishedAt"])
        for row in failed
        if row["culprit"] is not None and row["culprit"]["reason"] == "CONFLICT"
    ]
    return for_people + conflicts


def home() -> Home:
    """What runs, what waits for a person, what failed. Five queries."""
    running = _rows(Release.objects.filter(status__in=ACTIVE).order_by("-created_at")[:50])
    failed = _failed()
    return Home(
        running=running,
        queued=Release.objects.filter(status=ReleaseStatus.QUEUED).count(),
        failed=failed,
        waiting=_waiting(running, failed),
    )


# ---- Products ----


@dataclass(frozen=True)
class ProductRow:
    product: Product
    latest: dict[str, Any] | None
    versions: dict[str, list[str]]  # environment -> the versions deployed there, without repeats


def _latest_by_product() -> dict[str, dict[str, Any]]:
    newest = (
        Release.objects.order_by()
        .values("product_id")
        .annotate(newest=Max("id"))
        .values_list("newest", flat=True)
    )
    rows = _rows(Release.objects.filter(pk__in=list(newest)))
    return {row["product"]: row for row in rows}


def _versions() -> dict[int, dict[str, list[str]]]:
    deployed = (
        Application.objects.filter(product__isnull=False, environment__isnull=False)
        .order_by("name")
        .values_list("product_id", "environment__name", "version")
    )
    found: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for product, environment, version in deployed:
        if version not in found[product][environment]:
            found[product][environment].append(version)
    return {product: dict(places) for product, places in found.items()}


def product_rows() -> list[ProductRow]:
    """Every product with its latest release and what runs where. Five queries however many there are."""
    latest, versions = _latest_by_product(), _versions()
    return [
        ProductRow(product, latest.get(product.name), versions.get(product.pk, {}))
        for product in Product.objects.defer("manifest", "inline_template")
    ]


@dataclass(frozen=True)
class ProductReleases:
    """What a product's dashboard says of its releases."""

    latest: dict[str, Any] | None
    next_queued: dict[str, Any] | None
    last_success: dict[str, Any] | None
    # environment name -> (release row, that environment's entry) of the newest release that started there
    by_environment: dict[str, dict[str, Any]]


def product_releases(product: Product) -> ProductReleases:
    """The latest release that started, the next in the queue, the last success. Six queries."""
    mine = Release.objects.filter(product=product).order_by("-number")
    queued = _rows(mine.filter(status=ReleaseStatus.QUEUED).order_by("number")[:1])
    recent = _rows(mine.filter(~Q(status=ReleaseStatus.QUEUED))[:10])
    success = _rows(mine.filter(status=ReleaseStatus.SUCCEEDED)[:1])
    by_environment: dict[str, dict[str, Any]] = {}
    for row in recent:
        for entry in row["environments"]:
            if entry["role"] == ReleaseEnvironment.Role.TARGET and entry["startedAt"] is not None:
                by_environment.setdefault(entry["name"], {**entry, "release": row})
    latest = recent[0] if recent else (queued[0] if queued else None)
    return ProductReleases(
        latest=latest,
        next_queued=queued[0] if queued and queued[0] != latest else None,
        last_success=success[0] if success and success[0] != latest else None,
        by_environment=by_environment,
    )


# ---- Flows ----


@dataclass(frozen=True)
class FlowRow:
    flow: Flow
    environments: list[dict[str, Any]]  # name, kind, dependsOn: the strip; empty where the text is not valid
    products: list[str]
    last: dict[str, Any] | None


def flow_strip_of(manifest: str, kinds: dict[str, str]) -> list[dict[str, Any]]:
    """The environments of a flow's text as a strip."""
    return [
        {"name": name, "dependsOn": list(before), "kind": kinds.get(name, "NON_PROD")}
        for name, before in flow_edges(manifest)
    ]


def environment_kinds() -> dict[str, str]:
    return dict(Environment.objects.values_list("name", "kind"))


def flow_page_rows() -> list[FlowRow]:
    """Every flow with its strip, the products that use it and its last release. Six queries at most."""
    kinds = environment_kinds()
    users: dict[str, list[str]] = defaultdict(list)
    for name, flows in Product.objects.order_by("name").values_list("name", "flows"):
        for entry in flows:
            users[entry.get("name", "")].append(name)
    newest = Release.objects.order_by().values("flow_name").annotate(newest=Max("id"))
    last = {
        row["flow"]: row
        for row in _rows(Release.objects.filter(pk__in=[entry["newest"] for entry in newest]))
    }
    return [
        FlowRow(flow, flow_strip_of(flow.manifest, kinds), users[flow.name], last.get(flow.name))
        for flow in Flow.objects.all()
    ]


def flow_users(name: str) -> list[str]:
    """The products that name this flow."""
    named = Product.objects.order_by("name").values_list("name", "flows")
    return [product for product, flows in named if any(entry.get("name") == name for entry in flows)]


def flow_unfinished(name: str) -> list[Release]:
    """The releases of this flow that are not over, the newest first."""
    waiting_or_active = (ReleaseStatus.QUEUED, *ACTIVE)
    found = Release.objects.filter(flow_name=name, status__in=waiting_or_active).select_related("product")
    return list(found.defer("flow_manifest").order_by("-pk"))


def any_release() -> bool:
    """Whether anything was ever released here."""
    return Release.objects.exists()
