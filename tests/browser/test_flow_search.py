"""The YAML editor's search: found, counted, replaced, and left again."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.builder import aided, dock, editor, new_flow, open_flow, yaml_pane
from tests.browser.conftest import SignIn
from tests.browser.pages import node, yaml_of
from tests.faults.quick_start import PARALLEL, Site

pytestmark = pytest.mark.browser

CONTROLS = (
    ("textbox", "Find"),
    ("button", "Previous match"),
    ("button", "Next match"),
    ("button", "Close the search"),
    ("textbox", "Replace with"),
    ("button", "Replace"),
    ("button", "Replace all"),
    ("checkbox", "Match case"),
    ("checkbox", "Whole words"),
    ("checkbox", "Regular expression"),
    ("button", "Select all"),
)


def search(page: Page) -> Locator:
    """The search over the editor's text, opened by its key."""
    aided(page)
    editor(page).click()
    page.keyboard.press("ControlOrMeta+F")
    panel = yaml_pane(page).get_by_role("search")
    expect(panel.get_by_label("Find")).to_be_focused()
    return panel


def controls(panel: Locator) -> list[Locator]:
    return [panel.get_by_role(role, name=name, exact=True) for role, name in CONTROLS]  # type: ignore[arg-type]


def test_the_search_counts_what_it_finds_and_marks_the_one_it_is_at(
    prepared_site: Site, signed_in: SignIn
) -> None:
    page = signed_in(prepared_site)
    open_flow(page, PARALLEL)
    panel = search(page)
    page.keyboard.type("prod-")
    expect(editor(page).locator(".cm-searchMatch")).to_have_text(["prod-", "prod-"])
    expect(panel.get_by_role("status")).to_have_text("2 found")
    page.keyboard.press("Enter")
    expect(editor(page).locator(".cm-searchMatch-selected")).to_have_count(1)
    expect(panel.get_by_role("status")).to_have_text("1 of 2")
    page.keyboard.press("Enter")
    expect(panel.get_by_role("status")).to_have_text("2 of 2")
    panel.get_by_label("Find").fill("PROD-")
    expect(panel.get_by_role("status")).to_have_text("2 of 2")
    panel.get_by_label("Match case").check()
    expect(panel.get_by_role("status")).to_have_text("No match")


@pytest.mark.parametrize("width", [1440, 1024])
def test_every_control_of_the_search_is_in_the_pane_shows_its_focus_and_is_left_by_escape(
    prepared_site: Site, signed_in: SignIn, width: int
) -> None:
    page = signed_in(prepared_site, viewport={"width": width, "height": 768})
    open_flow(page, PARALLEL)
    # As narrow as it can be made.
    page.get_by_role("separator", name="Width of the YAML pane").focus()
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    pane = yaml_pane(page).bounding_box()
    assert pane is not None and pane["width"] == 280
    panel = search(page)
    for number, control in enumerate(controls(panel)):
        box = control.bounding_box()
        assert box is not None
        assert pane["x"] <= box["x"] and box["x"] + box["width"] <= pane["x"] + pane["width"]
        expect(control).to_be_focused()
        ringed = control.locator("..") if control.get_attribute("type") == "text" else control
        expect(ringed).not_to_have_css("box-shadow", "none")
        expect(control).to_have_css("font-family", re.compile('^"?Inter'))
        page.keyboard.press("Escape")
        expect(panel).to_be_hidden()
        expect(editor(page)).to_be_focused()
        page.keyboard.press("ControlOrMeta+F")
        expect(panel).to_be_visible()
        for _ in range(number + 1):
            page.keyboard.press("Tab")


def test_the_search_replaces_in_the_newest_text(prepared_site: Site, signed_in: SignIn) -> None:
    text = new_flow(prepared_site, "searched")
    page = signed_in(prepared_site)
    open_flow(page, "searched")
    panel = search(page)
    panel.get_by_label("Find").fill("qa")
    panel.get_by_label("Replace with").fill("test")
    dock(page, "qa", "Action").click()
    written = page.get_by_role("menuitemradio", name=re.compile("^Pull request"))
    every = panel.get_by_role("button", name="Replace all").element_handle()
    written.evaluate("(choice, every) => { choice.click(); every.click(); }", every)
    expect(node(page, "test")).to_be_visible()
    assert yaml_of(page) == text.replace("action: commit", "action: pr", 1).replace("qa", "test")
