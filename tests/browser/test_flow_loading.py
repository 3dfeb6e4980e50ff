"""What stands in the Flow Builder's place while its script does not come: never bars for ever."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import SignIn
from tests.browser.pages import node
from tests.faults.quick_start import PARALLEL, Site

pytestmark = pytest.mark.browser


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

    page.route(re.compile(r"/api/environments/(\?|$)"), hold)
    page.goto("/flows/multi-env-sequential-promotion/")
    node(page, "prod").focus()
    page.keyboard.press("a")
    menu = page.get_by_role("dialog", name="Add after prod")
    expect(menu).to_contain_text("Loading the environments…")
    for route in held:
        route.continue_()
    expect(menu).not_to_contain_text("Loading the environments…")
    expect(menu.get_by_role("checkbox").first).to_be_focused()
