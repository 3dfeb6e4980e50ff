"""What stands in the Flow Builder's place while its script does not come, and in its menus while their lists do not."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import SignIn
from tests.browser.pages import node
from tests.faults.quick_start import PARALLEL, Site

pytestmark = pytest.mark.browser

ENVIRONMENTS = re.compile(r"/api/environments/(\?|$)")


def test_a_script_that_does_not_load_is_told_and_the_page_reloaded_by_its_button(
    prepared_site: Site, signed_in: SignIn
) -> None:
    page = signed_in(prepared_site)
    scripts = re.compile(r"/dist/assets/flow_builder[^/]*\.js$")
    page.route(scripts, lambda route: route.abort())
    page.goto(f"/flows/{PARALLEL}/")
    message = page.get_by_role("alert").filter(has_text="The Flow Builder did not load")
    expect(message).to_be_visible()
    expect(page.locator("#flow-builder .skel").first).to_be_hidden()
    page.unroute(scripts)
    message.get_by_role("button", name="Reload the page").click()
    expect(node(page, "qa")).to_be_visible()
    expect(message).to_have_count(0)


def test_without_scripts_the_page_says_what_it_needs(prepared_site: Site, signed_in: SignIn) -> None:
    page = signed_in(prepared_site, java_script_enabled=False)
    page.goto(f"/flows/{PARALLEL}/")
    expect(page.get_by_role("heading", name="The Flow Builder needs scripts")).to_be_visible()
    expect(page.locator("#flow-builder .skel").first).to_be_hidden()


def test_a_menu_that_was_opened_before_the_environments_came_goes_on_with_them(
    prepared_site: Site, signed_in: SignIn
) -> None:
    page = signed_in(prepared_site)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(ENVIRONMENTS, hold)
    page.goto("/flows/multi-env-sequential-promotion/")
    node(page, "prod").focus()
    page.keyboard.press("a")
    menu = page.get_by_role("dialog", name="Add after prod")
    expect(menu).to_contain_text("Loading the environments…")
    for route in held:
        route.continue_()
    expect(menu).not_to_contain_text("Loading the environments…")
    expect(menu.get_by_role("checkbox").first).to_be_focused()


def test_when_the_list_comes_the_keys_stay_where_a_person_went_meanwhile(
    prepared_site: Site, signed_in: SignIn
) -> None:
    page = signed_in(prepared_site)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(ENVIRONMENTS, hold)
    page.goto("/flows/multi-env-sequential-promotion/")
    node(page, "prod").focus()
    page.keyboard.press("a")
    menu = page.get_by_role("dialog", name="Add after prod")
    cancel = menu.get_by_role("button", name="Cancel")
    expect(menu.get_by_role("button", name="Add new environment")).to_be_focused()
    page.keyboard.press("Tab")
    expect(cancel).to_be_focused()
    for route in held:
        route.continue_()
    expect(menu.get_by_role("checkbox").first).to_be_visible()
    expect(cancel).to_be_focused()


def test_the_keys_go_on_to_the_list_that_came_at_another_try(prepared_site: Site, signed_in: SignIn) -> None:
    page = signed_in(prepared_site)
    page.route(ENVIRONMENTS, lambda route: route.fulfill(status=503))
    page.goto("/flows/multi-env-sequential-promotion/")
    node(page, "prod").focus()
    page.keyboard.press("a")
    menu = page.get_by_role("dialog", name="Add after prod")
    expect(menu.get_by_role("button", name="Try again")).to_be_visible()
    page.unroute(ENVIRONMENTS)
    menu.get_by_role("button", name="Try again").focus()
    page.keyboard.press("Enter")
    expect(menu.get_by_role("checkbox").first).to_be_focused()


# The widths of an open menu, frame by frame, after what it holds has grown.
WIDTHS = """async () => {
  const menu = document.querySelector(".popover.floating");
  const more = document.createElement("p");
  more.textContent = "more ".repeat(20);
  menu.append(more);
  const widths = [];
  for (let frame = 0; frame < 8; frame += 1) {
    await new Promise(requestAnimationFrame);
    widths.push(menu.offsetWidth);
  }
  return widths;
}"""


def test_a_menu_at_the_right_edge_that_grows_has_its_width_at_once(
    prepared_site: Site, signed_in: SignIn
) -> None:
    page = signed_in(prepared_site)
    page.goto(f"/flows/{PARALLEL}/")
    expect(node(page, "qa")).to_be_visible()
    page.get_by_role("button", name="More", exact=True).click()
    menu = page.locator(".popover.floating")
    expect(menu).to_be_visible()
    assert len(set(page.evaluate(WIDTHS))) == 1
    box = menu.bounding_box()
    assert box is not None and box["x"] >= 8
    # A part of a pixel is no gap.
    assert box["x"] + box["width"] < page.evaluate("innerWidth") - 7
