"""Chart and YAML follow each other: typed text, broken text, gestures among comments, undo, and leaving unsaved."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import cycle

import pytest
from playwright.sync_api import Dialog, Locator, Page, expect

from tests.browser.builder import (
    TEXT,
    aided,
    arrow,
    at_end_of,
    changed,
    chart,
    connect,
    dock,
    dock_menu,
    editor,
    new_flow,
    open_flow,
    palette_item,
    save,
    settings,
    stored,
    told,
    yaml_pane,
)
from tests.browser.conftest import SignIn
from tests.browser.pages import add_after, node, write_yaml, yaml_of
from tests.faults.quick_start import Site

pytestmark = pytest.mark.browser

# dev -> qa -> {prod, prod-eu}
SHORT = TEXT[: TEXT.index("    - environment: prod-asia")]
COMMENTED = "# Asked for by Rhea\n" + SHORT.replace(
    "    - environment: prod\n", "    # The first region\n    - environment: prod  # since May\n"
).replace("        - dev\n", "        - dev  # every merge\n")
PROD_ASIA = [
    "+     - environment: prod-asia",
    "+       dependsOn:",
    "+         - qa",
    "+       policy:",
    "+         action: commit",
]


def canvas(page: Page) -> Locator:
    return chart(page).locator(".chart-canvas")


# -- one follows the other


def test_the_chart_follows_what_is_typed(prepared_site: Site, signed_in: SignIn) -> None:
    text = new_flow(prepared_site, "typed", SHORT)
    page = signed_in(prepared_site)
    open_flow(page, "typed")
    aided(page)
    at_end_of(page, "name: typed")
    page.keyboard.type("-anew")
    expect(page.get_by_role("heading", name="typed-anew", level=1)).to_be_visible()
    expect(settings(page).get_by_label("Name", exact=True)).to_have_value("typed-anew")

    editor(page).locator(".cm-line").last.click()
    page.keyboard.type("    - environment: prod-asia")
    expect(node(page, "prod-asia")).to_be_visible()
    expect(palette_item(page, "prod-asia")).to_be_hidden()
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    page.keyboard.type("dependsOn: [qa]")
    expect(arrow(page, "qa", "prod-asia")).to_be_attached()
    expect(dock(page, "prod-asia", "Action")).to_have_accessible_name("Action of prod-asia: by policy")
    typed = text.replace("name: typed", "name: typed-anew")
    assert yaml_of(page) == typed + "    - environment: prod-asia\n      dependsOn: [qa]"


def test_a_gesture_changes_its_lines_alone_and_comments_stay(prepared_site: Site, signed_in: SignIn) -> None:
    text = new_flow(prepared_site, "commented", COMMENTED)
    page = signed_in(prepared_site)
    open_flow(page, "commented")

    def does(act: Callable[[], object]) -> list[str]:
        before = yaml_of(page)
        act()
        return changed(before, yaml_of(page))

    def choose(environment: str, action: str) -> None:
        dock_menu(page, environment, "Action").get_by_role("menuitemradio", name=action).click()

    assert does(lambda: add_after(page, "qa", ["prod-asia"])) == PROD_ASIA
    assert does(lambda: choose("prod", "Pull request")) == [
        "-         action: commit",
        "+         action: pr",
    ]
    assert does(lambda: settings(page).get_by_label("Version").fill("2.0")) == [
        '-     version: "1.00"',
        '+     version: "2.0"',
    ]
    assert does(lambda: connect(page, "prod", "prod-eu")) == ["+         - prod"]
    assert does(lambda: settings(page).get_by_label("Timeout").fill("90")) == [
        "+   promotionTimeoutLimit: 90"
    ]
    save(page)
    expect(page.get_by_text("Saved commented")).to_be_visible()
    now = stored(prepared_site, "commented")
    assert now == yaml_of(page)
    assert [one for one in changed(text, now) if "#" in one] == []


# -- wrong text


def test_broken_text_keeps_the_last_chart_in_grey_until_it_is_mended(
    prepared_site: Site, signed_in: SignIn
) -> None:
    text = new_flow(prepared_site, "broken", SHORT)
    page = signed_in(prepared_site)
    open_flow(page, "broken")
    strip = chart(page).get_by_role("button", name="Line 9 cannot be read.")
    at_end_of(page, "triggerEnvironment: dev")
    page.keyboard.type(": x")
    expect(strip).to_be_visible()
    expect(yaml_pane(page).locator(".cm-lineNumbers .is-bad-number")).to_have_text("9")
    expect(yaml_pane(page).locator(".cm-line:has-text('dev: x') + .diag-row .diag")).to_be_visible()
    expect(yaml_pane(page).get_by_role("button", name="Line 9, column ")).to_be_visible()
    expect(canvas(page)).to_have_css("filter", "grayscale(1)")
    for environment in ("dev", "qa", "prod", "prod-eu"):
        expect(node(page, environment)).to_be_visible()
    expect(settings(page).get_by_label("Name", exact=True)).to_be_disabled()
    node(page, "prod").click()
    page.keyboard.press("Delete")
    expect(told(page, "The text cannot be read at line 9. Mend it there first.")).to_be_visible()
    expect(node(page, "prod")).to_be_visible()

    strip.click()
    expect(editor(page)).to_be_focused()
    page.keyboard.press("End")
    for _ in ": x":
        page.keyboard.press("Backspace")
    expect(strip).to_be_hidden()
    expect(canvas(page)).to_have_css("filter", "none")
    expect(yaml_pane(page)).to_contain_text("No problems")
    assert yaml_of(page) == text
    node(page, "prod").click()
    page.keyboard.press("Delete")
    expect(node(page, "prod")).to_be_hidden()


def test_a_missing_quote_is_told_at_one_line_in_chart_and_editor(
    prepared_site: Site, signed_in: SignIn
) -> None:
    text = new_flow(prepared_site, "unquoted", SHORT)
    page = signed_in(prepared_site)
    open_flow(page, "unquoted")
    lines = text.splitlines()
    at = next(at for at, line in enumerate(lines) if "version:" in line)
    lines[at] = lines[at].removesuffix('"')
    write_yaml(page, "\n".join(lines))
    marked = yaml_pane(page).locator(".cm-lineNumbers .is-bad-number")
    expect(chart(page).get_by_role("button", name="cannot be read")).to_be_visible()
    expect(marked).to_have_count(1)
    line = marked.inner_text()
    expect(chart(page).get_by_role("button", name=f"Line {line} cannot be read.")).to_be_visible()
    expect(yaml_pane(page).get_by_role("button", name=f"Line {line}, column ")).to_be_visible()
    write_yaml(page, "x")
    expect(yaml_pane(page).get_by_text("1 line", exact=True)).to_be_visible()


def test_an_unknown_field_keeps_the_chart_editable_and_is_mended_by_its_button(
    prepared_site: Site, signed_in: SignIn
) -> None:
    text = new_flow(prepared_site, "misspelt", SHORT)
    page = signed_in(prepared_site)
    open_flow(page, "misspelt")
    before, after = text.rsplit("dependsOn", 1)
    write_yaml(page, f"{before}dependOn{after}")
    message = yaml_pane(page).locator(".diag", has_text="dependOn")
    expect(message.get_by_role("button", name="Fix")).to_be_visible()
    expect(canvas(page)).to_have_css("filter", "none")
    expect(node(page, "prod-eu")).to_be_visible()
    add_after(page, "qa", ["prod-asia"])
    assert changed(f"{before}dependOn{after}", yaml_of(page)) == PROD_ASIA
    message.get_by_role("button", name="Fix").click()
    expect(arrow(page, "qa", "prod-eu")).to_be_attached()
    expect(yaml_pane(page)).to_contain_text("No problems")
    assert changed(text, yaml_of(page)) == PROD_ASIA


def test_trigger_says_which_line_keeps_the_flow_from_being_triggered_and_leads_there(
    prepared_site: Site, signed_in: SignIn
) -> None:
    text = new_flow(prepared_site, "not-triggered", SHORT)
    page = signed_in(prepared_site)
    open_flow(page, "not-triggered")
    trigger = page.get_by_role("button", name="Trigger", exact=True)
    expect(trigger).to_have_class("btn primary")
    expect(trigger).to_have_attribute("aria-disabled", "false")
    before, after = text.rsplit("action", 1)
    write_yaml(page, f"{before}actin{after}")
    expect(trigger).to_have_attribute("aria-disabled", "true")
    expect(trigger).to_have_class("btn")
    number = before.count("\n") + 1
    expect(trigger).to_have_accessible_description(
        re.compile(f"^What is in the editor cannot be triggered: line {number} has a problem. ")
    )
    trigger.press("Enter")
    expect(told(page, f"Line {number}: ")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(editor(page)).to_be_focused()
    write_yaml(page, text)
    expect(trigger).to_have_class("btn primary")
    trigger.click()
    expect(page.get_by_role("dialog", name="Trigger not-triggered")).to_be_visible()


# -- undo


def ten_steps(page: Page) -> list[Callable[[], object]]:
    """On the chart, in the settings and in the YAML, one after the other."""
    form = settings(page)

    def write(after: str, text: str) -> None:
        at_end_of(page, after)
        page.keyboard.insert_text(text)

    def pull_request() -> None:
        dock_menu(page, "prod", "Action").get_by_role("menuitemradio", name="Pull request").click()

    def no_longer() -> None:
        node(page, "prod-eu").click()
        form.get_by_role("button", name="prod-eu no longer depends on qa").click()
        form.get_by_role("button", name="Flow", exact=True).click()

    def delete_qa() -> None:
        node(page, "qa").click()
        page.keyboard.press("Delete")
        page.get_by_role("button", name="Delete qa", exact=True).click()

    return [
        lambda: add_after(page, "qa", ["prod-asia"]),
        lambda: form.get_by_label("Description").fill("In ten steps"),
        lambda: write("# Asked for by Rhea", " and Ravi"),
        pull_request,
        lambda: form.get_by_label("Timeout").fill("90"),
        lambda: connect(page, "prod", "prod-eu"),
        lambda: write("# The first region", "\n    # and the largest"),
        no_longer,
        lambda: form.get_by_label("When an environment fails").select_option("Put everything back"),
        delete_qa,
    ]


def test_ten_steps_are_undone_one_by_one_to_the_first_byte_and_redone_to_the_last(
    prepared_site: Site, signed_in: SignIn
) -> None:
    texts = [new_flow(prepared_site, "undone", COMMENTED)]
    page = signed_in(prepared_site)
    open_flow(page, "undone")
    for step in ten_steps(page):
        step()
        texts.append(yaml_of(page))
        assert texts[-1] != texts[-2]
    undo, redo = (page.get_by_role("button", name=name) for name in ("Undo", "Redo"))
    keys = page.keyboard
    undoing = cycle((undo.click, lambda: keys.press("ControlOrMeta+Z")))
    for text in texts[-2::-1]:
        next(undoing)()
        assert changed(text, yaml_of(page)) == []
    expect(undo).to_be_disabled()
    # To the last byte: the page itself finds nothing to save.
    expect(page.get_by_text("Not saved")).to_be_hidden()

    redoing = cycle(
        (redo.click, lambda: keys.press("ControlOrMeta+Shift+Z"), lambda: keys.press("ControlOrMeta+Y"))
    )
    for text in texts[1:]:
        next(redoing)()
        assert changed(text, yaml_of(page)) == []
    expect(redo).to_be_disabled()
    save(page)
    expect(page.get_by_text("Saved undone")).to_be_visible()
    assert stored(prepared_site, "undone") == texts[-1]


def test_a_reload_with_unsaved_changes_asks_first(prepared_site: Site, signed_in: SignIn) -> None:
    text = new_flow(prepared_site, "kept", SHORT)
    page = signed_in(prepared_site)
    open_flow(page, "kept")
    asked: list[str] = []
    stay_here = True

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        if stay_here:
            dialog.dismiss()
        else:
            dialog.accept()

    page.on("dialog", answer)
    add_after(page, "qa", ["prod-asia"])
    unsaved = yaml_of(page)
    with page.expect_event("dialog"):
        page.evaluate("location.reload()")
    assert asked == ["beforeunload"]
    assert yaml_of(page) == unsaved
    expect(node(page, "prod-asia")).to_be_visible()

    stay_here = False
    page.reload()
    expect(node(page, "prod-eu")).to_be_visible()
    assert asked == ["beforeunload", "beforeunload"]
    assert yaml_of(page) == text
    page.reload()
    expect(node(page, "prod-eu")).to_be_visible()
    assert len(asked) == 2, "nothing was changed, so nothing is asked"
