"""The Flow Builder's file: saved under names, raised in version, discarded, duplicated, and who may do so."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, Locator, Page, Route, expect

from tests.browser.builder import (
    DESCRIBED,
    TEXT,
    describe,
    dismiss,
    editor,
    is_saved_as,
    new_flow,
    open_flow,
    opened,
    put,
    save,
    settings,
    stored,
    tab_to,
)
from tests.browser.conftest import PASSWORD, VIEWER, SignIn
from tests.browser.pages import choose_more, write_yaml, yaml_of
from tests.faults.quick_start import PARALLEL, Site
from tests.lockstep.installation import PATIENCE, wait_until

pytestmark = pytest.mark.browser


# -- names


def test_save_as_asks_for_a_name_says_when_it_is_taken_and_goes_on_with_the_new_flow(
    prepared_site: Site, signed_in: SignIn
) -> None:
    page, before = opened(prepared_site, signed_in, "as-old")
    describe(page, "Saved under another name")
    page.keyboard.press("ControlOrMeta+Shift+S")
    dialog = page.get_by_role("dialog", name=re.compile("^Save as "))
    name = dialog.get_by_role("textbox", name="Name")
    expect(name).to_be_focused()
    expect(name).to_have_value("as-old-copy")
    name.fill(PARALLEL)
    expect(dialog).to_contain_text(f"There is a flow named {PARALLEL} already. Choose another name.")
    page.keyboard.press("Enter")
    expect(name).to_be_focused()
    name.fill("As New")
    expect(dialog).to_contain_text("use lower-case letters")
    name.fill("as-new")
    page.keyboard.press("Enter")
    dismiss(page, "Saved as-new")
    expect(dialog).to_be_hidden()
    is_saved_as(page, "as-new")
    assert stored(prepared_site, "as-old") == before
    described = before.replace(DESCRIBED, "Saved under another name")
    assert stored(prepared_site, "as-new") == described.replace("name: as-old", "name: as-new")


def test_a_name_that_somebody_took_meanwhile_is_told_and_the_text_keeps_its_name(
    prepared_site: Site, signed_in: SignIn
) -> None:
    page, _ = opened(prepared_site, signed_in, "as-mine")
    # The names that are taken are known before the other one comes.
    with page.expect_response("**/api/flows/?limit=200"):
        choose_more(page, "Save as…")
    dialog = page.get_by_role("dialog", name=re.compile("^Save as "))
    new_flow(prepared_site, "as-theirs", TEXT.replace(DESCRIBED, "Theirs"))
    dialog.get_by_role("textbox", name="Name").fill("as-theirs")
    dialog.get_by_role("button", name="Save as new flow").click()
    expect(dialog.get_by_role("alert")).to_contain_text("There is a flow named as-theirs already")
    page.keyboard.press("Escape")
    assert "name: as-mine" in yaml_of(page)
    expect(page.get_by_role("button", name="More", exact=True)).to_be_focused()


def test_renaming_moves_the_flow_with_its_history(prepared_site: Site, signed_in: SignIn) -> None:
    page, _ = opened(prepared_site, signed_in, "name-before")
    choose_more(page, "Save as…")
    dialog = page.get_by_role("dialog", name=re.compile("^Save as "))
    dialog.get_by_role("textbox", name="Name").fill("name-after")
    dialog.get_by_role("radio", name="Rename name-before").check()
    dialog.get_by_role("button", name="Rename flow").click()
    dismiss(page, "Renamed to name-after")
    is_saved_as(page, "name-after")
    assert prepared_site.client.get("flows/name-before/").status_code == 404
    assert len(prepared_site.call("GET", "flows/name-after/revisions/")["results"]) == 2


def test_the_first_save_of_a_new_flow_is_what_a_reload_shows(prepared_site: Site, signed_in: SignIn) -> None:
    page = signed_in(prepared_site)
    page.goto("/flows/new/")
    expect(editor(page)).to_contain_text("new-flow")
    write_yaml(page, TEXT.replace(f"name: {PARALLEL}", "name: saved-first"))
    save(page)
    dismiss(page, "Saved saved-first")
    is_saved_as(page, "saved-first")


def test_a_flow_is_duplicated_from_its_menu(prepared_site: Site, signed_in: SignIn) -> None:
    page, before = opened(prepared_site, signed_in, "twin")
    choose_more(page, "Duplicate")
    expect(page.get_by_role("heading", name="twin-copy", level=1)).to_be_visible()
    expect(page).to_have_url(re.compile(r"/flows/new/\?from=twin$"))
    expect(page.get_by_role("region", name="YAML")).to_contain_text("No problems")
    save(page)
    dismiss(page, "Saved twin-copy")
    is_saved_as(page, "twin-copy")
    assert stored(prepared_site, "twin") == before


# -- the version


def test_the_version_is_raised_by_menu_and_beside_its_field(prepared_site: Site, signed_in: SignIn) -> None:
    page, _ = opened(prepared_site, signed_in, "raised")
    page.get_by_role("button", name="More", exact=True).press("Enter")
    expect(page.get_by_role("menuitem", name="Save as…")).to_be_focused()
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitem", name="Raise version to 1.01")).to_be_focused()
    page.keyboard.press("Enter")
    expect(editor(page)).to_contain_text('version: "1.01"')
    expect(page.get_by_role("button", name="More", exact=True)).to_be_focused()
    settings(page).get_by_role("button", name="Raise to 1.02").press("Enter")
    expect(settings(page).get_by_label("Version")).to_have_value("1.02")
    save(page)
    dismiss(page, "Saved raised")
    assert 'version: "1.02"' in stored(prepared_site, "raised")
    page.keyboard.press("ControlOrMeta+Z")
    expect(editor(page)).to_contain_text('version: "1.01"')


# -- what is not saved


def test_discarded_changes_come_back_by_undo(prepared_site: Site, signed_in: SignIn) -> None:
    page, before = opened(prepared_site, signed_in, "discarded")
    describe(page, "To be discarded")
    choose_more(page, "Discard changes")
    expect(editor(page)).to_contain_text(DESCRIBED)
    assert yaml_of(page) == before
    expect(page.get_by_text("Not saved", exact=True)).to_be_hidden()
    page.keyboard.press("ControlOrMeta+Z")
    expect(editor(page)).to_contain_text("To be discarded")


LEAVING: dict[str, Callable[[Page], None]] = {
    "reload": lambda page: page.evaluate("window.location.reload()"),
    "link": lambda page: page.get_by_role("link", name="Environments").click(no_wait_after=True),
    "duplicate": lambda page: choose_more(page, "Duplicate"),
}


@pytest.mark.parametrize("way", LEAVING)
def test_leaving_with_unsaved_changes_is_asked_about(
    prepared_site: Site, signed_in: SignIn, way: str
) -> None:
    page = signed_in(prepared_site)
    open_flow(page, PARALLEL)
    settings(page).get_by_label("Description").click()
    page.keyboard.type("Not to be lost ")
    asked: list[str] = []

    def stay_here(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay_here)
    with page.expect_event("dialog"):
        LEAVING[way](page)
    assert asked == ["beforeunload"]
    assert "Not to be lost" in yaml_of(page)
    expect(page).to_have_url(re.compile(rf"/flows/{PARALLEL}/$"))

    choose_more(page, "Discard changes")
    page.goto("/environments/")
    expect(page.get_by_role("heading", name="Environments", level=1)).to_be_visible()
    assert asked == ["beforeunload"]


# -- a save that takes its time


class Held:
    """Saves of a flow that do not reach the server before they are let go."""

    def __init__(self, page: Page, name: str) -> None:
        self._routes: list[Route] = []
        self.sent: list[str] = []
        page.route(re.compile(rf"/api/flows/{name}/$"), self._hold)

    def _hold(self, route: Route) -> None:
        if route.request.method != "PUT":
            return route.continue_()
        self.sent.append(route.request.post_data or "")
        self._routes.append(route)
        return None

    def let_go(self) -> None:
        self._routes.pop(0).continue_()


ASKING: dict[str, Callable[[Page], None]] = {
    "key": lambda page: page.keyboard.press("ControlOrMeta+S"),
    "button": save,
}


@pytest.mark.parametrize("way", ASKING)
def test_what_is_written_during_a_save_is_saved_after_it_and_only_then_told(
    prepared_site: Site, signed_in: SignIn, way: str
) -> None:
    name = f"slow-save-{way}"
    page, _ = opened(prepared_site, signed_in, name)
    held = Held(page, name)
    describe(page, "First")
    with page.expect_request(lambda request: request.method == "PUT"):
        ASKING[way](page)
    describe(page, "Second")
    ASKING[way](page)
    describe(page, "Third")
    ASKING[way](page)
    assert len(held.sent) == 1
    with page.expect_request(lambda request: request.method == "PUT"):
        held.let_go()
    expect(page.get_by_text("Not saved", exact=True)).to_be_visible()
    expect(page.locator("#toasts .toast")).to_have_count(0)
    held.let_go()
    dismiss(page, f"Saved {name}")
    expect(page.get_by_text("Not saved", exact=True)).to_be_hidden()
    assert ["First" in held.sent[0], "Third" in held.sent[1], len(held.sent)] == [True, True, 2]
    assert stored(prepared_site, name) == yaml_of(page)


def test_a_save_asked_for_twice_of_the_same_text_is_one(prepared_site: Site, signed_in: SignIn) -> None:
    page, _ = opened(prepared_site, signed_in, "asked-twice")
    held = Held(page, "asked-twice")
    describe(page, "Once")
    with page.expect_request(lambda request: request.method == "PUT"):
        save(page)
    choose_more(page, "Save and trigger")
    held.let_go()
    # Of the two, the second one asked for this as well.
    expect(page.get_by_role("dialog", name="Trigger asked-twice")).to_be_visible()
    expect(page.locator("#toasts .toast")).to_contain_text("Saved asked-twice")
    assert len(held.sent) == 1


def test_a_save_that_waits_for_one_in_conflict_is_dropped(prepared_site: Site, signed_in: SignIn) -> None:
    page, before = opened(prepared_site, signed_in, "behind-conflict")
    held = Held(page, "behind-conflict")
    describe(page, "Mine")
    with page.expect_request(lambda request: request.method == "PUT"):
        save(page)
    describe(page, "Mine, newer")
    page.keyboard.press("ControlOrMeta+S")
    theirs = before.replace(DESCRIBED, "Theirs")
    put(prepared_site, "behind-conflict", theirs)
    held.let_go()
    dialog = page.get_by_role("dialog", name="admin saved behind-conflict meanwhile")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_text("Not saved", exact=True)).to_be_visible()
    expect(page.locator("#toasts .toast")).to_have_count(0)
    assert "Mine, newer" in yaml_of(page)
    assert len(held.sent) == 1
    assert stored(prepared_site, "behind-conflict") == theirs


# -- two texts beside each other

UNCHANGED = re.compile(r"^Show \d+ unchanged lines$")


def test_the_two_sides_of_a_conflict_stay_level_and_scroll_together(
    prepared_site: Site, signed_in: SignIn
) -> None:
    page, before = opened(prepared_site, signed_in, "level", viewport={"width": 1024, "height": 768})
    write_yaml(page, before.replace("annotations:", "annotations:\n    owner: me\n    team: ours"))
    put(prepared_site, "level", before.replace("annotations:", "annotations:\n    owner: them"))
    save(page)
    dialog = page.get_by_role("dialog", name="admin saved level meanwhile")
    expect(dialog.get_by_role("button", name="Go on editing mine")).to_be_focused()
    mine, theirs = dialog.get_by_role("region").first, dialog.get_by_role("region").last
    # Both only added: neither is drawn as if it had taken something away.
    expect(mine.locator(".ins span")).to_have_text([re.compile("owner: me$"), re.compile("team: ours$")])
    expect(theirs.locator(".ins span")).to_have_text([re.compile("owner: them$")])
    expect(dialog.locator(".rem")).to_have_count(0)
    expect(theirs.locator(".gap")).to_have_count(1)
    bodies = [side.locator(".diff-body") for side in (mine, theirs)]
    # Opened on one side, the lines are there on both.
    theirs.get_by_role("button", name=UNCHANGED).click()
    bodies[0].hover()
    page.mouse.wheel(0, 10_000)
    scrolled = "body => body.scrollTop + body.clientHeight >= body.scrollHeight - 1 && body.scrollTop > 0"
    for body in bodies:
        page.wait_for_function(scrolled, arg=body.element_handle())
    tops = [side.locator(".dl").last.bounding_box() for side in (mine, theirs)]
    assert tops[0] is not None
    assert tops[1] is not None
    assert tops[0]["y"] == pytest.approx(tops[1]["y"], abs=1)


def test_a_long_flow_in_conflict_shows_what_changed_and_opens_the_rest_by_key(
    prepared_site: Site, signed_in: SignIn
) -> None:
    notes = "".join(f"    note-{number}: kept\n" for number in range(1, 701))
    page, before = opened(
        prepared_site, signed_in, "long", TEXT.replace("annotations:\n", f"annotations:\n{notes}")
    )
    write_yaml(page, before.replace("note-40: kept", "note-40: mine"))
    put(prepared_site, "long", before.replace("note-600: kept", "note-600: theirs"))
    save(page)
    dialog = page.get_by_role("dialog", name="admin saved long meanwhile")
    mine, theirs = dialog.get_by_role("region").first, dialog.get_by_role("region").last
    expect(mine.locator(".ins")).to_contain_text("note-40: mine")
    expect(theirs.locator(".ins")).to_contain_text("note-600: theirs")
    for side in (mine, theirs):
        expect(side.get_by_role("button", name=UNCHANGED)).to_have_count(3)
        assert side.locator(".dl").count() < 20

    # Three lines stay beside each change: 44 is the first one behind the row, 596 the last.
    tab_to(page, mine.get_by_role("button", name="Show 553 unchanged lines"))
    page.keyboard.press("Enter")
    for side in (mine, theirs):
        expect(side.get_by_role("button", name=UNCHANGED)).to_have_count(2)
        drawn = "\n".join(side.locator(".dl span").all_text_contents())
        assert "".join(notes.splitlines(keepends=True)[43:596]) in drawn
        expect(side.get_by_text("note-44: kept", exact=True)).to_be_in_viewport()
    expect(mine.locator(".dl:focus")).to_contain_text("note-44: kept")
    wait_until(lambda: is_level(mine, theirs), seconds=PATIENCE, what="both sides are level")
    # The focus goes on from there, to the run behind it.
    page.keyboard.press("Tab")
    expect(mine.get_by_role("button", name=UNCHANGED).last).to_be_focused()


def is_level(*sides: Locator) -> bool:
    """One side follows the other's scrolling with an event of its own."""
    tops = {(side.get_by_text("note-60: kept", exact=True).bounding_box() or {}).get("y") for side in sides}
    return len(tops) == 1 and None not in tops


# -- people who may only look


def test_a_viewer_is_told_at_once_that_saving_takes_another_role(people: Site, signed_in: SignIn) -> None:
    page = signed_in(people, VIEWER, PASSWORD)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method) if "/api/flows/" in request.url else None)
    open_flow(page, PARALLEL)
    expect(page.get_by_role("main").get_by_text("View only")).to_be_visible()
    needed = "You need the role promoter to save a promotion flow; your role is viewer."
    told = {
        "Save": needed,
        "Trigger": "You need the role promoter to trigger a release; your role is viewer.",
    }
    for name, sentence in told.items():
        button = page.get_by_role("main").get_by_role("button", name=name, exact=True)
        expect(button).to_be_disabled()
        expect(button).to_have_accessible_description(re.compile(re.escape(sentence)))
    page.get_by_role("main").get_by_role("button", name="More", exact=True).click()
    for name in ("Save as…", "Save and trigger"):
        item = page.get_by_role("menuitem", name=re.compile(f"^{name}"))
        expect(item).to_be_disabled()
        expect(item).to_have_accessible_description(re.compile(re.escape(needed)))
    expect(page.get_by_role("menuitem", name="Download YAML")).to_be_enabled()
    page.keyboard.press("Escape")
    for act in (
        lambda: page.keyboard.press("ControlOrMeta+S"),
        lambda: choose_more(page, "Save as…", refused=True),
        lambda: choose_more(page, "Save and trigger", refused=True),
    ):
        act()
        dismiss(page, needed)
        expect(page.get_by_role("dialog")).to_have_count(0)
    choose_more(page, "Delete flow")
    expect(page.get_by_role("alertdialog")).to_contain_text(
        "You need the role promoter to delete a promotion flow"
    )
    assert "PUT" not in sent
