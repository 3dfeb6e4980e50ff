"""A release's numbered events: as a long poll or as an event stream. Never waits in a thread."""

from __future__ import annotations

from typing import Any

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request

from accounts.api import credential_of
from accounts.credentials import credentials_still_valid
from feeds.services import release_feed
from feeds.sse import event_stream, long_poll
from lockstep.api.bodies import ApiView
from lockstep.api.problems import Problem
from promotions.selectors.releases import release_get

MOST_SECONDS = 60
MOST_EVENTS = 200


class EventSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    kind = serializers.CharField()
    subject = serializers.CharField(allow_blank=True)
    message = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(allow_blank=True)
    actor = serializers.CharField(allow_blank=True)
    at = serializers.DateTimeField()
    data = serializers.DictField()


class EventStreamRenderer(BaseRenderer):
    """Lets a client ask for text/event-stream; the stream itself is no rendered answer."""

    media_type = "text/event-stream"
    format = "events"

    def render(self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None) -> bytes:
        return b""


@extend_schema(tags=["releases"])
class ReleaseEventsView(ApiView):
    renderer_classes = [JSONRenderer, EventStreamRenderer]

    @extend_schema(
        operation_id="release_events",
        parameters=[
            OpenApiParameter("after", int, description="The last number that the client has; default 0."),
            OpenApiParameter(
                "wait", int, description=f"Seconds to wait for a first event, 0 to {MOST_SECONDS}."
            ),
            OpenApiParameter("limit", int, description=f"At most this many events, 1 to {MOST_EVENTS}."),
            OpenApiParameter(
                "Last-Event-ID", str, OpenApiParameter.HEADER, description="Instead of `after`, on a stream."
            ),
        ],
        responses={
            (200, "application/json"): inline_serializer(
                "ReleaseEvents",
                {"results": EventSerializer(many=True), "last": serializers.IntegerField()},
            ),
            (200, "text/event-stream"): OpenApiTypes.STR,
        },
    )
    def get(self, request: Request, release_id: str) -> StreamingHttpResponse:
        feed = release_feed(release_get(release_id).pk)
        credential = credential_of(request)
        after = _number(request.query_params.get("after", "0"), "after", 2**62)
        if request.accepted_renderer.media_type == EventStreamRenderer.media_type:
            resumed = request.headers.get("Last-Event-ID", "")
            return event_stream(
                feed,
                after=_number(resumed, "Last-Event-ID", 2**62) if resumed else after,
                credential=credential,
                still_valid=credentials_still_valid,
            )
        return long_poll(
            feed,
            after=after,
            wait=_number(request.query_params.get("wait", "0"), "wait", MOST_SECONDS),
            limit=max(1, _number(request.query_params.get("limit", str(MOST_EVENTS)), "limit", MOST_EVENTS)),
            credential=credential,
            still_valid=credentials_still_valid,
        )


def _number(text: str, name: str, most: int) -> int:
    """A whole number from 0; a larger one than the most counts as the most."""
    if not (text.isascii() and text.isdigit()) or len(text) > 40:
        raise Problem(422, "invalid", f"{name} is {text[:40]!r}: write a whole number from 0.")
    return min(int(text), most)
