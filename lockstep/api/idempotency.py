"""Reads Idempotency-Key into the scope that a service claims. Never stores anything itself."""

from __future__ import annotations

import hashlib
from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from lockstep.api.bodies import canonical
from lockstep.api.problems import Problem
from promotions.services.idempotency import IdempotencyScope

HEADER = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="1 to 200 visible characters, kept 7 days: the same body replays the answer, another is 422.",
)


def scope_of(request: Request, body: Any) -> IdempotencyScope | None:
    """The scope of this call, None without the header; Problem 400 for a key that is none."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not 1 <= len(key) <= 200 or not (key.isascii() and key.isprintable()):
        raise Problem(
            400, "bad-idempotency-key", "Idempotency-Key must have 1 to 200 visible ASCII characters."
        )
    return IdempotencyScope(
        caller=f"user:{request.user.pk}",
        route=f"{request.method} {request.path.rstrip('/')}",
        key=key,
        body_digest=hashlib.sha256(canonical(body)).hexdigest(),
    )
