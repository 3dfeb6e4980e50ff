"""What the builder says of a text or a try, and that it stops saying so once it is no longer the case."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.builder import (
    chart,
    editor,
    empty_page,
    new_flow,
    opened,
    palette_item,
    settings,
    told,
    yaml_pane,
)
from tests.browser.conftest import SignIn
from tests.browser.pages import node, write_yaml
from tests.faults.quick_start import PARALLEL, Site

pytestmark = pytest.mark.browser


def wrong(page: Page) -> Locator:
    """How many problems there are, beside the editor."""
    return yaml_pane(page).get_by_text(re.compile(r"^\d+ problems?$"))


def save_key(page: Page) -> None:
    page.keyboard.press("ControlOrMeta+S")


def test_a_new_flow_has_no_problems_before_it_is_begun_or_tried_to_be_saved(
    prepared_site: Site, signed_in: SignIn
) -> None:
    page = empty_page(signed_in(prepared_site))
    expect(yaml_pane(page)).to_contain_text("Nothing drawn or written yet")
    expect(wrong(page)).to_have_count(0)
    expect(editor(page).locator(".squig")).to_have_count(0)
    expect(page.get_by_role("button", name="Trigger", exact=True)).to_be_disabled()
    save_key(page)
    lacks = "spec.triggerEnvironment is empty. Name the environment that the promotion starts from."
    expect(told(page, lacks)).to_be_visible()
    expect(wrong(page)).to_have_text("2 problems")

    # Begun, it is judged as any other; and what was said first is settled.
    palette_item(page, "dev").click()
    expect(node(page, "dev")).to_be_visible()
    expect(wrong(page)).to_have_text("1 problem")
    expect(told(page, lacks)).to_be_hidden()


def test_a_message_about_a_text_that_cannot_be_read_goes_when_it_is_mended(
    prepared_site: Site, signed_in: SignIn
) -> None:
    page, text = opened(prepared_site, signed_in, "told-once")
    write_yaml(page, text.replace("triggerEnvironment: dev", "triggerEnvironment: dev: x"))
    expect(chart(page).get_by_role("button", name="Line 9 cannot be read.")).to_be_visible()
    node(page, "prod").click()
    page.keyboard.press("Delete")
    refused = told(page, "The text cannot be read at line 9")
    expect(refused).to_be_visible()
    save_key(page)
    of_line = told(page, "Line 9: ")
    expect(of_line).to_be_visible()
    write_yaml(page, text)
    expect(refused).to_be_hidden()
    expect(of_line).to_be_hidden()


def test_a_name_that_is_taken_is_told_where_it_is_written(prepared_site: Site, signed_in: SignIn) -> None:
    page, _ = opened(prepared_site, signed_in, "told-its-name")
    name = settings(page).get_by_label("Name", exact=True)
    name.fill(PARALLEL)
    expect(name).to_have_accessible_description(
        f"There is a flow named {PARALLEL} already. Choose another name."
    )
    expect(settings(page)).not_to_contain_text("A new name saves a new flow")
    name.fill("told-another-name")
    expect(name).to_have_accessible_description("A new name saves a new flow. told-its-name stays as it is.")
    name.fill("told-its-name")
    expect(name).not_to_have_attribute("aria-invalid", "true")


def test_a_new_flow_is_no_failure_where_another_one_has_its_first_name(
    prepared_site: Site, signed_in: SignIn
) -> None:
    new_flow(prepared_site, "new-flow")
    page = signed_in(prepared_site)
    with page.expect_response("**/api/flows/?limit=200"):
        empty_page(page)
    expect(page.get_by_role("heading", name="new-flow-2", level=1, exact=True)).to_be_visible()
    expect(settings(page).get_by_label("Name", exact=True)).to_have_value("new-flow-2")
    expect(settings(page)).not_to_contain_text("already")
    prepared_site.call("DELETE", "flows/new-flow/")


def test_where_every_environment_is_in_the_flow_there_is_none_to_add(
    prepared_site: Site, signed_in: SignIn
) -> None:
    page, _ = opened(prepared_site, signed_in, "told-of-all")
    page.route(
        "**/api/environments/*",
        lambda route: route.fulfill(json={"count": 0, "next": None, "previous": None, "results": []}),
    )
    page.reload()
    node(page, "prod").focus()
    node(page, "prod").press("a")
    add = page.get_by_role("dialog", name="Add after prod").get_by_role("button", name="Add", exact=True)
    expect(add).to_be_disabled()
    expect(add).to_have_accessible_description("Every environment is in this flow already.")
    add.click(force=True)
    expect(page.locator("#toasts .toast")).to_have_count(0)
