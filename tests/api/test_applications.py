"""/api/applications/: what the runtimes report, narrowed, and what can be asked of them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from environments.runtimes.base import ApplicationKey, RuntimeRefused, RuntimeUnreachable
from products import services
from products.models import Application, Product

pytestmark = pytest.mark.django_db
URL = "/api/applications/local/argocd/trio-dev"


def names(client: Client, query: str) -> list[str]:
    answer = client.get(f"/api/applications/{query}")
    assert answer.status_code == 200, answer.content
    return [row["name"] for row in answer.json()["results"]]


def test_a_row_says_everything(as_viewer: Client, trio: Product) -> None:
    row = as_viewer.get(f"{URL}/").json()
    assert row == as_viewer.get("/api/applications/").json()["results"][0]
    assert row == {
        "identity": "local/argocd/trio-dev",
        "runtime": "local",
        "namespace": "argocd",
        "name": "trio-dev",
        "project": "default",
        "environment": "dev",
        "product": "trio",
        "version": "1.10",
        "syncStatus": "Synced",
        "healthStatus": "Healthy",
        "healthMessage": "",
        "revision": "a1b2c3d4" * 5,
        "revisionShort": "a1b2c3d",
        "commit": "",
        "commitMessage": "",
        "commitAuthor": "",
        "commitAt": None,
        "cluster": "in-cluster",
        "destinationNamespace": "trio-dev",
        "sources": [{"repoURL": "file:///trio.git", "path": "dev", "targetRevision": "main"}],
        "operation": {},
        "resources": [],
        "missingSince": None,
    }


def test_filters(as_viewer: Client, trio: Product) -> None:
    Application.objects.filter(name="trio-prod").update(product=None, sync_status="OutOfSync")
    assert names(as_viewer, "?product=trio") == ["trio-dev", "trio-qa"]
    assert names(as_viewer, "?environment=qa") == ["trio-qa"]
    assert names(as_viewer, "?health=degraded") == ["trio-qa"]
    assert names(as_viewer, "?health=Degraded,Healthy&sync=Synced") == ["trio-dev", "trio-qa"]
    assert names(as_viewer, "?sync=OutOfSync") == ["trio-prod"]
    assert names(as_viewer, "?product=nothing") == []
    assert as_viewer.get("/api/applications/?health=Fine").status_code == 422


def test_the_list_costs_the_same_for_many(
    as_viewer: Client, trio: Product, django_assert_num_queries
) -> None:
    # token with user, applications with runtime, product and environment
    with django_assert_num_queries(2):
        as_viewer.get("/api/applications/?limit=1")
    with django_assert_num_queries(2):
        as_viewer.get("/api/applications/?limit=200")


class Asked:
    """Stands for the runtime behind the services: notes what it is asked, or refuses."""

    def __init__(self) -> None:
        self.calls: list[Any] = []
        self.error: Exception | None = None

    def observe(self, **call: Any) -> None:
        self._note("observe", call["keys"], call.get("refresh"))

    def sync(self, key: ApplicationKey) -> None:
        self._note("sync", key)

    def _note(self, *call: Any) -> None:
        if self.error is not None:
            raise self.error
        self.calls.append(call)


@pytest.fixture
def runtime(monkeypatch: pytest.MonkeyPatch) -> Asked:
    asked = Asked()
    monkeypatch.setattr(services, "runtime_observe", asked.observe)
    monkeypatch.setattr(services, "runtime_open", lambda row: asked)
    return asked


def test_refresh_asks_for_a_new_look_and_answers_the_application(
    as_viewer: Client, trio: Product, runtime: Asked
) -> None:
    answer = as_viewer.post(f"{URL}/refresh/")
    assert (answer.status_code, answer.json()["name"]) == (200, "trio-dev")
    key = ApplicationKey("argocd", "trio-dev")
    assert runtime.calls == [("observe", [key], [key])]


def test_sync_is_accepted(as_promoter: Client, trio: Product, runtime: Asked) -> None:
    assert as_promoter.post(f"{URL}/sync").status_code == 202
    assert runtime.calls[0] == ("sync", ApplicationKey("argocd", "trio-dev"))


@pytest.mark.parametrize(
    ("error", "status"),
    [(RuntimeRefused("A sync is running."), 409), (RuntimeUnreachable("No answer."), 503)],
)
def test_what_the_runtime_says_is_told(
    as_promoter: Client, trio: Product, runtime: Asked, error: Exception, status: int
) -> None:
    runtime.error = error
    answer = as_promoter.post(f"{URL}/sync/")
    assert (answer.status_code, answer.json()["detail"]) == (status, str(error))


def test_an_unknown_application_is_404(as_promoter: Client, trio: Product) -> None:
    assert as_promoter.get("/api/applications/local/argocd/nothing/").status_code == 404
    assert as_promoter.post("/api/applications/local/argocd/nothing/sync/").status_code == 404
