"""Who may see pages and who may act: nobody without signing in, a viewer everything and nothing."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD, VIEWER, SignIn, make_ready
from tests.browser.pages import node
from tests.faults.quick_start import PARALLEL, Site

pytestmark = pytest.mark.browser

PRODUCT = "/products/demo-trioapp/"
NEEDED = "You need the role {role} to {action}; your role is viewer."


@pytest.fixture(scope="module")
def release(people: Site) -> dict[str, str]:
    """A release that has ended badly, so that a page offers Retry."""
    make_ready(people)
    people.behave("demo-trioapp-eu", "--failure", "degraded", "--message", "ctrlr crashes")
    return people.wait_for_end(people.trigger()["id"])


def pages_with(release: dict[str, str]) -> dict[str, str]:
    """Path -> heading, of every page."""
    return {
        "/": "Home",
        "/environments/": "Environments",
        "/products/": "Products",
        PRODUCT: "demo-trioapp",
        f"{PRODUCT}releases/": "demo-trioapp",
        f"{PRODUCT}settings/": "demo-trioapp",
        release["url"]: "demo-trioapp",
        "/flows/": "Flows",
        "/flows/new/": "new-flow",
        f"/flows/{PARALLEL}/": PARALLEL,
    }


def test_visitors_are_sent_to_sign_in_from_every_page_and_come_back_to_it(
    people: Site, release: dict[str, str], browse: Callable[..., Page]
) -> None:
    page = browse(people)
    for path in [
        *pages_with(release),
        "/environments/new/",
        "/environments/applications/",
        "/flows/x/delete/",
    ]:
        page.goto(path)
        expect(page).to_have_url(re.compile(rf"/login/\?next={re.escape(path)}$"))
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        expect(page.get_by_text("demo-trioapp")).to_have_count(0)
    for path in ("/api/flows/", "/api/releases/", "/api/environments/", "/api/applications/"):
        assert page.request.get(path).status in {401, 403}
    page.goto("/admin/")
    expect(page).to_have_url(re.compile(r"/admin/login/"))

    page.goto(f"/flows/{PARALLEL}/")
    page.get_by_label("User name").fill(VIEWER)
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("do not match")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile(rf"/flows/{PARALLEL}/$"))


def test_a_viewer_sees_every_page(people: Site, release: dict[str, str], signed_in: SignIn) -> None:
    page = signed_in(people, VIEWER, PASSWORD)
    for path, heading in pages_with(release).items():
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200
        expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
        expect(page.get_by_role("link", name="Admin")).to_have_count(0)


def test_a_viewer_who_acts_is_told_the_role_that_it_takes(
    people: Site, release: dict[str, str], signed_in: SignIn
) -> None:
    page = signed_in(people, VIEWER, PASSWORD)
    for button, action in (
        ("Add environment", "add or change environments"),
        ("Add applications", "add applications"),
    ):
        page.goto("/environments/")
        page.get_by_role("main").get_by_role("button", name=button).first.click()
        dialog = page.get_by_role("dialog", name=button)
        expect(dialog).to_contain_text(NEEDED.format(role="promoter", action=action))

    page.goto("/environments/")
    page.get_by_role("button", name="prod-eu: more").click()
    page.get_by_role("menuitem", name="Delete environment").click()
    expect(page.get_by_role("alertdialog")).to_contain_text(
        NEEDED.format(role="administrator", action="delete environments")
    )

    page.goto(f"/flows/{PARALLEL}/")
    expect(node(page, "qa")).to_be_visible()
    page.get_by_role("button", name="Trigger", exact=True).click(force=True)
    expect(page.get_by_role("alert")).to_contain_text(
        NEEDED.format(role="promoter", action="trigger a release")
    )
    # The address of the dialog shows what a release would do, and no more.
    page.goto(f"/flows/{PARALLEL}/?trigger=1&product=demo-trioapp")
    dialog = page.get_by_role("dialog", name=re.compile("^Trigger "))
    expect(dialog.get_by_role("tab").first).to_be_visible()
    dialog.get_by_role("button", name=re.compile("^Trigger ")).click(force=True)
    expect(dialog.get_by_role("alert")).to_contain_text(
        NEEDED.format(role="promoter", action="trigger a release")
    )
    dialog.get_by_role("button", name="Cancel").click()
    page.get_by_role("complementary", name="Settings").get_by_label("Version").fill("9.9")
    page.get_by_role("button", name="Save", exact=True).click(force=True)
    expect(page.get_by_role("alert")).to_contain_text(
        NEEDED.format(role="promoter", action="save a promotion flow")
    )

    page.goto(release["url"])
    page.get_by_role("button", name="Retry", exact=True).click()
    confirm = page.get_by_role("alertdialog")
    confirm.get_by_role("button", name="Retry release").click()
    expect(confirm.get_by_role("alert")).to_contain_text(
        NEEDED.format(role="promoter", action="retry a release")
    )

    page.goto(f"{PRODUCT}settings/")
    expect(page.get_by_role("main")).to_contain_text(
        NEEDED.format(role="promoter", action="change a product")
    )
    assert people.client.get(f"flows/{PARALLEL}/").json()["manifest"].count("9.9") == 0
    assert people.release(release["id"])["status"] == "FAILED"
