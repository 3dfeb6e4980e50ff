"""Cursors: every row once, whatever is added meanwhile, and nothing that a client makes up breaks."""

from __future__ import annotations

import base64

import pytest
from django.test import Client
from django.utils import timezone

from products.models import Product
from promotions.models import Flow
from tests.api.conftest import release_of

pytestmark = pytest.mark.django_db


def walk(client: Client, url: str) -> list[dict]:
    rows: list[dict] = []
    next_url: str | None = url
    while next_url:
        page = client.get(next_url).json()
        assert set(page) == {"results", "next"}
        rows += page["results"]
        next_url = page["next"]
    return rows


@pytest.fixture
def twelve_flows(db: None) -> None:
    for number in range(12):
        Flow.objects.create(name=f"f{number:02}", manifest="", etag="", updated_at=timezone.now())


@pytest.mark.parametrize("limit", [1, 5, 11, 12, 13, 200, 5000])
def test_every_row_comes_once_in_order(as_viewer: Client, twelve_flows: None, limit: int) -> None:
    names = [row["name"] for row in walk(as_viewer, f"/api/flows/?limit={limit}")]
    assert names == [f"f{number:02}" for number in range(12)]


def test_at_most_200_rows_come_at_once(as_viewer: Client) -> None:
    now = timezone.now()
    Flow.objects.bulk_create(Flow(name=f"f{n}", manifest="", etag="", updated_at=now) for n in range(210))
    assert len(as_viewer.get("/api/flows/?limit=1000").json()["results"]) == 200
    assert len(as_viewer.get("/api/flows/").json()["results"]) == 50


def test_rows_added_before_the_cursor_repeat_nothing(as_viewer: Client) -> None:
    product = Product.objects.create(name="trio")
    for number in range(1, 7):
        release_of(product, number)
    first = as_viewer.get("/api/releases/?limit=3").json()
    for number in range(7, 10):
        release_of(product, number)
    rest = walk(as_viewer, first["next"])
    assert [row["number"] for row in first["results"] + rest] == [6, 5, 4, 3, 2, 1]


def test_next_keeps_the_filters(as_viewer: Client) -> None:
    product = Product.objects.create(name="trio")
    for number in range(1, 7):
        release_of(product, number, status="FAILED" if number % 2 else "SUCCEEDED")
    rows = walk(as_viewer, "/api/releases/?status=FAILED&limit=1")
    assert [row["number"] for row in rows] == [5, 3, 1]


@pytest.mark.parametrize("limit", ["0", "-1", "abc", "1.5", "٣", ""])
def test_a_limit_that_is_none_is_400(as_viewer: Client, limit: str) -> None:
    assert as_viewer.get(f"/api/flows/?limit={limit}").status_code == (400 if limit else 200)


def cursor(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "value",
    [
        "x",
        "ä",
        cursor("{}"),
        cursor("[]"),
        cursor('["a","b"]'),
        cursor("[1]"),
        cursor("[null]"),
        cursor("[" * 9999),
    ],
)
def test_a_cursor_that_nobody_gave_out_is_400(as_viewer: Client, value: str) -> None:
    answer = as_viewer.get("/api/flows/", {"cursor": value})
    assert answer.status_code == 400
    assert "start again" in answer.json()["detail"]


def test_a_made_up_position_is_400_or_an_empty_page(as_viewer: Client) -> None:
    for value in ('["x","y"]', f'[{10**30},"x"]', '[true,"x"]', '[1,"\\u0000"]'):
        assert as_viewer.get("/api/environments/", {"cursor": cursor(value)}).status_code == 400
    for moment in ("0001-01-01T00:00:00+23:00", "2030-13-01T00:00:00Z", "2030-01-01T00:00:00", "x"):
        assert as_viewer.get("/api/releases/", {"cursor": cursor(f'["{moment}","x"]')}).status_code == 400
