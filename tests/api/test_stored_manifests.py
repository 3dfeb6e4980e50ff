"""Texts that were stored before a rule: they stop nobody who does not need them, and can be listed and mended."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from environments.models import Environment
from products.models import Product, PromotionTemplate
from promotions.models import Flow, Policy, Release, Workflow
from tests.api import manifests

pytestmark = pytest.mark.django_db
FLOW = "/api/flows/to-prod/"
# Refused at the door. libyaml ends a line, and so the comment, at the first four.
ODD = {"CR": "\r", "NEL": "\x85", "LS": "\u2028", "PS": "\u2029", "BOM": "\ufeff"}


def old(text: str, character: str) -> str:
    return f"# an old{ODD[character]}# text\n{text}"


def post(client: Client, what: str) -> Any:
    return client.post(f"{FLOW}{what}/", {"product": "trio"}, content_type="application/json")


def stored_policy(name: str, text: str) -> None:
    Policy.objects.create(name=name, manifest=text, etag="e" * 64)


@pytest.mark.parametrize("character", ODD)
def test_a_policy_from_before_a_rule_stops_no_release(
    as_promoter: Client, trio: Product, character: str
) -> None:
    stored_policy("old", old(manifests.policy("old"), character))
    answer = post(as_promoter, "trigger")
    assert answer.status_code == 201, answer.content
    origin = Release.objects.get().environments.get(name="qa").policy["action"]["origin"]
    assert (origin["kind"], origin["name"]) == ("policy", "old")


@pytest.mark.parametrize("character", ODD)
def test_a_flow_and_a_template_from_before_a_rule_run_as_they_always_did(
    as_promoter: Client, trio: Product, character: str
) -> None:
    text = old(manifests.flow(), character)
    Flow.objects.update(manifest=text)
    template = old(manifests.template(), character)
    Product.objects.update(
        template=PromotionTemplate.objects.create(name="image-tag", priority=7, manifest=template, etag="1")
    )
    assert as_promoter.get("/api/flows/").json()["results"][0]["environments"] == ["dev", "qa", "prod"]
    answer = post(as_promoter, "trigger")
    assert answer.status_code == 201, answer.content
    release = Release.objects.get()
    assert (release.flow_manifest, release.template["name"]) == (text, "image-tag")


def test_a_flow_that_only_the_chart_cannot_draw_runs_as_it_always_did(
    as_promoter: Client, trio: Product
) -> None:
    text = manifests.flow().replace("[ qa ]", "[\n  qa ]")
    at_the_door = as_promoter.put(FLOW, text, content_type="application/yaml", headers={"if-match": "*"})
    assert at_the_door.status_code == 422
    Flow.objects.update(manifest=text)
    assert post(as_promoter, "trigger").status_code == 201


def test_a_policy_that_cannot_be_read_is_named_listed_and_mended(as_admin: Client, trio: Product) -> None:
    broken = 'kind: PromotionPolicy\nspec: "\n'
    stored_policy("freeze", broken)
    refused = post(as_admin, "trigger")
    assert (refused.status_code, refused.json()["code"]) == (422, "release-refused")
    (problem,) = refused.json()["problems"]
    assert problem["code"] == "POLICY_UNREADABLE"
    assert problem["message"].startswith(
        "The stored policy freeze cannot be read: save a mended text of it. Line 2: The quote that opens here"
    )
    assert not Release.objects.exists()

    url = "/api/policies/freeze/"
    assert [row["name"] for row in as_admin.get("/api/policies/").json()["results"]] == ["freeze"]
    assert as_admin.get(url).json()["manifest"] == broken
    mended = as_admin.put(
        url,
        manifests.policy("freeze"),
        content_type="application/yaml",
        headers={"if-match": as_admin.get(url)["ETag"]},
    )
    assert mended.status_code == 200, mended.content
    assert post(as_admin, "trigger").status_code == 201


@pytest.mark.parametrize("what", ["trigger", "preview"])
def test_a_flow_that_cannot_be_read_is_refused_by_name_where_it_is_used(
    as_promoter: Client, trio: Product, what: str
) -> None:
    Flow.objects.update(manifest=manifests.flow().replace("steps:", "stepz:"))
    refused = post(as_promoter, what)
    assert (refused.status_code, refused.json()["problems"][0]["code"]) == (422, "FLOW_UNREADABLE")
    assert "The stored flow to-prod cannot be read" in refused.json()["detail"]
    listed = as_promoter.get("/api/flows/").json()["results"]
    assert [(row["name"], row["environments"]) for row in listed] == [("to-prod", [])]
    assert as_promoter.get(FLOW).status_code == 200


def test_workflows_are_never_read_again(as_promoter: Client, trio: Product) -> None:
    Workflow.objects.create(name="broken", manifest="kind: [\n", etag="1")
    assert post(as_promoter, "trigger").status_code == 201
    assert as_promoter.get("/api/workflows/").status_code == 200


def test_an_environment_is_renamed_in_texts_from_before_a_rule(as_admin: Client, trio: Product) -> None:
    Flow.objects.update(manifest=old(manifests.flow(), "LS"))
    answer = rename(as_admin)
    assert answer.status_code == 200, answer.content
    assert Flow.objects.get().manifest == old(manifests.flow(last="live"), "LS")


def test_no_environment_is_renamed_while_a_policy_that_may_name_it_cannot_be_read(
    as_admin: Client, trio: Product
) -> None:
    stored_policy("freeze", "kind: PromotionPolicy # prod\nspec: [\n")
    answer = rename(as_admin)
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert "The stored policy freeze cannot be read" in answer.json()["detail"]
    assert Environment.objects.filter(name="prod").exists()


def rename(client: Client) -> Any:
    return client.patch("/api/environments/prod/", {"name": "live"}, content_type="application/json")


def test_a_flow_is_renamed_in_a_product_from_before_a_rule(as_promoter: Client, trio: Product) -> None:
    text = old(manifests.product(flows=("to-prod",)), "NEL")
    Product.objects.update(manifest=text)
    answer = as_promoter.put(
        "/api/flows/to-live/?renameFrom=to-prod",
        manifests.flow("to-live"),
        content_type="application/yaml",
        headers={"if-match": "*"},
    )
    assert answer.status_code == 200, answer.content
    assert Product.objects.get().manifest == text.replace("to-prod", "to-live")
