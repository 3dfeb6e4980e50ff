"""Whatever JSON comes in, the answer is a decision and never a crash."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from products.models import Product

pytestmark = pytest.mark.django_db

FIELDS = [
    "name", "kind", "tags", "position", "targets", "cluster", "namespaces", "names", "description", "labels",
    "concurrency", "template", "inlineTemplate", "flows", "gitTriggerSelectors", "key", "operator", "values",
    "restrictedTo", "product", "application", "sourceRevision", "planDigest", "message", "reason", "manifest",
]  # fmt: skip
TEXTS = st.sampled_from(
    [
        "",
        "trio",
        "dev",
        "PROD",
        "in-cluster",
        "queue",
        "\x00",
        "\ud800",
        "a" * 300,
        "ä",
        "{",
        "commitMessage",
        "In",
    ]
)
SCALARS = st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | TEXTS
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=5),
    max_leaves=12,
)
QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
CALLS = [
    ("POST", "/api/environments/"),
    ("PATCH", "/api/environments/qa/"),
    ("PUT", "/api/environment-order/"),
    ("POST", "/api/products/"),
    ("PATCH", "/api/products/trio/"),
    ("PUT", "/api/flows/to-prod/"),
    ("POST", "/api/flows/to-prod/trigger/"),
    ("POST", "/api/flows/to-prod/preview/"),
    ("POST", "/api/apply/"),
]


@pytest.mark.parametrize(("method", "url"), CALLS)
@settings(max_examples=60, suppress_health_check=QUIET)
@given(body=JSON)
def test_no_body_is_a_500(as_admin: Client, trio: Product, method: str, url: str, body: Any) -> None:
    answer = as_admin.generic(method, url, json.dumps(body).encode(), content_type="application/json")
    assert answer.status_code < 500, (body, answer.content)
    if answer.status_code >= 400:
        assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("url", ["/api/releases/", "/api/applications/", "/api/environments/", "/api/flows/"])
@settings(max_examples=60, suppress_health_check=QUIET)
@given(
    query=st.dictionaries(
        st.sampled_from(
            [
                "limit",
                "cursor",
                "product",
                "status",
                "flow",
                "createdAfter",
                "createdBefore",
                "health",
                "sync",
                "format",
            ]
        ),
        st.text(max_size=20)
        | st.sampled_from(["2030-01-01", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+23:59"]),
        max_size=3,
    )
)
def test_no_query_is_a_500(as_viewer: Client, trio: Product, url: str, query: dict[str, str]) -> None:
    clean = {name: value.encode("utf-8", "replace").decode() for name, value in query.items()}
    assert as_viewer.get(url, clean).status_code < 500
