"""What the builder says stands beside what one acts with, whatever is open."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.builder import TEXT, chart, dock, editor, is_met, opened, settings, yaml_pane
from tests.browser.conftest import SignIn
from tests.browser.pages import at_rest, choose_more, node
from tests.faults.quick_start import Site

pytestmark = pytest.mark.browser

SIZES = pytest.mark.parametrize(("width", "height"), [(1440, 900), (1024, 768)])
SHORT = TEXT[: TEXT.index("    - environment: prod-asia")]

PUT = """(box, {x, y}) => {
  box.style.left = `${Math.min(x, innerWidth - box.offsetWidth - 8)}px`;
  box.style.top = `${Math.min(y, innerHeight - box.offsetHeight - 8)}px`;
}"""


def toasts(page: Page) -> Locator:
    return page.locator("#toasts .toast")


def show(page: Page, view: str) -> None:
    page.get_by_role("group", name="View").get_by_role("button", name=view, exact=True).click()
    at_rest(page)


@SIZES
@pytest.mark.parametrize("view", ["Both", "Chart"])
def test_no_message_lies_over_what_is_open_or_over_the_map(
    prepared_site: Site, signed_in: SignIn, width: int, height: int, view: str
) -> None:
    name = f"aside-{view.lower()}-{width}"
    page, _ = opened(prepared_site, signed_in, name, SHORT, viewport={"width": width, "height": height})
    show(page, view)
    chart_map = chart(page).locator(".minimap")
    for x, y in ((20, 20), (width - 20, height - 20), (width - 300, height - 260), (20, height - 20)):
        node(page, "qa").click()
        page.keyboard.press("a")
        picker = page.get_by_role("dialog", name="Add after qa")
        # Wherever its node may stand.
        picker.evaluate(PUT, {"x": x, "y": y})
        picker.get_by_role("button", name="Add", exact=True).click()
        said = toasts(page).filter(has_text="No environment is chosen")
        expect(said).to_be_visible()
        assert is_met(picker), (x, y)
        assert is_met(said), (x, y)
        page.keyboard.press("Escape")
        expect(picker).to_be_hidden()
        assert is_met(chart_map), (x, y)
        assert is_met(said), (x, y)
        said.get_by_role("button", name="Close").click()


@SIZES
def test_whatever_is_opened_lies_below_no_message(
    prepared_site: Site, signed_in: SignIn, width: int, height: int
) -> None:
    size = {"width": width, "height": height}
    page, _ = opened(prepared_site, signed_in, f"opened-{width}", viewport=size, reduced_motion="reduce")
    node(page, "dev").click()
    page.keyboard.press("Delete")
    expect(toasts(page)).to_have_count(1)
    at_rest(page)

    def opens(role: Literal["menu", "dialog"], name: str) -> None:
        box = page.get_by_role(role, name=name, exact=True)
        expect(box).to_be_visible()
        assert is_met(box), name
        for button in box.locator(".foot, .dialog-foot").get_by_role("button").all():
            assert is_met(button), name
        page.keyboard.press("Escape")
        expect(box).to_be_hidden()

    dock(page, "prod-asia", "Action").click()
    opens("menu", "Action of prod-asia")
    page.get_by_role("main").get_by_role("button", name="More", exact=True).click()
    opens("menu", "More")
    node(page, "prod-asia").click()
    page.keyboard.press("a")
    opens("dialog", "Add after prod-asia")
    choose_more(page, "Keys")
    opens("dialog", "Keys")
    choose_more(page, "History")
    opens("dialog", f"History of opened-{width}")


def test_a_message_gives_way_to_the_map_in_another_view_or_a_smaller_window(
    prepared_site: Site, signed_in: SignIn
) -> None:
    page, _ = opened(prepared_site, signed_in, "other-view", reduced_motion="reduce")
    node(page, "dev").click()
    page.keyboard.press("Delete")
    expect(toasts(page)).to_have_count(1)
    chart_map = chart(page).locator(".minimap")
    show(page, "Chart")
    assert is_met(chart_map)
    show(page, "Both")
    page.set_viewport_size({"width": 1024, "height": 768})
    at_rest(page)
    assert is_met(chart_map)


def test_a_message_gives_way_to_what_is_opened_over_it_and_comes_back(
    prepared_site: Site, signed_in: SignIn
) -> None:
    size = {"width": 1024, "height": 768}
    page, _ = opened(prepared_site, signed_in, "gives-way", viewport=size, reduced_motion="reduce")
    node(page, "dev").focus()
    page.keyboard.press("Delete")
    said = toasts(page)
    expect(said).to_have_count(1)
    stood = said.bounding_box()
    assert stood is not None
    at_rest(page)
    page.keyboard.press("Escape")
    node(page, "prod-asia").focus()
    page.keyboard.press("a")
    picker = page.get_by_role("dialog", name="Add after prod-asia")
    opens = picker.bounding_box()
    assert opens is not None
    assert opens["x"] + opens["width"] > stood["x"] and opens["y"] + opens["height"] > stood["y"]
    assert is_met(picker)
    assert is_met(said)
    page.keyboard.press("Escape")
    expect(picker).to_be_hidden()
    assert said.bounding_box() == stood


def test_what_is_said_again_is_one_message_whose_time_begins_anew(
    prepared_site: Site, signed_in: SignIn
) -> None:
    page, _ = opened(prepared_site, signed_in, "said-again", permissions=["clipboard-write"])
    copy = yaml_pane(page).get_by_role("button", name="Copy YAML")
    said = toasts(page).filter(has_text="YAML copied")
    for _again in range(5):
        copy.click()
    expect(said).to_have_count(1)
    # It stands for six seconds.
    for _again in range(2):
        page.wait_for_timeout(3_500)
        copy.click()
        expect(said).to_have_count(1)
    page.wait_for_timeout(3_500)
    expect(said).to_have_count(1)
    expect(said).to_have_count(0)


# Messages that go by themselves do not.
STAY = """
const soon = window.setTimeout;
window.setTimeout = (run, wait, ...rest) => soon(run, wait === 6000 ? 600000 : wait, ...rest);
"""


def test_an_extension_that_was_undone_is_said_no_more(prepared_site: Site, signed_in: SignIn) -> None:
    page, _ = opened(prepared_site, signed_in, "not-extended")
    page.add_init_script(STAY)
    page.reload()
    expect(node(page, "qa")).to_be_visible()
    said = toasts(page).filter(has_text="apiVersion is lockstep.dev/v1 now")
    failing = settings(page).get_by_label("When an environment fails")
    failing.select_option(index=1)
    expect(said).to_be_visible()
    expect(editor(page)).to_contain_text("lockstep.dev/v1")
    page.keyboard.press("ControlOrMeta+Z")
    expect(editor(page)).not_to_contain_text("lockstep.dev/v1")
    expect(said).to_be_hidden()
