"""POST /api/flows/NAME/trigger/ and preview/: a release per request, and never two for one key."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from products.models import Application, Product
from promotions.models import IdempotencyKey, Release

pytestmark = pytest.mark.django_db
URL = "/api/flows/to-prod/trigger/"


def trigger(client: Client, body: object = None, key: str | None = None, url: str = URL):
    headers = {} if key is None else {"idempotency-key": key}
    return client.post(url, body or {"product": "trio"}, content_type="application/json", headers=headers)


def test_a_trigger_makes_a_release(as_promoter: Client, trio: Product) -> None:
    answer = trigger(as_promoter, {"product": "trio", "message": "Friday's"})
    assert answer.status_code == 201, answer.content
    body = answer.json()
    assert (body["number"], body["status"], body["initiator"]) == (1, "QUEUED", "paul")
    assert body["note"] == "Friday's"
    # dev (trigger) -> qa -> prod
    assert [(e["name"], e["role"], e["dependsOn"]) for e in body["environments"]] == [
        ("dev", "TRIGGER", []),
        ("qa", "TARGET", ["dev"]),
        ("prod", "TARGET", ["qa"]),
    ]
    assert answer.headers["Location"] == f"http://testserver/api/releases/{body['id']}/"
    assert as_promoter.get(answer.headers["Location"]).json() == body


def test_the_digest_of_a_preview_that_cannot_be_triggered_starts_nothing(
    as_promoter: Client, trio: Product
) -> None:
    answer = trigger(as_promoter, {"product": "trio", "planDigest": None})
    assert answer.status_code == 422, answer.content
    assert "Preview again" in answer.content.decode()
    assert not Release.objects.exists()


def test_without_a_key_each_request_makes_a_release(as_promoter: Client, trio: Product) -> None:
    assert [trigger(as_promoter).json()["number"] for _ in range(2)] == [1, 2]


def test_the_same_key_and_body_replay_the_release(as_promoter: Client, trio: Product) -> None:
    first = trigger(as_promoter, {"product": "trio", "message": "x"}, "k1")
    again = trigger(as_promoter, {"message": "x", "product": "trio"}, "k1")
    without_slash = trigger(as_promoter, {"product": "trio", "message": "x"}, "k1", URL.rstrip("/"))
    assert [answer.status_code for answer in (first, again, without_slash)] == [201, 201, 201]
    assert {answer.json()["id"] for answer in (first, again, without_slash)} == {first.json()["id"]}
    assert Release.objects.count() == 1


def test_the_same_key_with_another_body_is_422(as_promoter: Client, trio: Product) -> None:
    trigger(as_promoter, key="k1")
    answer = trigger(as_promoter, {"product": "trio", "message": "other"}, "k1")
    assert answer.status_code == 422
    assert answer.json()["code"] == "idempotency-key-reused"
    assert Release.objects.count() == 1


def test_keys_of_other_callers_and_routes_are_others(
    as_promoter: Client, as_admin: Client, trio: Product
) -> None:
    ids = {trigger(client, key="k1").json()["id"] for client in (as_promoter, as_admin)}
    assert len(ids) == 2


def test_a_key_is_forgotten_after_seven_days(as_promoter: Client, trio: Product) -> None:
    first = trigger(as_promoter, key="k1").json()
    row = IdempotencyKey.objects.get()
    IdempotencyKey.objects.update(created_at=row.created_at - timedelta(days=7, seconds=1))
    second = trigger(as_promoter, {"product": "trio", "message": "other"}, "k1").json()
    assert first["id"] != second["id"]
    assert trigger(as_promoter, {"product": "trio", "message": "other"}, "k1").json()["id"] == second["id"]


def test_a_refused_trigger_gives_its_key_back(as_promoter: Client, trio: Product) -> None:
    Application.objects.filter(name="trio-qa").update(product=None)
    assert trigger(as_promoter, key="k1").status_code == 422
    Application.objects.update(product=trio)
    assert trigger(as_promoter, key="k1").status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 201, "a\tb", "ümlaut"])
def test_a_key_that_is_none_is_400(as_promoter: Client, trio: Product, key: str) -> None:
    assert trigger(as_promoter, key=key).status_code == 400
    assert not Release.objects.exists()


def test_a_missing_application_is_422_and_all_are_named(as_promoter: Client, trio: Product) -> None:
    Application.objects.filter(name__in=["trio-qa", "trio-prod"]).delete()
    answer = trigger(as_promoter)
    assert answer.status_code == 422
    assert {problem["environment"] for problem in answer.json()["problems"]} == {"qa", "prod"}
    assert not Release.objects.exists()


@pytest.mark.parametrize(
    ("url", "body", "status"),
    [
        ("/api/flows/nothing/trigger/", {"product": "trio"}, 404),
        (URL, {"product": "nothing"}, 404),
        (URL, {"product": "trio", "application": "nothing"}, 422),
        (URL, {"produkt": "trio"}, 422),
        (URL, {"product": ""}, 422),
    ],
)
def test_what_is_not_there_is_told(
    as_promoter: Client, trio: Product, url: str, body: dict, status: int
) -> None:
    assert trigger(as_promoter, body, url=url).status_code == status
    assert trigger(as_promoter, body, url=url.replace("trigger", "preview")).status_code == status
    assert not Release.objects.exists()


def test_the_chosen_application_may_be_named_by_its_identity(as_promoter: Client, trio: Product) -> None:
    answer = trigger(as_promoter, {"product": "trio", "application": "local/argocd/trio-dev"})
    assert answer.status_code == 201
    assert answer.json()["source"]["application"] == "local/argocd/trio-dev"


def test_a_source_revision_is_promoted_instead_of_the_reported_one(
    as_promoter: Client, trio: Product
) -> None:
    answer = trigger(as_promoter, {"product": "trio", "sourceRevision": "f" * 40})
    assert answer.json()["source"]["revision"] == "f" * 40
