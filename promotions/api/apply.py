"""Many manifests in one request, all or none. Never takes a part of them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from lockstep.api.bodies import ApiView, manifest_text
from lockstep.api.inputs import filter_choice
from promotions.api.documents import MANIFEST_BODY
from promotions.services.apply import Text, manifests_apply


class AppliedSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField()
    name = serializers.CharField()
    outcome = serializers.ChoiceField(
        ["created", "changed", "unchanged", "checked"],
        help_text="A dry run only checks Application manifests.",
    )


class ApplyResultSerializer(serializers.Serializer[Any]):
    dryRun = serializers.BooleanField()
    results = AppliedSerializer(many=True)


@extend_schema(tags=["apply"])
class ApplyView(ApiView):
    @extend_schema(
        operation_id="apply",
        parameters=[
            OpenApiParameter("dryRun", bool, description="Check and tell, change nothing.", default=False)
        ],
        request=MANIFEST_BODY,
        responses=ApplyResultSerializer,
    )
    def post(self, request: Request) -> Response:
        dry_run = "true" in filter_choice(request, "dryRun", ["true", "false"])
        texts = [Text("", manifest_text(request))]
        applied = manifests_apply(user=request.user, texts=texts, dry_run=dry_run)
        results = [{k: v for k, v in asdict(one).items() if k != "file"} for one in applied]
        return Response({"dryRun": dry_run, "results": results})
