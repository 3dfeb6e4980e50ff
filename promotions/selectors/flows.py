"""Reads of promotion flows for pages and the API. Never writes."""

from __future__ import annotations

from functools import lru_cache
from itertools import count
from typing import Any

from django.db.models import QuerySet

from environments.errors import NotFound
from promotions.manifests import ManifestError, flow_spec, parse_one
from promotions.models import Flow, FlowRevision


def flow_get(name: str) -> Flow:
    """The flow of this name; NotFound."""
    flow = Flow.objects.filter(name=name).first()
    if flow is None:
        raise NotFound(f"There is no promotion flow {name}.")
    return flow


def flow_free_name(wanted: str) -> str:
    """The name itself, or the first of NAME-2, NAME-3, ... that no flow has."""
    taken = set(Flow.objects.filter(name__startswith=wanted).values_list("name", flat=True))
    numbered = (f"{wanted}-{number}" for number in count(2))
    return wanted if wanted not in taken else next(name for name in numbered if name not in taken)


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
    """A saved text's number, version, time, person and how much it changed, for lists."""
    return {
        "number": revision.number,
        "version": revision.version,
        "savedAt": revision.saved_at,
        "savedBy": revision.saved_by,
        "etag": revision.etag,
        "added": revision.added,
        "removed": revision.removed,
        "renamedFrom": revision.renamed_from,
    }


def flow_revision_detail(revision: FlowRevision) -> dict[str, Any]:
    """A saved text, as the API answers it."""
    return {**flow_revision_row(revision), "manifest": revision.manifest}


def _common(flow: Flow) -> dict[str, Any]:
    return {
        "etag": flow.etag,
        "version": flow.version,
        "description": flow.description,
        "environments": [name for name, _ in flow_edges(flow.manifest)],
        "updatedAt": flow.updated_at,
        "updatedBy": flow.updated_by,
        "createdAt": flow.created_at,
    }


@lru_cache(maxsize=512)
def flow_edges(manifest: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """(environment, what it depends on), the trigger first; empty where rules became stricter than the text."""
    try:
        spec = flow_spec(parse_one(manifest, "PromotionFlow", stored=True))
    except ManifestError:
        return ()
    return ((spec.trigger_environment, ()), *((step.environment, step.depends_on) for step in spec.steps))
