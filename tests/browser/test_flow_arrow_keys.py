"""The arrows of the chart by keys alone: onto them, along them, what is done to them, and back to the nodes."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.builder import TEXT, arrow, changed, chart, editor, opened, palette_item, told
from tests.browser.conftest import SignIn
from tests.browser.pages import at_rest, node, yaml_of
from tests.faults.quick_start import Site

pytestmark = pytest.mark.browser

#  dev -> qa -> {prod, prod-eu}, dev -> prod-eu
TWICE = TEXT[: TEXT.index("    - environment: prod-asia")].replace(
    "prod-eu\n      dependsOn:\n", "prod-eu\n      dependsOn:\n        - dev\n"
)


def picked(page: Page) -> Locator:
    return chart(page).locator(".arrow.is-picked")


def selected(page: Page) -> Locator:
    return chart(page).locator('[data-environment][aria-pressed="true"]')


def expect_at_node(page: Page, environment: str) -> None:
    """The keys are at the node, which alone is selected."""
    expect(node(page, environment)).to_be_focused()
    expect(node(page, environment)).to_have_attribute("aria-pressed", "true")
    expect(selected(page)).to_have_count(1)
    expect(picked(page)).to_have_count(0)


def test_arrows_are_gone_to_along_and_left_by_key(prepared_site: Site, signed_in: SignIn) -> None:
    page, before = opened(prepared_site, signed_in, "arrows-by-key", TWICE)
    at_rest(page)
    node(page, "qa").click()
    page.keyboard.press("i")
    first = arrow(page, "dev", "qa")
    expect(first).to_be_focused()
    expect(first).to_have_accessible_description("Insert between dev and qa")
    # The ring of what has the focus, and the line drawn over the others.
    expect(first).to_have_css("box-shadow", re.compile(r"0px 0px 0px 4px"))
    expect(picked(page)).to_have_count(1)
    expect(selected(page)).to_have_count(0)
    # It is the only one to qa.
    page.keyboard.press("ArrowDown")
    expect(first).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(first).to_be_focused()
    page.keyboard.press("Escape")
    expect_at_node(page, "qa")

    page.keyboard.press("o")
    page.keyboard.press("ArrowUp")
    expect(arrow(page, "qa", "prod")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(arrow(page, "qa", "prod-eu")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(first).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    expect_at_node(page, "qa")

    page.keyboard.press("ArrowLeft")
    expect_at_node(page, "dev")
    page.keyboard.press("i")
    expect(page.locator("#announce")).to_have_text("No arrow leads to dev")
    expect_at_node(page, "dev")
    assert yaml_of(page) == before


def test_an_arrow_is_inserted_on_and_taken_away_by_key_and_the_focus_stays_on_the_chart(
    prepared_site: Site, signed_in: SignIn
) -> None:
    page, before = opened(prepared_site, signed_in, "on-arrows-by-key", TWICE)
    at_rest(page)
    node(page, "prod-eu").click()
    page.keyboard.press("i")
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    twin = chart(page).locator("button[data-edge$='→prod-eu']:focus")
    expect(twin).to_have_count(1)
    page.keyboard.press("ArrowUp")
    # The one that leads past qa, or the one from it: with one away, the other is all that prod-eu depends on.
    gone = twin.get_attribute("data-edge")
    assert gone is not None
    source = gone.split("→")[0]
    page.keyboard.press("Delete")
    expect(arrow(page, source, "prod-eu")).to_be_hidden()
    expect_at_node(page, "prod-eu")
    assert changed(before, yaml_of(page)) == [f"-         - {source}"]
    rest = "qa" if source == "dev" else "dev"
    page.keyboard.press("i")
    expect(arrow(page, rest, "prod-eu")).to_be_focused()
    page.keyboard.press("Delete")
    expect(told(page, f"{rest} is all that prod-eu depends on.")).to_be_visible()
    expect(arrow(page, rest, "prod-eu")).to_be_focused()
    page.keyboard.press("ControlOrMeta+z")
    expect(arrow(page, source, "prod-eu")).to_be_attached()
    expect(arrow(page, rest, "prod-eu")).to_be_focused()
    page.keyboard.press("Escape")
    expect_at_node(page, "prod-eu")

    node(page, "qa").click()
    page.keyboard.press("i")
    page.keyboard.press("Enter")
    menu = page.get_by_role("dialog", name="Insert between dev and qa")
    expect(menu.get_by_role("checkbox", name="prod-asia")).to_be_focused()
    page.keyboard.press("Escape")
    expect(arrow(page, "dev", "qa")).to_be_focused()
    page.keyboard.press("Enter")
    expect(menu.get_by_role("checkbox", name="prod-asia")).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(arrow(page, "prod-asia", "qa")).to_be_attached()
    expect(menu).to_be_hidden()
    expect_at_node(page, "qa")
    # A text that takes the arrow away under the keys, which are elsewhere, takes them nowhere.
    page.keyboard.press("i")
    expect(arrow(page, "prod-asia", "qa")).to_be_focused()
    editor(page).click()
    page.keyboard.press("ControlOrMeta+z")
    expect(arrow(page, "prod-asia", "qa")).to_be_hidden()
    expect(editor(page)).to_be_focused()
    assert yaml_of(page) == before


def test_what_is_out_of_sight_comes_into_it_with_the_keys(prepared_site: Site, signed_in: SignIn) -> None:
    page, _text = opened(
        prepared_site, signed_in, "far-arrows", TWICE, viewport={"width": 1024, "height": 768}
    )
    at_rest(page)
    node(page, "dev").click()
    zoom_in = chart(page).get_by_role("button", name="Zoom in")
    for _ in range(6):
        zoom_in.click()
    far = arrow(page, "dev", "prod-eu")
    chart(page).locator(".chart-canvas").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    expect_at_node(page, "dev")
    expect(far).not_to_be_in_viewport()
    page.keyboard.press("o")
    page.keyboard.press("ArrowDown")
    expect(far).to_be_focused()
    expect(far).to_be_in_viewport(ratio=0.99)
    page.keyboard.press("Escape")
    expect_at_node(page, "dev")
    expect(node(page, "dev")).to_be_in_viewport(ratio=0.99)


def test_an_undo_that_takes_the_arrow_and_the_node_it_leads_to_gives_the_keys_to_the_other_end(
    prepared_site: Site, signed_in: SignIn
) -> None:
    page, before = opened(prepared_site, signed_in, "arrow-and-node-undone", TWICE)
    at_rest(page)
    node(page, "qa").click()
    palette_item(page, "prod-asia").click()
    expect_at_node(page, "prod-asia")
    page.keyboard.press("i")
    expect(arrow(page, "qa", "prod-asia")).to_be_focused()
    page.keyboard.press("ControlOrMeta+z")
    expect(node(page, "prod-asia")).to_be_hidden()
    expect_at_node(page, "qa")
    assert yaml_of(page) == before
