"""The builder's panes: their width, which are shown, what one marks in the other, what editor and keys offer."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.builder import (
    TEXT,
    YAML,
    aided,
    at_end_of,
    changed,
    chart,
    dock,
    editor,
    empty_page,
    line,
    middle,
    new_flow,
    open_flow,
    palette_item,
    settings,
    tab_to,
    view,
    yaml_pane,
)
from tests.browser.conftest import SignIn
from tests.browser.pages import at_rest, node, yaml_of
from tests.faults.quick_start import PARALLEL, Site

pytestmark = pytest.mark.browser


def option(page: Page, word: str, beside: str) -> Locator:
    """One of the words that the editor offers, and what stands beside it."""
    return offered(page).filter(has_text=re.compile(rf"^{word}{beside}$"))


def offered(page: Page) -> Locator:
    return page.locator(".cm-tooltip-autocomplete").get_by_role("option")


# -- panes


def test_the_divider_is_dragged_and_moved_by_key_and_its_place_remembered(
    prepared_site: Site, signed_in: SignIn
) -> None:
    page = signed_in(prepared_site)
    open_flow(page, PARALLEL)
    divider = page.get_by_role("separator", name="Width of the YAML pane")

    def expect_width(pixels: int) -> None:
        expect(divider).to_have_attribute("aria-valuenow", str(pixels))
        expect(yaml_pane(page)).to_have_css("width", f"{pixels}px")

    expect_width(384)
    x, y = middle(divider)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 100, y, steps=12)
    page.mouse.up()
    expect_width(484)
    page.mouse.move(x, y)
    expect_width(484)
    expect(divider).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect_width(460)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect_width(508)
    page.reload()
    expect_width(508)


def test_which_panes_are_shown_is_chosen_and_remembered(prepared_site: Site, signed_in: SignIn) -> None:
    page = signed_in(prepared_site)
    open_flow(page, PARALLEL)
    panes = {"Chart": chart(page), "YAML": yaml_pane(page), "Settings": settings(page)}

    def expect_shown(*names: str) -> None:
        for again in (False, True):
            if again:
                page.reload()
            for name, pane in panes.items():
                expect(pane).to_be_visible(visible=name in names)

    view(page, "Chart").click()
    expect_shown("Chart", "Settings")
    view(page, "YAML").click()
    expect_shown("YAML", "Settings")
    page.get_by_role("button", name="Hide settings").click()
    expect_shown("YAML")
    view(page, "Both").click()
    expect_shown("Chart", "YAML")
    page.get_by_role("button", name="Hide YAML").click()
    page.get_by_role("button", name="Show settings").click()
    expect_shown("Chart", "Settings")
    expect(view(page, "Chart")).to_have_attribute("aria-pressed", "true")


def test_the_selected_environment_is_marked_in_the_text_and_the_cursors_on_the_chart(
    prepared_site: Site, signed_in: SignIn
) -> None:
    page = signed_in(prepared_site)
    open_flow(page, PARALLEL)
    marked = editor(page).locator(".is-of-step")
    at_cursor = chart(page).locator(".node.is-at-cursor")
    at_rest(page)
    node(page, "prod").click()
    step = ["- environment: prod", "dependsOn:", "- qa", "policy:", "action: commit"]
    expect(marked).to_have_text([re.compile(rf"^\s*{re.escape(words)}$") for words in step])
    page.keyboard.press("ArrowDown")
    expect(marked.first).to_have_text(re.compile(r"environment: prod-eu$"))
    node(page, "qa").click(modifiers=["Shift"])
    expect(marked).to_have_count(10)
    expect(marked.first).to_have_text(re.compile(r"environment: qa$"))
    expect(marked.nth(5)).to_have_text(re.compile(r"environment: prod-eu$"))
    page.keyboard.press("Escape")
    expect(marked).to_have_count(0)

    line(page, "- environment: prod-asia").click()
    expect(at_cursor).to_have_count(1)
    expect(at_cursor).to_contain_text("prod-asia")
    page.keyboard.press("ArrowUp")
    expect(at_cursor).to_contain_text("prod-eu")
    line(page, "spec:").click()
    expect(at_cursor).to_have_count(0)


# -- what the editor offers


@pytest.mark.parametrize("seconds", [0, 0.01, 0.03])
def test_letters_typed_right_after_a_gesture_stand_in_the_newest_text(
    prepared_site: Site, signed_in: SignIn, seconds: float
) -> None:
    text = new_flow(prepared_site, f"typed-at-{seconds}".replace(".", "-"))
    page = signed_in(prepared_site)
    open_flow(page, f"typed-at-{seconds}".replace(".", "-"))
    # The cursor is left behind the last letter, so that the gesture changes the text before it.
    editor(page).locator(".cm-line").last.click()
    page.keyboard.press("ControlOrMeta+End")
    dock(page, "qa", "Action").click()
    written = page.get_by_role("menuitemradio", name=re.compile("^Pull request"))
    written.evaluate(
        """async (button, seconds) => {
            button.click();
            if (seconds > 0) await new Promise((done) => setTimeout(done, seconds * 1000));
            document.querySelector(".cm-content").focus();
            document.execCommand("insertText", false, "# last");
        }""",
        seconds,
    )
    expect(dock(page, "qa", "Action")).to_have_accessible_name("Action of qa: pull request")
    assert changed(text, yaml_of(page)) == [
        "-         action: commit",
        "+         action: pr",
        "- ",
        "+ # last",
    ]


@pytest.fixture
def offered_workflow(prepared_site: Site) -> Iterator[None]:
    """A registered workflow, which the other tests' menus must not show."""
    workflow = (
        "apiVersion: argoproj.io/v1alpha1\nkind: WorkflowTemplate\nmetadata:\n  name: offered\n"
        "  annotations:\n    codefresh.io/workflow-origin: promotion\nspec:\n  templates: []\n"
    )
    prepared_site.call("POST", "apply/", content=workflow.encode(), headers=YAML)
    yield
    prepared_site.call("DELETE", "workflows/offered/")


@pytest.mark.usefixtures("offered_workflow")
def test_the_editor_completes_fields_environments_and_workflows(
    prepared_site: Site, signed_in: SignIn
) -> None:
    text = new_flow(prepared_site, "completed", TEXT[: TEXT.index("    - environment: prod-asia")])
    page = signed_in(prepared_site)
    open_flow(page, "completed")
    aided(page)
    editor(page).locator(".cm-line").last.click()
    keys = page.keyboard
    keys.type("    - env")
    # By mouse: for a moment after the list has come up, the keys still belong to the text.
    option(page, "environment", "needed").click()
    # A field that was chosen asks for its value; an environment stands in a flow once.
    expect(offered(page)).to_have_text(["prod-asiaenvironment"])
    option(page, "prod-asia", "environment").click()
    keys.press("Enter")
    keys.press("Control+Space")
    expect(option(page, "dependsOn", "needed")).to_be_visible()
    expect(option(page, "environment", "needed")).to_be_hidden()
    option(page, "dependsOn", "needed").click()
    expect(option(page, "dev", "trigger")).to_be_visible()
    expect(option(page, "prod-asia", "environment")).to_be_hidden()
    keys.type("q")
    expect(option(page, "dev", "trigger")).to_be_hidden()
    option(page, "qa", "environment").click()
    expect(node(page, "prod-asia")).to_be_visible()
    assert yaml_of(page) == text + "    - environment: prod-asia\n      dependsOn:\n        - qa"

    at_end_of(page, "triggerEnvironment: dev")
    keys.press("Enter")
    keys.type("postTrigger: ")
    option(page, "offered", "workflow").click()
    expect(line(page, "postTrigger: offered")).to_be_visible()
    expect(chart(page)).to_contain_text("Validate")

    # In the middle of a word a choice takes the place of all of it.
    keys.press("ArrowLeft")
    keys.press("Control+Space")
    option(page, "offered", "workflow").click()
    expect(line(page, "postTrigger: offered")).to_be_visible()
    assert "postTrigger: offered\n" in yaml_of(page)


def test_what_is_written_in_the_settings_opens_no_list_in_the_editor(
    prepared_site: Site, signed_in: SignIn
) -> None:
    page = signed_in(prepared_site)
    open_flow(page, PARALLEL)
    aided(page)
    at_end_of(page, "triggerEnvironment: dev")
    for _ in range(len(": dev")):
        page.keyboard.press("ArrowLeft")
    settings(page).get_by_label("Description").press_sequentially(" and so on")
    expect(editor(page)).to_contain_text("and so on")
    # As long as the editor may think about what to offer.
    page.wait_for_timeout(500)
    expect(offered(page)).to_have_count(0)
    # What was typed slowly is more than one step.
    for _ in " and so on":
        page.keyboard.press("ControlOrMeta+Z")
    expect(editor(page)).not_to_contain_text("and")


def test_the_editor_explains_a_field_and_folds(prepared_site: Site, signed_in: SignIn) -> None:
    page = signed_in(prepared_site)
    open_flow(page, PARALLEL)
    aided(page)
    line(page, "dependsOn:").first.locator("span").first.hover()
    expect(page.get_by_text("The environments that must succeed first")).to_be_visible()
    page.mouse.move(0, 0)
    expect(page.get_by_text("The environments that must succeed first")).to_be_hidden()

    at_end_of(page, "steps:")
    page.keyboard.press("Control+Shift+BracketLeft")
    expect(line(page, "- environment: qa")).to_be_hidden()
    expect(editor(page).get_by_label("folded code")).to_be_visible()
    page.keyboard.press("Control+Shift+BracketRight")
    expect(line(page, "- environment: qa")).to_be_visible()
    markers = yaml_pane(page).locator(".cm-foldGutter .cm-gutterElement")
    markers.filter(has=page.locator(".fold:not(.is-folded)")).first.click()
    expect(editor(page).get_by_label("folded code")).to_be_visible()
    markers.filter(has=page.locator(".fold.is-folded")).last.click()
    expect(editor(page).get_by_label("folded code")).to_be_hidden()


def test_f6_takes_the_keys_from_pane_to_pane(prepared_site: Site, signed_in: SignIn) -> None:
    page = signed_in(prepared_site)
    open_flow(page, PARALLEL)
    keys = page.keyboard
    keys.press("F6")
    expect(node(page, "dev")).to_be_focused()
    keys.press("ArrowRight")
    expect(node(page, "qa")).to_be_focused()
    keys.press("F6")
    expect(editor(page)).to_be_focused()
    keys.press("F6")
    expect(settings(page).get_by_role("button", name="Flow", exact=True)).to_be_focused()
    keys.press("F6")
    expect(node(page, "qa")).to_be_focused()
    for _ in range(2):
        keys.press("Shift+F6")
    expect(editor(page)).to_be_focused()

    page.get_by_role("button", name="Hide YAML").click()
    keys.press("F6")
    expect(node(page, "qa")).to_be_focused()
    keys.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_contain_text("Go to the next pane")
    keys.press("F6")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    keys.press("Escape")
    empty_page(page)
    keys.press("F6")
    expect(palette_item(page, "dev")).to_be_focused()


# -- what is on top


def test_escape_closes_what_is_on_top_and_the_focus_returns(prepared_site: Site, signed_in: SignIn) -> None:
    page = signed_in(prepared_site)
    open_flow(page, PARALLEL)
    keys_list = page.get_by_role("dialog", name="Keys")
    keys = page.keyboard
    tab_to(page, node(page, "qa"))
    keys.press("?")
    expect(keys_list).to_be_visible()
    for words in ("Redo", "Settings of the selected environment", "Make the YAML pane wider or narrower"):
        expect(keys_list.get_by_text(words)).to_be_visible()
    keys.press("Escape")
    expect(keys_list).to_be_hidden()
    expect(node(page, "qa")).to_be_focused()
    expect(node(page, "qa")).to_have_attribute("aria-pressed", "true")
    keys.press("Escape")
    expect(node(page, "qa")).to_have_attribute("aria-pressed", "false")

    more = page.get_by_role("button", name="More")
    more.click()
    page.get_by_role("menuitem", name="Keys").click()
    expect(keys_list).to_be_visible()
    keys.press("Escape")
    expect(keys_list).to_be_hidden()
    expect(more).to_be_focused()

    dock(page, "qa", "Action").click()
    menu = page.get_by_role("menu", name="Action of qa")
    expect(menu).to_be_visible()
    keys.press("Escape")
    expect(menu).to_be_hidden()
    expect(dock(page, "qa", "Action")).to_be_focused()


def test_escape_in_the_dialog_over_a_menu_closes_the_dialog_alone(
    prepared_site: Site, signed_in: SignIn
) -> None:
    page = empty_page(signed_in(prepared_site))
    settings(page).get_by_label("Trigger environment").select_option("dev")
    tab_to(page, node(page, "dev"))
    page.keyboard.press("a")
    menu = page.get_by_role("dialog", name="Add after dev")
    menu.get_by_text("qa", exact=True).click()
    menu.get_by_role("button", name="Add new environment").click()
    dialog = page.get_by_role("dialog", name="Add new environment")
    expect(dialog.get_by_label("Name", exact=True)).to_be_focused()
    page.keyboard.type("?")
    expect(dialog.get_by_label("Name", exact=True)).to_have_value("?")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(menu.get_by_role("checkbox", name="qa")).to_be_checked()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(node(page, "dev")).to_be_focused()
