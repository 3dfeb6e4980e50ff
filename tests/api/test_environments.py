"""/api/environments/ and /api/environment-order/: places over REST."""

from __future__ import annotations

import pytest
from django.test import Client

from environments.models import Cluster, Environment
from promotions.models import FlowRevision
from tests.api import manifests

pytestmark = pytest.mark.django_db
JSON = "application/json"
PROD_EU = {
    "name": "prod-eu",
    "kind": "PROD",
    "tags": ["eu"],
    "targets": [{"cluster": "eu-1", "namespaces": ["trio-prod-eu"]}],
}


@pytest.fixture(autouse=True)
def clusters(db: None) -> None:
    Cluster.objects.create(name="eu-1", server="https://eu-1.example")
    Cluster.objects.create(name="asia-1", server="https://asia-1.example")


def test_create_read_change_delete(as_admin: Client) -> None:
    made = as_admin.post("/api/environments/", PROD_EU, content_type=JSON)
    assert made.status_code == 201, made.content
    assert made.json() == {**PROD_EU, "position": 0}
    assert as_admin.get("/api/environments/prod-eu/").json() == made.json()
    changed = as_admin.patch(
        "/api/environments/prod-eu/",
        {"tags": [], "targets": [{"cluster": "https://asia-1.example/"}]},
        content_type=JSON,
    )
    assert changed.status_code == 200, changed.content
    assert changed.json()["targets"] == [{"cluster": "asia-1", "namespaces": []}]
    assert (changed.json()["tags"], changed.json()["kind"]) == ([], "PROD")
    assert as_admin.delete("/api/environments/prod-eu/").status_code == 204
    assert as_admin.get("/api/environments/prod-eu/").status_code == 404


def test_a_post_without_the_trailing_slash_is_no_redirect(as_admin: Client) -> None:
    assert as_admin.post("/api/environments", PROD_EU, content_type=JSON).status_code == 201
    assert as_admin.get("/api/environments").json()["results"][0]["name"] == "prod-eu"


def test_rename_answers_the_new_one(as_admin: Client, environments: list[Environment]) -> None:
    answer = as_admin.patch("/api/environments/qa/", {"name": "test"}, content_type=JSON)
    assert (answer.status_code, answer.json()["name"]) == (200, "test")
    assert as_admin.get("/api/environments/qa/").status_code == 404


def test_a_place_that_another_environment_has_is_409_by_name(as_admin: Client) -> None:
    as_admin.post("/api/environments/", PROD_EU, content_type=JSON)
    answer = as_admin.post("/api/environments/", {**PROD_EU, "name": "other"}, content_type=JSON)
    assert answer.status_code == 409
    assert "prod-eu" in answer.json()["detail"]
    assert not Environment.objects.filter(name="other").exists()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({**PROD_EU, "name": "Prod EU"}, "name"),
        ({**PROD_EU, "kind": "STAGING"}, "kind"),
        ({**PROD_EU, "targets": [{"cluster": "moon"}]}, "targets"),
        ({**PROD_EU, "targets": [{"cluster": "eu-1", "namespaces": "x"}]}, "targets"),
        ({**PROD_EU, "target": []}, "target"),
        ({**PROD_EU, "position": 10**30}, "position"),
        ({"kind": "PROD"}, "name"),
        ([PROD_EU], "nonFieldErrors"),
    ],
)
def test_wrong_input_is_422_and_names_the_field(as_admin: Client, body: object, field: str) -> None:
    answer = as_admin.post("/api/environments/", body, content_type=JSON)
    assert answer.status_code == 422, answer.content
    assert field in answer.json()["errors"]
    assert not Environment.objects.exists()


@pytest.mark.parametrize("body", [b"{", b"[" * 200_000, b'{"name": NaN}', b'"\xff"'])
def test_a_body_that_is_no_json_is_400(as_admin: Client, body: bytes) -> None:
    answer = as_admin.generic("POST", "/api/environments/", body, content_type=JSON)
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_body_over_the_limit_is_413(as_admin: Client) -> None:
    body = b'{"name": "' + b"x" * (5 * 1024 * 1024) + b'"}'
    assert as_admin.generic("POST", "/api/environments/", body, content_type=JSON).status_code == 413


def test_order(as_admin: Client, environments: list[Environment]) -> None:
    answer = as_admin.put("/api/environment-order/", {"names": ["prod", "dev", "qa"]}, content_type=JSON)
    assert (answer.status_code, answer.json()) == (200, {"names": ["prod", "dev", "qa"]})
    assert [row["name"] for row in as_admin.get("/api/environments/").json()["results"]] == [
        "prod",
        "dev",
        "qa",
    ]
    missing = as_admin.put("/api/environment-order/", {"names": ["prod", "dev"]}, content_type=JSON)
    assert missing.status_code == 409
    twice = as_admin.put("/api/environment-order/", {"names": ["prod", "dev", "dev"]}, content_type=JSON)
    assert twice.status_code == 422


def test_position_moves_one_column(as_admin: Client, environments: list[Environment]) -> None:
    as_admin.patch("/api/environments/prod/", {"position": 0}, content_type=JSON)
    assert list(Environment.objects.values_list("name", flat=True)) == ["prod", "dev", "qa"]
    as_admin.post("/api/environments/", {**PROD_EU, "position": 1}, content_type=JSON)
    assert list(Environment.objects.values_list("name", flat=True)) == ["prod", "prod-eu", "dev", "qa"]


def test_the_list_goes_page_by_page(as_viewer: Client, environments: list[Environment]) -> None:
    first = as_viewer.get("/api/environments/?limit=2").json()
    assert [row["name"] for row in first["results"]] == ["dev", "qa"]
    assert first["next"].startswith("http://testserver/api/environments/?limit=2&cursor=")
    second = as_viewer.get(first["next"]).json()
    assert [row["name"] for row in second["results"]] == ["prod"]
    assert second["next"] is None


def test_the_list_costs_the_same_for_many(
    as_viewer: Client, environments: list[Environment], django_assert_num_queries
) -> None:
    # token with user, environments, targets with clusters
    with django_assert_num_queries(3):
        as_viewer.get("/api/environments/")


def test_a_viewer_may_only_read(as_viewer: Client, environments: list[Environment]) -> None:
    assert as_viewer.post("/api/environments/", PROD_EU, content_type=JSON).status_code == 403
    assert as_viewer.patch("/api/environments/qa/", {"kind": "PROD"}, content_type=JSON).status_code == 403
    assert as_viewer.delete("/api/environments/qa/").status_code == 403
    assert as_viewer.put("/api/environment-order/", {"names": []}, content_type=JSON).status_code == 403


def test_delete_is_409_while_a_flow_names_it(as_admin: Client, environments: list[Environment]) -> None:
    as_admin.put("/api/flows/to-prod/", manifests.flow(), content_type="application/yaml")
    answer = as_admin.delete("/api/environments/qa/")
    assert answer.status_code == 409
    assert "the flow to-prod" in answer.json()["detail"]
    as_admin.delete("/api/flows/to-prod/")
    assert as_admin.delete("/api/environments/qa/").status_code == 204


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_rename_writes_a_name_that_stands_in_a_block_of_lines_into_the_line_of_its_field(
    newline: str, as_admin: Client, environments: list[Environment]
) -> None:
    flow = manifests.flow().replace("environment: qa", "environment: >-  # the first\n        qa\n")
    flow = flow.replace("\n", newline)
    saved = as_admin.put("/api/flows/to-prod/", flow, content_type="application/yaml")
    assert saved.status_code == 201, saved.json()
    assert as_admin.patch("/api/environments/qa/", {"name": "1e3"}, content_type=JSON).status_code == 200
    block = f">-  # the first{newline}        qa{newline}"
    expected = flow.replace(block, f'"1e3"  # the first{newline}').replace("[ qa ]", '[ "1e3" ]')
    assert as_admin.get("/api/flows/to-prod/").json()["manifest"] == expected


def test_rename_rewrites_flows_and_policies_and_no_other_byte(
    as_admin: Client, environments: list[Environment]
) -> None:
    flow = manifests.flow().replace("dependsOn: [ qa ]", "dependsOn: [ 'qa' ]  # qa stays qa here")
    flow = flow.replace("environment: qa", "environment: &here qa")
    policy = manifests.policy().replace(
        "  policy:", '  selector:\n    targetEnvironment: {names: [prod, "qa"]}\n  policy:'
    )
    as_admin.put("/api/flows/to-prod/", flow, content_type="application/yaml")
    as_admin.put("/api/policies/by-commit/", policy, content_type="application/yaml")
    assert as_admin.patch("/api/environments/qa/", {"name": "1e3"}, content_type=JSON).status_code == 200
    now = as_admin.get("/api/flows/to-prod/").json()
    expected = flow.replace("&here qa", '&here "1e3"').replace("[ 'qa' ]", "[ '1e3' ]")
    assert now["manifest"] == expected
    assert now["environments"] == ["dev", "1e3", "prod"]
    assert FlowRevision.objects.count() == 2
    assert as_admin.get("/api/policies/by-commit/").json()["manifest"] == policy.replace('"qa"', '"1e3"')
