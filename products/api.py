"""Applications and products over REST. Never decides what belongs together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from lockstep.api.bodies import ApiView
from lockstep.api.inputs import Input, filter_choice, filter_value, read
from lockstep.api.pagination import PAGE_PARAMETERS, page_of
from lockstep.api.problems import Problem
from lockstep.api.schema import page_serializer
from products.models import Application, Product
from products.selectors import (
    application_get,
    applications_list,
    product_get,
    product_versions,
    products_list,
)
from products.services import (
    application_refresh,
    application_sync,
    product_create,
    product_delete,
    product_flows_set,
    product_update,
)
from promotions.services.product_manifest import inline_template_check

HEALTH = ["Healthy", "Progressing", "Degraded", "Suspended", "Missing", "Unknown"]
SYNC = ["Synced", "OutOfSync", "Unknown"]


class ApplicationSerializer(serializers.Serializer[Any]):
    identity = serializers.CharField(help_text="runtime/namespace/name")
    runtime = serializers.CharField()
    namespace = serializers.CharField()
    name = serializers.CharField()
    project = serializers.CharField()
    environment = serializers.CharField(allow_null=True)
    product = serializers.CharField(allow_null=True)
    version = serializers.CharField(allow_blank=True)
    syncStatus = serializers.CharField(help_text=", ".join(SYNC))
    healthStatus = serializers.CharField(help_text=", ".join(HEALTH))
    healthMessage = serializers.CharField(allow_blank=True)
    revision = serializers.CharField(allow_blank=True)
    revisionShort = serializers.CharField(allow_blank=True)
    commit = serializers.CharField(
        allow_blank=True,
        help_text="The last commit that changed the application's files; commitMessage is its.",
    )
    commitMessage = serializers.CharField(allow_blank=True)
    commitAuthor = serializers.CharField(allow_blank=True)
    commitAt = serializers.DateTimeField(allow_null=True)
    cluster = serializers.CharField()
    destinationNamespace = serializers.CharField(allow_blank=True)
    sources = serializers.ListField(child=serializers.DictField())
    operation = serializers.DictField()
    resources = serializers.ListField(child=serializers.DictField())
    missingSince = serializers.DateTimeField(
        allow_null=True, help_text="Since when the runtime no longer reports it."
    )


class GitTriggerSerializer(Input):
    key = serializers.ChoiceField(["commitMessage", "gitRevision"])
    operator = serializers.ChoiceField(["In", "NotIn"])
    values = serializers.ListField(child=serializers.CharField(max_length=1000), min_length=1, max_length=100)


class ProductFlowSerializer(Input):
    name = serializers.CharField(max_length=253)
    gitTriggerSelectors = GitTriggerSerializer(many=True, required=False)


class ProductInput(Input):
    name = serializers.CharField(max_length=63)
    description = serializers.CharField(max_length=500, allow_blank=True, required=False)
    labels = serializers.DictField(child=serializers.CharField(allow_blank=True), required=False)
    tags = serializers.ListField(child=serializers.CharField(max_length=63), required=False, max_length=100)
    concurrency = serializers.ChoiceField(Product.Concurrency.choices, required=False)
    template = serializers.CharField(
        max_length=253, allow_null=True, required=False, help_text="A promotion template's name."
    )
    inlineTemplate = serializers.CharField(
        trim_whitespace=False,
        allow_blank=True,
        required=False,
        max_length=100_000,
        help_text="YAML, as under spec.promotionTemplate.",
    )
    flows = ProductFlowSerializer(many=True, required=False)
    restrictedTo = serializers.ListField(
        child=serializers.CharField(max_length=200), required=False, max_length=1000
    )


class ProductSerializer(ProductInput):
    createdAt = serializers.DateTimeField()
    applications = serializers.ListField(child=serializers.CharField(), help_text="Identities.")
    environments = serializers.ListField(
        child=serializers.DictField(), help_text="Per environment: name, kind, versions."
    )


def application_rows(applications: Sequence[Application]) -> list[dict[str, Any]]:
    """Applications as the API tells them; no query."""
    return [_application_row(row) for row in applications]


def _application_row(row: Application) -> dict[str, Any]:
    revision = next(iter(row.revisions), "")
    return {
        "identity": row.identity,
        "runtime": row.runtime.name,
        "namespace": row.namespace,
        "name": row.name,
        "project": row.project,
        "environment": row.environment.name if row.environment else None,
        "product": row.product.name if row.product else None,
        "version": row.version,
        "syncStatus": row.sync_status,
        "healthStatus": row.health_status,
        "healthMessage": row.health_message,
        "revision": revision,
        "revisionShort": revision[:7],
        "commit": row.commit_sha,
        "commitMessage": row.commit_message,
        "commitAuthor": row.commit_author,
        "commitAt": row.commit_at,
        "cluster": row.destination_cluster,
        "destinationNamespace": row.destination_namespace,
        "sources": row.sources,
        "operation": row.operation,
        "resources": row.resources,
        "missingSince": row.missing_since,
    }


def product_json(product: Product) -> dict[str, Any]:
    """A product of products_list(); asks nothing more of the database."""
    return {
        "name": product.name,
        "description": product.description,
        "labels": product.labels,
        "tags": product.tags,
        "concurrency": product.concurrency,
        "template": product.template.name if product.template else None,
        "inlineTemplate": product.inline_template,
        "flows": product.flows,
        "restrictedTo": product.restricted_to,
        "createdAt": product.created_at,
        "applications": [application.identity for application in product.applications.all()],
        "environments": [
            {"name": place.environment, "kind": place.kind, "versions": list(place.versions)}
            for place in product_versions(product)
        ],
    }


def _columns(body: dict[str, Any]) -> dict[str, Any]:
    """The body under the services' names; an inline template that is none is refused with its line."""
    if body.get("inlineTemplate", "").strip():
        inline_template_check(text=body["inlineTemplate"])
    renamed = {"inlineTemplate": "inline_template", "restrictedTo": "restricted_to"}
    return {renamed.get(name, name): value for name, value in body.items()}


@extend_schema(tags=["applications"])
class ApplicationListView(ApiView):
    @extend_schema(
        operation_id="application_list",
        parameters=[
            OpenApiParameter("product", str),
            OpenApiParameter("environment", str),
            OpenApiParameter("health", str, many=True, explode=False, description=f"Of {', '.join(HEALTH)}."),
            OpenApiParameter("sync", str, many=True, explode=False, description=f"Of {', '.join(SYNC)}."),
            *PAGE_PARAMETERS,
        ],
        responses=page_serializer(ApplicationSerializer),
    )
    def get(self, request: Request) -> Response:
        rows = applications_list(
            product=filter_value(request, "product"),
            environment=filter_value(request, "environment"),
            health=filter_choice(request, "health", HEALTH),
            sync=filter_choice(request, "sync", SYNC),
        )
        order = ["name", "namespace", "runtime__name"]
        return page_of(request, rows, order=order, render_all=application_rows)


@extend_schema(tags=["applications"])
class ApplicationView(ApiView):
    @extend_schema(operation_id="application_retrieve", responses=ApplicationSerializer)
    def get(self, request: Request, runtime: str, namespace: str, name: str) -> Response:
        return Response(application_rows([application_get(runtime, namespace, name)])[0])


@extend_schema(tags=["applications"])
class ApplicationRefreshView(ApiView):
    @extend_schema(operation_id="application_refresh", request=None, responses=ApplicationSerializer)
    def post(self, request: Request, runtime: str, namespace: str, name: str) -> Response:
        application_refresh(user=request.user, application=application_get(runtime, namespace, name))
        return Response(application_rows([application_get(runtime, namespace, name)])[0])


@extend_schema(tags=["applications"])
class ApplicationSyncView(ApiView):
    @extend_schema(operation_id="application_sync", request=None, responses={202: ApplicationSerializer})
    def post(self, request: Request, runtime: str, namespace: str, name: str) -> Response:
        application_sync(user=request.user, application=application_get(runtime, namespace, name))
        return Response(application_rows([application_get(runtime, namespace, name)])[0], status=202)


@extend_schema(tags=["products"])
class ProductListView(ApiView):
    @extend_schema(
        operation_id="product_list", parameters=PAGE_PARAMETERS, responses=page_serializer(ProductSerializer)
    )
    def get(self, request: Request) -> Response:
        return page_of(request, products_list(), order=["name"], render=product_json)

    @extend_schema(operation_id="product_create", request=ProductInput, responses={201: ProductSerializer})
    def post(self, request: Request) -> Response:
        body = _columns(read(ProductInput, request))
        flows = body.pop("flows", None)
        with transaction.atomic():
            product_create(user=request.user, **body)
            if flows:
                product_flows_set(user=request.user, name=body["name"], flows=flows)
        return Response(product_json(product_get(body["name"])), status=201)


@extend_schema(tags=["products"])
class ProductView(ApiView):
    @extend_schema(operation_id="product_retrieve", responses=ProductSerializer)
    def get(self, request: Request, name: str) -> Response:
        return Response(product_json(product_get(name)))

    @extend_schema(operation_id="product_update", request=ProductInput, responses=ProductSerializer)
    def patch(self, request: Request, name: str) -> Response:
        body = _columns(read(ProductInput, request, partial=True))
        if body.pop("name", name) != name:
            raise Problem(422, "invalid", "A product keeps its name: releases and annotations refer to it.")
        flows = body.pop("flows", None)
        with transaction.atomic():
            product_update(user=request.user, name=name, **body)
            if flows is not None:
                product_flows_set(user=request.user, name=name, flows=flows)
        return Response(product_json(product_get(name)))

    @extend_schema(operation_id="product_delete", responses={204: OpenApiResponse()})
    def delete(self, request: Request, name: str) -> Response:
        product_delete(user=request.user, name=name)
        return Response(status=204)
