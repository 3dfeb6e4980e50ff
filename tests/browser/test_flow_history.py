"""What was saved of a flow before: who and when, what changed, and a former text restored."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.builder import DESCRIBED, YAML, describe, dismiss, editor, new_flow, open_flow, put, save
from tests.browser.conftest import COLLEAGUE, PASSWORD, SignIn
from tests.browser.pages import choose_more, yaml_of
from tests.faults.quick_start import Site

pytestmark = pytest.mark.browser


def test_history_tells_who_saved_when_and_what_and_a_restored_text_is_undone(
    people: Site, signed_in: SignIn
) -> None:
    before = new_flow(people, "remembered")
    colleague = signed_in(people, COLLEAGUE, PASSWORD)
    open_flow(colleague, "remembered")
    describe(colleague, "Changed by a colleague")
    save(colleague)
    dismiss(colleague, "Saved remembered")

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
    dismiss(page, "is back in the editor")
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


def test_saves_are_told_apart_and_one_before_a_rename_comes_back_under_the_present_name(
    prepared_site: Site, signed_in: SignIn
) -> None:
    before = new_flow(prepared_site, "named-first")
    put(prepared_site, "named-first", before.replace(DESCRIBED, "One more line\n# and one below"))
    renamed = before.replace("name: named-first", "name: named-now")
    etag = prepared_site.client.get("flows/named-first/").json()["etag"]
    prepared_site.call(
        "PUT",
        "flows/named-now/?renameFrom=named-first",
        content=renamed.encode(),
        headers={**YAML, "If-Match": f'"{etag}"'},
    )
    page = signed_in(prepared_site)
    page.clock.set_fixed_time("2030-01-01T12:00:00Z")
    rows = [
        {**row, "savedAt": f"2030-01-01T11:28:0{row['number']}Z"}
        for row in prepared_site.client.get("flows/named-now/revisions/").json()["results"]
    ]
    page.route(
        re.compile(r"/named-now/revisions/\?"),
        lambda route: route.fulfill(json={"results": rows, "next": None}),
    )
    open_flow(page, "named-now")
    choose_more(page, "History")
    dialog = page.get_by_role("dialog", name="History of named-now")
    expect(dialog.get_by_role("option")).to_have_count(3)
    newest, second, first = dialog.get_by_role("option").all()
    expect(newest).to_contain_text(
        re.compile(r"#3 [\d:]+:28:03, saved now.*\+2 −3.*renamed from named-first")
    )
    expect(second).to_contain_text(re.compile(r"#2 [\d:]+:28:02.*\+2 −1"))
    expect(second).not_to_contain_text("renamed")
    expect(first).to_contain_text(re.compile(r"#1 [\d:]+:28:01$"))

    first.click()
    expect(dialog.get_by_role("region", name="Save 1")).to_be_visible()
    dialog.get_by_role("button", name="Restore this text").click()
    expect(dialog.get_by_role("alert")).to_contain_text("That is the text in the editor already")
    second.click()
    expect(dialog.get_by_role("region", name="Save 2")).to_contain_text("One more line")
    dialog.get_by_role("button", name="Restore this text").click()
    dismiss(page, "is back in the editor, under the present name named-now")
    assert "name: named-now" in yaml_of(page)
    assert "One more line" in yaml_of(page)
    save(page)
    dismiss(page, "Saved named-now")
