"""The Flow Builder when the server no longer has the parts that an open page asks for later, as after an upgrade."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.builder import editor, new_flow, open_flow, settings, stored, told
from tests.browser.conftest import SignIn
from tests.browser.pages import choose_more, yaml_of
from tests.faults.quick_start import Site

pytestmark = pytest.mark.browser

NOT_LOADED = "This dialog could not be loaded"
CHANGED = "Changed before the upgrade"


def upgraded(page: Page, part: str) -> None:
    """What was built for the page before is gone from the server."""
    page.route(
        f"**/static/dist/assets/{part}-*.js", lambda route: route.fulfill(status=404, body="Not found")
    )


def test_a_dialog_that_is_gone_says_so_and_the_text_is_there_to_save(
    prepared_site: Site, signed_in: SignIn
) -> None:
    new_flow(prepared_site, "upgraded")
    page = signed_in(prepared_site)
    upgraded(page, "builder_dialogs")
    open_flow(page, "upgraded")
    settings(page).get_by_label("Description").fill(CHANGED)
    more = page.get_by_role("button", name="More", exact=True)
    choose_more(page, "History")
    dialog = page.get_by_role("dialog", name=NOT_LOADED)
    expect(dialog).to_contain_text("Your text is still in the editor.")
    expect(dialog.get_by_role("button", name="Go on editing")).to_be_focused()
    with page.expect_download() as download:
        dialog.get_by_role("button", name="Download YAML").click()
    assert download.value.suggested_filename == "upgraded.yaml"
    assert download.value.path().read_text() == yaml_of(page)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(more).to_be_focused()
    expect(editor(page)).to_contain_text(CHANGED)
    page.keyboard.press("ControlOrMeta+S")
    expect(page.get_by_text("Saved upgraded", exact=True)).to_be_visible()
    assert CHANGED in stored(prepared_site, "upgraded")

    choose_more(page, "History")
    expect(dialog).to_be_visible()
    page.unroute_all()
    dialog.get_by_role("button", name="Load the page again").click()
    expect(editor(page)).to_contain_text(CHANGED)
    choose_more(page, "History")
    expect(page.get_by_role("dialog", name="History of upgraded")).to_be_visible()


def test_a_dialog_that_did_not_come_is_asked_for_anew(prepared_site: Site, signed_in: SignIn) -> None:
    new_flow(prepared_site, "asked-anew")
    page = signed_in(prepared_site)
    upgraded(page, "builder_dialogs")
    open_flow(page, "asked-anew")
    choose_more(page, "Keys")
    dialog = page.get_by_role("dialog", name=NOT_LOADED)
    dialog.get_by_role("button", name="Go on editing").click()
    page.unroute_all()
    choose_more(page, "Keys")
    expect(page.get_by_role("dialog", name="Keys", exact=True)).to_be_visible()


def test_a_dialog_over_a_menu_that_is_gone_leads_back_to_the_menu(
    prepared_site: Site, signed_in: SignIn
) -> None:
    new_flow(prepared_site, "upgraded-menu")
    page = signed_in(prepared_site)
    upgraded(page, "new_environment_dialog")
    open_flow(page, "upgraded-menu")
    page.get_by_role("button", name="Add environments after qa", exact=True).click()
    page.get_by_role("button", name="Add new environment").click()
    dialog = page.get_by_role("dialog", name=NOT_LOADED)
    dialog.get_by_role("button", name="Go on editing").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("button", name="Add new environment")).to_be_visible()


def test_an_editor_without_its_aids_says_so_and_edits(prepared_site: Site, signed_in: SignIn) -> None:
    new_flow(prepared_site, "upgraded-editor")
    page = signed_in(prepared_site)
    upgraded(page, "aids")
    open_flow(page, "upgraded-editor")
    expect(told(page, "The editor works without completion and search")).to_be_visible()
    editor(page).locator(".cm-line").first.click()
    page.keyboard.type("# typed\n")
    expect(editor(page).locator(".cm-line").first).to_have_text(re.compile("# typed"))
