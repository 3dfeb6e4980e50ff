"""The environments that a flow does not have: added by key, found among many, in the palette and in the list of a +."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.builder import (
    TEXT,
    arrow,
    changed,
    chart,
    empty_page,
    middle,
    opened,
    palette_item,
    pull,
)
from tests.browser.conftest import SignIn
from tests.browser.pages import at_rest, node, yaml_of
from tests.faults.quick_start import Site

pytestmark = pytest.mark.browser

LONG = "team-payments-europe-staging"
MANY = [LONG, *(f"place-{number}" for number in range(40))]


def with_many(page: Page) -> Page:
    """Where there are many more environments than in the flow."""
    names = ["dev", "qa", "prod", "prod-eu", "prod-asia", *MANY]
    rows = [
        {"name": name, "kind": "NON_PROD", "tags": [], "position": position, "targets": []}
        for position, name in enumerate(names)
    ]
    page.route(
        re.compile(r"/api/environments/(\?.*)?$"),
        lambda route: route.fulfill(json={"results": rows, "next": None}),
    )
    return page


def palette(page: Page) -> Locator:
    return chart(page).locator(".palette")


def expect_at(page: Page, environment: str) -> None:
    expect(node(page, environment)).to_be_focused()
    expect(node(page, environment)).to_have_attribute("aria-pressed", "true")


def test_what_is_added_from_the_palette_is_selected_and_gets_the_keys(
    prepared_site: Site, signed_in: SignIn
) -> None:
    page = empty_page(signed_in(prepared_site))
    keys = page.keyboard
    keys.press("F6")
    expect(palette_item(page, "dev")).to_be_focused()
    keys.press("Enter")
    expect_at(page, "dev")
    keys.press("a")
    menu = page.get_by_role("dialog", name="Add after dev")
    expect(menu).to_be_visible()
    keys.press("Escape")
    palette_item(page, "qa").press("Enter")
    expect_at(page, "qa")
    keys.press("ArrowLeft")
    expect_at(page, "dev")

    at_rest(page)
    palette_item(page, "prod").click()
    expect_at(page, "prod")
    expect(arrow(page, "dev", "prod")).to_be_attached()
    keys.press("a")
    expect(page.get_by_role("dialog", name="Add after prod")).to_be_visible()


def test_a_long_palette_goes_along_with_the_wheel_and_can_be_filtered(
    prepared_site: Site, signed_in: SignIn
) -> None:
    page = with_many(signed_in(prepared_site))
    empty_page(page)
    last = palette_item(page, MANY[-1])
    expect(last).not_to_be_in_viewport()
    page.mouse.move(*middle(palette_item(page, "dev")))
    page.mouse.wheel(0, 60_000)
    expect(last).to_be_in_viewport(ratio=0.99)
    page.mouse.wheel(0, -60_000)
    expect(palette_item(page, "dev")).to_be_in_viewport(ratio=0.99)

    keys = page.keyboard
    keys.press("F6")
    expect(palette_item(page, "dev")).to_be_focused()
    keys.press("Shift+Tab")
    filter_field = palette(page).get_by_label("Filter environments")
    expect(filter_field).to_be_focused()
    keys.type("place-1")
    expect(palette(page).get_by_role("button")).to_have_count(11)
    keys.press("Escape")
    expect(filter_field).to_have_value("")
    keys.type("nowhere")
    expect(palette(page)).to_contain_text("No name has that in it.")
    keys.press("Enter")
    expect(filter_field).to_be_focused()
    filter_field.fill("dev")
    keys.press("Enter")
    expect_at(page, "dev")
    expect(filter_field).to_have_value("")


def test_few_environments_need_no_filter(prepared_site: Site, signed_in: SignIn) -> None:
    page = empty_page(signed_in(prepared_site))
    expect(palette(page).get_by_label("Filter environments")).to_have_count(0)


def test_enter_adds_the_one_environment_that_the_filter_leaves(
    prepared_site: Site, signed_in: SignIn
) -> None:
    page = with_many(signed_in(prepared_site))
    empty_page(page)
    palette_item(page, "dev").click()
    keys = page.keyboard
    keys.press("a")
    menu = page.get_by_role("dialog", name="Add after dev")
    expect(menu.get_by_label("Filter environments")).to_be_focused()
    keys.type("place-2")
    keys.press("Enter")
    # Typed in full, it is the one that is meant, though others begin with it.
    expect(menu).to_be_hidden()
    expect(arrow(page, "dev", "place-2")).to_be_attached()

    node(page, "dev").click()
    keys.press("a")
    keys.type("payments")
    expect(menu.get_by_role("checkbox")).to_have_count(1)
    # Its kind stands beside a long name, in one line.
    kind = menu.get_by_text("Non-production", exact=True)
    assert kind.evaluate("element => element.getClientRects().length") == 1
    menu.get_by_role("checkbox").check(force=True)
    menu.get_by_label("Filter environments").fill("place-3")
    keys.press("Enter")
    expect(menu).to_be_hidden()
    expect(arrow(page, "dev", LONG)).to_be_attached()
    expect(arrow(page, "dev", "place-3")).to_be_attached()

    node(page, "dev").click()
    keys.press("a")
    keys.type("place")
    keys.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="No environment is chosen")).to_be_visible()
    expect(menu).to_be_visible()


def test_delete_in_the_menu_of_an_arrow_takes_the_dependency_away(
    prepared_site: Site, signed_in: SignIn
) -> None:
    text = TEXT.replace("prod-eu\n      dependsOn:\n", "prod-eu\n      dependsOn:\n        - dev\n")
    page, before = opened(prepared_site, signed_in, "menu-of-an-arrow", text)
    with_many(page).reload()
    expect(node(page, "prod-eu")).to_be_visible()
    at_rest(page)
    keys = page.keyboard
    arrow(page, "qa", "prod-eu").click()
    menu = page.get_by_role("dialog", name="Insert between qa and prod-eu")
    expect(menu.get_by_role("button", name="Remove this dependency")).to_contain_text("Delete")
    expect(menu.get_by_label("Filter environments")).to_be_focused()
    # What is typed is taken back letter by letter, one too many and all.
    keys.type("pl")
    for _ in range(4):
        keys.press("Backspace")
    keys.press("Delete")
    expect(menu).to_be_visible()
    keys.press("Tab")
    keys.press("Delete")
    expect(menu).to_be_hidden()
    expect(arrow(page, "qa", "prod-eu")).to_be_hidden()
    assert changed(before, yaml_of(page)) == ["-         - qa"]

    keys.press("ControlOrMeta+z")
    expect(arrow(page, "qa", "prod-eu")).to_be_attached()
    at_rest(page)
    arrow(page, "dev", "prod-eu").click()
    keys.press("Backspace")
    expect(arrow(page, "dev", "prod-eu")).to_be_hidden()
    assert changed(before, yaml_of(page)) == ["-         - dev"]


def test_a_short_arrow_is_pressed_in_front_of_the_dock_and_behind_it(
    prepared_site: Site, signed_in: SignIn
) -> None:
    page, _text = opened(prepared_site, signed_in, "short-arrows")
    at_rest(page)
    picked = chart(page).locator(".arrow.is-picked")
    box, front = (
        node(page, "qa").bounding_box(),
        chart(page).get_by_role("group", name="Settings of qa").bounding_box(),
    )
    assert box and front
    height = box["y"] + box["height"] / 2
    behind = (front["x"] + front["width"] + box["x"]) / 2
    for x in (behind, front["x"] - 3):
        chart(page).locator(".chart-canvas").press("Escape")
        node(page, "prod").click()
        expect(picked).to_have_count(0)
        page.mouse.click(x, height)
        expect(picked).to_have_count(1)
        expect(page.locator("#announce")).to_contain_text("Arrow from dev to qa selected")


def test_before_an_environment_is_added_at_its_left(prepared_site: Site, signed_in: SignIn) -> None:
    text = TEXT.replace("prod-eu\n      dependsOn:\n", "prod-eu\n      dependsOn:\n        - dev\n")
    page, _text = opened(prepared_site, signed_in, "at-its-left", text)
    at_rest(page)

    def expect_left_of(environment: str, menu: Locator) -> None:
        expect(menu).to_be_visible()
        dock = chart(page).get_by_role("group", name=f"Settings of {environment}", exact=True).bounding_box()
        box = menu.bounding_box()
        assert dock and box
        assert box["x"] + box["width"] <= dock["x"]

    node(page, "prod").click()
    page.keyboard.press("b")
    expect_left_of("prod", page.get_by_role("dialog", name="Add before prod"))
    page.keyboard.press("Escape")
    node(page, "prod-eu").click()
    page.keyboard.press("b")
    arrows = page.get_by_role("menu", name="Add before prod-eu")
    expect_left_of("prod-eu", arrows)
    arrows.get_by_role("menuitem", name="On the arrow from qa").click()
    expect_left_of("prod-eu", page.get_by_role("dialog", name="Insert between qa and prod-eu"))


def test_a_dragged_dependency_shows_where_it_cannot_go(prepared_site: Site, signed_in: SignIn) -> None:
    page, _text = opened(prepared_site, signed_in, "no-circles")
    at_rest(page)

    def frame(environment: str) -> Locator:
        return chart(page).locator(f'.node:has([data-environment="{environment}"])')

    ring = re.compile(r"0px 0px 0px 2px")
    handle = chart(page).get_by_role("button", name="Add environments after prod", exact=True)
    start = middle(handle)
    pull(page, start, middle(node(page, "prod-eu")))
    expect(frame("prod-eu")).to_have_css("box-shadow", ring)
    expect(frame("prod-eu")).to_have_css("opacity", "1")
    page.mouse.move(*middle(node(page, "qa")), steps=6)
    for refused in ("dev", "qa"):
        expect(frame(refused)).to_have_css("opacity", "0.5")
    expect(frame("qa")).to_have_css("box-shadow", "none")
    expect(chart(page).locator(".in.is-refusing.connectingto")).to_have_css("cursor", "not-allowed")
    page.mouse.up()
    expect(page.get_by_role("alert").filter(has_text="it would go in a circle")).to_be_visible()
    expect(frame("qa")).to_have_css("opacity", "1")
