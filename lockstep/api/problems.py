"""Turns every error of the API into application/problem+json (RFC 9457). Never decides that something failed.

A problem has `type` (a stable URN), `title`, `status`, `detail` (a sentence that says what to do) and
extension members such as `problems`, `errors` or `current`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.exceptions import ValidationError as DjangoValidationError
from django.core.signals import got_request_exception
from django.http import Http404
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from accounts.permissions import NotAllowed

log = logging.getLogger(__name__)

CONTENT_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:lockstep:problem:"


class Problem(Exception):
    """An answer that is an error. `code` is stable; `extensions` are added to the document as they are."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        title: str = "",
        headers: Mapping[str, str] | None = None,
        **extensions: Any,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.title = title or HTTPStatus(status).phrase
        self.headers = dict(headers or {})
        self.extensions = extensions

    def document(self) -> dict[str, Any]:
        return {
            "type": TYPE_PREFIX + self.code,
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            **self.extensions,
        }


# Domain errors of the apps -> problem. Each app's API module registers the errors that its services raise.
_translators: dict[type[Exception], Callable[[Any], Problem]] = {}


def translate(error: type[Exception], translator: Callable[[Any], Problem]) -> None:
    """Register how a domain error (and its subclasses) is told; the most derived registration wins."""
    _translators[error] = translator


def tells(error: type[Exception], status: int, code: str) -> None:
    """Register a domain error whose text is already the sentence for people."""
    translate(error, lambda e: Problem(status, code, str(e) or HTTPStatus(status).phrase))


def _invalid(error: DjangoValidationError) -> Problem:
    return Problem(422, "invalid", "; ".join(error.messages), errors=_django_errors(error))


tells(NotAllowed, 403, "role-too-low")
tells(RequestDataTooBig, 413, "too-large")
tells(SuspiciousOperation, 400, "bad-request")
tells(PermissionDenied, 403, "forbidden")
tells(Http404, 404, "not-found")
translate(DjangoValidationError, _invalid)


def as_problem(error: Exception) -> Problem | None:
    """The problem that stands for the error; None when nobody expected it."""
    if isinstance(error, Problem):
        return error
    for cls in type(error).__mro__:
        if cls in _translators:
            return _translators[cls](error)
    if isinstance(error, exceptions.APIException):
        return _of_framework(error)
    return None


def exception_handler(error: Exception, context: dict[str, Any]) -> Response:
    """The handler of REST_FRAMEWORK: also answers a problem (500) where nobody expected the error."""
    problem = as_problem(error)
    if problem is None:
        request = context.get("request")
        log.error("Unexpected error at %s", getattr(request, "path", "?"), exc_info=error)
        # What Django itself does for an error that leaves a view: error reporters and its test client listen.
        got_request_exception.send(
            sender=type(context.get("view")), request=getattr(request, "_request", request)
        )
        problem = Problem(
            500, "internal", "The server failed on this request; its log has the traceback. Try again later."
        )
    _answer_json(context.get("request"))
    response = Response(problem.document(), status=problem.status, headers=problem.headers)
    response.content_type = CONTENT_TYPE
    response["Cache-Control"] = "no-store"
    return response


def _answer_json(request: Any) -> None:
    """An error is always JSON, also where the client asked for YAML."""
    if request is not None:
        request.accepted_renderer = JSONRenderer()
        request.accepted_media_type = CONTENT_TYPE


def _of_framework(error: exceptions.APIException) -> Problem:
    if isinstance(error, exceptions.ValidationError):
        return Problem(
            422,
            "invalid",
            "; ".join(_sentences(error.detail)) or "The request is not valid.",
            errors=_renamed(error.detail),
        )
    headers: dict[str, str] = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = error.auth_header  # type: ignore[attr-defined]
    if getattr(error, "wait", None):
        headers["Retry-After"] = f"{error.wait:.0f}"  # type: ignore[attr-defined]
    code = {401: "not-authenticated", 403: "forbidden", 404: "not-found", 405: "method-not-allowed"}.get(
        error.status_code, str(getattr(error, "default_code", "error")).replace("_", "-")
    )
    detail = error.detail if isinstance(error.detail, str) else "; ".join(_sentences(error.detail))
    return Problem(error.status_code, code, str(detail), headers=headers)


def _renamed(detail: Any) -> Any:
    """Errors as {field: ...}; what concerns no single field stands under nonFieldErrors."""
    if isinstance(detail, dict):
        return {
            "nonFieldErrors" if key == "non_field_errors" else key: value for key, value in detail.items()
        }
    return {"nonFieldErrors": detail}


def _sentences(detail: Any, field: str = "") -> list[str]:
    """The texts of a nested error structure, each led by its field's name."""
    if isinstance(detail, dict):
        return [
            line
            for key, value in detail.items()
            for line in _sentences(value, "" if key == "non_field_errors" else f"{field}.{key}".lstrip("."))
        ]
    if isinstance(detail, (list, tuple)):
        return [line for value in detail for line in _sentences(value, field)]
    return [f"{field}: {detail}" if field else str(detail)]


def _django_errors(error: DjangoValidationError) -> dict[str, list[str]]:
    if hasattr(error, "error_dict"):
        return {field: list(messages) for field, messages in error.message_dict.items()}
    return {"nonFieldErrors": list(error.messages)}
