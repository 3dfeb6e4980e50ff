"""Who is signed out while a page is open signs in in another tab, and goes on where the page stands."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from lockstep.bootstrap import ADMINISTRATOR
from tests.browser.builder import editor, opened, save, stored
from tests.browser.conftest import PASSWORD, SignIn
from tests.browser.pages import column, expect_live, expect_stayed, node, stay, yaml_of
from tests.faults.quick_start import Site

pytestmark = pytest.mark.browser


def sign_out_elsewhere(page: Page) -> None:
    """In another tab of the same browser."""
    other = page.context.new_page()
    other.goto("/")
    sign_out(other)
    other.close()
    page.bring_to_front()


def sign_out(page: Page) -> None:
    page.locator(".nav-foot .me").click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def sign_in_by(link: Locator) -> Page:
    """In the tab that the link opens, which is where it leads then."""
    with link.page.context.expect_page() as opening:
        link.click()
    other = opening.value
    other.get_by_label("User name").fill(ADMINISTRATOR)
    other.get_by_label("Password").fill(PASSWORD)
    other.get_by_role("button", name="Sign in").click()
    return other


@pytest.mark.parametrize("width", [1440, 1024])
def test_what_is_not_saved_in_the_builder_stays_and_is_saved_after_signing_in_again(
    prepared_site: Site, signed_in: SignIn, width: int
) -> None:
    name = f"signed-out-{width}"
    page, _ = opened(prepared_site, signed_in, name, viewport={"width": width, "height": 800})
    stay(page)
    editor(page).locator(".cm-line").last.click()
    page.keyboard.press("ControlOrMeta+End")
    page.keyboard.type("# written before\n")
    sign_out_elsewhere(page)
    said = page.get_by_role("status").filter(has_text="You are signed out.")
    expect(said).to_contain_text("Sign in again in a new tab, then go on here.")
    page.get_by_role("button", name="Try again now").click()
    save(page)
    refused = page.locator("#toasts .toast").filter(has_text="Not saved")
    expect(refused).to_contain_text("You are signed out. Sign in again in a new tab, then do this again.")
    expect(said).to_be_visible()

    other = sign_in_by(said.get_by_role("link", name="Sign in again"))
    expect(other).to_have_url(re.compile(rf"/flows/{name}/$"))
    expect(node(other, "qa")).to_be_visible()
    page.bring_to_front()
    save(page)
    expect(page.get_by_text(f"Saved {name}")).to_be_visible()
    # What was answered tells the rest of the page that it may try again.
    expect(said).to_be_hidden()
    assert "# written before" in yaml_of(page)
    assert stored(prepared_site, name) == yaml_of(page)
    expect_stayed(page)
    # A form of the page itself, made before the person signed in anew.
    sign_out(page)


def test_a_form_that_was_open_meanwhile_is_sent_after_signing_in_again(
    prepared_site: Site, signed_in: SignIn
) -> None:
    page = signed_in(prepared_site)
    page.goto("/environments/?q=none")
    expect_live(page)
    stay(page)
    page.get_by_role("main").get_by_role("button", name="Add environment").click()
    dialog = page.get_by_role("dialog", name="Add environment")
    dialog.get_by_label("Name", exact=True).fill("written-before")
    dialog.get_by_label("Cluster", exact=True).select_option("in-cluster")
    dialog.get_by_label("Namespaces").fill("written-before")
    sign_out_elsewhere(page)
    strip = page.locator("#stale-strip")
    expect(strip).to_contain_text("You are signed out. You see the state of")
    # The dialog lies over the page: its link is for whoever closes the dialog first.
    link = strip.get_by_role("link", name="Sign in again", include_hidden=True)
    expect(link).to_have_attribute("href", "/login/?next=%2Fenvironments%2F%3Fq%3Dnone")
    other = page.context.new_page()
    other.goto("/login/?next=%2Fenvironments%2F%3Fq%3Dnone")
    other.get_by_label("User name").fill(ADMINISTRATOR)
    other.get_by_label("Password").fill(PASSWORD)
    other.get_by_role("button", name="Sign in").click()
    expect(other).to_have_url(re.compile(r"/environments/\?q=none$"))
    page.bring_to_front()
    dialog.get_by_role("button", name="Add environment").click()
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="Reconnect now").click()
    expect(strip).to_be_hidden()
    expect_live(page)
    expect_stayed(page)
    # What a script of the page sends.
    for _ in range(2):
        with page.expect_response(re.compile("/preferences/$")) as kept:
            page.get_by_role("button", name="Fold navigation").click()
        assert kept.value.ok
    page.goto("/environments/")
    expect(column(page, "written-before")).to_be_visible()
    prepared_site.call("DELETE", "environments/written-before/")
