"""GET /api/flows/NAME/revisions/: every text that was saved, by whom and when. Never changed by a read."""

from __future__ import annotations

import hashlib

import pytest
from django.test import Client

from accounts.models import User
from environments.models import Environment
from promotions.models import FlowRevision
from tests.api import manifests

pytestmark = pytest.mark.django_db
URL = "/api/flows/to-prod/"
TEXTS = [manifests.flow(comment=f"# save {number}").replace("1.10", f"1.{number}0") for number in (1, 2, 3)]


@pytest.fixture
def three_saves(environments: list[Environment], as_promoter: Client, as_admin: Client) -> None:
    etag = ""
    for client, text in zip([as_promoter, as_admin, as_promoter], TEXTS, strict=True):
        answer = client.put(
            URL, text, content_type="application/yaml", headers={"If-Match": etag} if etag else {}
        )
        assert answer.status_code in {200, 201}, answer.content
        etag = answer.headers["ETag"]


@pytest.mark.usefixtures("three_saves")
def test_saves_are_listed_newest_first_with_person_and_time(
    as_viewer: Client, promoter: User, administrator: User
) -> None:
    rows = as_viewer.get(f"{URL}revisions/").json()["results"]
    assert [(row["number"], row["savedBy"], row["version"]) for row in rows] == [
        (3, promoter.username, "1.30"),
        (2, administrator.username, "1.20"),
        (1, promoter.username, "1.10"),
    ]
    assert [row["etag"] for row in rows] == [hashlib.sha256(t.encode()).hexdigest() for t in TEXTS[::-1]]
    assert all(row["savedAt"].endswith("Z") for row in rows)
    assert [(row["added"], row["removed"], row["renamedFrom"]) for row in rows] == [
        (2, 2, ""), (2, 2, ""), (None, None, ""),
    ]  # fmt: skip
    assert set(rows[0]) == {
        "number", "version", "savedAt", "savedBy", "etag", "added", "removed", "renamedFrom",
    }  # fmt: skip


@pytest.mark.usefixtures("three_saves")
def test_a_save_that_renamed_the_flow_says_from_what(as_promoter: Client) -> None:
    etag = as_promoter.get(URL).headers["ETag"]
    renamed = TEXTS[2].replace("name: to-prod", "name: to-all")
    answer = as_promoter.put(
        "/api/flows/to-all/?renameFrom=to-prod",
        renamed,
        content_type="application/yaml",
        headers={"If-Match": etag},
    )
    assert answer.status_code == 200, answer.content
    rows = as_promoter.get("/api/flows/to-all/revisions/").json()["results"]
    assert [(row["number"], row["renamedFrom"]) for row in rows] == [
        (4, "to-prod"),
        (3, ""),
        (2, ""),
        (1, ""),
    ]
    assert (rows[0]["added"], rows[0]["removed"]) == (1, 1)


@pytest.mark.usefixtures("three_saves")
def test_pages_follow_each_other(as_viewer: Client) -> None:
    first = as_viewer.get(f"{URL}revisions/?limit=2").json()
    assert [row["number"] for row in first["results"]] == [3, 2]
    second = as_viewer.get(first["next"]).json()
    assert ([row["number"] for row in second["results"]], second["next"]) == ([1], None)


@pytest.mark.usefixtures("three_saves")
def test_one_save_comes_with_its_text_byte_for_byte(as_viewer: Client) -> None:
    for number, text in enumerate(TEXTS, start=1):
        for url in (f"{URL}revisions/{number}/", f"{URL}revisions/{number}"):
            answer = as_viewer.get(url).json()
            assert (answer["number"], answer["manifest"]) == (number, text)


@pytest.mark.usefixtures("three_saves")
def test_a_list_does_not_read_the_texts(as_viewer: Client, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(6) as queries:
        as_viewer.get(f"{URL}revisions/")
    read = [query["sql"] for query in queries if FlowRevision._meta.db_table in query["sql"]]
    assert len(read) == 1
    assert "manifest" not in read[0]


@pytest.mark.usefixtures("three_saves")
@pytest.mark.parametrize("number", ["0", "4", "99999999999999999999", "-1", "first"])
def test_a_save_that_never_was_is_not_found(as_viewer: Client, number: str) -> None:
    assert as_viewer.get(f"{URL}revisions/{number}/").status_code == 404


def test_an_unknown_flow_has_no_history(as_viewer: Client) -> None:
    answer = as_viewer.get("/api/flows/nowhere/revisions/")
    assert answer.status_code == 404
    assert "nowhere" in answer.json()["detail"]


@pytest.mark.usefixtures("three_saves")
def test_strangers_see_nothing(client: Client) -> None:
    assert client.get(f"{URL}revisions/").status_code in {401, 403}
    assert client.get(f"{URL}revisions/1/").status_code in {401, 403}
