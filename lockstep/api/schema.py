"""Shapes that the OpenAPI document shares. Never used at run time of a request."""

from __future__ import annotations

from functools import cache
from typing import Any

from drf_spectacular.utils import inline_serializer
from rest_framework import serializers


@cache  # one component per row, however many lists have it
def page_serializer(row: type[serializers.Serializer[Any]]) -> serializers.Serializer[Any]:
    """`{"results": [row], "next": url or null}`."""
    return inline_serializer(
        f"{row.__name__.removesuffix('Serializer')}Page",
        {"results": row(many=True), "next": serializers.URLField(allow_null=True)},
    )
