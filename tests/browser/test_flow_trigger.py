"""The trigger dialog: what it shows is always of the product that is chosen."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Route, expect

from tests.browser.builder import TEXT, chart, opened, settings
from tests.browser.conftest import SignIn
from tests.browser.pages import trigger
from tests.faults.quick_start import Site

pytestmark = pytest.mark.browser

PRODUCT = "demo-trioapp"
OTHER = "another-product"


@pytest.fixture
def two_products(prepared_site: Site) -> Site:
    if prepared_site.client.get(f"products/{OTHER}/").status_code == 404:
        prepared_site.call("POST", "products/", json={"name": OTHER})
    return prepared_site


def test_nothing_of_another_product_is_shown_where_the_chosen_ones_cannot_be_read(
    two_products: Site, signed_in: SignIn
) -> None:
    page, _ = opened(two_products, signed_in, "of-two-products")
    dialog = trigger(page, product=PRODUCT, application="demo-trioapp-dev")
    page.route(re.compile(rf"/api/applications/\?product={OTHER}"), lambda route: route.fulfill(status=503))
    dialog.get_by_label("Product").select_option(OTHER)
    expect(dialog.locator(".error-text")).to_be_visible()
    expect(dialog.get_by_role("tab")).to_have_count(0)
    expect(dialog.get_by_label("Application in dev").get_by_role("option")).to_have_text(["None"])
    dialog.get_by_role("button", name="Trigger", exact=True).click()
    expect(dialog.get_by_role("alert")).not_to_contain_text("has no application")


def test_applications_on_their_way_are_not_said_to_be_missing(two_products: Site, signed_in: SignIn) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page, _ = opened(two_products, signed_in, "of-slow-applications")
    page.route(re.compile(r"/api/applications/\?"), hold)
    page.get_by_role("button", name="Trigger", exact=True).click()
    dialog = page.get_by_role("dialog", name="Trigger of-slow-applications")
    dialog.get_by_label("Product").select_option(PRODUCT)
    expect(dialog.get_by_text("Loading")).to_be_visible()
    dialog.get_by_role("button", name="Trigger", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("not there yet")
    for route in held:
        route.continue_()
    expect(dialog.get_by_role("tab").first).to_be_visible()


def test_a_preview_that_failed_leaves_none_of_another_product(two_products: Site, signed_in: SignIn) -> None:
    page, _ = opened(two_products, signed_in, "of-a-failed-preview")
    dialog = trigger(page, product=PRODUCT, application="demo-trioapp-dev")
    applications = page.request.get(f"/api/applications/?product={PRODUCT}").json()
    page.route(
        re.compile(rf"/api/applications/\?product={OTHER}"), lambda route: route.fulfill(json=applications)
    )
    page.route(re.compile(r"/preview/$"), lambda route: route.fulfill(status=503))
    dialog.get_by_label("Product").select_option(OTHER)
    expect(dialog.get_by_role("alert")).to_be_visible()
    expect(dialog.get_by_role("tab")).to_have_count(0)


def test_a_flow_that_cannot_run_says_all_of_why_and_its_button_does_too(
    prepared_site: Site, signed_in: SignIn
) -> None:
    text = TEXT.replace("codefresh.io/v1beta1", "lockstep.dev/v1").replace(
        "spec:\n", "spec:\n  onFailure: revert\n"
    )
    text = text.replace("environment: qa\n", "environment: qa\n      hooks: {onFail: page-oncall}\n")
    page, _ = opened(prepared_site, signed_in, "cannot-be-run", text)
    failing = settings(page).get_by_label("When an environment fails")
    expect(failing).to_have_accessible_description(re.compile("cannot put anything back yet"))
    dialog = trigger(page, product=PRODUCT, application="demo-trioapp-dev")
    button = dialog.get_by_role("button", name="Trigger 4 environments")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    for _ in range(2):
        expect(button).to_be_disabled()
        expect(button).to_have_accessible_description(
            re.compile(
                r'^This version cannot run onFailure: revert \("Put .* 1 more problem is in the way\.$'
            )
        )
        expect(dialog.get_by_role("alert")).to_have_count(2)
        expect(dialog.get_by_role("alert").first).to_contain_text('"Cancel what runs" (halt)')
        expect(dialog.get_by_role("alert").last).to_contain_text(
            'hooks.onFail ("Environment hooks: On fail")'
        )
        expect(dialog).not_to_contain_text("postTrigger")
        button.click(force=True)
    assert not [url for url in sent if url.endswith("/trigger/")]


STARTING = "The release is being started."


def test_a_release_that_is_being_started_cannot_be_cancelled_and_is_then_shown(
    site: Site, signed_in: SignIn
) -> None:
    page, _ = opened(site, signed_in, "slowly-started")
    dialog = trigger(page, product=PRODUCT, application="demo-trioapp-dev")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile(r"/trigger/$"), hold)
    with page.expect_request(re.compile(r"/trigger/$")):
        dialog.get_by_role("button", name=re.compile("^Trigger ")).click()
    for name in ("Cancel", "Close"):
        button = dialog.get_by_role("button", name=name)
        expect(button).to_be_disabled()
        expect(button).to_have_accessible_description(STARTING)
        button.click(force=True)
    expect(dialog.locator(".foot-words")).to_have_text(STARTING)
    # Beside the dialog, where the focus is nowhere afterwards.
    page.mouse.click(5, 5)
    for _ in range(3):
        page.keyboard.press("Escape")
    expect(dialog.get_by_role("status").filter(has_text=STARTING)).to_be_attached()
    expect(dialog).to_be_visible()
    for route in held:
        route.continue_()
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("region", name=re.compile(r"^Release \d+ of "))).to_be_visible()
    expect(chart(page)).to_be_visible()


def test_a_lost_answer_is_told_and_the_next_press_starts_no_second_release(
    site: Site, signed_in: SignIn
) -> None:
    page, _ = opened(site, signed_in, "answer-lost")
    dialog = trigger(page, product=PRODUCT, application="demo-trioapp-dev")
    press = dialog.get_by_role("button", name=re.compile("^Trigger "))
    keys: list[str] = []

    def lose(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        # Of the last one it is the answer alone.
        if len(keys) == 3:
            route.fetch()
        route.abort()

    page.route(re.compile(r"/trigger/$"), lose)
    for _ in range(2):
        press.click()
        expect(dialog.get_by_role("alert")).to_contain_text("the release may have been started")
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        trigger(page, product=PRODUCT, application="demo-trioapp-dev")
    press.click()
    expect(dialog.get_by_role("alert")).to_contain_text("the release may have been started")
    page.unroute(re.compile(r"/trigger/$"), lose)
    with page.expect_request(re.compile(r"/trigger/$")) as sent:
        press.click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("region", name=re.compile(r"^Release \d+ of "))).to_be_visible()
    assert {*keys, sent.value.headers["idempotency-key"]} == {keys[0]}
    releases = site.call("GET", "releases/?flow=answer-lost")["results"]
    assert len([one for one in releases if one["flow"] == "answer-lost"]) == 1


def test_a_product_without_an_application_where_the_flow_starts_says_so_at_once(
    two_products: Site, signed_in: SignIn
) -> None:
    page, _ = opened(two_products, signed_in, "of-no-application")
    page.get_by_role("button", name="Trigger", exact=True).click()
    dialog = page.get_by_role("dialog", name="Trigger of-no-application")
    dialog.get_by_label("Product").select_option(OTHER)
    pane = dialog.get_by_role("tabpanel")
    expect(pane.get_by_role("heading")).to_have_text(f"{OTHER} has no application in dev")
    pane.get_by_role("link", name="Assign one to it").click()
    expect(page).to_have_url(re.compile(rf"/products/{OTHER}/settings/$"))
    expect(page.get_by_role("heading", name=OTHER).first).to_be_visible()
