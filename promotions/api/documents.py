"""Policies, workflows and templates as text, and what flows share with them. Never parses a manifest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Model
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from environments.errors import NotFound
from lockstep.api import domain_problems  # noqa: F401 - registers how the domain's errors are told
from lockstep.api.bodies import ApiView, manifest_text
from lockstep.api.entity_tags import conditions_of, quoted
from lockstep.api.pagination import PAGE_PARAMETERS, page_of
from lockstep.api.renderers import TextYamlRenderer, XYamlRenderer, YamlRenderer
from lockstep.api.schema import page_serializer
from promotions.services.document_save import (
    POLICY,
    TEMPLATE,
    WORKFLOW,
    DocumentKind,
    Expectation,
    document_delete,
    document_save,
)

IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, description="The ETag of the text that this one replaces."
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match",
    str,
    OpenApiParameter.HEADER,
    description="On PUT: `*` only creates. On GET: the ETag that the client holds (304).",
)


class DocumentSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    manifest = serializers.CharField(help_text="The YAML text, byte for byte.")
    etag = serializers.CharField()
    updatedAt = serializers.DateTimeField()
    updatedBy = serializers.CharField(allow_blank=True)


MANIFEST_BODY = {
    ("application/yaml"): OpenApiTypes.STR,
    ("application/json"): inline_serializer("Manifest", {"manifest": serializers.CharField()}),
}


def expectation_of(request: Request) -> Expectation:
    """What a PUT or DELETE says about the stored text in its headers."""
    said = conditions_of(request.headers)
    return Expectation(
        etags=said.if_match,
        is_present=said.if_match_any,
        is_absent=said.if_none_match_any,
    )


def tagged(request: Request, detail: Mapping[str, Any], status: int = 200) -> Response:
    """The document with its ETag; 304 where a GET names the one that the client holds."""
    said = conditions_of(request.headers)
    headers = {"ETag": quoted(detail["etag"]), "Vary": "Accept"}
    if request.method == "GET" and detail["etag"] in said.if_none_match:
        return Response(status=304, headers=headers)
    return Response(detail, status=status, headers=headers)


class ManifestView(ApiView):
    """Base of everything that is answered as JSON or as its YAML text."""

    renderer_classes = [JSONRenderer, YamlRenderer, XYamlRenderer, TextYamlRenderer]


def document_detail(row: Any) -> dict[str, Any]:
    return {
        "name": row.name,
        "manifest": row.manifest,
        "etag": row.etag,
        "updatedAt": row.updated_at,
        "updatedBy": row.updated_by,
    }


class DocumentListView(ApiView):
    kind: DocumentKind

    def get(self, request: Request) -> Response:
        return page_of(
            request, self.kind.model._default_manager.all(), order=["name"], render=document_detail
        )


class DocumentView(ManifestView):
    kind: DocumentKind

    def get(self, request: Request, name: str) -> Response:
        return tagged(request, document_detail(self._row(name)))

    def put(self, request: Request, name: str) -> Response:
        saved = document_save(
            user=request.user,
            kind=self.kind,
            name=name,
            text=manifest_text(request),
            expected=expectation_of(request),
        )
        return tagged(request, document_detail(saved.row), 201 if saved.created else 200)

    def delete(self, request: Request, name: str) -> Response:
        document_delete(user=request.user, kind=self.kind, name=name, expected=expectation_of(request))
        return Response(status=204)

    def _row(self, name: str) -> Model:
        row = self.kind.model._default_manager.filter(name=name).first()
        if row is None:
            raise NotFound(f"There is no {self.kind.noun} {name}.")
        return row


def _documented(kind: DocumentKind) -> tuple[type[DocumentListView], type[DocumentView]]:
    """The two views of one kind, each with its own place in the OpenAPI document."""
    answers = {(200, "application/json"): DocumentSerializer, (200, "application/yaml"): OpenApiTypes.STR}
    noun = kind.noun

    @extend_schema(tags=[kind.plural])
    class Rows(DocumentListView):
        @extend_schema(
            operation_id=f"{noun}_list",
            parameters=PAGE_PARAMETERS,
            responses=page_serializer(DocumentSerializer),
        )
        def get(self, request: Request) -> Response:
            return super().get(request)

    @extend_schema(tags=[kind.plural])
    class One(DocumentView):
        @extend_schema(operation_id=f"{noun}_retrieve", parameters=[IF_NONE_MATCH], responses=answers)
        def get(self, request: Request, name: str) -> Response:
            return super().get(request, name)

        @extend_schema(
            operation_id=f"{noun}_save",
            parameters=[IF_MATCH, IF_NONE_MATCH],
            request=MANIFEST_BODY,
            responses={**answers, (201, "application/json"): DocumentSerializer},
        )
        def put(self, request: Request, name: str) -> Response:
            return super().put(request, name)

        @extend_schema(
            operation_id=f"{noun}_delete", parameters=[IF_MATCH], responses={204: OpenApiResponse()}
        )
        def delete(self, request: Request, name: str) -> Response:
            return super().delete(request, name)

    Rows.kind = One.kind = kind
    return Rows, One


PolicyListView, PolicyView = _documented(POLICY)
WorkflowListView, WorkflowView = _documented(WORKFLOW)
TemplateListView, TemplateView = _documented(TEMPLATE)
