"""Reads of promotion flows for pages and the API. Never writes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.db.models import Max, QuerySet

from environments.errors import NotFound
from products.models import Product
from promotions.manifests import ManifestError, flow_spec, parse_one
from promotions.models import Flow, FlowRevision, Release


def flow_get(name: str) -> Flow:
    """The flow of this name; NotFound."""
    flow = Flow.objects.filter(name=name).first()
    if flow is None:
        raise NotFound(f"There is no promotion flow {name}.")
    return flow


def flow_detail(flow: Flow) -> dict[str, Any]:
    """A flow with its text, as the API answers it."""
    return {"name": flow.name, "manifest": flow.manifest, **_common(flow)}


def flow_row(flow: Flow) -> dict[str, Any]:
    """A flow without its text, for lists."""
    return {"name": flow.name, **_common(flow)}


def flow_revisions(flow: Flow) -> QuerySet[FlowRevision]:
    """Every text of the flow that was saved, without the texts themselves."""
    return FlowRevision.objects.filter(flow=flow).defer("manifest")


def flow_revision_get(flow: Flow, number: int) -> FlowRevision:
    """The flow's revision of this number, counted from 1; NotFound."""
    revision = FlowRevision.objects.filter(flow=flow, number=number).first()
    if revision is None:
        raise NotFound(f"The promotion flow {flow.name} has no revision {number}.")
    return revision


def flow_revision_row(revision: FlowRevision) -> dict[str, Any]:
    """A saved text's number, version, time and person, for lists."""
    return {
        "number": revision.number,
        "version": revision.version,
        "savedAt": revision.saved_at,
        "savedBy": revision.saved_by,
        "etag": revision.etag,
    }


def flow_revision_detail(revision: FlowRevision) -> dict[str, Any]:
    """A saved text, as the API answers it."""
    return {**flow_revision_row(revision), "manifest": revision.manifest}


def flow_rows(flows: Sequence[Flow] | None = None) -> list[dict[str, Any]]:
    """Flows as their page lists them: with the products that use them and their last release.

    Three queries however many flows there are.
    """
    flows = list(Flow.objects.order_by("name")) if flows is None else flows
    products = _products_by_flow()
    last = _last_releases(flow.name for flow in flows)
    return [
        {**flow_row(flow), "products": products[flow.name], "lastRelease": last.get(flow.name)}
        for flow in flows
    ]


def _common(flow: Flow) -> dict[str, Any]:
    return {
        "etag": flow.etag,
        "version": flow.version,
        "description": flow.description,
        "environments": list(_environments(flow.manifest)),
        "updatedAt": flow.updated_at,
        "updatedBy": flow.updated_by,
        "createdAt": flow.created_at,
    }


@lru_cache(maxsize=512)
def _environments(manifest: str) -> tuple[str, ...]:
    """The trigger environment, then the steps'; a stored text is valid, unless the rules became stricter."""
    try:
        return flow_spec(parse_one(manifest, "PromotionFlow")).environments
    except ManifestError:
        return ()


def _products_by_flow() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for name, flows in Product.objects.order_by("name").values_list("name", "flows"):
        for flow in flows:
            found[flow.get("name", "")].append(name)
    return found


def _last_releases(names: Iterable[str]) -> dict[str, dict[str, Any]]:
    newest = (
        Release.objects.filter(flow_name__in=list(names))
        .order_by()
        .values("flow_name")
        .annotate(newest=Max("id"))  # release ids sort by time
        .values_list("newest", flat=True)
    )
    return {
        release.flow_name: {
            "id": release.pk,
            "number": release.number,
            "url": f"/products/{release.product.name}/releases/{release.number}/",
            "product": release.product.name,
            "status": release.status,
            "createdAt": release.created_at,
        }
        for release in Release.objects.filter(pk__in=list(newest)).select_related("product")
    }
