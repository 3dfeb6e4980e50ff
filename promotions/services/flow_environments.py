"""Keeps flows and policies right when environments are renamed or deleted. Never does either itself."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone

from promotions.errors import ManifestUnreadable
from promotions.manifests import Document, flow_spec
from promotions.models import Flow, Policy
from promotions.selectors.stored import stored_document
from promotions.services.document_save import etag_of, scalars_renamed
from promotions.services.flow_save import revision_keep

_Path = tuple[str | int, ...]


def flow_references(environment: str) -> list[str]:
    """The flows that name an environment, as "the flow checkout". A policy that names one only matches less."""
    return [
        f"the flow {flow.name}"
        for flow in Flow.objects.filter(manifest__contains=environment)
        if _names(flow, environment)
    ]


def environment_references_rename(old: str, new: str, user: str) -> None:
    """Rewrite the name in every flow and policy that has it, in the caller's transaction.

    Raises ManifestUnreadable where one that may name it cannot be read, or could not be with the new name.
    """
    for flow in Flow.objects.select_for_update().filter(manifest__contains=old).order_by("pk"):
        if _rewrite(flow, "PromotionFlow", old, new, user):
            revision_keep(flow)
    for policy in Policy.objects.select_for_update().filter(manifest__contains=old).order_by("pk"):
        _rewrite(policy, "PromotionPolicy", old, new, user)


def _names(flow: Flow, environment: str) -> bool:
    try:
        return environment in flow_spec(stored_document(flow, "PromotionFlow")).environments
    except ManifestUnreadable:
        return False


def _rewrite(row: Flow | Policy, kind: str, old: str, new: str, user: str) -> bool:
    document = stored_document(row, kind)
    paths = _flow_paths(document) if kind == "PromotionFlow" else _policy_paths(document)
    text = scalars_renamed(document, paths, old, new)
    if text == row.manifest:
        return False
    row.manifest, row.etag = text, etag_of(text)
    stored_document(row, kind)
    row.updated_at, row.updated_by = timezone.now(), user
    row.save()
    return True


def _flow_paths(document: Document) -> Iterator[_Path]:
    yield ("spec", "triggerEnvironment")
    for index, step in enumerate(document.view.spec["steps"]):
        yield ("spec", "steps", index, "environment")
        for place in range(len(step["dependsOn"])):
            yield ("spec", "steps", index, "dependsOn", place)


def _policy_paths(document: Document) -> Iterator[_Path]:
    chosen = (document.view.spec.get("selector") or {}).get("targetEnvironment") or {}
    for index in range(len(chosen.get("names") or [])):
        yield ("spec", "selector", "targetEnvironment", "names", index)
