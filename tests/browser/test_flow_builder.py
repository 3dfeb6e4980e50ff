"""The Flow Builder under two people, wrong texts, and a person without a mouse."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.builder import DESCRIBED, TEXT, new_flow, open_flow, put, save, settings, stored, tab_to
from tests.browser.conftest import COLLEAGUE, PASSWORD, SignIn
from tests.browser.pages import choose_more, node, write_yaml, yaml_of
from tests.faults.quick_start import PARALLEL, Site
from tests.lockstep.installation import wait_until

pytestmark = pytest.mark.browser

SEQUENTIAL = "multi-env-sequential-promotion"


def with_dependency(text: str, environment: str, on: str) -> str:
    """The example's flow with another environment in front of one."""
    steps = f"environment: {environment}\n      dependsOn:\n        - "
    assert f"{steps}qa\n" in text
    return text.replace(f"{steps}qa\n", f"{steps}{on}\n")


CIRCLE = with_dependency(with_dependency(TEXT, "prod", "prod-asia"), "prod-asia", "prod")


def describe(page: Page, words: str) -> None:
    page.get_by_role("complementary", name="Settings").get_by_label("Description").fill(words)


def conflict(page: Page) -> Locator:
    return page.get_by_role("dialog", name="meanwhile")


# -- two people


def test_of_two_who_save_at_once_the_second_is_told_sees_both_texts_and_loses_nothing(
    people: Site, signed_in: SignIn
) -> None:
    before = new_flow(people, "saved-by-two")
    pages = {"one way": signed_in(people), "another way": signed_in(people, COLLEAGUE, PASSWORD)}
    for words, page in pages.items():
        open_flow(page, "saved-by-two")
        describe(page, words)
    for page in pages.values():
        save(page)
    wait_until(lambda: any(conflict(p).is_visible() for p in pages.values()), seconds=30, what="one is told")

    (mine, second), (theirs, _) = sorted(pages.items(), key=lambda one: not conflict(one[1]).is_visible())
    assert stored(people, "saved-by-two") == before.replace("Production regions together, after qa", theirs)
    dialog = conflict(second)
    expect(dialog.get_by_role("region", name="Mine")).to_contain_text(f"description: {mine}")
    expect(dialog.get_by_role("region").last).to_contain_text(f"description: {theirs}")
    dialog.get_by_role("button", name="Go on editing mine").click()
    assert f"description: {mine}" in yaml_of(second)

    save(second)
    dialog.get_by_role("button", name="Take theirs").click()
    expect(second.get_by_role("textbox", name="YAML of the flow")).to_contain_text(f"description: {theirs}")
    second.get_by_role("button", name="Undo").click()
    expect(second.get_by_role("textbox", name="YAML of the flow")).to_contain_text(f"description: {mine}")
    assert stored(people, "saved-by-two") == before.replace("Production regions together, after qa", theirs)


def test_mine_is_saved_on_top_of_theirs_when_it_is_asked_for_and_theirs_stays_in_the_history(
    people: Site, signed_in: SignIn
) -> None:
    text = new_flow(people, "overwritten")
    page = signed_in(people)
    open_flow(page, "overwritten")
    put(people, "overwritten", text.replace(DESCRIBED, "Theirs"))
    describe(page, "Mine")
    save(page)
    dialog = conflict(page)
    expect(dialog).to_contain_text("Or overwrite theirs with yours: theirs stays in the history.")
    # Saved once more while the dialog shows the save before: that one was not seen yet.
    put(people, "overwritten", text.replace(DESCRIBED, "Theirs again"))
    dialog.get_by_role("button", name="Overwrite with mine").click()
    expect(dialog).to_contain_text("Theirs again")
    assert "Theirs again" in stored(people, "overwritten")
    dialog.get_by_role("button", name="Overwrite with mine").click()
    expect(page.get_by_text("What admin saved stays in the history.")).to_be_visible()
    expect(page.get_by_text("Not saved", exact=True)).to_be_hidden()
    assert stored(people, "overwritten") == text.replace(DESCRIBED, "Mine")
    choose_more(page, "History")
    expect(page.get_by_role("dialog").get_by_role("option")).to_have_count(4)


def test_mine_under_another_name_is_not_offered_to_overwrite_theirs(people: Site, signed_in: SignIn) -> None:
    text = new_flow(people, "compared")
    page = signed_in(people)
    open_flow(page, "compared")
    describe(page, "Mine")
    settings(page).get_by_label("Name", exact=True).fill("another-name")
    put(people, "compared", text.replace(DESCRIBED, "Theirs"))
    page.get_by_role("region", name="Another save").get_by_role("button", name="Compare").click()
    expect(conflict(page).get_by_role("button", name="Take theirs")).to_be_visible()
    expect(conflict(page).get_by_role("button", name="Overwrite with mine")).to_have_count(0)


def test_changes_to_different_lines_can_be_merged_and_both_are_kept(people: Site, signed_in: SignIn) -> None:
    before = new_flow(people, "merged-by-two")
    first, second = signed_in(people), signed_in(people, COLLEAGUE, PASSWORD)
    for page in (first, second):
        open_flow(page, "merged-by-two")
    describe(first, "Merged")
    save(first)
    expect(first.get_by_text("Saved merged-by-two")).to_be_visible()
    second.get_by_role("complementary", name="Settings").get_by_label("Timeout").fill("90")
    save(second)
    dialog = second.get_by_role("dialog", name="admin saved merged-by-two meanwhile")
    dialog.get_by_role("button", name="Merge both").click()
    expect(dialog).to_be_hidden()
    save(second)
    expect(second.get_by_text("Saved merged-by-two")).to_be_visible()
    text = stored(people, "merged-by-two")
    assert "description: Merged" in text
    assert "promotionTimeoutLimit: 90" in text
    assert len(text.splitlines()) == len(before.splitlines()) + 1


# -- texts that are refused


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        pytest.param(CIRCLE, 18, "prod-asia", id="a-cycle"),
        pytest.param(
            TEXT.replace("triggerEnvironment: dev", "triggerEnvironment: dev: dev"), 9, "", id="no-yaml"
        ),
        pytest.param(TEXT.replace("action: commit", "action: comit", 1), 15, "comit", id="a-misspelt-action"),
    ],
)
def test_a_wrong_text_is_not_saved_and_its_line_is_shown(
    prepared_site: Site, signed_in: SignIn, text: str, line: int, words: str
) -> None:
    before = stored(prepared_site, PARALLEL)
    page = signed_in(prepared_site)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method) if "/api/flows/" in request.url else None)
    open_flow(page, PARALLEL)
    write_yaml(page, text)
    editor = page.get_by_role("region", name="YAML")
    expect(editor.get_by_role("button", name=f"Line {line}, column ")).to_be_visible()
    expect(editor.locator(".diag").first).to_contain_text(words)
    expect(node(page, "qa")).to_be_visible()
    save(page)
    expect(page.get_by_role("alert").filter(has_text=f"Line {line}: ")).to_be_visible()
    assert "PUT" not in sent
    assert stored(prepared_site, PARALLEL) == before


def test_the_server_refuses_the_same_cycle_from_anybody_else(prepared_site: Site) -> None:
    current = prepared_site.client.get(f"flows/{PARALLEL}/").json()
    headers = {"Content-Type": "application/yaml", "If-Match": f'"{current["etag"].strip(chr(34))}"'}
    answer = prepared_site.client.put(f"flows/{PARALLEL}/", content=CIRCLE, headers=headers)
    assert answer.status_code == 422
    assert "prod-asia" in json.dumps(answer.json()["problems"])
    assert stored(prepared_site, PARALLEL) == current["manifest"]


# -- the keyboard alone


def test_everything_from_signing_in_to_undo_is_done_with_the_keyboard_alone(
    prepared_site: Site, browse: Any
) -> None:
    page: Page = browse(prepared_site)
    page.goto("/login/")
    tab_to(page, page.get_by_label("User name"))
    page.keyboard.type("admin")
    tab_to(page, page.get_by_label("Password"))
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("link", name="Flows"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Flows", level=1)).to_be_visible()
    tab_to(page, page.get_by_role("link", name=SEQUENTIAL))
    page.keyboard.press("Enter")

    tab_to(page, node(page, "dev"))
    page.keyboard.press("ArrowRight")
    expect(node(page, "qa")).to_be_focused()
    page.keyboard.press("a")
    menu = page.get_by_role("dialog", name="Add after qa")
    box = menu.get_by_role("checkbox", name="prod-eu")
    expect(box).to_be_focused()
    page.keyboard.press("Space")
    expect(box).to_be_checked()
    tab_to(page, menu.get_by_role("button", name="Add", exact=True))
    page.keyboard.press("Enter")
    expect(menu).to_be_hidden()
    expect(node(page, "prod-eu")).to_be_visible()
    assert "environment: prod-eu" in yaml_of(page)

    page.keyboard.press("ControlOrMeta+Z")
    expect(node(page, "prod-eu")).to_be_hidden()
    assert yaml_of(page) == stored(prepared_site, SEQUENTIAL)
    page.keyboard.press("ControlOrMeta+Shift+Z")
    expect(node(page, "prod-eu")).to_be_visible()
    page.keyboard.press("ControlOrMeta+Z")
    expect(node(page, "prod-eu")).to_be_hidden()
