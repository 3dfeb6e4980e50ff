"""Releases over REST: list, detail, terminate, retry, and what waits for people. Never changes a row itself."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from lockstep.api.bodies import ApiView
from lockstep.api.inputs import Input, filter_choice, filter_value, read
from lockstep.api.pagination import PAGE_PARAMETERS, page_of
from lockstep.api.problems import Problem
from lockstep.api.schema import page_serializer
from products.selectors import product_get
from promotions.models import Release
from promotions.models.release import ReleaseStatus
from promotions.selectors.releases import release_detail, release_filter, release_get, release_row
from promotions.selectors_pages import home
from promotions.services.release_retry import release_retry
from promotions.services.release_terminate import release_terminate


class ReleaseEnvironmentSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    kind = serializers.CharField(help_text="PROD or NON_PROD")
    role = serializers.CharField(help_text="TRIGGER or TARGET")
    status = serializers.CharField()
    reason = serializers.CharField(allow_blank=True)
    message = serializers.CharField(allow_blank=True)
    dependsOn = serializers.ListField(child=serializers.CharField())
    startedAt = serializers.DateTimeField(allow_null=True)
    finishedAt = serializers.DateTimeField(allow_null=True)


class ReleaseRowSerializer(serializers.Serializer[Any]):
    id = serializers.CharField(help_text="Opaque.")
    number = serializers.IntegerField(help_text="Counts per product.")
    url = serializers.CharField(help_text="The release's page.")
    product = serializers.CharField()
    flow = serializers.CharField()
    flowVersion = serializers.CharField(allow_blank=True)
    status = serializers.ChoiceField(ReleaseStatus.choices)
    reason = serializers.CharField(allow_blank=True)
    message = serializers.CharField(allow_blank=True)
    initiator = serializers.CharField()
    version = serializers.CharField(allow_blank=True)
    createdAt = serializers.DateTimeField()
    startedAt = serializers.DateTimeField(allow_null=True)
    finishedAt = serializers.DateTimeField(allow_null=True)
    environments = ReleaseEnvironmentSerializer(many=True)


class ReleaseApplicationSerializer(serializers.Serializer[Any]):
    identity = serializers.CharField()
    runtime = serializers.CharField()
    namespace = serializers.CharField()
    name = serializers.CharField()
    destination = serializers.CharField()
    status = serializers.CharField()
    health = serializers.CharField()
    sync = serializers.CharField()
    commit = serializers.CharField(allow_blank=True)
    pullRequest = serializers.DictField(allow_null=True)
    versionBefore = serializers.CharField(allow_blank=True)
    versionAfter = serializers.CharField(allow_blank=True)
    noChanges = serializers.BooleanField()
    diff = serializers.ListField(child=serializers.DictField())
    resources = serializers.ListField(child=serializers.DictField())
    steps = serializers.ListField(child=serializers.DictField())


class ReleaseDetailEnvironmentSerializer(ReleaseEnvironmentSerializer):
    policy = serializers.DictField()
    applications = ReleaseApplicationSerializer(many=True)


class ReleaseSerializer(ReleaseRowSerializer):
    note = serializers.CharField(allow_blank=True)
    previousVersion = serializers.CharField(allow_blank=True)
    source = serializers.DictField()
    eventNumber = serializers.IntegerField(help_text="The last event that this answer includes.")
    counts = serializers.DictField(child=serializers.IntegerField())
    actions = serializers.DictField(child=serializers.BooleanField())
    environments = ReleaseDetailEnvironmentSerializer(many=True)


class ReasonInput(Input):
    reason = serializers.CharField(max_length=1000, allow_blank=True, required=False, default="")


class InboxItemSerializer(serializers.Serializer[Any]):
    title = serializers.CharField()
    text = serializers.CharField(allow_blank=True)
    release = ReleaseRowSerializer()
    since = serializers.DateTimeField(allow_null=True)


class InboxSerializer(serializers.Serializer[Any]):
    waiting = InboxItemSerializer(many=True, help_text="Goes on only when a person acts.")
    failed = ReleaseRowSerializer(many=True, help_text="Failed, and nothing newer made it good.")
    running = ReleaseRowSerializer(many=True)
    queued = serializers.IntegerField()


FILTERS = [
    OpenApiParameter("status", str, many=True, explode=False, description="Of the release's states."),
    OpenApiParameter("flow", str),
    OpenApiParameter("createdAfter", OpenApiTypes.DATETIME, description="RFC 3339, this moment included."),
    OpenApiParameter("createdBefore", OpenApiTypes.DATETIME),
    *PAGE_PARAMETERS,
]


def release_page(request: Request, product: str) -> Response:
    """Releases newest first, narrowed by the query's filters."""
    rows = release_filter(
        product=product,
        status=filter_choice(request, "status", list(ReleaseStatus.values)),
        flow=filter_value(request, "flow"),
        created_after=_moment(request, "createdAfter"),
        created_before=_moment(request, "createdBefore"),
    )
    # Rows, not texts: a list must not carry every frozen manifest.
    rows = rows.select_related("product").prefetch_related("environments").defer("flow_manifest")
    return page_of(request, rows, order=["-created_at", "-id"], render=release_row)


def _moment(request: Request, name: str) -> datetime | None:
    text = filter_value(request, name)
    if not text:
        return None
    try:
        # A "+" that was not escaped arrives as a space.
        moment = parse_datetime(text.replace(" ", "+") if "T" in text else text)
        if moment is not None:
            return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):  # no such day, or before the year 1 in UTC
        pass
    raise Problem(422, "invalid", f"{name} is {text[:40]!r}: write a time like 2030-01-31T08:00:00Z.")


@extend_schema(tags=["releases"])
class ReleaseListView(ApiView):
    @extend_schema(
        operation_id="release_list",
        parameters=[OpenApiParameter("product", str), *FILTERS],
        responses=page_serializer(ReleaseRowSerializer),
    )
    def get(self, request: Request) -> Response:
        return release_page(request, filter_value(request, "product"))


@extend_schema(tags=["releases"])
class ProductReleaseListView(ApiView):
    @extend_schema(
        operation_id="product_release_list",
        parameters=FILTERS,
        responses=page_serializer(ReleaseRowSerializer),
    )
    def get(self, request: Request, name: str) -> Response:
        return release_page(request, product_get(name).name)


@extend_schema(tags=["releases"])
class ReleaseView(ApiView):
    @extend_schema(operation_id="release_retrieve", responses=ReleaseSerializer)
    def get(self, request: Request, release_id: str) -> Response:
        return Response(release_detail(release_get(release_id)))


@extend_schema(tags=["releases"])
class ReleaseTerminateView(ApiView):
    @extend_schema(operation_id="release_terminate", request=ReasonInput, responses={202: ReleaseSerializer})
    def post(self, request: Request, release_id: str) -> Response:
        body = read(ReasonInput, request)
        release = release_terminate(user=request.user, release_id=release_id, reason=body["reason"])
        return _accepted(release)


@extend_schema(tags=["releases"])
class ReleaseRetryView(ApiView):
    @extend_schema(operation_id="release_retry", request=ReasonInput, responses={202: ReleaseSerializer})
    def post(self, request: Request, release_id: str) -> Response:
        body = read(ReasonInput, request)
        return _accepted(release_retry(user=request.user, release_id=release_id, reason=body["reason"]))


@extend_schema(tags=["releases"])
class ReleaseEnvironmentRetryView(ApiView):
    @extend_schema(
        operation_id="release_environment_retry", request=ReasonInput, responses={202: ReleaseSerializer}
    )
    def post(self, request: Request, release_id: str, environment: str) -> Response:
        body = read(ReasonInput, request)
        release = release_get(release_id)
        if not release.environments.filter(name=environment).exists():
            raise Problem(404, "not-found", f"Release {release.number} has no environment {environment}.")
        return _accepted(
            release_retry(
                user=request.user, release_id=release_id, environment=environment, reason=body["reason"]
            )
        )


def _accepted(release: Release) -> Response:
    return Response(release_detail(release_get(release.pk)), status=202)


@extend_schema(tags=["releases"])
class InboxView(ApiView):
    @extend_schema(operation_id="inbox", responses=InboxSerializer)
    def get(self, request: Request) -> Response:
        now = home()
        return Response(
            {
                "waiting": [asdict(item) for item in now.waiting],
                "failed": [{k: v for k, v in row.items() if k != "culprit"} for row in now.failed],
                "running": now.running,
                "queued": now.queued,
            }
        )
