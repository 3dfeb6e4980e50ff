"""What comes unasked while somebody works in the builder: nothing moves."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import FloatRect, Locator, Page, Route, expect

from tests.browser.builder import (
    chart,
    describe,
    editor,
    is_met,
    line,
    middle,
    opened,
    put,
    save,
    settings,
    tab_to,
    yaml_pane,
)
from tests.browser.conftest import SignIn
from tests.browser.pages import at_rest, node, write_yaml
from tests.faults.quick_start import PARALLEL, Site

pytestmark = pytest.mark.browser

SIZES = pytest.mark.parametrize("width", [1440, 1024])


def pointed_at(page: Page) -> dict[str, Locator]:
    """What a person may have under the pointer or the cursor, of every pane."""
    return {
        "node": node(page, "prod-eu"),
        "line": line(page, "triggerEnvironment: dev"),
        "undo": chart(page).get_by_role("button", name="Undo"),
        "copy": yaml_pane(page).get_by_role("button", name="Copy YAML"),
    }


def boxes(page: Page) -> dict[str, FloatRect | None]:
    return {name: locator.bounding_box() for name, locator in pointed_at(page).items()}


def expect_unmoved(page: Page, before: dict[str, FloatRect | None]) -> None:
    at_rest(page)
    for name, box in boxes(page).items():
        old = before[name]
        assert box is not None
        assert old is not None
        assert {side: abs(box[side] - old[side]) <= 1 for side in ("x", "y")} == {"x": True, "y": True}, name


@SIZES
def test_a_save_of_somebody_else_moves_nothing(prepared_site: Site, signed_in: SignIn, width: int) -> None:
    name = f"unmoved-{width}"
    page, text = opened(prepared_site, signed_in, name, viewport={"width": width, "height": 800})
    strip = page.get_by_role("region", name="Another save")
    at_rest(page)
    before = boxes(page)
    put(prepared_site, name, text.replace('version: "1.00"', 'version: "1.3"'))
    expect(strip).to_be_visible()
    expect_unmoved(page, before)
    strip.get_by_role("button", name="Use theirs").click()
    expect(strip).to_be_hidden()
    expect_unmoved(page, before)


@SIZES
def test_a_line_that_cannot_be_read_moves_nothing_and_covers_no_tool(
    prepared_site: Site, signed_in: SignIn, width: int
) -> None:
    page, text = opened(
        prepared_site, signed_in, f"unreadable-{width}", viewport={"width": width, "height": 800}
    )
    strip = chart(page).get_by_role("button", name="Line 9 cannot be read.")
    tools = chart(page).locator(".chart-tools, .minimap, .seg")
    for steps in (0, 12):
        # The YAML pane is made so much wider, and the canvas as much narrower.
        page.get_by_role("separator", name="Width of the YAML pane").focus()
        for _ in range(steps):
            page.keyboard.press("ArrowLeft")
        at_rest(page)
        before = boxes(page)
        write_yaml(page, text.replace("triggerEnvironment: dev", "triggerEnvironment: dev: x"))
        expect(strip).to_be_visible()
        expect(strip).to_be_in_viewport(ratio=0.99)
        expect(page.get_by_text("The chart shows the last text that could be.")).to_be_in_viewport(ratio=0.99)
        for name in ("node", "undo", "copy"):
            assert pointed_at(page)[name].bounding_box() == before[name], name
        for tool in [strip, *tools.all()]:
            assert is_met(tool)
        # Not from the editor, where Esc and Tab may be meant for a list that it offers.
        chart(page).get_by_role("button", name="Both").focus()
        tab_to(page, strip)
        page.keyboard.press("Enter")
        expect(editor(page)).to_be_focused()
        write_yaml(page, text)
        expect(strip).to_be_hidden()
        expect_unmoved(page, before)


@SIZES
def test_a_save_moves_no_field_and_is_told_beside_the_name(
    prepared_site: Site, signed_in: SignIn, width: int
) -> None:
    page, _text = opened(
        prepared_site, signed_in, f"saved-at-{width}", viewport={"width": width, "height": 800}
    )
    if width < 1280:
        page.get_by_role("button", name="Show settings").click()
    describe(page, "Said when")
    fields = [
        settings(page).get_by_label(name) for name in ("Name", "Description", "When an environment fails")
    ]
    buttons = [page.get_by_role("main").get_by_role("button", name="More", exact=True)]
    stood = [one.bounding_box() for one in fields + buttons]
    save(page)
    expect(page.locator(".topbar").get_by_text(re.compile(r"^Saved \d\d:\d\d$"))).to_be_visible()
    assert [one.bounding_box() for one in fields + buttons] == stood


def test_the_chart_stays_under_a_drag_on_its_map(prepared_site: Site, signed_in: SignIn) -> None:
    page, text = opened(prepared_site, signed_in, "unmoved-drag")
    at_rest(page)
    x, y = middle(chart(page).get_by_role("img", name="Map of the flow"))
    here, _ = middle(node(page, "qa"))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 5, y, steps=5)
    at_rest(page)
    # On the map to the left is to the right on the chart, by as much more as the map is smaller.
    assert middle(node(page, "qa"))[0] > here + 20
    before = boxes(page)
    put(prepared_site, "unmoved-drag", text.replace('version: "1.00"', 'version: "1.3"'))
    expect(page.get_by_role("region", name="Another save")).to_be_visible()
    page.mouse.move(x - 6, y)
    page.mouse.move(x - 5, y)
    expect_unmoved(page, before)
    page.mouse.up()


@SIZES
def test_a_release_keeps_to_its_line_whatever_it_comes_to(site: Site, signed_in: SignIn, width: int) -> None:
    release = site.trigger()
    message = "The repository refused the commit: " + "a hook declined it, " * 20

    def failed(route: Route) -> None:
        answer = route.fetch()
        found = answer.json()
        for one in found["environments"]:
            one["status"] = "PENDING"
        route.fulfill(response=answer, json={**found, "status": "FAILED", "message": message})

    page = signed_in(site, viewport={"width": width, "height": 800})
    page.route(re.compile(r"/api/releases/[^/]+/$"), failed)
    page.goto(f"/flows/{PARALLEL}/?release={release['id']}")
    strip = page.get_by_role("region", name=re.compile(r"^Release \d+ of demo-trioapp$"))
    expect(strip).to_contain_text("The repository refused the commit")
    expect(strip.get_by_text(message.strip())).to_have_css("white-space", "nowrap")
    expect(strip).to_have_css("height", "37px")
    assert strip.locator("b").evaluate("name => name.scrollWidth <= name.clientWidth")
    expect(strip.get_by_role("button", name="Back to editing")).to_be_in_viewport(ratio=0.99)
    # The release goes on, and the page goes on asking for it.
    page.unroute_all(behavior="wait")
