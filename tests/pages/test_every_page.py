"""What holds for every page: who gets in, well-formed markup, nothing inline, few queries."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

import accounts.urls
import environments.urls
import products.urls
import promotions.urls
from accounts.models import User
from products.models import Product
from tests.pages.html import Node, read
from tests.pages.scene import ALL_WELL, Scene

PAGES = [
    "/",
    "/environments/",
    "/environments/new/",
    "/environments/qa/edit/",
    "/environments/qa/delete/",
    "/environments/applications/",
    "/products/",
    "/products/demo-trioapp/",
    "/products/demo-trioapp/releases/",
    "/products/demo-trioapp/settings/",
    "/products/demo-trioapp/releases/128/",
    "/flows/",
    "/flows/new/",
    "/flows/multi-env-parallel-promotion/",
    "/flows/multi-env-parallel-promotion/delete/",
]


@pytest.mark.parametrize("path", PAGES)
def test_a_stranger_is_sent_to_sign_in(client: Client, db: None, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 302
    assert response["Location"] == f"/login/?next={path}"


@pytest.mark.parametrize("path", PAGES)
def test_a_viewer_sees_every_page(viewer: Client, busy: Scene, path: str) -> None:
    assert viewer.get(path).status_code == 200


# What the pages' own forms write: path -> what a promoter or administrator could send.
WRITES = {
    "/environments/new/": {"name": "x", "kind": "PROD", "cluster": "in-cluster", "namespaces": "x"},
    "/environments/qa/edit/": {
        "name": "qa",
        "kind": "PROD",
        "cluster": "in-cluster",
        "namespaces": "demo-qa",
    },
    "/environments/qa/delete/": {"confirm": "qa"},
    "/environments/applications/": {"manifests": "kind: PromotionFlow\n"},
    "/products/demo-trioapp/settings/": {"part": "general", "concurrency": "terminate"},
    "/products/demo-trioapp/settings/?flows": {"part": "flows", "flow": "x"},
    "/products/demo-trioapp/settings/?template": {"part": "template", "template": ""},
    "/products/demo-trioapp/settings/?assign": {"part": "assign"},
    "/products/demo-trioapp/settings/?unassign": {"part": "unassign"},
}


@pytest.mark.parametrize("path", WRITES)
def test_without_the_role_every_form_is_403_and_says_which_role(
    viewer: Client, promoter: Client, busy: Scene, path: str
) -> None:
    body = WRITES[path]
    if body.get("part") in {"assign", "unassign"}:
        body = {**body, "application": Product.objects.get(name="demo-trioapp").applications.first().pk}
    response = viewer.post(path, body)
    assert (response.status_code, response["X-Refused"]) == (403, "role")
    assert "You need the role" in read(response.content).text
    stranger = Client().post(path, body)
    assert (stranger.status_code, stranger["Location"].split("?")[0]) == (302, "/login/")


# What a person may write for themselves alone, whatever the role.
OWN = {"/login/", "/logout/", "/preferences/", "/environments/favourites/1/"}
VALUES = {"number": "128", "application_id": "1"}
ROUTES = [
    "/" + re.sub(r"<\w+:(\w+)>", lambda found: VALUES.get(found[1], "NAME"), str(route.pattern))
    for module in (accounts.urls, environments.urls, products.urls, promotions.urls)
    for route in module.urlpatterns
]


def _address(route: str) -> str:
    flow = "multi-env-parallel-promotion"
    name = {"environments": "qa", "products": "demo-trioapp", "flows": flow}.get(route.split("/")[1], "")
    return route.replace("NAME", name)


@pytest.mark.parametrize("route", ROUTES)
def test_no_route_takes_anything_from_a_stranger_or_without_the_csrf_token(
    busy: Scene, person: User, route: str
) -> None:
    path = _address(route)
    if path != "/login/":
        for answer in (Client().get(path), Client().post(path)):
            assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/login/")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person)
    assert strict.post(path).status_code == 403


@pytest.mark.parametrize("route", ROUTES)
def test_every_route_that_writes_is_in_the_tables(viewer: Client, busy: Scene, route: str) -> None:
    path = _address(route)
    written = {path.split("?")[0] for path in WRITES} | OWN
    assert (viewer.post(path).status_code != 405) == (path in written)


@pytest.mark.parametrize("path", ["/login/", *PAGES])
def test_every_form_that_posts_holds_a_csrf_token(
    promoter: Client, client: Client, busy: Scene, path: str
) -> None:
    root = read((client if path == "/login/" else promoter).get(path).content)
    posting = [
        form
        for form in root.all("form")
        if form.attrs.get("method", "").lower() == "post" or "hx-post" in form.attrs
    ]
    for form in posting:
        (token,) = form.all("input", name="csrfmiddlewaretoken")
        assert len(token.attrs["value"]) == 64
    assert posting or path not in {"/login/", *(path.split("?")[0] for path in WRITES)}


@pytest.mark.parametrize(
    "path", ["/flows/%00/", "/flows/%00/delete/", "/products/demo-trioapp/releases/?flow=%00"]
)
def test_a_null_character_in_an_address_is_no_mistake_of_ours(viewer: Client, busy: Scene, path: str) -> None:
    assert viewer.get(path).status_code in {200, 404}


@pytest.mark.parametrize("path", ["/login/", *PAGES])
def test_markup_is_well_formed_named_and_free_of_inline_code(
    promoter: Client, client: Client, busy: Scene, path: str
) -> None:
    root = read((client if path == "/login/" else promoter).get(path).content)
    _ids_are_unique(root)
    _nothing_is_inline(root)
    _every_control_has_a_name(root)


def _ids_are_unique(root: Node) -> None:
    ids = [node.attrs["id"] for node in root.all(id=None)]
    assert sorted(ids) == sorted(set(ids))


def _nothing_is_inline(root: Node) -> None:
    """A strict content security policy must be able to hold."""
    scripts = [s for s in root.all("script") if "src" not in s.attrs]
    assert [s.attrs.get("type") for s in scripts] in ([], ["application/json"])
    assert root.all("style") == []
    assert root.all(style=None) == []
    assert [n.attrs for n in root.all() if any(a.startswith("on") for a in n.attrs)] == []


def _every_control_has_a_name(root: Node) -> None:
    labelled = {label.attrs.get("for") for label in root.all("label")}
    for button in root.all("button"):
        assert button.text or button.attrs.get("aria-label"), button.attrs
    inside = [f for label in root.all("label") for tag in ("input", "select") for f in label.all(tag)]
    for tag in ("input", "select", "textarea"):
        for control in root.all(tag):
            named = control.attrs.get("id") in labelled or "aria-label" in control.attrs or control in inside
            assert named or control.attrs.get("type") == "hidden", control.attrs


# path -> queries with the rows of the busy scene. More rows must not mean more queries.
QUERIES = {
    "/": 10,
    "/environments/": 8,
    "/products/": 11,
    "/products/demo-trioapp/": 15,
    "/products/demo-trioapp/releases/": 11,
    "/products/demo-trioapp/settings/": 11,
    "/products/demo-trioapp/releases/128/": 10,
    "/flows/": 9,
}


def more_rows(scene: Scene) -> None:
    for number in range(12):
        product = scene.product(f"more-{number}", flows=[{"name": f"flow-{number}"}])
        scene.flow(f"flow-{number}", {"dev": [], "qa": ["dev"]})
        scene.release(product, 1, ALL_WELL, "RUNNING", flow_name=f"flow-{number}")
        scene.release(product, 2, ALL_WELL, "FAILED", flow_name=f"flow-{number}")
        scene.application(f"loose-{number}", "qa")
    demo = Product.objects.get(name="demo-trioapp")
    for number in range(140, 160):
        scene.release(demo, number, ALL_WELL)


@pytest.mark.parametrize("path", QUERIES)
def test_the_number_of_queries_is_known_and_does_not_grow(
    promoter: Client, busy: Scene, path: str, django_assert_num_queries: Callable[..., Any]
) -> None:
    promoter.get(path)
    with django_assert_num_queries(QUERIES[path]):
        promoter.get(path)
    more_rows(busy)
    with django_assert_num_queries(QUERIES[path]):
        promoter.get(path)


def test_what_does_not_exist_says_so_in_the_same_look(promoter: Client, busy: Scene) -> None:
    for path in ("/nowhere/", "/products/none/", "/products/demo-trioapp/releases/999/", "/flows/none/"):
        response = promoter.get(path)
        assert response.status_code == 404
        assert read(response.content).one("h1").text == "There is nothing at this address"


def test_a_form_of_another_session_says_what_to_do(person: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person)
    response = strict.post("/environments/new/", {"name": "x"})
    assert response.status_code == 403
    assert "Load the page again" in read(response.content).text


def test_a_mistake_of_ours_has_a_page_that_needs_no_database(busy: Scene) -> None:
    from django.template.loader import render_to_string

    assert "Lockstep made a mistake" in read(render_to_string("500.html").encode()).text
