"""Queries of the release reads are counted: they must not grow with releases, environments or steps."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from environments.errors import NotFound
from promotions.models import Release
from promotions.selectors.releases import (
    release_detail,
    release_filter,
    release_get,
    release_get_by_number,
    release_rows,
)
from tests.promotions.services.light_rows import light_release

pytestmark = pytest.mark.django_db
SMALL = "dev > qa"
LARGE = "dev > qa > " + " ".join(f"prod-{n}" for n in range(30))


def queries(read: Any, *arguments: Any) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        read(*arguments)
    return len(seen)


def test_a_list_of_releases_takes_two_queries() -> None:
    light_release(SMALL)
    assert queries(release_rows, release_filter()) == 2
    for number in range(10):
        light_release(LARGE, product=f"p{number}")
    assert queries(release_rows, release_filter()) == 2


def test_a_release_takes_six_queries_whatever_its_size() -> None:
    small, large = light_release(SMALL), light_release(LARGE)
    assert queries(release_detail, small) == queries(release_detail, large) == 6


def test_a_detail_is_never_older_than_the_event_number_that_it_names() -> None:
    release = light_release(SMALL)
    Release.objects.filter(pk=release.pk).update(status="SUCCEEDED")  # between the caller's read and ours
    assert release.status == "RUNNING"
    assert release_detail(release)["status"] == "SUCCEEDED"


def test_the_detail_counts_every_state_and_says_what_can_be_done() -> None:
    detail = release_detail(light_release("dev > qa > prod", done=["dev"]))
    assert detail["counts"] == {
        "PENDING": 2, "RUNNING": 0, "SUSPENDED": 0, "SUCCEEDED": 1, "FAILED": 0, "TERMINATED": 0,
    }  # fmt: skip
    assert detail["actions"] == {"terminate": True, "retry": False}
    failed = release_detail(light_release(status="FAILED"))
    assert failed["actions"] == {"terminate": False, "retry": True}


def test_filters_must_all_hold() -> None:
    one = light_release(status="FAILED")
    two = light_release(product="pay")
    light_release(product="pay", status="FAILED")
    rows = release_filter(product="pay", status=["RUNNING", ""])
    assert list(rows) == [two]
    assert list(release_filter(created_before=two.created_at)) == [one]
    assert one not in release_filter(created_after=two.created_at)
    assert not release_filter(flow="other").exists()


def test_unknown_releases_are_not_found() -> None:
    release = light_release()
    assert release_get_by_number("shop", release.number) == release_get(release.pk) == release
    with pytest.raises(NotFound, match="no release 99"):
        release_get_by_number("shop", 99)
    with pytest.raises(NotFound):
        release_get("nowhere")
