"""What the mouse does on the Flow Builder's canvas, and that the chart's keys then work there."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.builder import (
    TEXT,
    Point,
    arrow,
    changed,
    chart,
    editor,
    empty_page,
    middle,
    open_flow,
    opened,
    palette_item,
    pull,
    settings,
    told,
)
from tests.browser.conftest import SignIn
from tests.browser.pages import at_rest, node, write_yaml, yaml_of
from tests.browser.test_flow_selection import expect_selected, selected
from tests.faults.quick_start import PARALLEL, Site
from tests.lockstep.installation import PATIENCE, wait_until

pytestmark = pytest.mark.browser


def empty_place(page: Page) -> Point:
    """A point of the canvas with nothing on it."""
    box = chart(page).locator(".react-flow").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + 100


def draw_box(page: Page, first: str, last: str) -> None:
    """With Shift held, from above the first node to below the last."""
    at_rest(page)
    one, other = node(page, first).bounding_box(), node(page, last).bounding_box()
    assert one is not None and other is not None
    page.keyboard.down("Shift")
    pull(page, (one["x"] - 90, one["y"] - 25), (other["x"] + 20, other["y"] + 20))
    page.mouse.up()
    page.keyboard.up("Shift")


def expect_no_words_selected(page: Page) -> None:
    assert page.evaluate("getSelection().toString()") == ""


# -- the keys work where the mouse was


def test_after_a_box_the_keys_are_for_what_it_selected_and_no_words_are(
    prepared_site: Site, signed_in: SignIn
) -> None:
    page, before = opened(prepared_site, signed_in, "boxed-then-keys")
    page.get_by_role("button", name="Hide settings").click()
    draw_box(page, "prod", "prod-asia")
    expect_selected(page, "prod", "prod-eu", "prod-asia")
    expect_no_words_selected(page)
    page.keyboard.press("d")
    expect(page.get_by_role("group", name="What prod-asia would get")).to_be_visible()
    page.keyboard.press("Escape")
    expect_selected(page, "prod", "prod-eu", "prod-asia")
    page.keyboard.press("Enter")
    expect(settings(page).get_by_text("3 environments")).to_be_visible()
    page.keyboard.press("Delete")
    expect(chart(page).locator("[data-environment]")).to_have_count(2)
    expect(editor(page)).not_to_contain_text("prod")
    page.keyboard.press("ControlOrMeta+z")
    expect(node(page, "prod-asia")).to_be_visible()
    assert yaml_of(page) == before


def test_after_a_click_on_the_empty_canvas_the_keys_are_the_charts(
    prepared_site: Site, signed_in: SignIn
) -> None:
    page, _text = opened(prepared_site, signed_in, "clicked-then-keys")
    at_rest(page)
    zoom = chart(page).get_by_role("button", name="zoom to 100%")
    fitted = zoom.text_content()
    chart(page).get_by_role("button", name="Zoom in").click()
    chart(page).get_by_role("button", name="Zoom in").click()
    at_rest(page)
    assert zoom.text_content() != fitted
    editor(page).click()
    page.mouse.click(*empty_place(page))
    page.keyboard.press("f")
    expect(zoom).to_have_text(str(fitted))
    page.keyboard.press("ControlOrMeta+a")
    expect(selected(page)).to_have_count(5)
    expect_no_words_selected(page)
    page.keyboard.press("Escape")
    expect(selected(page)).to_have_count(0)


def test_after_an_insertion_through_an_arrows_plus_the_keys_are_the_charts(
    prepared_site: Site, signed_in: SignIn
) -> None:
    without = TEXT[: TEXT.index("    - environment: prod-asia")]
    page, _text = opened(prepared_site, signed_in, "inserted-then-keys", without)
    at_rest(page)
    page.mouse.click(*middle(arrow(page, "dev", "qa")))
    menu = page.get_by_role("dialog", name="Insert between dev and qa")
    menu.get_by_text("prod-asia").click()
    menu.get_by_role("button", name="Add", exact=True).click()
    expect(arrow(page, "prod-asia", "qa")).to_be_attached()
    expect(menu).to_be_hidden()
    page.keyboard.press("ControlOrMeta+a")
    expect(selected(page)).to_have_count(5)


# -- which arrow is meant

#  dev -> qa -> {prod, prod-eu, prod-asia}, dev -> prod-eu
TWICE = TEXT.replace("prod-eu\n      dependsOn:\n", "prod-eu\n      dependsOn:\n        - dev\n")
#  dev -> {qa, prod, prod-eu, prod-asia}
FAN = TEXT.replace("- qa\n", "- dev\n")


def on_way(page: Page, source: str, target: str, pixels: float) -> Point:
    """The point of the window that lies so far along the arrow, in the chart's own pixels."""
    at: dict[str, float] = page.locator(f'path[data-edge="{source}→{target}"]').evaluate(
        """(path, pixels) => {
          const along = pixels < 0 ? path.getTotalLength() + pixels : pixels;
          const { x, y } = path.getPointAtLength(along).matrixTransform(path.getScreenCTM());
          return { x, y };
        }""",
        pixels,
    )
    return at["x"], at["y"]


def lit(page: Page) -> Locator:
    """The places on arrows that show themselves."""
    return chart(page).locator(".between.is-shown")


def test_each_of_two_arrows_to_one_environment_has_a_plus_that_the_mouse_reaches(
    prepared_site: Site, signed_in: SignIn
) -> None:
    page, _text = opened(prepared_site, signed_in, "two-arrows-to-one", TWICE)
    at_rest(page)
    for source in ("qa", "dev"):
        page.mouse.move(*middle(arrow(page, source, "prod-eu")))
        expect(lit(page)).to_have_accessible_name(f"Arrow from {source} to prod-eu")
        page.mouse.down()
        page.mouse.up()
        expect(page.get_by_role("dialog", name=f"Insert between {source} and prod-eu")).to_be_visible()
        page.keyboard.press("Escape")


def test_each_of_twenty_arrows_to_one_environment_has_a_plus_that_the_mouse_reaches(
    prepared_site: Site, signed_in: SignIn
) -> None:
    sources = [f"from-{number}" for number in range(20)]
    steps = [(source, "dev") for source in sources] + [("prod", ", ".join(sources))]
    lines = "".join(f"    - environment: {name}\n      dependsOn: [{on}]\n" for name, on in steps)
    page = empty_page(signed_in(prepared_site))
    write_yaml(page, TEXT.split("  steps:")[0] + "  steps:\n" + lines)
    expect(arrow(page, "from-19", "prod")).to_be_attached()
    chart(page).get_by_role("button", name="Fit").click()
    at_rest(page)
    for source in sources:
        page.mouse.move(*middle(arrow(page, source, "prod")))
        expect(lit(page)).to_have_accessible_name(f"Arrow from {source} to prod")


def test_a_line_that_arrows_share_answers_as_the_one_whose_plus_is_nearest(
    prepared_site: Site, signed_in: SignIn
) -> None:
    page, _text = opened(prepared_site, signed_in, "shared-line", FAN)
    at_rest(page)
    # The last one's line comes by the one before it.
    for pixels, target in ((60, "prod-eu"), (150, "prod-asia"), (50, "prod-eu")):
        page.mouse.move(*on_way(page, "dev", "prod-asia", pixels), steps=4)
        expect(lit(page)).to_have_accessible_name(f"Arrow from dev to {target}")


# -- an arrow that is pressed


def picked(page: Page) -> Locator:
    return chart(page).locator(".arrow.is-picked")


def test_a_pressed_arrow_is_selected_and_its_dependency_taken_away_by_key(
    prepared_site: Site, signed_in: SignIn
) -> None:
    page, before = opened(prepared_site, signed_in, "arrow-by-mouse", TWICE)
    at_rest(page)
    node(page, "prod").click()
    page.mouse.click(*on_way(page, "dev", "prod-eu", 200))
    expect(picked(page)).to_have_count(1)
    expect(page.locator("#announce")).to_contain_text("Arrow from dev to prod-eu selected")
    expect(selected(page)).to_have_count(0)
    page.keyboard.press("Delete")
    expect(arrow(page, "dev", "prod-eu")).to_be_hidden()
    assert changed(before, yaml_of(page)) == ["-         - dev"]
    expect(picked(page)).to_have_count(0)

    # What remains is all that prod-eu depends on; the + covers so short an arrow.
    at_rest(page)
    page.mouse.click(*middle(arrow(page, "qa", "prod-eu")))
    expect(page.get_by_role("dialog", name="Insert between qa and prod-eu")).to_be_visible()
    page.keyboard.press("Escape")
    expect(picked(page)).to_have_count(1)
    page.keyboard.press("Backspace")
    expect(told(page, "qa is all that prod-eu depends on.")).to_be_visible()
    expect(picked(page)).to_have_count(1)
    page.keyboard.press("ControlOrMeta+z")
    expect(arrow(page, "dev", "prod-eu")).to_be_attached()
    assert yaml_of(page) == before


def test_a_selected_arrow_is_left_by_key_by_the_canvas_and_for_a_node(
    prepared_site: Site, signed_in: SignIn
) -> None:
    page, before = opened(prepared_site, signed_in, "arrow-left", TWICE)
    at_rest(page)
    on_arrow = on_way(page, "dev", "prod-eu", 200)
    page.mouse.click(*on_arrow)
    expect(picked(page)).to_have_count(1)
    page.keyboard.press("Escape")
    expect(picked(page)).to_have_count(0)
    page.keyboard.press("Delete")
    page.mouse.click(*on_arrow)
    expect(picked(page)).to_have_count(1)
    page.mouse.click(*empty_place(page))
    expect(picked(page)).to_have_count(0)
    page.mouse.click(*on_arrow)
    expect(picked(page)).to_have_count(1)
    node(page, "prod").click()
    expect_selected(page, "prod")
    expect(picked(page)).to_have_count(0)
    page.keyboard.press("Escape")
    expect(picked(page)).to_have_count(0)
    assert yaml_of(page) == before


# -- a handle that is dragged


def test_a_handle_let_go_over_nothing_asks_there_what_to_add_after_its_node(
    prepared_site: Site, signed_in: SignIn
) -> None:
    without = TEXT[: TEXT.index("    - environment: prod-asia")]
    page, _text = opened(prepared_site, signed_in, "let-go-over-nothing", without)
    at_rest(page)
    node(page, "prod").click()
    handle = chart(page).get_by_role("button", name="Add environments after qa", exact=True)
    x, y = empty_place(page)
    pull(page, middle(handle), (x, y))
    page.mouse.up()
    menu = page.get_by_role("dialog", name="Add after qa")
    expect(menu.get_by_role("checkbox", name="prod-asia")).to_be_focused()
    box = menu.bounding_box()
    assert box is not None and abs(box["x"] - x) < 20 and abs(box["y"] - y) < 20
    expect_selected(page, "prod")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(arrow(page, "qa", "prod-asia")).to_be_attached()
    # Where nothing can be added, nothing is asked.
    at_rest(page)
    pull(page, middle(handle), middle(editor(page)))
    page.mouse.up()
    page.keyboard.press("Shift")
    expect(menu).to_be_hidden()


def test_the_frame_of_a_node_that_a_handle_is_dragged_to_is_the_nodes_alone(
    prepared_site: Site, signed_in: SignIn
) -> None:
    page, _text = opened(prepared_site, signed_in, "framed", FAN)
    at_rest(page)

    def framed() -> list[str]:
        names: list[str] = chart(page).evaluate(
            """chart => [...chart.querySelectorAll(".stop, .stop *")]
              .filter((one) => getComputedStyle(one).boxShadow.includes("0px 0px 0px 2px"))
              .map((one) => one.matches(".node") && one.querySelector("[data-environment]").dataset.environment)"""
        )
        return names

    handle = chart(page).get_by_role("button", name="Add environments after qa", exact=True)
    pull(page, middle(handle), middle(node(page, "prod-eu")))
    wait_until(lambda: framed() == ["prod-eu"], seconds=PATIENCE, what="prod-eu alone is framed")
    # Beside it, it is let go of.
    page.mouse.move(*empty_place(page))
    wait_until(lambda: framed() == [], seconds=PATIENCE, what="nothing is framed")


# -- nothing lies over anything


def edges_of(locator: Locator) -> tuple[float, float, float, float]:
    box = locator.bounding_box()
    assert box is not None
    return box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]


def test_the_palette_of_an_empty_flow_takes_the_room_up_to_the_canvas_end(
    prepared_site: Site, signed_in: SignIn
) -> None:
    page = empty_page(signed_in(prepared_site))
    palette = chart(page).locator(".palette")
    fits = palette.locator(".items").evaluate("items => items.scrollWidth <= items.clientWidth")
    room = edges_of(chart(page))[2] - edges_of(palette)[2]
    assert room >= 12 and (fits or room < 16)


def test_what_a_drag_would_do_is_told_beside_the_tools(prepared_site: Site, signed_in: SignIn) -> None:
    page = empty_page(signed_in(prepared_site))
    palette_item(page, "dev").click()
    at_rest(page)
    pull(page, middle(palette_item(page, "qa")), middle(node(page, "dev")))
    told_where = chart(page).get_by_role("status")
    expect(told_where).to_have_text("Adds it after dev")
    assert edges_of(told_where)[1] > edges_of(chart(page).locator(".chart-tools"))[3]
    page.mouse.up()
    expect(arrow(page, "dev", "qa")).to_be_attached()


@pytest.mark.parametrize("aside", [-8, 0, 8])
def test_all_of_a_nodes_plus_is_the_nodes_though_an_arrow_begins_there(
    prepared_site: Site, signed_in: SignIn, aside: int
) -> None:
    page = signed_in(prepared_site)
    open_flow(page, PARALLEL)
    at_rest(page)
    x, y = middle(page.get_by_role("button", name="Add environments after dev"))
    page.mouse.move(x + aside, y)
    page.mouse.down()
    page.mouse.up()
    expect(page.get_by_role("dialog", name="Add after dev")).to_be_visible()
