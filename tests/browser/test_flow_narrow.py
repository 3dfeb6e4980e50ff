"""The builder in a narrow window: the settings begin closed there, and share the room while they are open."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.builder import chart, is_met, open_flow, settings, view, yaml_pane
from tests.browser.conftest import SignIn
from tests.browser.pages import at_rest, node
from tests.faults.quick_start import PARALLEL, Site

pytestmark = pytest.mark.browser


def test_in_a_narrow_window_esc_closes_the_settings_beside_two_panes_and_not_beside_one(
    prepared_site: Site, signed_in: SignIn
) -> None:
    page = signed_in(prepared_site, viewport={"width": 1024, "height": 768})
    open_flow(page, PARALLEL)
    show = page.get_by_role("button", name="Show settings")
    show.click()
    description = settings(page).get_by_label("Description")
    description.click()
    page.keyboard.press("Escape")
    expect(settings(page)).to_be_hidden()
    expect(show).to_be_focused()

    # Where a node has the focus, too; what is selected stays so.
    node(page, "dev").focus()
    page.keyboard.press("Enter")
    expect(settings(page)).to_be_visible()
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("Escape")
    expect(settings(page)).to_be_hidden()
    expect(node(page, "dev")).to_have_attribute("aria-pressed", "true")

    view(page, "Chart").click()
    show.click()
    expect(settings(page)).to_be_visible()
    left, right = settings(page).bounding_box(), chart(page).bounding_box()
    assert left is not None
    assert right is not None
    assert left["x"] + left["width"] <= right["x"]
    settings(page).get_by_role("button", name="Flow", exact=True).click()
    description.click()
    page.keyboard.press("Escape")
    expect(settings(page)).to_be_visible()


def test_in_a_narrow_window_the_settings_lie_over_nothing_and_leave_the_selected_one_in_sight(
    prepared_site: Site, signed_in: SignIn
) -> None:
    page = signed_in(prepared_site, viewport={"width": 1024, "height": 768})
    open_flow(page, PARALLEL)
    expect(chart(page).get_by_text("Preview policies for", exact=True)).to_be_visible()
    at_rest(page)
    for zoomed in (False, True):
        if zoomed:
            for _ in range(3):
                chart(page).get_by_role("button", name="Zoom in").click()
            node(page, "prod-eu").focus()
            at_rest(page)
        node(page, "prod-eu").press("Enter")
        expect(settings(page)).to_be_visible()
        at_rest(page)
        assert is_met(node(page, "prod-eu"))
        assert zoomed or is_met(node(page, "dev"))
        for tool in chart(page).locator(".chart-tools button, .preview-product, .seg").all():
            assert is_met(tool)
        page.get_by_role("button", name="Hide settings").click()
        expect(settings(page)).to_be_hidden()
        at_rest(page)

    # However wide the text was made, the chart keeps its tools.
    page.get_by_role("separator", name="Width of the YAML pane").focus()
    for _ in range(12):
        page.keyboard.press("ArrowLeft")
    page.get_by_role("button", name="Show settings").click()
    at_rest(page)
    for tool in chart(page).locator(".chart-tools button").all():
        assert is_met(tool)
    expect(yaml_pane(page).get_by_role("button", name="Hide YAML")).to_be_in_viewport(ratio=0.99)
