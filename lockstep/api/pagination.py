"""Cursor pagination by keyset: `results` and `next`, stable while rows come and go. Never counts rows."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Model, Q, QuerySet
from django.utils.dateparse import parse_datetime
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from lockstep.api.problems import Problem

DEFAULT_LIMIT = 50
MAX_LIMIT = 200

PAGE_PARAMETERS = [
    OpenApiParameter("limit", int, description=f"Rows per page, 1 to {MAX_LIMIT}; default {DEFAULT_LIMIT}."),
    OpenApiParameter("cursor", str, description="Where the page starts: taken from a former page's `next`."),
]


def page_of(
    request: Request,
    rows: QuerySet[Any],
    *,
    order: Sequence[str],
    render: Callable[[Any], Mapping[str, Any]] | None = None,
    render_all: Callable[[Sequence[Any]], Sequence[Mapping[str, Any]]] | None = None,
) -> Response:
    """One page of the rows as `{"results": [...], "next": url or null}`.

    `order` names columns whose values together are unique ("-" in front sorts down). Problem 400 for a
    cursor or limit that is none. `render_all` gets the whole page, for renderers that read for many at once.
    """
    limit = _limit(request)
    cursor = request.query_params.get("cursor", "")
    if cursor:
        rows = rows.filter(_after(order, _decode(cursor, order)))
    found = list(rows.order_by(*order)[: limit + 1])
    page = found[:limit]
    results = render_all(page) if render_all else [render(row) for row in page] if render else page
    return Response(
        {"results": results, "next": _next(request, page[-1], order) if len(found) > limit else None}
    )


def _limit(request: Request) -> int:
    text = request.query_params.get("limit", "")
    if not text:
        return DEFAULT_LIMIT
    if not (text.isascii() and text.isdigit()) or int(text[:9]) < 1:
        raise Problem(
            400, "bad-limit", f"limit is {text[:40]!r}: write a whole number from 1 to {MAX_LIMIT}."
        )
    return min(int(text[:9]), MAX_LIMIT)


def _column(name: str) -> str:
    return name.lstrip("-")


def _value(row: Model, column: str) -> Any:
    value: Any = row
    for part in column.split("__"):
        value = getattr(value, part)
    return value


def _next(request: Request, last: Model, order: Sequence[str]) -> str:
    values = [_value(last, _column(name)) for name in order]
    plain = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    cursor = base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")
    query = [(k, v) for k, values in request.query_params.lists() for v in values if k != "cursor"]
    return request.build_absolute_uri(f"{request.path}?{urlencode([*query, ('cursor', cursor)])}")


def _decode(cursor: str, order: Sequence[str]) -> list[Any]:
    wrong = Problem(400, "bad-cursor", "cursor is not one that this list gave out: start again without it.")
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError, RecursionError) as error:
        raise wrong from error
    if not isinstance(values, list) or len(values) != len(order):
        raise wrong
    for index, (value, name) in enumerate(zip(values, order, strict=True)):
        if not isinstance(value, (str, int)) or isinstance(value, bool) or "\x00" in str(value):
            raise wrong
        if isinstance(value, int) and abs(value) >= 2**63:
            raise wrong
        if _column(name).endswith("_at"):
            values[index] = _moment(value)
            if values[index] is None:
                raise wrong
        elif isinstance(value, int) != (_column(name) in {"position", "number", "priority", "pk"}):
            raise wrong
    return values


def _moment(value: str | int) -> datetime | None:
    """The time that a cursor names, in UTC; None when it names none."""
    try:
        moment = parse_datetime(str(value))
        return moment.astimezone(UTC) if moment and moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _after(order: Sequence[str], values: Sequence[Any]) -> Q:
    """Rows that sort after the values: (a > x) or (a = x and b > y) or ..."""
    after, equal = Q(), Q()
    for name, value in zip(order, values, strict=True):
        column = _column(name)
        after |= equal & Q(**{f"{column}__{'lt' if name.startswith('-') else 'gt'}": value})
        equal &= Q(**{column: value})
    return after
