"""Reads request bodies within limits, before anything is parsed. Never holds more than the limit."""

from __future__ import annotations

import json
from io import BytesIO
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.views import APIView

from lockstep.api.problems import Problem

MANIFEST_LIMIT = 1024 * 1024  # bytes of one YAML text
BODY_LIMIT = 4 * 1024 * 1024  # bytes of any request: a manifest inside JSON may be escaped
YAML_TYPES = {"application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml", "text/plain"}


class BoundedJSONParser(JSONParser):
    """JSON as the framework reads it, and nesting that exhausts the stack is the client's error."""

    def parse(self, stream: IO[Any], media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError("The JSON is nested too deeply.") from error


class ApiView(APIView):
    """Base of the API's views: bounded bodies, and bodies of unknown length are read too."""

    parser_classes = [BoundedJSONParser]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        _bound(request)


def _bound(request: Request) -> None:
    http = request._request
    length = str(http.META.get("CONTENT_LENGTH") or "")
    if length.isdigit():
        if int(length) > BODY_LIMIT:
            raise _too_large(BODY_LIMIT)
    elif "chunked" in str(http.META.get("HTTP_TRANSFER_ENCODING", "")).lower():
        # The framework takes an unsaid length for an empty body.
        body = http.read(BODY_LIMIT + 1)
        if len(body) > BODY_LIMIT:
            raise _too_large(BODY_LIMIT)
        http._stream = BytesIO(body)
        http.META["CONTENT_LENGTH"] = str(len(body))
        http._read_started = False


def manifest_text(request: Request) -> str:
    """The YAML text of a request: the body as it is, or `{"manifest": text}` as JSON.

    Problems: 413 over 1 MiB, 415 for another type, 422 for bytes that are no UTF-8 or JSON without the text.
    """
    kind = (request.content_type or "").split(";")[0].strip().lower()
    if kind in YAML_TYPES or kind == "":
        raw = request._request.read(MANIFEST_LIMIT + 1)
    elif kind == "application/json":
        data = request.data
        text = data.get("manifest") if isinstance(data, dict) else None
        if not isinstance(text, str):
            raise Problem(422, "manifest-missing", 'Send {"manifest": "..."} with the YAML text in it.')
        try:
            raw = text.encode("utf-8")
        except UnicodeEncodeError as error:
            raise _not_utf8() from error
    else:
        raise Problem(
            415,
            "unsupported-media-type",
            f"{kind} is not understood: send application/yaml or application/json.",
        )
    if len(raw) > MANIFEST_LIMIT:
        raise _too_large(MANIFEST_LIMIT, line=raw.count(b"\n", 0, MANIFEST_LIMIT) + 1)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _not_utf8() from error


def _too_large(limit: int, line: int | None = None) -> Problem:
    """With the line of a manifest at which the limit is passed, where that is known."""
    size = f"larger than {limit // (1024 * 1024)} MiB, the limit here"
    if line is None:
        return Problem(413, "too-large", f"The body is {size}.")
    message = f"The text is {size}: it passes it in line {line}. Split it."
    place = {"line": line, "column": 1, "endLine": line, "endColumn": 1, "path": "", "suggestion": None}
    problem = {"message": message, "severity": "error", "code": "too-large", **place}
    return Problem(413, "too-large", message, problems=[problem])


def _not_utf8() -> Problem:
    return Problem(422, "not-utf-8", "The manifest is not valid UTF-8 text: save it as UTF-8.")


def canonical(data: Any) -> bytes:
    """The same bytes for the same JSON value, whatever its spelling."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True, default=str).encode()
