"""Environments over REST: list, create, change, delete, order. Never decides what one may claim."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from environments.models import Environment, EnvironmentKind
from environments.selectors import environment_get, environment_targets, environments_list
from environments.services import (
    environment_create,
    environment_delete,
    environment_order,
    environment_update,
)
from lockstep.api.bodies import ApiView
from lockstep.api.inputs import Input, read
from lockstep.api.pagination import PAGE_PARAMETERS, page_of
from lockstep.api.schema import page_serializer

MOST_ENVIRONMENTS = 10_000


class TargetSerializer(Input):
    cluster = serializers.CharField(max_length=500, help_text="A cluster's name or server.")
    namespaces = serializers.ListField(
        child=serializers.CharField(max_length=63),
        required=False,
        max_length=1000,
        help_text="Empty: the whole cluster.",
    )


class EnvironmentSerializer(Input):
    name = serializers.CharField(max_length=63)
    kind = serializers.ChoiceField(EnvironmentKind.choices, required=False)
    tags = serializers.ListField(child=serializers.CharField(max_length=63), required=False, max_length=100)
    position = serializers.IntegerField(
        min_value=0, max_value=MOST_ENVIRONMENTS, required=False, help_text="Column on the board, from 0."
    )
    targets = TargetSerializer(many=True, required=False)


class OrderSerializer(Input):
    names = serializers.ListField(
        child=serializers.CharField(max_length=63),
        max_length=MOST_ENVIRONMENTS,
        help_text="Every environment once, in the order of the board.",
    )


def environment_json(environment: Environment) -> dict[str, Any]:
    return {
        "name": environment.name,
        "kind": environment.kind,
        "tags": environment.tags,
        "position": environment.position,
        "targets": environment_targets(environment),
    }


@extend_schema(tags=["environments"])
class EnvironmentListView(ApiView):
    @extend_schema(
        operation_id="environment_list",
        parameters=PAGE_PARAMETERS,
        responses=page_serializer(EnvironmentSerializer),
    )
    def get(self, request: Request) -> Response:
        return page_of(request, environments_list(), order=["position", "name"], render=environment_json)

    @extend_schema(
        operation_id="environment_create",
        request=EnvironmentSerializer,
        responses={201: EnvironmentSerializer},
    )
    def post(self, request: Request) -> Response:
        body = read(EnvironmentSerializer, request)
        position = body.pop("position", None)
        with transaction.atomic():
            environment_create(user=request.user, **body)
            _place(request, body["name"], position)
        return Response(environment_json(environment_get(body["name"])), status=201)


@extend_schema(tags=["environments"])
class EnvironmentView(ApiView):
    @extend_schema(operation_id="environment_retrieve", responses=EnvironmentSerializer)
    def get(self, request: Request, name: str) -> Response:
        return Response(environment_json(environment_get(name)))

    @extend_schema(
        operation_id="environment_update", request=EnvironmentSerializer, responses=EnvironmentSerializer
    )
    def patch(self, request: Request, name: str) -> Response:
        body = read(EnvironmentSerializer, request, partial=True)
        position = body.pop("position", None)
        new_name = body.pop("name", name)
        with transaction.atomic():
            environment_update(user=request.user, name=name, new_name=new_name, **body)
            _place(request, new_name, position)
        return Response(environment_json(environment_get(new_name)))

    @extend_schema(operation_id="environment_delete", responses={204: OpenApiResponse()})
    def delete(self, request: Request, name: str) -> Response:
        environment_delete(user=request.user, name=name)
        return Response(status=204)


@extend_schema(tags=["environments"])
class EnvironmentOrderView(ApiView):
    @extend_schema(operation_id="environment_order", request=OrderSerializer, responses=OrderSerializer)
    def put(self, request: Request) -> Response:
        environment_order(user=request.user, names=read(OrderSerializer, request)["names"])
        return Response({"names": list(environments_list().values_list("name", flat=True))})


def _place(request: Request, name: str, position: int | None) -> None:
    """Move one environment to a column; the others keep their order."""
    if position is None:
        return
    names = list(environments_list().values_list("name", flat=True))
    if names.index(name) == position:
        return
    names.remove(name)
    names.insert(position, name)
    environment_order(user=request.user, names=names)
