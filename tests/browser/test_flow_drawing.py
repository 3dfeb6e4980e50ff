"""A flow drawn from the empty page by mouse, by dragging and by keyboard, and what drawing refuses or asks about."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from playwright.sync_api import Page, expect

from tests.browser.builder import (
    TEXT,
    arrow,
    changed,
    chart,
    connect,
    dock,
    dock_menu,
    empty_page,
    middle,
    new_flow,
    open_flow,
    palette_item,
    pull,
    save,
    set_workflow,
    settings,
    stored,
    tab_to,
    told,
)
from tests.browser.conftest import SignIn
from tests.browser.pages import add_after, at_rest, node, yaml_of
from tests.faults.quick_start import TARGETS, Site

pytestmark = pytest.mark.browser

DESCRIPTION = "Production regions together, after qa"
ACTION = "        action: commit\n"
# The example's flow with a workflow before and after what is done in qa.
REFERENCE = TEXT.replace(ACTION, f"{ACTION}        preAction: smoke-test\n        postAction: load-test\n", 1)


def graph(text: str) -> Any:
    """What the text says; in which order its steps stand means nothing."""
    data = yaml.safe_load(text)
    data["spec"]["steps"] = {step["environment"]: step for step in data["spec"]["steps"]}
    return data


def expect_saved(page: Page, site: Site, name: str) -> None:
    """What is saved is what is shown, and says what the reference says."""
    expect(page.get_by_text(f"Saved {name}")).to_be_visible()
    expect(page).to_have_url(re.compile(rf"/flows/{name}/$"))
    text = stored(site, name)
    assert text == yaml_of(page)
    assert graph(text) == graph(re.sub(r"(?m)^  name: .*$", f"  name: {name}", REFERENCE))


def expect_drawn(page: Page) -> None:
    for environment in ("dev", *TARGETS):
        expect(node(page, environment)).to_be_visible()
    expect(chart(page).locator("button[data-edge]")).to_have_count(4)
    for source, target in (("dev", "qa"), *(("qa", region) for region in TARGETS[1:])):
        expect(arrow(page, source, target)).to_be_attached()


def name_and_describe(page: Page, name: str) -> None:
    settings(page).get_by_label("Name", exact=True).fill(name)
    settings(page).get_by_label("Description").fill(DESCRIPTION)
    settings(page).get_by_label("Version").fill("1.00")


# -- the reference flow, three times


def test_the_reference_flow_is_drawn_with_the_mouse_from_an_empty_page(
    prepared_site: Site, signed_in: SignIn
) -> None:
    page = empty_page(signed_in(prepared_site))
    name_and_describe(page, "drawn-by-mouse")
    settings(page).get_by_label("Trigger environment").select_option("dev")
    add_after(page, "dev", ["prod"])
    at_rest(page)
    page.mouse.move(*middle(arrow(page, "dev", "prod")))
    expect(arrow(page, "dev", "prod")).to_have_css("opacity", "1")
    arrow(page, "dev", "prod").click()
    menu = page.get_by_role("dialog", name="Insert between dev and prod")
    menu.get_by_text("qa", exact=True).click()
    menu.get_by_role("button", name="Add", exact=True).click()
    add_after(page, "qa", ["prod-eu", "prod-asia"])
    expect_drawn(page)

    set_workflow(page, "qa", "Pre-action", "smoke-test")
    set_workflow(page, "qa", "Post-action", "load-test")
    # Chosen and taken back: what account-level policies decide stands nowhere in the text.
    for region, action in (("prod", "Pull request"), ("prod-eu", "None")):
        dock_menu(page, region, "Action").get_by_role("menuitemradio", name=action).click()
        expect(dock(page, region, "Action")).to_have_accessible_name(f"Action of {region}: {action.lower()}")
    set_workflow(page, "prod", "Pre-action", "smoke-test")
    before = yaml_of(page)
    dock_menu(page, "prod", "Pre-action").get_by_role("menuitemradio", name="Account-level policy").click()
    expect(dock(page, "prod", "Pre-action")).to_have_accessible_name("Pre-action of prod: none in this flow")
    assert changed(before, yaml_of(page)) == ["-         preAction: smoke-test"]
    dock_menu(page, "prod-eu", "Action").get_by_role("menuitemradio", name="Account-level policy").click()
    expect(dock(page, "prod-eu", "Action")).to_have_accessible_name("Action of prod-eu: by policy")
    assert "policy" not in graph(yaml_of(page))["spec"]["steps"]["prod-eu"]
    for region in ("prod", "prod-eu"):
        dock_menu(page, region, "Action").get_by_role("menuitemradio", name="Commit").click()
        expect(dock(page, region, "Action")).to_have_accessible_name(f"Action of {region}: commit")
    save(page)
    expect_saved(page, prepared_site, "drawn-by-mouse")


def test_the_reference_flow_is_drawn_by_dragging(prepared_site: Site, signed_in: SignIn) -> None:
    page = empty_page(signed_in(prepared_site))
    name_and_describe(page, "drawn-by-dragging")
    palette_item(page, "dev").drag_to(chart(page).locator(".react-flow__pane"))
    expect(node(page, "dev")).to_be_visible()
    at_rest(page)
    palette_item(page, "prod").drag_to(node(page, "dev"))
    expect(arrow(page, "dev", "prod")).to_be_attached()

    at_rest(page)
    pull(page, middle(palette_item(page, "qa")), middle(arrow(page, "dev", "prod")))
    expect(chart(page).get_by_role("status")).to_have_text("Inserts it between dev and prod")
    page.mouse.up()
    expect(arrow(page, "qa", "prod")).to_be_attached()

    at_rest(page)
    x, y = middle(node(page, "prod"))
    pull(page, middle(palette_item(page, "prod-eu")), (x - 180, y + 90))
    expect(chart(page).get_by_role("status")).to_have_text("Adds it after qa")
    page.mouse.up()
    expect(arrow(page, "qa", "prod-eu")).to_be_attached()

    at_rest(page)
    palette_item(page, "prod-asia").drag_to(node(page, "dev"))
    expect(arrow(page, "dev", "prod-asia")).to_be_attached()
    connect(page, "qa", "prod-asia")
    expect(arrow(page, "qa", "prod-asia")).to_be_attached()
    node(page, "prod-asia").click()
    settings(page).get_by_role("button", name="prod-asia no longer depends on dev").click()
    expect_drawn(page)
    set_workflow(page, "qa", "Pre-action", "smoke-test")
    set_workflow(page, "qa", "Post-action", "load-test")
    save(page)
    expect_saved(page, prepared_site, "drawn-by-dragging")


def test_the_reference_flow_is_drawn_with_the_keyboard_alone(prepared_site: Site, signed_in: SignIn) -> None:
    page = empty_page(signed_in(prepared_site))
    keys = page.keyboard
    tab_to(page, settings(page).get_by_label("Name", exact=True))
    keys.press("ControlOrMeta+A")
    keys.type("drawn-by-keyboard")
    keys.press("Tab")
    keys.type(DESCRIPTION)
    tab_to(page, settings(page).get_by_label("Version"))
    keys.press("ControlOrMeta+A")
    keys.type("1.00")
    tab_to(page, settings(page).get_by_label("Trigger environment"))
    keys.type("dev")
    tab_to(page, node(page, "dev"))

    keys.press("a")
    expect(
        page.get_by_role("dialog", name="Add after dev").get_by_role("checkbox", name="qa")
    ).to_be_focused()
    keys.press("Space")
    keys.press("Enter")
    expect(node(page, "dev")).to_be_focused()
    keys.press("ArrowRight")
    expect(node(page, "qa")).to_be_focused()
    keys.press("a")
    menu = page.get_by_role("dialog", name="Add after qa")
    for region in TARGETS[1:]:
        expect(menu.get_by_role("checkbox", name=re.compile(rf"^{region} "))).to_be_focused()
        keys.press("Space")
        keys.press("ArrowDown")
    tab_to(page, menu.get_by_role("button", name="Add 3 environments"))
    keys.press("Enter")
    expect_drawn(page)

    for setting, workflow in (("Post-action", "load-test"), ("Pre-action", "smoke-test")):
        expect(node(page, "qa")).to_be_focused()
        tab_to(page, dock(page, "qa", setting), back=True)
        keys.press("Enter")
        expect(page.get_by_role("menuitemradio", name="Account-level policy")).to_be_focused()
        if setting == "Post-action":
            keys.press("ArrowDown")
            expect(page.get_by_label("Name of a workflow")).to_be_focused()
        keys.type(workflow)
        keys.press("Enter")
        expect(dock(page, "qa", setting)).to_have_accessible_name(f"{setting} of qa: {workflow}")
        expect(dock(page, "qa", setting)).to_be_focused()
        tab_to(page, node(page, "qa"))
    keys.press("ControlOrMeta+S")
    expect_saved(page, prepared_site, "drawn-by-keyboard")


# -- what drawing refuses and asks about

# dev -> qa -> prod -> {prod-eu, prod-asia}
CHAIN = TEXT.replace("- qa\n", "- prod\n").replace("- prod\n", "- qa\n", 1)


def test_a_circle_cannot_be_drawn_and_the_message_spells_it(prepared_site: Site, signed_in: SignIn) -> None:
    text = new_flow(prepared_site, "without-circles", CHAIN)
    page = signed_in(prepared_site)
    open_flow(page, "without-circles")
    page.get_by_role("button", name="Fit").click()
    connect(page, "prod-eu", "qa")
    circle = "it would go in a circle, qa → prod → prod-eu → qa."
    expect(told(page, f"qa cannot depend on prod-eu: {circle}")).to_be_visible()
    connect(page, "prod", "dev")
    expect(told(page, "dev starts the flow, so it depends on nothing.")).to_be_visible()

    node(page, "qa").click()
    choices = settings(page).get_by_label("Add a dependency")
    choices.select_option("prod-asia")
    circle = "it would go in a circle, qa → prod → prod-asia → qa."
    expect(told(page, f"qa cannot depend on prod-asia: {circle}")).to_be_visible()
    expect(choices).to_have_value("")
    assert yaml_of(page) == text
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()


#      dev -> {qa, prod} -> prod-eu -> prod-asia
DIAMOND = (
    TEXT.replace("- qa\n", "- dev\n", 1)
    .replace("- qa\n", "- prod\n        - qa\n", 1)
    .replace(
        "prod-asia\n      dependsOn:\n        - qa\n", "prod-asia\n      dependsOn:\n        - prod-eu\n"
    )
)


def without_prod_eu(text: str, *, prod_asia_after: str) -> str:
    start, end = text.index("    - environment: prod-eu"), text.index("    - environment: prod-asia")
    return text[:start] + text[end:].replace("- prod-eu\n", f"- {prod_asia_after}\n")


def test_a_middle_environment_is_deleted_and_what_followed_it_reconnected(
    prepared_site: Site, signed_in: SignIn
) -> None:
    text = new_flow(prepared_site, "reconnected", DIAMOND)
    page = signed_in(prepared_site)
    open_flow(page, "reconnected")
    node(page, "prod-eu").click()
    page.keyboard.press("Delete")
    dialog = page.get_by_role("dialog", name="Delete prod-eu from the flow")
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    expect(dialog.get_by_role("radio", name="Reconnect it")).to_be_checked()
    dialog.get_by_label("Reconnect to").select_option("qa")
    dialog.get_by_role("button", name="Delete prod-eu").click()
    expect(arrow(page, "qa", "prod-asia")).to_be_attached()
    expect(node(page, "prod-eu")).to_be_hidden()
    assert yaml_of(page) == without_prod_eu(text, prod_asia_after="qa")

    page.keyboard.press("ControlOrMeta+Z")
    expect(node(page, "prod-eu")).to_be_visible()
    node(page, "prod-eu").click()
    settings(page).get_by_role("button", name="Delete from flow").click()
    dialog.get_by_role("button", name="Delete prod-eu").click()
    expect(arrow(page, "prod", "prod-asia")).to_be_attached()
    assert yaml_of(page) == without_prod_eu(text, prod_asia_after="prod")


def test_a_middle_environment_is_deleted_with_everything_that_depends_on_it(
    prepared_site: Site, signed_in: SignIn
) -> None:
    text = new_flow(prepared_site, "deleted-together", DIAMOND)
    page = signed_in(prepared_site)
    open_flow(page, "deleted-together")
    rest = text[: text.index("    - environment: prod-eu")]
    dialog = page.get_by_role("dialog", name="Delete prod-eu from the flow")
    tab_to(page, node(page, "prod-eu"))
    page.keyboard.press("Delete")
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(dialog.get_by_label("Reconnect to")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowDown")
    expect(dialog.get_by_role("radio", name="Delete it too")).to_be_checked()
    page.keyboard.press("Enter")
    expect(node(page, "prod-asia")).to_be_hidden()
    assert yaml_of(page) == rest

    page.keyboard.press("ControlOrMeta+Z")
    expect(node(page, "prod-asia")).to_be_visible()
    assert yaml_of(page) == text
    node(page, "prod-eu").click()
    settings(page).get_by_role("button", name="Delete from flow").click()
    dialog.get_by_text("Delete it too").click()
    dialog.get_by_role("button", name="Delete 2 environments").click()
    expect(node(page, "prod-asia")).to_be_hidden()
    assert yaml_of(page) == rest
