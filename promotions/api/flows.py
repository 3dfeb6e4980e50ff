"""Promotion flows: their text, preview and trigger. Never validates a manifest or plans a release itself."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from lockstep.api.bodies import ApiView, manifest_text
from lockstep.api.idempotency import HEADER, scope_of
from lockstep.api.inputs import Input, read
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
from promotions.api.releases import ReleaseSerializer
from promotions.models import Flow
from promotions.selectors.flows import (
    flow_detail,
    flow_get,
    flow_revision_detail,
    flow_revision_get,
    flow_revision_row,
    flow_revisions,
    flow_row,
)
from promotions.selectors.preview import release_preview
from promotions.selectors.releases import release_detail
from promotions.services.flow_save import flow_delete, flow_draft, flow_save
from promotions.services.release_start import release_start


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


class FlowRevisionRowSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField(help_text="Counts the saves of this flow from 1.")
    version = serializers.CharField(allow_blank=True)
    savedAt = serializers.DateTimeField()
    savedBy = serializers.CharField(allow_blank=True)
    etag = serializers.CharField()
    added = serializers.IntegerField(
        allow_null=True, help_text="Lines that the save before lacks; null where there is none to tell from."
    )
    removed = serializers.IntegerField(allow_null=True, help_text="Lines that only the save before has.")
    renamedFrom = serializers.CharField(
        allow_blank=True, help_text="The flow's name before, where this save changed it."
    )


class FlowRevisionSerializer(FlowRevisionRowSerializer):
    manifest = serializers.CharField(help_text="The YAML text as it was saved, byte for byte.")


class PreviewInput(Input):
    product = serializers.CharField(max_length=63)
    application = serializers.CharField(
        max_length=400,
        required=False,
        allow_null=True,
        help_text="runtime/namespace/name, or the name; needed where the trigger environment has several.",
    )
    sourceRevision = serializers.CharField(
        max_length=64, required=False, allow_null=True, help_text="A commit that was there before."
    )


class FlowPreviewInput(PreviewInput):
    manifest = serializers.CharField(
        trim_whitespace=False,
        required=False,
        allow_null=True,
        help_text="YAML of a flow of this name that is previewed instead of the stored one; nothing is stored.",
    )


class TriggerInput(PreviewInput):
    # Null is what a preview gives that cannot be triggered: taken for "no digest", it would start a plan unseen.
    planDigest = serializers.CharField(
        max_length=64,
        required=False,
        help_text="Of the preview: refused if it differs. Leave it out to trigger whatever the plan is now.",
        error_messages={"null": "This preview cannot be triggered; its problems say why. Preview again."},
    )
    message = serializers.CharField(max_length=5000, required=False, allow_blank=True, default="")


class PlanProblemSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    message = serializers.CharField()
    environment = serializers.CharField(allow_blank=True)
    severity = serializers.CharField()


class PreviewEnvironmentSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    kind = serializers.CharField(help_text="PROD, NON_PROD")
    role = serializers.CharField()
    wave = serializers.IntegerField()
    dependsOn = serializers.ListField(child=serializers.CharField())
    policy = serializers.DictField(help_text="action, preAction, postAction: value and origin, or null.")
    template = serializers.DictField(allow_null=True)
    behind = serializers.IntegerField(
        allow_null=True,
        help_text="How many commits changed the promoted values of the trigger side since those that this "
        "environment carries; null where that cannot be told.",
    )
    application = serializers.CharField(allow_null=True, help_text="The first of the applications.")
    versionFrom = serializers.CharField(allow_null=True, allow_blank=True)
    versionTo = serializers.CharField(allow_null=True, allow_blank=True)
    downgrade = serializers.BooleanField()
    files = serializers.ListField(child=serializers.DictField(), help_text="Each with its diff.")
    problems = PlanProblemSerializer(many=True)
    applications = serializers.ListField(
        child=serializers.DictField(), help_text="Empty where the product has none in this environment."
    )


class PreviewSerializer(serializers.Serializer[Any]):
    flow = serializers.CharField()
    product = serializers.CharField()
    planDigest = serializers.CharField(
        allow_null=True, help_text="null where the trigger would be refused: the problems say why."
    )
    source = serializers.DictField(
        allow_null=True, help_text="null where the trigger environment has nothing to promote yet."
    )
    template = serializers.DictField(allow_null=True)
    waves = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))
    problems = PlanProblemSerializer(many=True, help_text="Those that no step's environment is to blame for.")
    environments = PreviewEnvironmentSerializer(many=True)


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


@extend_schema(tags=["flows"])
class FlowRevisionListView(ApiView):
    @extend_schema(
        operation_id="flow_revision_list",
        description="Every save of the flow, the newest first.",
        parameters=PAGE_PARAMETERS,
        responses=page_serializer(FlowRevisionRowSerializer),
    )
    def get(self, request: Request, name: str) -> Response:
        return page_of(request, flow_revisions(flow_get(name)), order=["-number"], render=flow_revision_row)


@extend_schema(tags=["flows"])
class FlowRevisionView(ApiView):
    @extend_schema(operation_id="flow_revision_retrieve", responses=FlowRevisionSerializer)
    def get(self, request: Request, name: str, number: int) -> Response:
        return Response(flow_revision_detail(flow_revision_get(flow_get(name), number)))


def _rename_from(request: Request) -> str | None:
    old = request.query_params.get("renameFrom")
    if old is not None and (not old or "\x00" in old):
        raise Problem(422, "invalid", "renameFrom is empty: name the flow that becomes this one.")
    return old


@extend_schema(tags=["flows"])
class FlowPreviewView(ApiView):
    @extend_schema(
        operation_id="flow_preview",
        description="What a release would write, policy by policy and file by file. Nothing is stored.",
        request=FlowPreviewInput,
        responses=PreviewSerializer,
    )
    def post(self, request: Request, name: str) -> Response:
        body = read(FlowPreviewInput, request)
        text = body.get("manifest")
        return Response(
            release_preview(
                flow_name=name,
                draft=None if text is None else flow_draft(name=name, text=text),
                product_name=body["product"],
                application=body.get("application") or None,
                source_revision=body.get("sourceRevision") or None,
            )
        )


@extend_schema(tags=["flows"])
class FlowTriggerView(ApiView):
    @extend_schema(
        operation_id="flow_trigger",
        parameters=[HEADER],
        request=TriggerInput,
        responses={201: ReleaseSerializer},
    )
    def post(self, request: Request, name: str) -> Response:
        body = read(TriggerInput, request)
        release = release_start(
            user=request.user,
            flow_name=name,
            product_name=body["product"],
            application=body.get("application") or None,
            source_revision=body.get("sourceRevision") or None,
            plan_digest=body.get("planDigest") or None,
            message=body["message"],
            idempotency=scope_of(request, body),
        )
        location = request.build_absolute_uri(f"/api/releases/{release.pk}/")
        return Response(release_detail(release), status=201, headers={"Location": location})
