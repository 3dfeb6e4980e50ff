"""The release's page when something goes wrong: a region that is Degraded, a connection that is lost."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.pages import card, expect_live, expect_stayed, overall, stay
from tests.faults.quick_start import Site

pytestmark = pytest.mark.browser

CAUSE = "ctrlr exceeded its progress deadline"


def test_a_degraded_region_is_named_with_its_cause_and_the_way_out_and_retry_from_the_page_succeeds(
    site: Site, signed_in: SignIn
) -> None:
    site.behave("demo-trioapp-eu", "--failure", "degraded", "--message", CAUSE)
    page = signed_in(site)
    release = site.trigger()
    page.goto(release["url"])
    stay(page)

    expect(overall(page)).to_contain_text("Failed")
    expect(card(page, "prod-eu", "Failed")).to_contain_text(CAUSE)
    for name in ("qa", "prod", "prod-asia"):
        expect(card(page, name, "Succeeded")).to_be_visible()
    problem = page.locator("#release-problem").get_by_role("status")
    for words in ("prod-eu failed.", "demo-trioapp-eu is Degraded", CAUSE, "then retry"):
        expect(problem).to_contain_text(words)
    problem.get_by_role("link", name="Show the cause").click()
    panel = page.get_by_role("complementary", name="prod-eu")
    expect(panel.get_by_role("region", name="Cause")).to_contain_text(CAUSE)
    expect(panel.get_by_role("region", name="Cause")).to_contain_text("Retry goes on from the step")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()

    site.let_go("demo-trioapp-eu")
    page.get_by_role("button", name="Retry", exact=True).click()
    dialog = page.get_by_role("alertdialog", name=re.compile(r"^Retry release \d+\?$"))
    expect(dialog).to_contain_text("prod-eu goes on from the step that did not succeed")
    dialog.get_by_label("Reason").fill("ctrlr is mended")
    dialog.get_by_role("button", name="Retry release").click()
    expect(overall(page)).to_contain_text("Succeeded")
    expect(card(page, "prod-eu", "Succeeded")).to_be_visible()
    expect(problem).to_be_hidden()
    expect_stayed(page)
    site.assert_complete(site.release(release["id"]))


def test_the_page_says_that_it_is_stale_reconnects_and_catches_up(site: Site, signed_in: SignIn) -> None:
    site.hold("demo-trioapp-qa")
    page = signed_in(site)
    release = site.trigger()
    page.goto(release["url"])
    expect_live(page)
    stay(page)
    expect(card(page, "qa", "Running")).to_be_visible()

    strip = page.locator("#stale-strip")
    with site.without_web():
        expect(page.locator("#live-mark")).to_have_text(re.compile(r"^Stale since \d\d:\d\d:\d\d$"))
        expect(strip).to_contain_text("Connection lost. You see the state of")
        expect(strip.get_by_role("button", name="Reconnect now")).to_be_visible()
        expect(page.get_by_role("region", name="Flow")).to_contain_text("As of")
        site.let_go()

    expect_live(page)
    expect(strip).to_be_hidden()
    all_succeeded(page)
    expect_stayed(page)
    site.assert_complete(site.wait_for_end(release["id"]))


def all_succeeded(page: Page) -> None:
    expect(overall(page)).to_contain_text("Succeeded")
    expect(page.get_by_role("article", name=re.compile(": Succeeded$"))).to_have_count(5)
