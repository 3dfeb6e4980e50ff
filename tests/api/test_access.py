"""Who may call what, for every route under /api/: a new route is in this table by itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver
from django.utils import timezone

from accounts.models import ApiToken, User
from accounts.services import token_create
from lockstep.api.urls import urlpatterns
from products.models import Product
from promotions.models import Release

pytestmark = pytest.mark.django_db
JSON = "application/json"
PUBLIC = {"schema/", "schema", "docs/", "docs"}
# What a viewer may ask for although it is a POST: it changes nothing of ours.
READS_BY_POST = {"/api/flows/{}/preview/", "/api/applications/{}/{}/{}/refresh/"}


def routes(patterns: list[URLPattern | URLResolver] | None = None) -> Iterator[tuple[str, set[str]]]:
    for entry in urlpatterns if patterns is None else patterns:
        if isinstance(entry, URLResolver):
            yield from routes(entry.url_patterns)
        elif str(entry.pattern) not in PUBLIC:
            view = entry.callback.cls  # type: ignore[union-attr]
            methods = {m for m in ("get", "post", "put", "patch", "delete") if hasattr(view, m)}
            yield str(entry.pattern), methods


ROUTES = sorted(routes())


def address(pattern: str, value: str = "trio") -> str:
    while "<" in pattern:
        start, end = pattern.index("<"), pattern.index(">")
        pattern = pattern[:start] + value + pattern[end + 1 :]
    return f"/api/{pattern}"


def test_there_are_routes() -> None:
    assert len(ROUTES) > 40


@pytest.mark.parametrize(("pattern", "methods"), ROUTES, ids=[pattern for pattern, _ in ROUTES])
def test_nobody_is_401_with_a_hint_how(client: Client, pattern: str, methods: set[str]) -> None:
    for method in methods or {"get"}:
        answer = client.generic(method.upper(), address(pattern), b"{}", content_type=JSON)
        assert answer.status_code == 401, (method, pattern)
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert set(answer.json()) >= {"type", "title", "status", "detail"}


WRITES = {
    ("POST", "/api/environments/"): {"name": "x"},
    ("PATCH", "/api/environments/qa/"): {"kind": "PROD"},
    ("DELETE", "/api/environments/qa/"): {},
    ("PUT", "/api/environment-order/"): {"names": ["dev", "qa", "prod"]},
    ("POST", "/api/applications/local/argocd/trio-qa/sync/"): {},
    ("POST", "/api/products/"): {"name": "x"},
    ("PATCH", "/api/products/trio/"): {"description": "x"},
    ("DELETE", "/api/products/trio/"): {},
    ("PUT", "/api/flows/to-prod/"): {"manifest": "x"},
    ("DELETE", "/api/flows/to-prod/"): {},
    ("POST", "/api/flows/to-prod/trigger/"): {"product": "trio"},
    ("PUT", "/api/policies/p/"): {"manifest": "x"},
    ("DELETE", "/api/policies/p/"): {},
    ("PUT", "/api/workflows/w/"): {"manifest": "x"},
    ("DELETE", "/api/workflows/w/"): {},
    ("PUT", "/api/templates/t/"): {"manifest": "x"},
    ("DELETE", "/api/templates/t/"): {},
    ("POST", "/api/apply/"): {"manifest": "x"},
    ("POST", "/api/releases/{id}/terminate/"): {},
    ("POST", "/api/releases/{id}/retry/"): {},
    ("POST", "/api/releases/{id}/environments/qa/retry/"): {},
}


def test_every_unsafe_route_is_in_the_table_of_writes() -> None:
    import re

    named = {(method, re.sub(r"\{id\}|(?<=/)(qa|to-prod|trio|p|w|t|local|argocd|trio-qa)(?=/)", "{}", url))
             for method, url in WRITES}  # fmt: skip
    for pattern, methods in ROUTES:
        url = address(pattern, "{}")
        for method in methods & {"post", "put", "patch", "delete"}:
            if url.endswith("/") and url not in READS_BY_POST:
                assert (method.upper(), url) in named


@pytest.mark.parametrize(("method", "url"), sorted(WRITES))
def test_a_viewer_is_403_on_writes(
    as_viewer: Client, trio: Product, release_in_qa: Release, method: str, url: str
) -> None:
    body = WRITES[method, url]
    answer = as_viewer.generic(
        method, url.replace("{id}", release_in_qa.pk), as_json(body), content_type=JSON
    )
    assert answer.status_code == 403, answer.content
    assert answer.json()["code"] == "role-too-low"
    assert "Ask an administrator" in answer.json()["detail"]


@pytest.fixture
def release_in_qa(trio: Product) -> Release:
    from tests.api.conftest import release_of

    made = release_of(trio, status="FAILED")
    made.environments.create(name="qa", kind="NON_PROD", role="TARGET", position=1)
    return made


def as_json(body: object) -> bytes:
    import json

    return json.dumps(body).encode()


def test_a_session_needs_the_csrf_token_to_write(promoter: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(promoter)
    refused = browser.put("/api/flows/x/", {"manifest": "x"}, content_type=JSON)
    assert refused.status_code == 403
    assert "CSRF" in refused.json()["detail"]
    browser.cookies["csrftoken"] = "a" * 32
    taken = browser.put(
        "/api/flows/x/", {"manifest": "x"}, content_type=JSON, headers={"x-csrftoken": "a" * 32}
    )
    assert taken.status_code == 422


def test_a_token_needs_no_csrf_token(promoter: User) -> None:
    _, text = token_create(by=promoter, user=promoter, name="ci")
    caller = Client(enforce_csrf_checks=True, headers={"authorization": f"Bearer {text}"})
    assert caller.put("/api/flows/x/", {"manifest": "x"}, content_type=JSON).status_code == 422


@pytest.mark.parametrize("header", ["Bearer", "Bearer a b", "Bearer wrong", "Bearer ünknown", "bearer \x7f"])
def test_a_wrong_token_is_401_even_with_a_session(client: Client, promoter: User, header: str) -> None:
    client.force_login(promoter)
    assert client.get("/api/flows/", headers={"authorization": header}).status_code == 401


def test_an_expired_token_and_one_of_a_person_switched_off_are_401(promoter: User) -> None:
    token, text = token_create(by=promoter, user=promoter, name="ci")
    caller = Client(headers={"authorization": f"Bearer {text}"})
    assert caller.get("/api/flows/").status_code == 200
    ApiToken.objects.filter(pk=token.pk).update(expires_at=timezone.now())
    assert caller.get("/api/flows/").status_code == 401
    ApiToken.objects.filter(pk=token.pk).update(expires_at=None)
    User.objects.update(is_active=False)
    assert caller.get("/api/flows/").status_code == 401


@pytest.mark.parametrize(
    "url",
    ["/api/", "/api/nothing/", "/api/flows/a b/", "/api/flows/%00/", "/api/flows/../x/", "/api/flows/a/b/c/"],
)
def test_an_unknown_address_is_a_problem_404(as_viewer: Client, url: str) -> None:
    answer = as_viewer.get(url)
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_another_method_is_405_and_says_which_there_are(as_viewer: Client) -> None:
    answer = as_viewer.delete("/api/flows/")
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_an_unexpected_error_is_a_problem_500_without_its_text(
    as_viewer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the secret is 42")

    monkeypatch.setattr("promotions.api.flows.page_of", fail)
    answer = as_viewer.get("/api/flows/")
    assert answer.status_code == 500
    assert answer.json()["code"] == "internal"
    assert b"42" not in answer.content


def test_filters_with_characters_that_no_name_has_are_422(as_viewer: Client) -> None:
    for url in ("/api/applications/?product=%00", "/api/releases/?flow=%00", "/api/releases/?product=a%00"):
        assert as_viewer.get(url).status_code == 422
