"""What was saved of a flow before: who and when, what changed, and a former text restored."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.builder import DESCRIBED, describe, dismiss, editor, new_flow, open_flow, put, save
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
