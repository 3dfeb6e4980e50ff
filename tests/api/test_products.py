"""/api/products/: products, their flows and template, and what runs where."""

from __future__ import annotations

import pytest
from django.test import Client

from products.models import Product, PromotionTemplate
from tests.api.conftest import release_of

pytestmark = pytest.mark.django_db
JSON = "application/json"


def test_create_read_change_delete(as_admin: Client) -> None:
    made = as_admin.post(
        "/api/products/",
        {
            "name": "trio",
            "description": "Three parts",
            "labels": {"team": "sea"},
            "flows": [{"name": "to-prod"}],
        },
        content_type=JSON,
    )
    assert made.status_code == 201, made.content
    body = made.json()
    assert body.pop("createdAt").endswith("Z")
    assert body == {
        "name": "trio",
        "description": "Three parts",
        "labels": {"team": "sea"},
        "tags": [],
        "concurrency": "queue",
        "template": None,
        "inlineTemplate": "",
        "flows": [{"name": "to-prod"}],
        "restrictedTo": [],
        "applications": [],
        "environments": [],
    }
    PromotionTemplate.objects.create(name="image-tag", manifest="", etag="")
    changed = as_admin.patch(
        "/api/products/trio/", {"template": "image-tag", "concurrency": "terminate"}, content_type=JSON
    )
    assert changed.status_code == 200, changed.content
    assert (changed.json()["template"], changed.json()["concurrency"]) == ("image-tag", "terminate")
    assert changed.json()["description"] == "Three parts"
    assert as_admin.delete("/api/products/trio/").status_code == 204
    assert as_admin.get("/api/products/trio/").status_code == 404


def test_a_product_says_what_runs_where(as_viewer: Client, trio: Product) -> None:
    body = as_viewer.get("/api/products/trio/").json()
    assert body["applications"] == [f"local/argocd/trio-{name}" for name in ("dev", "prod", "qa")]
    assert body["environments"] == [
        {"name": "dev", "kind": "NON_PROD", "versions": ["1.10"]},
        {"name": "qa", "kind": "NON_PROD", "versions": ["1.10"]},
        {"name": "prod", "kind": "PROD", "versions": ["1.10"]},
    ]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "Trio"}, "name"),
        ({"name": "x", "concurrency": "parallel"}, "concurrency"),
        ({"name": "x", "template": "nowhere"}, "template"),
        ({"name": "x", "flows": [{"name": "a"}, {"name": "a"}]}, "flows"),
        ({"name": "x", "flows": [{"name": "a", "gitTriggerSelectors": [{"key": "branch"}]}]}, "flows"),
        ({"name": "x", "labels": {"a": {"b": "c"}}}, "labels"),
        ({"name": "x", "concurency": "queue"}, "concurency"),
    ],
)
def test_wrong_input_is_422_and_makes_nothing(as_admin: Client, body: dict, field: str) -> None:
    answer = as_admin.post("/api/products/", body, content_type=JSON)
    assert answer.status_code == 422, answer.content
    assert field in answer.json()["errors"]
    assert not Product.objects.exists()


def test_an_inline_template_is_judged_at_its_own_lines(as_admin: Client, trio: Product) -> None:
    good = "versionSource:\n  file: Chart.yaml\n  jsonPath: $.appVersion\n"
    answer = as_admin.patch("/api/products/trio/", {"inlineTemplate": good}, content_type=JSON)
    assert (answer.status_code, answer.json()["inlineTemplate"]) == (200, good)
    wrong = good.replace("jsonPath", "jsonPaht")
    answer = as_admin.patch("/api/products/trio/", {"inlineTemplate": wrong}, content_type=JSON)
    assert answer.status_code == 422
    assert {(p["line"], p["column"]) for p in answer.json()["problems"]} >= {(3, 3)}
    assert as_admin.patch("/api/products/trio/", {"inlineTemplate": ""}, content_type=JSON).status_code == 200


def test_a_taken_name_is_409_and_a_new_name_for_an_old_product_422(as_admin: Client, trio: Product) -> None:
    assert as_admin.post("/api/products/", {"name": "trio"}, content_type=JSON).status_code == 409
    assert as_admin.patch("/api/products/trio/", {"name": "duo"}, content_type=JSON).status_code == 422


def test_a_product_with_releases_stays(as_admin: Client, trio: Product) -> None:
    release_of(trio)
    assert as_admin.delete("/api/products/trio/").status_code == 409


def test_releases_of_one_product(as_viewer: Client, trio: Product) -> None:
    release_of(trio)
    release_of(Product.objects.create(name="other"))
    rows = as_viewer.get("/api/products/trio/releases/").json()["results"]
    assert [(row["product"], row["number"]) for row in rows] == [("trio", 1)]
    assert as_viewer.get("/api/products/nothing/releases/").status_code == 404


def test_the_list_costs_the_same_for_many(
    as_viewer: Client, trio: Product, django_assert_num_queries
) -> None:
    Product.objects.create(name="other")
    # token with user, products with template, applications with places
    with django_assert_num_queries(3):
        assert len(as_viewer.get("/api/products/").json()["results"]) == 2
