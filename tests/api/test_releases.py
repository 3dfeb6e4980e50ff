"""/api/releases/ and /api/inbox/: what ran, what runs, what waits, and how it is ended or retried."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from products.models import Product
from promotions.models import Release
from tests.api.conftest import release_of

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def queued(as_promoter: Client, trio: Product) -> Release:
    """trio #1, triggered and not yet begun."""
    made = as_promoter.post("/api/flows/to-prod/trigger/", {"product": "trio"}, content_type=JSON)
    return Release.objects.get(pk=made.json()["id"])


def failed(release: Release) -> Release:
    """The release as it stands after qa failed."""
    release.environments.filter(name="dev").update(status="SUCCEEDED")
    release.environments.filter(name="qa").update(status="FAILED", reason="CONFLICT", message="Somebody.")
    release.steps.filter(environment__name="qa", kind="commit").update(status="FAILED")
    Release.objects.filter(pk=release.pk).update(
        status="FAILED", reason="CONFLICT", finished_at=timezone.now(), frozen_at=timezone.now()
    )
    release.refresh_from_db()
    return release


def numbers(client: Client, query: str) -> list[int]:
    answer = client.get("/api/releases/", dict(part.split("=", 1) for part in query.split("&")))
    assert answer.status_code == 200, answer.content
    return [row["number"] for row in answer.json()["results"]]


def test_rows_are_as_the_releases_tab_lists_them(as_viewer: Client, queued: Release) -> None:
    (row,) = as_viewer.get("/api/releases/").json()["results"]
    assert set(row) == {
        "id", "number", "url", "product", "flow", "flowVersion", "status", "reason", "message",
        "initiator", "version", "createdAt", "startedAt", "finishedAt", "environments",
    }  # fmt: skip
    assert row["url"] == "/products/trio/releases/1/"
    assert [(e["name"], e["role"]) for e in row["environments"]] == [
        ("dev", "TRIGGER"),
        ("qa", "TARGET"),
        ("prod", "TARGET"),
    ]


def test_filters(as_viewer: Client, trio: Product) -> None:
    now = timezone.now()
    for number, status in enumerate(["SUCCEEDED", "FAILED", "RUNNING"], start=1):
        release_of(trio, number, status=status, created_at=now + timedelta(hours=number))
    release_of(Product.objects.create(name="other"), 9, flow_name="other")
    middle = (now + timedelta(hours=2)).isoformat()
    assert numbers(as_viewer, "product=trio") == [3, 2, 1]
    assert numbers(as_viewer, "status=failed,RUNNING") == [3, 2]
    assert numbers(as_viewer, "flow=other") == [9]
    assert numbers(as_viewer, f"createdAfter={middle}") == [3, 2]
    assert numbers(as_viewer, f"createdBefore={middle}&product=trio") == [1]
    assert as_viewer.get("/api/releases/?status=DONE").status_code == 422
    assert as_viewer.get("/api/releases/?createdAfter=yesterday").status_code == 422
    assert as_viewer.get("/api/releases/?createdAfter=2026-13-01T00:00:00Z").status_code == 422


def test_a_plus_in_a_time_need_not_be_escaped(as_viewer: Client, trio: Product) -> None:
    release_of(trio)
    url = "/api/releases/?createdAfter=2020-01-01T00:00:00+02:00"
    assert len(as_viewer.get(url).json()["results"]) == 1


def test_the_list_costs_the_same_for_many(
    as_viewer: Client, trio: Product, queued: Release, django_assert_num_queries
) -> None:
    for number in range(2, 8):
        release_of(trio, number)
    for limit in (1, 200):
        # token with user, releases with product, their environments
        with django_assert_num_queries(3):
            as_viewer.get(f"/api/releases/?limit={limit}")


def test_the_detail_has_applications_and_steps(as_viewer: Client, queued: Release) -> None:
    body = as_viewer.get(f"/api/releases/{queued.pk}/").json()
    qa = body["environments"][1]
    (application,) = qa["applications"]
    assert application["identity"] == "local/argocd/trio-qa"
    assert [step["kind"] for step in application["steps"]] == ["commit", "await_sync"]
    assert body["actions"] == {"terminate": True, "retry": False}
    assert body["eventNumber"] >= 1


def test_an_unknown_release_is_404(as_promoter: Client) -> None:
    for suffix in ("", "events/", "terminate/", "retry/", "environments/qa/retry/"):
        method = "GET" if suffix in {"", "events/"} else "POST"
        assert as_promoter.generic(method, f"/api/releases/nothing/{suffix}").status_code == 404


def test_terminate_is_202_and_repeatable(as_promoter: Client, queued: Release) -> None:
    url = f"/api/releases/{queued.pk}/terminate/"
    for _ in range(2):
        answer = as_promoter.post(url, {"reason": "Wrong version"}, content_type=JSON)
        assert answer.status_code == 202, answer.content
        assert answer.json()["actions"]["terminate"] is False
    queued.refresh_from_db()
    assert queued.terminate_requested_by == "paul"
    assert as_promoter.generic("POST", url).status_code == 202  # a body is not needed


def test_an_ended_release_is_not_terminated(as_promoter: Client, trio: Product) -> None:
    release = release_of(trio)
    assert as_promoter.generic("POST", f"/api/releases/{release.pk}/terminate/").status_code == 409


def test_retry_is_202_and_repeatable(as_promoter: Client, queued: Release) -> None:
    release = failed(queued)
    url = f"/api/releases/{release.pk}/retry/"
    for _ in range(2):
        answer = as_promoter.post(url, {"reason": "Again"}, content_type=JSON)
        assert answer.status_code == 202, answer.content
    assert answer.json()["status"] == "QUEUED"


def test_retry_of_one_environment(as_promoter: Client, queued: Release) -> None:
    release = failed(queued)
    answer = as_promoter.generic("POST", f"/api/releases/{release.pk}/environments/qa/retry/")
    assert answer.status_code == 202, answer.content
    assert (
        as_promoter.generic("POST", f"/api/releases/{release.pk}/environments/moon/retry/").status_code == 404
    )


def test_a_release_that_succeeded_is_not_retried(as_promoter: Client, trio: Product) -> None:
    answer = as_promoter.generic("POST", f"/api/releases/{release_of(trio).pk}/retry/")
    assert (answer.status_code, answer.json()["code"]) == (409, "not-retryable")


def test_the_inbox_names_what_failed_until_it_is_made_good(as_promoter: Client, queued: Release) -> None:
    release = failed(queued)
    inbox = as_promoter.get("/api/inbox/").json()
    assert [row["id"] for row in inbox["failed"]] == [release.pk]
    assert [item["release"]["id"] for item in inbox["waiting"]] == [release.pk]  # a conflict needs a person
    assert "qa" in inbox["waiting"][0]["title"]
    elsewhere = release_of(release.product, 2)
    assert as_promoter.get("/api/inbox/").json()["failed"], "a success elsewhere makes nothing good"
    elsewhere.environments.create(name="qa", kind="NON_PROD", role="TARGET", position=1, status="SUCCEEDED")
    inbox = as_promoter.get("/api/inbox/").json()
    assert (inbox["failed"], inbox["waiting"]) == ([], [])


def test_the_inbox_names_what_runs_and_what_is_queued(as_promoter: Client, queued: Release) -> None:
    assert as_promoter.get("/api/inbox/").json()["queued"] == 1
    Release.objects.update(status="RUNNING")
    inbox = as_promoter.get("/api/inbox/").json()
    assert ([row["number"] for row in inbox["running"]], inbox["queued"]) == ([1], 0)
