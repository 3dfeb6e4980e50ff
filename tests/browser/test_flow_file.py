"""The Flow Builder's file: saved under names, discarded, duplicated, deleted, imported, exported, and its history."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.browser.builder import TEXT, editor, new_flow, open_flow, save, settings, stored
from tests.browser.conftest import COLLEAGUE, PASSWORD, VIEWER, SignIn
from tests.browser.pages import choose_more, node, write_yaml, yaml_of
from tests.faults.quick_start import PARALLEL, Site

pytestmark = pytest.mark.browser

DESCRIBED = "Production regions together, after qa"
YAML = {"Content-Type": "application/yaml"}


def put(site: Site, name: str, text: str) -> None:
    """Another save of the flow, through the API."""
    etag = site.client.get(f"flows/{name}/").json()["etag"]
    site.call("PUT", f"flows/{name}/", content=text.encode(), headers={**YAML, "If-Match": f'"{etag}"'})


def describe(page: Page, words: str) -> None:
    settings(page).get_by_label("Description").fill(words)


def told(page: Page, words: str) -> None:
    """A message says it; closed, so that the next one of the same words is another one."""
    message = page.locator("#toasts .toast").filter(has_text=words)
    expect(message).to_be_visible()
    message.get_by_role("button", name="Close").click()


def is_saved_as(page: Page, name: str) -> None:
    """The address, the title and the heading are the flow's, and reloading shows it as it was saved."""
    expect(page).to_have_url(re.compile(rf"/flows/{re.escape(name)}/$"))
    expect(page).to_have_title(f"{name} · Lockstep")
    expect(page.get_by_text("Not saved", exact=True)).to_be_hidden()
    before = yaml_of(page)
    page.reload()
    expect(page.get_by_role("heading", name=name, level=1, exact=True)).to_be_visible()
    expect(node(page, "qa")).to_be_visible()
    assert yaml_of(page) == before


# -- names


def test_save_as_asks_for_a_name_says_when_it_is_taken_and_goes_on_with_the_new_flow(
    prepared_site: Site, signed_in: SignIn
) -> None:
    before = new_flow(prepared_site, "as-old")
    page = signed_in(prepared_site)
    open_flow(page, "as-old")
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
    told(page, "Saved as-new")
    expect(dialog).to_be_hidden()
    is_saved_as(page, "as-new")
    assert stored(prepared_site, "as-old") == before
    described = before.replace(DESCRIBED, "Saved under another name")
    assert stored(prepared_site, "as-new") == described.replace("name: as-old", "name: as-new")


def test_a_name_that_somebody_took_meanwhile_is_told_and_the_text_keeps_its_name(
    prepared_site: Site, signed_in: SignIn
) -> None:
    new_flow(prepared_site, "as-mine")
    page = signed_in(prepared_site)
    open_flow(page, "as-mine")
    # The names that are taken are known before the other one comes.
    with page.expect_response("**/api/flows/?limit=200"):
        choose_more(page, "Save as…")
    dialog = page.get_by_role("dialog", name=re.compile("^Save as "))
    new_flow(prepared_site, "as-theirs")
    dialog.get_by_role("textbox", name="Name").fill("as-theirs")
    dialog.get_by_role("button", name="Save as new flow").click()
    expect(dialog.get_by_role("alert")).to_contain_text("There is a flow named as-theirs already")
    page.keyboard.press("Escape")
    assert "name: as-mine" in yaml_of(page)
    expect(page.get_by_role("button", name="More", exact=True)).to_be_focused()


def test_renaming_moves_the_flow_with_its_history(prepared_site: Site, signed_in: SignIn) -> None:
    new_flow(prepared_site, "name-before")
    page = signed_in(prepared_site)
    open_flow(page, "name-before")
    choose_more(page, "Save as…")
    dialog = page.get_by_role("dialog", name=re.compile("^Save as "))
    dialog.get_by_role("textbox", name="Name").fill("name-after")
    dialog.get_by_role("radio", name="Rename name-before").check()
    dialog.get_by_role("button", name="Rename flow").click()
    told(page, "Renamed to name-after")
    is_saved_as(page, "name-after")
    assert prepared_site.client.get("flows/name-before/").status_code == 404
    assert len(prepared_site.call("GET", "flows/name-after/revisions/")["results"]) == 2


def test_the_first_save_of_a_new_flow_is_what_a_reload_shows(prepared_site: Site, signed_in: SignIn) -> None:
    page = signed_in(prepared_site)
    page.goto("/flows/new/")
    expect(editor(page)).to_contain_text("new-flow")
    write_yaml(page, TEXT.replace(f"name: {PARALLEL}", "name: saved-first"))
    save(page)
    told(page, "Saved saved-first")
    is_saved_as(page, "saved-first")


def test_a_flow_is_duplicated_from_its_menu(prepared_site: Site, signed_in: SignIn) -> None:
    before = new_flow(prepared_site, "twin")
    page = signed_in(prepared_site)
    open_flow(page, "twin")
    choose_more(page, "Duplicate")
    expect(page.get_by_role("heading", name="twin-copy", level=1)).to_be_visible()
    expect(page).to_have_url(re.compile(r"/flows/new/\?from=twin$"))
    save(page)
    told(page, "Saved twin-copy")
    is_saved_as(page, "twin-copy")
    assert stored(prepared_site, "twin") == before


# -- the version


def test_the_version_is_raised_by_menu_and_beside_its_field(prepared_site: Site, signed_in: SignIn) -> None:
    new_flow(prepared_site, "raised")
    page = signed_in(prepared_site)
    open_flow(page, "raised")
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
    told(page, "Saved raised")
    assert 'version: "1.02"' in stored(prepared_site, "raised")
    page.keyboard.press("ControlOrMeta+Z")
    expect(editor(page)).to_contain_text('version: "1.01"')


# -- what is not saved


def test_discarded_changes_come_back_by_undo(prepared_site: Site, signed_in: SignIn) -> None:
    before = new_flow(prepared_site, "discarded")
    page = signed_in(prepared_site)
    open_flow(page, "discarded")
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


# -- deleting


def test_deleting_asks_for_the_name_and_leaves_for_the_list(prepared_site: Site, signed_in: SignIn) -> None:
    new_flow(prepared_site, "goes-away")
    page = signed_in(prepared_site)
    open_flow(page, "goes-away")
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
    page.keyboard.type("goes-away")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/flows/$"))
    told(page, "goes-away was deleted")
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


# -- files


def import_file(page: Page, name: str, content: bytes) -> None:
    with page.expect_file_chooser() as chooser:
        choose_more(page, "Import YAML…")
    chooser.value.set_files({"name": name, "mimeType": "application/yaml", "buffer": content})


def test_an_imported_file_is_one_step_to_undo_and_another_name_is_asked_about(
    prepared_site: Site, signed_in: SignIn
) -> None:
    before = new_flow(prepared_site, "imports")
    page = signed_in(prepared_site)
    open_flow(page, "imports")
    other = TEXT.replace(f"name: {PARALLEL}", "name: imported").replace(DESCRIBED, "From a file")
    import_file(page, "other.yaml", other.encode())
    told(page, "The text of other.yaml is in the editor")
    assert yaml_of(page) == other
    page.keyboard.press("ControlOrMeta+Z")
    expect(editor(page)).to_contain_text("name: imports")
    assert yaml_of(page) == before
    page.keyboard.press("ControlOrMeta+Shift+Z")
    expect(editor(page)).to_contain_text("name: imported")
    page.keyboard.press("ControlOrMeta+S")
    dialog = page.get_by_role("dialog", name="Save as imported")
    expect(dialog.get_by_role("radio", name="Save as a new flow")).to_be_checked()
    dialog.get_by_role("button", name="Save as new flow").click()
    told(page, "Saved imported")
    assert stored(prepared_site, "imported") == other
    assert stored(prepared_site, "imports") == before


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param(b"#" * (1024 * 1024 + 1), "larger than 1 MiB", id="too-large"),
        pytest.param(b"\x89PNG\r\n\x1a\n\x00\xff", "It is not text", id="no-text"),
        pytest.param(f"{TEXT}---\n{TEXT}".encode(), "the second from line 32 on", id="several-documents"),
        pytest.param(
            TEXT.replace("PromotionFlow", "Product").encode(), "This is a Product", id="another-kind"
        ),
    ],
)
def test_a_file_that_is_no_flow_is_refused_with_the_reason(
    prepared_site: Site, signed_in: SignIn, content: bytes, sentence: str
) -> None:
    page = signed_in(prepared_site)
    open_flow(page, PARALLEL)
    before = yaml_of(page)
    import_file(page, "wrong.yaml", content)
    message = page.get_by_role("alert").filter(has_text="wrong.yaml was not imported")
    expect(message).to_contain_text(sentence)
    assert yaml_of(page) == before
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()


def test_a_file_that_is_dropped_on_the_editor_replaces_its_text(
    prepared_site: Site, signed_in: SignIn
) -> None:
    page = signed_in(prepared_site)
    open_flow(page, PARALLEL)
    before = yaml_of(page)
    held = page.evaluate_handle(
        """text => {
          const held = new DataTransfer();
          held.items.add(new File([text], "dropped.yaml", { type: "application/yaml" }));
          return held;
        }""",
        TEXT.replace(DESCRIBED, "Dropped"),
    )
    editor(page).dispatch_event("dragenter", {"dataTransfer": held})
    expect(page.get_by_text("Drop a YAML file to put its text here")).to_be_visible()
    editor(page).dispatch_event("drop", {"dataTransfer": held})
    told(page, "The text of dropped.yaml is in the editor")
    expect(page.get_by_text("Drop a YAML file to put its text here")).to_be_hidden()
    assert yaml_of(page) == TEXT.replace(DESCRIBED, "Dropped")
    page.keyboard.press("ControlOrMeta+Z")
    expect(editor(page)).to_contain_text(DESCRIBED)
    assert yaml_of(page) == before


def test_a_file_with_other_line_ends_takes_the_place_of_unsaved_text_only_when_told_to(
    prepared_site: Site, signed_in: SignIn
) -> None:
    new_flow(prepared_site, "windows")
    page = signed_in(prepared_site)
    open_flow(page, "windows")
    describe(page, "Not saved yet")
    content = (
        TEXT.replace(PARALLEL, "windows").replace(DESCRIBED, "From Windows").replace("\n", "\r\n").encode()
    )
    import_file(page, "windows.yaml", content)
    dialog = page.get_by_role("dialog", name="Replace the text?")
    expect(dialog.get_by_role("button", name="Keep my text")).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    assert "Not saved yet" in yaml_of(page)
    import_file(page, "windows.yaml", content)
    dialog.get_by_role("button", name="Replace text").click()
    expect(editor(page)).to_contain_text("From Windows")
    save(page)
    told(page, "Saved windows")
    assert stored(prepared_site, "windows").encode() == content


FORMS = {
    "as people write it": TEXT,
    "Windows line ends": TEXT.replace("\n", "\r\n"),
    "no newline at the end": TEXT.rstrip("\n"),
    "a byte order mark": f"\ufeff{TEXT}",
    "mixed line ends": TEXT.replace("\n", "\r\n", 3),
}


@pytest.mark.parametrize("form", FORMS)
def test_the_downloaded_file_has_the_bytes_that_are_saved(
    prepared_site: Site, signed_in: SignIn, tmp_path: Path, form: str
) -> None:
    name = f"exported-{list(FORMS).index(form)}"
    text = FORMS[form].replace(PARALLEL, name)
    headers = {**YAML, "If-None-Match": "*"}
    prepared_site.call("PUT", f"flows/{name}/", content=text.encode(), headers=headers)
    page = signed_in(prepared_site)
    open_flow(page, name)
    for content in (text.encode(), text.replace('"1.00"', '"1.01"').encode()):
        with page.expect_download() as download:
            choose_more(page, "Download YAML")
        assert download.value.suggested_filename == f"{name}.yaml"
        download.value.save_as(tmp_path / "flow.yaml")
        assert (tmp_path / "flow.yaml").read_bytes() == content
        choose_more(page, re.compile("^Raise version to "))


# -- history


def test_history_tells_who_saved_when_and_what_and_a_restored_text_is_undone(
    people: Site, signed_in: SignIn
) -> None:
    before = new_flow(people, "remembered")
    colleague = signed_in(people, COLLEAGUE, PASSWORD)
    open_flow(colleague, "remembered")
    describe(colleague, "Changed by a colleague")
    save(colleague)
    told(colleague, "Saved remembered")

    page = signed_in(people, viewport={"width": 1024, "height": 768})
    open_flow(page, "remembered")
    choose_more(page, "History")
    dialog = page.get_by_role("dialog", name="History of remembered")
    saves = dialog.get_by_role("option")
    expect(saves).to_have_count(2)
    expect(saves.first).to_contain_text(COLLEAGUE)
    expect(saves.first).to_contain_text(re.compile(r"\d\d:\d\d, saved now"))
    expect(saves.last).to_contain_text("admin")
    expect(saves.last).to_have_attribute("aria-selected", "true")
    left, right = (
        dialog.get_by_role("region", name="Save 1"),
        dialog.get_by_role("region", name="In the editor"),
    )
    expect(left.locator(".rem")).to_have_text(re.compile(rf"6−\s*description: {DESCRIBED}"))
    expect(right.locator(".ins mark")).to_have_text("Changed by a colleague")

    saves.last.press("ArrowUp")
    expect(saves.first).to_be_focused()
    expect(dialog.get_by_role("region", name="Save 2")).to_contain_text("Changed by a colleague")
    expect(dialog.locator(".ins, .rem")).to_have_count(0)
    dialog.get_by_role("button", name="Restore this text").click()
    expect(dialog.get_by_role("alert")).to_contain_text("That is the text in the editor already")
    dialog.get_by_role("button", name="With the save before").click()
    expect(dialog.get_by_role("region", name="Save 1").locator(".rem")).to_contain_text(DESCRIBED)
    expect(dialog.get_by_role("region", name="Save 2").locator(".ins")).to_contain_text(
        "Changed by a colleague"
    )
    saves.first.press("End")
    expect(saves.last).to_be_focused()
    expect(dialog.get_by_role("region", name="Before")).to_be_visible()

    dialog.get_by_role("button", name="Restore this text").click()
    told(page, "is back in the editor")
    expect(dialog).to_be_hidden()
    assert yaml_of(page) == before
    page.keyboard.press("ControlOrMeta+Z")
    expect(editor(page)).to_contain_text("Changed by a colleague")


def test_a_long_history_comes_a_page_at_a_time(prepared_site: Site, signed_in: SignIn) -> None:
    before = new_flow(prepared_site, "long-remembered")
    for number in range(2, 53):
        put(prepared_site, "long-remembered", before.replace(DESCRIBED, f"Save number {number}"))
    page = signed_in(prepared_site)
    open_flow(page, "long-remembered")
    choose_more(page, "History")
    dialog = page.get_by_role("dialog", name="History of long-remembered")
    saves = dialog.get_by_role("option")
    expect(saves).to_have_count(50)
    dialog.get_by_role("button", name="Show older saves").click()
    expect(saves).to_have_count(52)
    expect(dialog.get_by_role("button", name="Show older saves")).to_be_hidden()
    saves.last.click()
    expect(dialog.get_by_role("region", name="Save 1")).to_contain_text(DESCRIBED)


# -- two texts beside each other


def test_the_two_sides_of_a_conflict_stay_level_and_scroll_together(
    prepared_site: Site, signed_in: SignIn
) -> None:
    before = new_flow(prepared_site, "level")
    page = signed_in(prepared_site, viewport={"width": 1024, "height": 768})
    open_flow(page, "level")
    write_yaml(page, before.replace("annotations:", "annotations:\n    owner: me\n    team: ours"))
    put(prepared_site, "level", before.replace("annotations:", "annotations:\n    owner: them"))
    save(page)
    dialog = page.get_by_role("dialog", name="admin saved level meanwhile")
    mine, theirs = dialog.get_by_role("region").first, dialog.get_by_role("region").last
    # Both only added: neither is drawn as if it had taken something away.
    expect(mine.locator(".ins span")).to_have_text([re.compile("owner: me$"), re.compile("team: ours$")])
    expect(theirs.locator(".ins span")).to_have_text([re.compile("owner: them$")])
    expect(dialog.locator(".rem")).to_have_count(0)
    expect(theirs.locator(".gap")).to_have_count(1)
    bodies = [side.locator(".diff-body") for side in (mine, theirs)]
    bodies[0].hover()
    page.mouse.wheel(0, 10_000)
    scrolled = "body => body.scrollTop + body.clientHeight >= body.scrollHeight - 1 && body.scrollTop > 0"
    for body in bodies:
        page.wait_for_function(scrolled, arg=body.element_handle())
    tops = [side.locator(".dl").last.bounding_box() for side in (mine, theirs)]
    assert tops[0] is not None
    assert tops[1] is not None
    assert tops[0]["y"] == pytest.approx(tops[1]["y"], abs=1)
    expect(dialog.get_by_role("button", name="Go on editing mine")).to_be_focused()


# -- people who may only look


def test_a_viewer_is_told_at_once_that_saving_takes_another_role(people: Site, signed_in: SignIn) -> None:
    page = signed_in(people, VIEWER, PASSWORD)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method) if "/api/flows/" in request.url else None)
    open_flow(page, PARALLEL)
    expect(page.get_by_role("main").get_by_text("View only")).to_be_visible()
    needed = "You need the role promoter to save a promotion flow; your role is viewer."
    for act in (
        lambda: page.keyboard.press("ControlOrMeta+S"),
        lambda: choose_more(page, "Save as…"),
        lambda: choose_more(page, "Save and trigger"),
    ):
        act()
        told(page, needed)
        expect(page.get_by_role("dialog")).to_have_count(0)
    choose_more(page, "Delete flow")
    expect(page.get_by_role("alertdialog")).to_contain_text(
        "You need the role promoter to delete a promotion flow"
    )
    assert "PUT" not in sent
