"""Several environments of a flow at once, what the right button offers, and the order of the text."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.builder import (
    TEXT,
    changed,
    chart,
    dock,
    editor,
    new_flow,
    open_flow,
    opened,
    palette_item,
    settings,
)
from tests.browser.conftest import SignIn
from tests.browser.pages import at_rest, node, yaml_of
from tests.faults.quick_start import Site

pytestmark = pytest.mark.browser


def selected(page: Page) -> Locator:
    return chart(page).locator("[data-environment][aria-pressed=true]")


def expect_selected(page: Page, *names: str) -> None:
    expect(selected(page)).to_have_count(len(names))
    for name in names:
        expect(node(page, name)).to_have_attribute("aria-pressed", "true")


def test_several_are_selected_by_mouse_set_together_and_undone_together(
    prepared_site: Site, signed_in: SignIn
) -> None:
    before = new_flow(prepared_site, "set-together")
    page = signed_in(prepared_site)
    open_flow(page, "set-together")
    node(page, "prod").click()
    node(page, "prod-eu").click(modifiers=["Shift"])
    node(page, "prod-asia").click(modifiers=["ControlOrMeta"])
    node(page, "prod-asia").click(modifiers=["ControlOrMeta"])
    expect_selected(page, "prod", "prod-eu")

    pane = settings(page)
    expect(pane.get_by_text("2 environments")).to_be_visible()
    pane.get_by_label("Action", exact=True).select_option("Pull request")
    for name in ("prod", "prod-eu"):
        expect(dock(page, name, "Action")).to_have_accessible_name(f"Action of {name}: pull request")
    expect(dock(page, "prod-asia", "Action")).to_have_accessible_name("Action of prod-asia: commit")
    assert changed(before, yaml_of(page)) == ["-         action: commit", "+         action: pr"] * 2

    page.get_by_role("button", name="Undo", exact=True).click()
    expect(dock(page, "prod", "Action")).to_have_accessible_name("Action of prod: commit")
    assert yaml_of(page) == before


def test_a_box_drawn_with_shift_selects_what_is_in_it_and_moves_nothing(
    prepared_site: Site, signed_in: SignIn
) -> None:
    new_flow(prepared_site, "boxed")
    page = signed_in(prepared_site)
    open_flow(page, "boxed")
    at_rest(page)
    first, last = node(page, "prod").bounding_box(), node(page, "prod-asia").bounding_box()
    assert first is not None and last is not None
    page.keyboard.down("Shift")
    page.mouse.move(first["x"] - 90, first["y"] - 25)
    page.mouse.down()
    page.mouse.move(last["x"] + 20, last["y"] + 20, steps=8)
    page.mouse.up()
    page.keyboard.up("Shift")
    expect_selected(page, "prod", "prod-eu", "prod-asia")
    assert node(page, "prod").bounding_box() == first


def test_all_are_selected_by_key_and_deleted_but_for_the_trigger(
    prepared_site: Site, signed_in: SignIn
) -> None:
    before = new_flow(prepared_site, "emptied")
    page = signed_in(prepared_site)
    open_flow(page, "emptied")
    node(page, "qa").click()
    page.keyboard.press("ControlOrMeta+a")
    expect(selected(page)).to_have_count(5)
    page.keyboard.press("Delete")
    expect(node(page, "qa")).to_be_hidden()
    expect(node(page, "dev")).to_be_visible()
    expect(editor(page)).to_contain_text("steps: []")
    page.keyboard.press("ControlOrMeta+z")
    expect(node(page, "prod-asia")).to_be_visible()
    assert yaml_of(page) == before


#  dev -> qa -> {prod, prod-eu, prod-asia}    without qa and prod: dev -> {prod-eu, prod-asia}
def test_of_several_that_go_the_others_wait_for_the_nearest_that_stay(
    prepared_site: Site, signed_in: SignIn
) -> None:
    new_flow(prepared_site, "nearest")
    page = signed_in(prepared_site)
    open_flow(page, "nearest")
    node(page, "qa").click()
    page.keyboard.press("Shift+ArrowRight")
    expect(selected(page)).to_have_count(2)
    page.keyboard.press("Delete")
    dialog = page.get_by_role("dialog", name="Delete 2 environments from the flow")
    expect(dialog).to_contain_text("depend on what is deleted")
    dialog.get_by_role("button", name="Delete 2 environments").click()
    expect(node(page, "qa")).to_be_hidden()
    text = yaml_of(page)
    assert re.findall(r"environment: (\S+)\n      dependsOn:\n        - (\S+)", text) == [
        (name, "dev") for name in ("prod", "prod-eu", "prod-asia") if f"environment: {name}" in text
    ]
    assert text.count("- environment:") == 2


def test_the_right_button_offers_what_the_keys_do_and_before_means_before_all_of_it(
    prepared_site: Site, signed_in: SignIn
) -> None:
    new_flow(prepared_site, "before-it")
    page = signed_in(prepared_site)
    open_flow(page, "before-it")
    node(page, "prod-eu").click(button="right")
    menu = page.get_by_role("menu", name="prod-eu")
    menu.get_by_role("menuitem", name=re.compile("^Delete from flow")).click()
    expect(node(page, "prod-eu")).to_be_hidden()
    node(page, "prod").click()
    page.keyboard.press("b")
    adding = page.get_by_role("dialog", name="Add before prod")
    adding.get_by_role("checkbox", name="prod-eu").press("Space")
    adding.get_by_role("button", name="Add", exact=True).click()
    expect(chart(page).get_by_role("button", name="Arrow from prod-eu to prod")).to_be_attached()
    expect(chart(page).get_by_role("button", name="Arrow from qa to prod-eu")).to_be_attached()


def test_alt_and_arrows_change_the_order_of_the_text_and_of_parallel_environments(
    prepared_site: Site, signed_in: SignIn
) -> None:
    before = new_flow(prepared_site, "reordered")
    page = signed_in(prepared_site)
    open_flow(page, "reordered")

    def from_top() -> list[str]:
        at_rest(page)
        names = ("prod", "prod-eu", "prod-asia")
        return sorted(names, key=lambda name: (node(page, name).bounding_box() or {})["y"])

    assert from_top() == ["prod", "prod-eu", "prod-asia"]
    node(page, "prod-asia").click()
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowUp")
    assert from_top() == ["prod-asia", "prod", "prod-eu"]
    order = re.findall(r"environment: (\S+)", yaml_of(page))
    assert order == ["qa", "prod-asia", "prod", "prod-eu"]
    expect(node(page, "prod-asia")).to_be_focused()
    page.keyboard.press("ControlOrMeta+z")
    page.keyboard.press("ControlOrMeta+z")
    assert yaml_of(page) == before
    assert from_top() == ["prod", "prod-eu", "prod-asia"]


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_several_are_selected_by_key_though_the_view_goes_along(
    prepared_site: Site, signed_in: SignIn, motion: str
) -> None:
    name, size = f"out-of-sight-{motion}", {"width": 1024, "height": 768}
    page, _text = opened(prepared_site, signed_in, name, viewport=size, reduced_motion=motion)
    at_rest(page)
    node(page, "dev").click()
    for _ in range(8):
        chart(page).get_by_role("button", name="Zoom in").click()
    at_rest(page)
    chart(page).locator(".chart-canvas").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    expect(node(page, "dev")).to_be_focused()
    at_rest(page)
    page.keyboard.press("Shift+ArrowRight")
    expect(node(page, "qa")).to_be_focused()
    page.keyboard.press("Shift+ArrowRight")
    expect(chart(page).locator("[data-environment^=prod]:focus")).to_have_count(1)
    chart(page).get_by_role("button", name="Fit").click()
    expect(selected(page)).to_have_count(3)


def test_an_environment_that_never_came_keeps_no_other_from_its_keys(
    prepared_site: Site, signed_in: SignIn
) -> None:
    without = TEXT[: TEXT.index("    - environment: prod-asia")]
    page, before = opened(
        prepared_site, signed_in, "never-came", without, viewport={"width": 1024, "height": 768}
    )
    at_rest(page)
    # Added and undone before anything is drawn.
    palette_item(page, "prod-asia").evaluate(
        """button => {
          button.click();
          button.dispatchEvent(new KeyboardEvent("keydown", { key: "z", ctrlKey: true, bubbles: true }));
        }"""
    )
    node(page, "dev").click()
    expect_selected(page, "dev")
    box = chart(page).locator(".react-flow").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] - 30, box["y"] + 80)
    page.mouse.wheel(0, -1500)
    expect(node(page, "dev")).not_to_be_attached()
    page.mouse.wheel(0, 1500)
    expect(node(page, "dev")).to_be_focused()
    assert yaml_of(page) == before
