"""Two people have one flow open: the one hears what the other saves, looks at it, and goes on from it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, WebSocketRoute, expect

from tests.browser.builder import (
    DESCRIBED,
    YAML,
    describe,
    dismiss,
    editor,
    new_flow,
    open_flow,
    opened,
    put,
    save,
    settings,
    stored,
)
from tests.browser.conftest import COLLEAGUE, PASSWORD, SignIn
from tests.browser.pages import choose_more, expect_stayed, stay, yaml_of
from tests.faults.quick_start import Site

pytestmark = pytest.mark.browser

# Whoever hears of a save, also of an own one, asks whose it was.
NEWEST = re.compile(r"/revisions/\?limit=1$")
SAVE_AS_NEW = "Save as a new flow…"


def only_saving_as_new_is_offered(page: Page, why: str) -> Locator:
    """By the bar, its key and its menu; returns the question that saving asks then."""
    bar = page.get_by_role("main")
    expect(bar.get_by_role("button", name="Save", exact=True)).to_be_hidden()
    more = bar.get_by_role("button", name="More", exact=True)
    more.click()
    for name in ("Save and trigger", "History", "Duplicate", "Delete flow"):
        item = page.get_by_role("menuitem", name=name)
        expect(item).to_be_disabled()
        expect(item).to_have_accessible_description(why)
    for name in ("Save as…", "Download YAML"):
        expect(page.get_by_role("menuitem", name=name)).to_be_enabled()
    page.keyboard.press("Escape")
    for name in ("Save and trigger", "History", "Duplicate", "Delete flow"):
        choose_more(page, name, refused=True)
        dismiss(page, why)
        expect(page.get_by_role("dialog")).to_have_count(0)
    dialog = page.get_by_role("dialog", name="Save as ")
    asks: tuple[Callable[[], None], ...] = (
        lambda: bar.locator(".topbar").get_by_role("button", name=SAVE_AS_NEW).click(),
        lambda: page.keyboard.press("ControlOrMeta+Shift+S"),
        lambda: page.keyboard.press("ControlOrMeta+S"),
    )
    for ask in asks:
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        ask()
        expect(dialog.get_by_role("button", name="Save as new flow")).to_be_visible()
        # There is nothing there that could be renamed.
        expect(dialog.get_by_role("radio")).to_have_count(0)
        expect(dialog.get_by_label("Name")).to_be_focused()
        expect(dialog).not_to_contain_text("Choose another one")
    return dialog


def test_a_save_of_somebody_else_is_told_and_used_or_held_against_what_is_unsaved(
    people: Site, signed_in: SignIn
) -> None:
    new_flow(people, "shared")
    page = signed_in(people)
    colleague = signed_in(people, COLLEAGUE, PASSWORD)
    for one in (page, colleague):
        open_flow(one, "shared")
    stay(page)
    strip = page.get_by_role("region", name="Another save")
    describe(colleague, "Saved by a colleague")
    settings(colleague).get_by_label("Version").fill("1.3")
    with colleague.expect_response(NEWEST):
        save(colleague)
    expect(colleague.get_by_text("Saved shared")).to_be_visible()
    expect(strip).to_contain_text(
        re.compile(f"{COLLEAGUE} saved 1.3 at .*, which is newer than what you see")
    )
    expect(colleague.get_by_role("region", name="Another save")).to_be_hidden()

    strip.get_by_role("button", name="Compare").click()
    dialog = page.get_by_role("dialog", name=f"{COLLEAGUE} saved shared meanwhile")
    expect(dialog).to_contain_text("Nothing is unsaved here")
    expect(dialog.get_by_role("region", name=COLLEAGUE).locator(".ins")).to_have_count(2)
    expect(dialog.get_by_role("region", name="Mine").locator(".ins, .rem")).to_have_count(0)
    page.keyboard.press("Escape")
    strip.get_by_role("button", name="Use theirs").click()
    expect(strip).to_be_hidden()
    expect(editor(page)).to_contain_text("Saved by a colleague")
    expect(page.get_by_text("Not saved", exact=True)).to_be_hidden()

    settings(page).get_by_label("Timeout").fill("90")
    describe(colleague, "Saved once more")
    save(colleague)
    expect(strip).to_be_visible()
    expect(strip.get_by_role("button", name="Use theirs")).to_be_hidden()
    strip.get_by_role("button", name="Compare").click()
    dialog.get_by_role("button", name="Merge both").click()
    expect(strip).to_be_hidden()
    assert "Saved once more" in yaml_of(page)
    with page.expect_response(NEWEST):
        save(page)
    expect(page.get_by_text("Saved shared")).to_be_visible()
    expect(strip).to_be_hidden()
    expect(colleague.get_by_role("region", name="Another save")).to_contain_text("admin saved 1.3 at ")
    expect_stayed(page)


def test_what_is_written_while_theirs_comes_is_not_overwritten(people: Site, signed_in: SignIn) -> None:
    new_flow(people, "slow")
    page = signed_in(people)
    colleague = signed_in(people, COLLEAGUE, PASSWORD)
    for one in (page, colleague):
        open_flow(one, "slow")
    describe(colleague, "Saved by a colleague")
    save(colleague)
    strip = page.get_by_role("region", name="Another save")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile(r"/revisions/\d+/$"), hold)
    with page.expect_request(re.compile(r"/revisions/\d+/$")):
        strip.get_by_role("button", name="Use theirs").click()
    settings(page).get_by_label("Timeout").fill("90")
    mine = yaml_of(page)
    for route in held:
        route.continue_()
    dialog = page.get_by_role("dialog", name=f"{COLLEAGUE} saved slow meanwhile")
    expect(dialog).to_contain_text("touch different lines")
    page.keyboard.press("Escape")
    assert yaml_of(page) == mine


def test_a_rename_by_somebody_else_is_told_with_the_way_there(people: Site, signed_in: SignIn) -> None:
    text = new_flow(people, "before")
    page = signed_in(people)
    open_flow(page, "before")
    stay(page)
    renamed = text.replace("name: before", "name: behind-another-name")
    etag = people.client.get("flows/before/").json()["etag"]
    people.call(
        "PUT",
        "flows/behind-another-name/?renameFrom=before",
        content=renamed.encode(),
        headers={**YAML, "If-Match": f'"{etag}"'},
    )
    strip = page.get_by_role("region", name="The flow is gone")
    expect(strip).to_contain_text(
        "before was given another name: behind-another-name. Your text is still here."
    )
    assert yaml_of(page) == text
    dialog = only_saving_as_new_is_offered(
        page, "before was given another name: behind-another-name. Save your text as a new flow to go on."
    )
    dialog.get_by_label("Name").fill("behind-another-name")
    expect(dialog).to_contain_text("There is a flow named behind-another-name already")
    page.keyboard.press("Escape")
    expect_stayed(page)
    strip.get_by_role("link", name="Open behind-another-name").click()
    expect(page.get_by_role("heading", name="behind-another-name", level=1)).to_be_visible()
    expect(strip).to_be_hidden()


def test_after_a_deletion_by_somebody_else_the_text_is_kept_and_saved_anew(
    people: Site, signed_in: SignIn
) -> None:
    new_flow(people, "short-lived")
    page = signed_in(people)
    open_flow(page, "short-lived")
    stay(page)
    describe(page, "Written before it was gone")
    people.call("DELETE", "flows/short-lived/")
    strip = page.get_by_role("region", name="The flow is gone")
    expect(strip).to_contain_text("short-lived was deleted. Your text is still here.")
    expect(strip.get_by_role("link")).to_have_count(0)
    start = page.get_by_role("button", name="Trigger", exact=True)
    expect(start).to_be_disabled()
    expect(start).to_have_accessible_description(
        "short-lived was deleted. Save your text as a new flow to trigger it."
    )
    start.click(force=True)
    dismiss(page, "Save your text as a new flow to trigger it.")
    expect(page.get_by_role("dialog")).to_have_count(0)
    gone = "short-lived was deleted. Save your text as a new flow to go on."
    dialog = only_saving_as_new_is_offered(page, gone)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    strip.get_by_role("button", name=SAVE_AS_NEW).click()
    expect(dialog.get_by_label("Name")).to_have_value("short-lived")
    expect(dialog.get_by_label("Name")).to_be_focused()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile(r"/api/flows/short-lived/$"), hold)
    with page.expect_request(re.compile(r"/api/flows/short-lived/$")):
        page.keyboard.press("Enter")
    # While it is saved, too, there is nothing that has the name already, or that could be renamed.
    expect(dialog.get_by_role("button", name="Save as new flow")).to_have_attribute("aria-busy", "true")
    expect(dialog.get_by_role("radio")).to_have_count(0)
    expect(dialog).not_to_contain_text("Choose another one")
    expect(strip).to_be_visible()
    for route in held:
        route.continue_()
    expect(page.get_by_text("Saved short-lived")).to_be_visible()
    expect(dialog).to_be_hidden()
    expect(strip).to_be_hidden()
    expect(start).to_be_enabled()
    expect(page.get_by_role("main").get_by_role("button", name="Save", exact=True)).to_be_visible()
    assert "Written before it was gone" in stored(people, "short-lived")
    expect_stayed(page)


def test_taking_what_somebody_saved_before_the_deletion_does_not_change_what_is_said_of_it(
    people: Site, signed_in: SignIn
) -> None:
    text = new_flow(people, "taken-and-gone")
    page = signed_in(people)
    open_flow(page, "taken-and-gone")
    describe(page, "Mine")
    save(page)
    last_saved = page.get_by_text(re.compile(r"^Saved \d\d:\d\d"))
    expect(last_saved).to_be_visible()
    describe(page, "Mine once more")
    put(people, "taken-and-gone", text.replace(DESCRIBED, "Theirs"))
    page.get_by_role("region", name="Another save").get_by_role("button", name="Compare").click()
    take = page.get_by_role("dialog").get_by_role("button", name="Take theirs")
    expect(take).to_be_visible()
    people.call("DELETE", "flows/taken-and-gone/")
    strip = page.locator("section[aria-label='The flow is gone']")
    words = "taken-and-gone was deleted. Your text is still here."
    expect(strip).to_contain_text(words)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    take.click()
    expect(editor(page)).to_contain_text("Theirs")
    expect(page.locator(".topbar").get_by_role("button", name=SAVE_AS_NEW)).to_be_visible()
    # Saved it is not any more, and nothing is asked that would make less of what is known.
    expect(last_saved).to_be_hidden()
    assert not [url for url in asked if "/revisions/" in url]
    expect(strip).to_contain_text(words)


def test_a_flow_saved_anew_is_there_although_the_feed_has_not_said_so_yet(
    people: Site, signed_in: SignIn
) -> None:
    new_flow(people, "brought-back")
    page = signed_in(people)
    muted = False

    def pass_on(ours: WebSocketRoute) -> None:
        theirs = ours.connect_to_server()
        theirs.on_message(lambda message: None if muted else ours.send(message))

    page.route_web_socket(re.compile("/ws/flows/"), pass_on)
    open_flow(page, "brought-back")
    people.call("DELETE", "flows/brought-back/")
    strip = page.get_by_role("region", name="The flow is gone")
    expect(strip).to_be_visible()
    muted = True
    strip.get_by_role("button", name=SAVE_AS_NEW).click()
    page.get_by_role("dialog", name="Save as ").get_by_role("button", name="Save as new flow").click()
    expect(page.get_by_text("Saved brought-back")).to_be_visible()
    expect(strip).to_be_hidden(timeout=3000)
    expect(page.get_by_role("button", name="Trigger", exact=True)).to_be_enabled()


def test_a_check_that_failed_is_no_message_any_more_once_one_succeeds(
    prepared_site: Site, signed_in: SignIn
) -> None:
    page, _ = opened(prepared_site, signed_in, "checked-again")
    unread = page.get_by_role("alert").filter(has_text="Whether somebody else saved this flow cannot be read")
    page.route(NEWEST, lambda route: route.fulfill(status=503))
    describe(page, "Checked in vain")
    save(page)
    expect(unread).to_be_visible()
    page.unroute(NEWEST)
    describe(page, "Checked")
    with page.expect_response(NEWEST):
        save(page)
    expect(unread).to_be_hidden()
    page.route(NEWEST, lambda route: route.fulfill(status=503))
    describe(page, "Checked in vain once more")
    save(page)
    expect(unread).to_be_visible()
    # Of a flow that is gone there is nothing to check.
    prepared_site.call("DELETE", "flows/checked-again/")
    expect(page.get_by_role("region", name="The flow is gone")).to_be_visible()
    expect(unread).to_be_hidden()
