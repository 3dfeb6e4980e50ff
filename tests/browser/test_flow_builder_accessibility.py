"""The Flow Builder with each of its menus and dialogs open and its problems shown: nothing that keeps people out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.builder import (
    TEXT,
    aided,
    arrow,
    chart,
    dock_menu,
    new_flow,
    open_flow,
    save,
    settings,
    yaml_pane,
)
from tests.browser.conftest import SignIn
from tests.browser.pages import at_rest, node, write_yaml
from tests.browser.test_accessibility import SCHEMES, SIZES, grave_problems, overflow
from tests.faults.quick_start import Site

pytestmark = pytest.mark.browser

# dev -> qa -> prod
SHORT = TEXT[: TEXT.index("    - environment: prod-eu")]


def menus(page: Page) -> Iterator[str]:
    at_rest(page)
    node(page, "qa").click()
    page.keyboard.press("a")
    expect(page.get_by_role("dialog", name="Add after qa")).to_be_visible()
    yield "the list of environments to add"
    page.get_by_role("button", name="Add new environment").click()
    expect(page.get_by_role("dialog", name="Add new environment")).to_be_visible()
    page.keyboard.press("Enter")
    yield "the new environment, refused"
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    for setting in ("Action", "Pre-action"):
        menu = dock_menu(page, "prod", setting)
        expect(menu).to_be_visible()
        yield f"{setting} of prod"
        page.keyboard.press("Escape")
    node(page, "qa").click()
    page.keyboard.press("i")
    expect(arrow(page, "dev", "qa")).to_be_focused()
    yield "an arrow"
    page.keyboard.press("Escape")
    page.get_by_role("button", name="More").click()
    expect(page.get_by_role("menu", name="More")).to_be_visible()
    yield "more"
    page.get_by_role("menuitem", name="History").click()
    expect(page.get_by_role("dialog", name="History")).to_be_visible()
    expect(page.get_by_role("dialog", name="History")).to_contain_text("admin")
    yield "the history"
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    yield "the keys"
    page.keyboard.press("Escape")
    node(page, "qa").click()
    page.keyboard.press("Delete")
    expect(page.get_by_role("dialog", name="Delete qa from the flow")).to_be_visible()
    yield "deleting qa"
    page.keyboard.press("Escape")


def texts(page: Page, text: str) -> Iterator[str]:
    if not settings(page).is_visible():
        page.get_by_role("button", name="Show settings").click()
        expect(settings(page)).to_be_visible()
        yield "the settings over the chart"
        page.get_by_role("button", name="Hide settings").click()
    write_yaml(page, text.replace("policy", "polcy", 1) + "  postTrigger: nothing-known\n")
    expect(yaml_pane(page).locator(".diag")).to_have_count(2)
    yield "an error and a warning"
    write_yaml(page, text.replace("triggerEnvironment: dev", "triggerEnvironment: dev: x"))
    expect(chart(page).get_by_role("button", name="Line 9 cannot be read.")).to_be_visible()
    expect(yaml_pane(page).locator(".diag")).to_have_count(1)
    save(page)
    expect(page.get_by_role("alert")).to_be_visible()
    yield "text that cannot be read"
    write_yaml(page, text)
    aided(page)
    page.keyboard.press("Control+F")
    expect(yaml_pane(page).get_by_label("Find")).to_be_focused()
    yield "searching"
    page.keyboard.press("Escape")
    page.keyboard.press("ControlOrMeta+End")
    page.keyboard.type("    - ")
    page.keyboard.press("Control+Space")
    expect(page.locator(".cm-tooltip-autocomplete")).to_be_visible()
    yield "what the editor offers"
    page.keyboard.press("Escape")


def questions(page: Page, site: Site, name: str, text: str) -> Iterator[str]:
    changed = text.replace('"1.00"', '"1.01"')
    write_yaml(page, changed)
    page.get_by_role("button", name="Trigger", exact=True).click()
    expect(page.get_by_role("dialog", name="This flow is not saved")).to_be_visible()
    yield "saving before a release"
    page.keyboard.press("Escape")
    etag = site.client.get(f"flows/{name}/").headers["ETag"]
    theirs = text.replace('"1.00"', '"1.02"').encode()
    headers = {"Content-Type": "application/yaml", "If-Match": etag}
    site.call("PUT", f"flows/{name}/", content=theirs, headers=headers)
    save(page)
    expect(page.get_by_role("dialog", name="meanwhile")).to_be_visible()
    yield "two who saved at once"
    page.get_by_role("button", name="Go on editing mine").click()
    write_yaml(page, changed.replace(f"name: {name}", f"name: {name}-again"))
    page.get_by_role("button", name="Save as new flow").click()
    expect(page.get_by_role("dialog", name=f"Save as {name}-again")).to_be_visible()
    yield "another name"


@pytest.mark.parametrize("width", SIZES)
def test_the_builder_is_accessible_whatever_is_open_in_it(
    prepared_site: Site, signed_in: SignIn, width: int
) -> None:
    name = f"accessible-at-{width}"
    text = new_flow(prepared_site, name, SHORT)
    page = signed_in(
        prepared_site, viewport={"width": width, "height": SIZES[width]}, reduced_motion="reduce"
    )
    open_flow(page, name)
    found = []
    for walk in (menus(page), texts(page, text), questions(page, prepared_site, name, text)):
        for state in walk:
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                found += [f"{state}, {scheme}: {problem}" for problem in grave_problems(page)]
            if overflow(page) > 0:
                found.append(f"{state}: {overflow(page)} pixels beyond the window")
    assert not found, "\n".join(found)
