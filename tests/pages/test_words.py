"""What the marks say: durations, days, stages, initials, and the person's own time zone and preferences."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.template import Context, Template
from django.test import Client, RequestFactory

from accounts.models import User
from lockstep.templatetags import ui


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-3, "0s"),
        (0, "0s"),
        (21.9, "21s"),
        (128, "2m 08s"),
        (3599, "59m 59s"),
        (3900, "1h 05m"),
        (273600, "3d 4h"),
    ],
)
def test_durations(seconds: float, text: str) -> None:
    assert ui.duration_text(seconds) == text


@pytest.mark.parametrize(("seconds", "text"), [(20, "just now"), (840, "14 min ago"), (14400, "4 h ago")])
def test_ages(seconds: int, text: str) -> None:
    now = datetime(2026, 1, 2, tzinfo=UTC)
    assert ui.ago_text(now - timedelta(seconds=seconds), now) == text


def test_days_carry_the_year_only_when_it_is_another() -> None:
    now = datetime(2026, 12, 3, 9, tzinfo=UTC)
    assert ui.day_text(now, now) == "Today"
    assert ui.day_text(datetime(2026, 12, 2, tzinfo=UTC), now) == "2 Dec"
    assert ui.day_text(datetime(2025, 12, 2, tzinfo=UTC), now) == "2 Dec 2025"


@pytest.mark.parametrize("zone", ["", "Europe/Berlin", "../../etc/passwd", "No/Where", "x" * 500])
def test_times_are_the_person_s_own_and_a_wrong_zone_is_utc(zone: str) -> None:
    request = RequestFactory().get("/")
    request.COOKIES["tz"] = zone
    template = Template("{% load ui %}{% clock at %}")
    text = template.render(Context({"request": request, "at": datetime(2026, 1, 2, 11, 0, 5, tzinfo=UTC)}))
    assert ("12:00:05" if zone == "Europe/Berlin" else "11:00:05") in text


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("release-engineer", "RE"),
        ("Ada", "AD"),
        ("ada@example.org", "AE"),
        ("dev_bot", "DB"),
        ("", "?"),
        ("é", "?"),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert ui.initials(name) == letters


def entry(name: str, *before: str) -> dict[str, object]:
    return {"name": name, "dependsOn": list(before)}


def test_a_stage_holds_what_may_start_together() -> None:
    """dev -> qa -> (prod, eu); last waits for both eu and dev."""
    flow = [
        entry("dev"),
        entry("qa", "dev"),
        entry("prod", "qa"),
        entry("eu", "qa"),
        entry("last", "eu", "dev"),
    ]
    assert [[e["name"] for e in stage] for stage in ui.stages(flow)] == [
        ["dev"],
        ["qa"],
        ["prod", "eu"],
        ["last"],
    ]


def test_stages_survive_what_validation_would_refuse() -> None:
    assert ui.stages([]) == []
    looped = [entry("a", "b"), entry("b", "a"), entry("c", "c", "gone")]
    assert sorted(e["name"] for stage in ui.stages(looped) for e in stage) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("image", "tag"),
    [
        ("registry:5000/shop/api:main-45cefae", "main-45cefae"),
        ("shop/api", "api"),
        ("api@sha256:0123456789abcdef", "0123456789ab"),
        ("", ""),
    ],
)
def test_image_tags(image: str, tag: str) -> None:
    assert ui.image_tag(image) == tag


@pytest.mark.parametrize(
    ("names", "text"),
    [([], ""), (["qa"], "qa"), (["qa", "prod"], "qa and prod"), (["a", "b", "c"], "a, b and c")],
)
def test_lists_read_as_sentences(names: list[str], text: str) -> None:
    assert ui.sentence_list(names) == text


def test_markup_in_names_is_text() -> None:
    assert "<b>" not in ui.state("RUNNING", title='"><b>') and "<b>" not in ui.yaml_line("<b>: <b>")


def test_preferences_are_kept_one_by_one(promoter: Client, person: User) -> None:
    assert promoter.post("/preferences/", {"theme": "dark"}).status_code == 204
    assert promoter.post("/preferences/", {"nav": "rail"}).status_code == 204
    assert promoter.post("/preferences/", {"theme": "pink"}).status_code == 422
    person.refresh_from_db()
    assert person.preferences == {"theme": "dark", "nav": "rail"}
    content = promoter.get("/").content.decode()
    assert 'data-theme="dark"' in content and 'class="shell is-rail"' in content


def test_signing_in_says_in_words_what_is_wrong(client: Client, person: User) -> None:
    wrong = client.post("/login/", {"username": "release-engineer", "password": "no"})
    assert "That user name and password do not match." in wrong.content.decode()
    right = client.post(
        "/login/", {"username": "release-engineer", "password": "let-me-in-please", "next": "/flows/"}
    )
    assert right["Location"] == "/flows/"
    assert client.post("/logout/")["Location"] == "/login/"
    assert client.get("/")["Location"] == "/login/?next=/"


def test_the_navigation_is_folded_in_the_builder_until_the_person_says_otherwise(promoter: Client) -> None:
    def is_folded(path: str) -> bool:
        content = promoter.get(path).content.decode()
        folded = 'class="shell is-rail"' in content
        assert f'id="nav-fold" aria-pressed="{"true" if folded else "false"}"' in content
        return folded

    assert [is_folded(path) for path in ("/", "/flows/new/")] == [False, True]
    for choice, folded in (("open", False), ("rail", True)):
        promoter.post("/preferences/", {"nav": choice})
        assert [is_folded(path) for path in ("/", "/flows/new/")] == [folded, folded]
