"""Deleting a flow from the Flow Builder: what is asked first, and what stands in its way."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.builder import describe, dismiss, new_flow, open_flow, opened
from tests.browser.conftest import SignIn
from tests.browser.pages import choose_more
from tests.faults.quick_start import Site

pytestmark = pytest.mark.browser


def test_deleting_asks_for_the_name_and_leaves_for_the_list(prepared_site: Site, signed_in: SignIn) -> None:
    page, _ = opened(prepared_site, signed_in, "goes-away")
    describe(page, "Never saved")
    choose_more(page, "Delete flow")
    dialog = page.get_by_role("alertdialog", name="Delete goes-away?")
    expect(dialog).to_contain_text("The flow and its 1 saved version go.")
    expect(dialog).to_contain_text("Your unsaved changes go with it.")
    expect(dialog.get_by_role("button", name="Keep the flow")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("button", name="More", exact=True)).to_be_focused()

    choose_more(page, "Delete flow")
    dialog.get_by_role("button", name="Delete flow").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Type goes-away to confirm.")
    assert prepared_site.client.get("flows/goes-away/").status_code == 200
    asked: list[str] = []
    page.on("dialog", lambda one: (asked.append(one.type), one.accept()))
    expect(dialog.get_by_role("textbox")).to_be_focused()
    page.keyboard.type("goes-away")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/flows/$"))
    dismiss(page, "goes-away was deleted")
    expect(page.get_by_role("link", name="goes-away")).to_have_count(0)
    assert asked == []
    assert prepared_site.client.get("flows/goes-away/").status_code == 404


def test_a_flow_that_a_product_uses_is_not_deleted_and_the_dialog_says_whose_it_is(
    prepared_site: Site, signed_in: SignIn
) -> None:
    new_flow(prepared_site, "in-use")
    prepared_site.call("POST", "products/", json={"name": "user-of-flow", "flows": [{"name": "in-use"}]})
    page = signed_in(prepared_site)
    open_flow(page, "in-use")
    choose_more(page, "Delete flow")
    dialog = page.get_by_role("alertdialog", name="Delete in-use?")
    expect(dialog).to_contain_text("user-of-flow uses it and stands in the way")
    dialog.get_by_role("textbox").fill("in-use")
    dialog.get_by_role("button", name="Delete flow").click()
    expect(dialog.get_by_role("alert")).to_contain_text("used by user-of-flow")
    prepared_site.call("DELETE", "products/user-of-flow/")
