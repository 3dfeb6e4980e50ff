"""What the Flow Builder's chart gives people who use keys and listen, and where it stands while strips come and go."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.builder import arrow, changed, chart, dock, new_flow, open_flow
from tests.browser.conftest import SignIn
from tests.browser.pages import at_rest, node, write_yaml, yaml_of
from tests.browser.test_flow_drawing import DIAMOND
from tests.faults.quick_start import Site

pytestmark = pytest.mark.browser

#  dev -> {qa, prod} -> prod-eu
JOINED = DIAMOND[: DIAMOND.index("    - environment: prod-asia")]


# -- arrows by key


def test_by_key_an_environment_is_added_on_one_of_several_arrows_or_on_all(
    prepared_site: Site, signed_in: SignIn
) -> None:
    before = new_flow(prepared_site, "on-an-arrow", JOINED)
    page = signed_in(prepared_site)
    open_flow(page, "on-an-arrow")
    keys = page.keyboard
    node(page, "prod-eu").focus()
    keys.press("b")
    choice = page.get_by_role("menu", name="Add before prod-eu")
    expect(choice.get_by_role("menuitem")).to_have_text(
        ["On both arrows", "On the arrow from prod", "On the arrow from qa"]
    )
    expect(choice.get_by_role("menuitem", name="On both arrows")).to_be_focused()
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    keys.press("Enter")
    adding = page.get_by_role("dialog", name="Insert between qa and prod-eu")
    expect(adding.get_by_role("checkbox", name=re.compile("^prod-asia "))).to_be_focused()
    keys.press("Space")
    keys.press("Enter")
    expect(arrow(page, "qa", "prod-asia")).to_be_attached()
    expect(arrow(page, "prod-asia", "prod-eu")).to_be_attached()
    expect(arrow(page, "prod", "prod-eu")).to_be_attached()
    expect(node(page, "prod-eu")).to_be_focused()
    keys.press("ControlOrMeta+Z")
    expect(node(page, "prod-asia")).to_be_hidden()
    assert yaml_of(page) == before

    keys.press("b")
    keys.press("Enter")
    expect(page.get_by_role("dialog", name="Add before prod-eu")).to_be_visible()
    keys.press("Space")
    keys.press("Enter")
    for source, target in (("qa", "prod-asia"), ("prod", "prod-asia"), ("prod-asia", "prod-eu")):
        expect(arrow(page, source, target)).to_be_attached()
    expect(node(page, "prod-eu")).to_be_focused()

    # One arrow alone leaves nothing to choose.
    keys.press("b")
    expect(page.get_by_role("dialog", name="Add before prod-eu")).to_be_visible()
    keys.press("Escape")
    expect(node(page, "prod-eu")).to_be_focused()


def test_by_key_one_of_several_arrows_is_taken_away(prepared_site: Site, signed_in: SignIn) -> None:
    before = new_flow(prepared_site, "without-an-arrow", JOINED)
    page = signed_in(prepared_site)
    open_flow(page, "without-an-arrow")
    node(page, "prod-eu").focus()
    page.keyboard.press("b")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    adding = page.get_by_role("dialog", name="Insert between qa and prod-eu")
    adding.get_by_role("button", name="Remove this dependency").press("Enter")
    expect(arrow(page, "qa", "prod-eu")).to_be_hidden()
    assert changed(before, yaml_of(page)) == ["-         - qa"]


# -- what is wrong, on its node


def test_an_error_on_the_chart_is_red_a_warning_amber_and_both_are_said(
    prepared_site: Site, signed_in: SignIn
) -> None:
    text = new_flow(prepared_site, "flaws", JOINED)
    page = signed_in(prepared_site)
    open_flow(page, "flaws")
    write_yaml(page, text.replace("action: commit\n", "action: commit\n        preAction: unheard-of\n", 1))
    setting = dock(page, "qa", "Pre-action")
    expect(setting).to_have_accessible_description(re.compile(r"^Warning: .*unheard-of"))
    warning, error = (color(page, f"--{role}-solid") for role in ("wait", "bad"))
    expect(setting.locator(".badge-dot")).to_have_css("background-color", warning)

    write_yaml(page, text.replace("- dev\n", "- dev\n        - dev\n", 1))
    expect(node(page, "qa")).to_have_accessible_description(re.compile(r"^Warning: .*stands twice"))
    mark = chart(page).get_by_role("img", name=re.compile("stands twice"))
    expect(mark).to_have_css("background-color", warning)
    write_yaml(page, text.replace("- dev\n", "- nowhere\n", 1))
    expect(node(page, "qa")).to_have_accessible_description(re.compile(r"^Error: .*nowhere"))
    mark = chart(page).get_by_role("img", name=re.compile("nowhere"))
    expect(mark).to_have_css("background-color", error)


def test_every_environment_of_a_circle_says_so(prepared_site: Site, signed_in: SignIn) -> None:
    text = new_flow(prepared_site, "circling", JOINED)
    page = signed_in(prepared_site)
    open_flow(page, "circling")
    write_yaml(page, text.replace("- dev\n", "- prod-eu\n", 1))
    for name in ("qa", "prod-eu"):
        expect(node(page, name)).to_have_accessible_description(re.compile(r"^Error: .* in a circle"))
    # Without a description of its own, its title is one.
    expect(node(page, "prod")).to_have_accessible_description("prod")


def color(page: Page, token: str) -> str:
    """As the browser writes it."""
    painted: str = page.evaluate(
        """token => {
          const probe = document.body.appendChild(document.createElement("i"));
          probe.style.color = `var(${token})`;
          const { color } = getComputedStyle(probe);
          probe.remove();
          return color;
        }""",
        token,
    )
    return painted


# -- a strip goes


# Where qa stands each time that the canvas has got another size: asked last of all, just before it is painted.
STAND = """() => {
  window.stood = [];
  const look = () => {
    const { left, top } = document.querySelector('[data-environment="qa"]').getBoundingClientRect();
    window.stood.push(`${Math.round(left)} ${Math.round(top)}`);
  };
  new ResizeObserver(look).observe(document.querySelector(".chart-canvas .react-flow"));
}"""


@pytest.mark.parametrize("width", [1440, 1024])
def test_the_chart_stands_still_while_a_strip_above_it_goes(
    prepared_site: Site, signed_in: SignIn, width: int
) -> None:
    new_flow(prepared_site, f"still-at-{width}", JOINED)
    page = signed_in(prepared_site, viewport={"width": width, "height": 768})
    page.goto(f"/flows/still-at-{width}/?release=no-such-release")
    expect(page.get_by_role("region", name="Release", exact=True).get_by_role("alert")).to_be_visible()
    expect(node(page, "qa")).to_be_visible()
    at_rest(page)
    page.evaluate(STAND)
    page.get_by_role("button", name="Back to editing").click()
    expect(page.get_by_role("region", name="Release", exact=True)).to_be_hidden()
    at_rest(page)
    stood = page.evaluate("window.stood")
    assert len(stood) >= 2 and len(set(stood)) == 1, stood
