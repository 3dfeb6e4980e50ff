"""Promotion flows: their text, preview and trigger. Never validates a manifest or plans a release itself."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from lockstep.api.bodies import ApiView, manifest_text
from lockstep.api.pagination import PAGE_PARAMETERS, page_of
from lockstep.api.problems import Problem
from lockstep.api.schema import page_serializer
from promotions.api.documents import (
    IF_MATCH,
    IF_NONE_MATCH,
    MANIFEST_BODY,
    ManifestView,
    expectation_of,
    tagged,
)
from promotions.models import Flow
from promotions.selectors.flows import flow_detail, flow_get, flow_row
from promotions.services.flow_save import flow_delete, flow_save


class FlowRowSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    etag = serializers.CharField()
    version = serializers.CharField(allow_blank=True)
    description = serializers.CharField(allow_blank=True)
    environments = serializers.ListField(
        child=serializers.CharField(), help_text="The trigger environment first, then the steps'."
    )
    updatedAt = serializers.DateTimeField()
    updatedBy = serializers.CharField(allow_blank=True)
    createdAt = serializers.DateTimeField()


class FlowSerializer(FlowRowSerializer):
    manifest = serializers.CharField(help_text="The YAML text, byte for byte.")


ANSWERS = {(200, "application/json"): FlowSerializer, (200, "application/yaml"): OpenApiTypes.STR}
RENAME_FROM = OpenApiParameter(
    "renameFrom",
    str,
    description="Rename: the flow of this name becomes the one at this address. If-Match is its ETag.",
)


class FlowListView(ApiView):
    @extend_schema(
        operation_id="flow_list",
        tags=["flows"],
        parameters=PAGE_PARAMETERS,
        responses=page_serializer(FlowRowSerializer),
    )
    def get(self, request: Request) -> Response:
        return page_of(request, Flow.objects.all(), order=["name"], render=flow_row)


@extend_schema(tags=["flows"])
class FlowView(ManifestView):
    @extend_schema(operation_id="flow_retrieve", parameters=[IF_NONE_MATCH], responses=ANSWERS)
    def get(self, request: Request, name: str) -> Response:
        return tagged(request, flow_detail(flow_get(name)))

    @extend_schema(
        operation_id="flow_save",
        parameters=[IF_MATCH, IF_NONE_MATCH, RENAME_FROM],
        request=MANIFEST_BODY,
        responses={**ANSWERS, (201, "application/json"): FlowSerializer},
    )
    def put(self, request: Request, name: str) -> Response:
        saved = flow_save(
            user=request.user,
            name=name,
            text=manifest_text(request),
            expected=expectation_of(request),
            rename_from=_rename_from(request),
        )
        return tagged(request, flow_detail(saved.row), 201 if saved.created else 200)

    @extend_schema(operation_id="flow_delete", parameters=[IF_MATCH], responses={204: OpenApiResponse()})
    def delete(self, request: Request, name: str) -> Response:
        flow_delete(user=request.user, name=name, expected=expectation_of(request))
        return Response(status=204)


def _rename_from(request: Request) -> str | None:
    old = request.query_params.get("renameFrom")
    if old is not None and (not old or "\x00" in old):
        raise Problem(422, "invalid", "renameFrom is empty: name the flow that becomes this one.")
    return old
