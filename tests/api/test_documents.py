"""/api/policies/, /api/workflows/ and /api/templates/: the same rules as flows, for administrators."""

from __future__ import annotations

import pytest
from django.test import Client

from products.models import Product, PromotionTemplate
from tests.api import manifests

pytestmark = pytest.mark.django_db
YAML = "application/yaml"
KINDS = {
    "policies": (manifests.policy(), "by-commit"),
    "workflows": (manifests.workflow(), "smoke"),
    "templates": (manifests.template(), "image-tag"),
}
each_kind = pytest.mark.parametrize(
    ("plural", "text", "name"), [(plural, *rest) for plural, rest in KINDS.items()], ids=list(KINDS)
)


@each_kind
def test_create_read_replace_delete(as_admin: Client, plural: str, text: str, name: str) -> None:
    url = f"/api/{plural}/{name}/"
    made = as_admin.put(url, text, content_type=YAML)
    assert made.status_code == 201, made.content
    assert set(made.json()) == {"name", "manifest", "etag", "updatedAt", "updatedBy"}
    assert as_admin.get(url, headers={"accept": YAML}).content == text.encode()
    assert [row["name"] for row in as_admin.get(f"/api/{plural}").json()["results"]] == [name]
    assert as_admin.put(url, f"# mine\n{text}", content_type=YAML).status_code == 428
    held = {"if-match": made.headers["ETag"]}
    assert as_admin.put(url, f"# mine\n{text}", content_type=YAML, headers=held).status_code == 200
    stale = as_admin.put(url, f"# again\n{text}", content_type=YAML, headers=held)
    assert stale.status_code == 412
    assert stale.json()["current"]["manifest"] == f"# mine\n{text}"
    assert as_admin.delete(url).status_code == 204
    assert as_admin.get(url).status_code == 404


@each_kind
def test_a_promoter_reads_and_may_not_save(
    as_admin: Client, as_promoter: Client, plural: str, text: str, name: str
) -> None:
    url = f"/api/{plural}/{name}/"
    assert as_promoter.put(url, text, content_type=YAML).status_code == 403
    as_admin.put(url, text, content_type=YAML)
    assert as_promoter.get(url).status_code == 200
    assert as_promoter.delete(url).status_code == 403


@each_kind
def test_another_kind_or_name_is_422(as_admin: Client, plural: str, text: str, name: str) -> None:
    assert as_admin.put(f"/api/{plural}/{name}/", manifests.flow(name), content_type=YAML).status_code == 422
    assert as_admin.put(f"/api/{plural}/other/", text, content_type=YAML).status_code == 422
    assert as_admin.get(f"/api/{plural}/").json()["results"] == []


@each_kind
def test_the_list_costs_the_same_for_many(
    as_viewer: Client, plural: str, text: str, name: str, django_assert_num_queries
) -> None:
    with django_assert_num_queries(2):
        as_viewer.get(f"/api/{plural}/")


def test_a_template_that_a_product_uses_stays(as_admin: Client) -> None:
    as_admin.put("/api/templates/image-tag/", manifests.template(), content_type=YAML)
    Product.objects.create(name="trio", template=PromotionTemplate.objects.get())
    answer = as_admin.delete("/api/templates/image-tag/")
    assert answer.status_code == 409
    assert "trio" in answer.json()["detail"]
