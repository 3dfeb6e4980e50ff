"""Routes with and without a trailing slash, so that no redirect loses a POST. Never names a view itself."""

from __future__ import annotations

from django.urls import URLPattern, path, register_converter
from rest_framework.views import APIView


class NameConverter:
    """What may stand for a name in a URL; anything else is 404 before a query runs."""

    regex = r"[A-Za-z0-9]([A-Za-z0-9._-]{0,252})"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(NameConverter, "resource")


def both(route: str, view: type[APIView], name: str) -> list[URLPattern]:
    """The route with a slash (named, documented) and the same without one."""
    return [
        path(f"{route}/", view.as_view(), name=name),
        # schema=None keeps the second spelling out of the OpenAPI document.
        path(route, view.as_view(schema=None)),
    ]
