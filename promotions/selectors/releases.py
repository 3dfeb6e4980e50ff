"""Reads of releases for pages and the API, as JSON-ready values. Never writes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.db.models import Prefetch, QuerySet

from environments.errors import NotFound
from feeds.selectors import feed_last_number
from feeds.services import release_feed
from products.models import Application
from promotions.models import Release, ReleaseApplication, ReleaseEnvironment, Step
from promotions.models.release import EnvironmentStatus, ReleaseStatus

RETRYABLE = {ReleaseStatus.FAILED, ReleaseStatus.TERMINATED}


def release_get(release_id: str) -> Release:
    """The release; NotFound."""
    release = Release.objects.select_related("product").filter(pk=release_id).first()
    if release is None:
        raise NotFound(f"There is no release {release_id}.")
    return release


def release_get_by_number(product_name: str, number: int) -> Release:
    """The release of a product by its number; NotFound."""
    release = (
        Release.objects.select_related("product").filter(product__name=product_name, number=number).first()
    )
    if release is None:
        raise NotFound(f"{product_name} has no release {number}.")
    return release


def release_url(product_name: str, number: int) -> str:
    """The release's page, as a path."""
    return f"/products/{quote(product_name)}/releases/{number}/"


def release_filter(
    *,
    product: str = "",
    status: Iterable[str] = (),
    flow: str = "",
    created_after: datetime | None = None,
    created_before: datetime | None = None,
) -> QuerySet[Release]:
    """Releases newest first that match everything given."""
    rows = Release.objects.all()
    statuses = [value for value in status if value]
    if product:
        rows = rows.filter(product__name=product)
    if statuses:
        rows = rows.filter(status__in=statuses)
    if flow:
        rows = rows.filter(flow_name=flow)
    if created_after:
        rows = rows.filter(created_at__gte=created_after)
    if created_before:
        rows = rows.filter(created_at__lt=created_before)
    return rows.order_by("-created_at", "-pk")


def release_rows(queryset: QuerySet[Release]) -> list[dict[str, Any]]:
    """Rows as the Releases tab lists them; two queries, however many releases."""
    releases = queryset.select_related("product").prefetch_related("environments")
    return [release_row(release) for release in releases]


def release_row(release: Release) -> dict[str, Any]:
    return {**_head(release), "environments": [_environment_row(env) for env in release.environments.all()]}


def release_detail(release: Release) -> dict[str, Any]:
    """Everything that the release page shows, with the number of the last event that it surely includes."""
    number = feed_last_number(release_feed(release.pk))
    # Read after the number: what the caller read before may be older than the event that it names.
    release = Release.objects.select_related("product").defer("flow_manifest").get(pk=release.pk)
    steps = Prefetch("steps", Step.objects.order_by("phase", "pk"))
    applications = Prefetch("applications", ReleaseApplication.objects.order_by("pk").prefetch_related(steps))
    environments = list(ReleaseEnvironment.objects.filter(release=release).prefetch_related(applications))
    live = _live_applications(environments)
    return {
        **_head(release),
        "note": release.note,
        "previousVersion": release.previous_version,
        "source": {
            "application": release.source_application,
            "environment": environments[0].name if environments else "",
            "repository": release.source_repository,
            "branch": release.source_branch,
            "revision": release.source_revision,
            "commit": release.source_commit or release.source_revision,
            "author": release.source_author,
            "message": release.source_message,
            "committedAt": release.source_at,
        },
        "eventNumber": number,
        "counts": {
            status: sum(env.status == status for env in environments) for status in EnvironmentStatus.values
        },
        "actions": {
            "terminate": not release.is_over and release.terminate_requested_at is None,
            "retry": release.status in RETRYABLE,
        },
        "environments": [_environment(env, live) for env in environments],
    }


def _head(release: Release) -> dict[str, Any]:
    return {
        "id": release.pk,
        "number": release.number,
        "url": release_url(release.product.name, release.number),
        "product": release.product.name,
        "flow": release.flow_name,
        "flowVersion": release.flow_version,
        "status": release.status,
        "reason": release.reason,
        "message": release.message,
        "initiator": release.initiator,
        "version": release.version,
        "createdAt": release.created_at,
        "startedAt": release.started_at,
        "finishedAt": release.finished_at,
    }


def _environment_row(env: ReleaseEnvironment) -> dict[str, Any]:
    return {
        "name": env.name,
        "kind": env.kind,
        "role": env.role,
        "status": env.status,
        "reason": env.reason,
        "message": env.message,
        "dependsOn": env.depends_on,
        "startedAt": env.started_at,
        "finishedAt": env.finished_at,
    }


def _live_applications(environments: Iterable[ReleaseEnvironment]) -> dict[str, Application]:
    """The applications' present state by identity, for workloads and health while a release runs."""
    names = {application.name for env in environments for application in env.applications.all()}
    return {row.identity: row for row in Application.objects.filter(name__in=names).select_related("runtime")}


def _environment(env: ReleaseEnvironment, live: dict[str, Application]) -> dict[str, Any]:
    applications = [_application(env, row, live.get(row.identity)) for row in env.applications.all()]
    return {**_environment_row(env), "policy": env.policy, "applications": applications}


def _application(
    env: ReleaseEnvironment, row: ReleaseApplication, live: Application | None
) -> dict[str, Any]:
    return {
        "identity": row.identity,
        "runtime": row.runtime,
        "namespace": row.namespace,
        "name": row.name,
        "destination": row.destination,
        "status": env.status,
        "health": row.health_status or (live.health_status if live else ""),
        "sync": row.sync_status or (live.sync_status if live else ""),
        "commit": row.commit,
        "pullRequest": None,
        "versionBefore": row.version_before,
        "versionAfter": row.version_after,
        "noChanges": row.no_changes,
        "diff": row.diff,
        "resources": live.resources if live else [],
        "steps": [_step(step) for step in row.steps.all()],
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "id": step.pk,
        "kind": step.kind,
        "title": step.title,
        "status": step.status,
        "reason": step.reason,
        "message": step.message,
        "attempt": step.attempt,
        "startedAt": step.started_at,
        "finishedAt": step.finished_at,
        "nextCheckAt": step.next_check_at,
        "outputs": step.outputs,
    }
