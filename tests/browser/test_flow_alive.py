"""The canvas with a product chosen: what runs, how far behind, what a commit would change, what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PASSWORD, VIEWER, SignIn
from tests.browser.pages import at_rest, node, write_yaml, yaml_of
from tests.faults.quick_start import DEV_CHART, EXAMPLES, PARALLEL, Site

pytestmark = pytest.mark.browser

PRODUCT = "demo-trioapp"
DEV_VALUES = "demo-applications/trioapp-dev/values.yaml"
TEXT = (EXAMPLES / "flows" / f"{PARALLEL}.yaml").read_text()


def facts(page: Page, environment: str) -> Locator:
    """What stands below the environment's node."""
    return page.locator(f"#facts-of-{environment}")


def behind(page: Page, environment: str) -> Locator:
    return facts(page, environment).get_by_role("img", name=" behind dev")


def diff(page: Page, environment: str) -> Locator:
    return page.get_by_role("group", name=f"What {environment} would get")


def open_with_product(page: Page) -> None:
    page.goto(f"/flows/{PARALLEL}/?product={PRODUCT}")
    expect(facts(page, "dev")).to_be_visible()


def arrow(page: Page, start: str, end: str) -> tuple[float, float]:
    """A point of the window that lies on the arrow, away from its ends."""
    path = page.locator(f'path[data-edge="{start}→{end}"]')
    expect(path).to_be_attached()
    at: dict[str, float] = path.evaluate(
        """path => {
          const point = path.getPointAtLength(path.getTotalLength() * 0.45);
          const { x, y } = point.matrixTransform(path.getScreenCTM());
          return { x, y };
        }"""
    )
    return at["x"], at["y"]


def environment_behind(site: Site, name: str) -> int | None:
    body = site.call("POST", f"flows/{PARALLEL}/preview/", json={"product": PRODUCT})
    count: int | None = next(env["behind"] for env in body["environments"] if env["name"] == name)
    return count


def test_every_node_shows_what_runs_there_and_a_push_to_dev_moves_it_without_a_reload(
    site: Site, signed_in: SignIn
) -> None:
    page = signed_in(site)
    open_with_product(page)
    running = {row["environment"]: row for row in site.applications()}
    for name in ("dev", "qa", "prod-eu"):
        expect(facts(page, name).locator(".ver")).to_have_text(running[name]["version"])
    expect(facts(page, "qa")).to_contain_text(running["qa"]["name"])
    before = environment_behind(site, "qa")
    assert before is not None and before > 0
    expect(behind(page, "qa")).to_have_attribute("aria-label", f"{before} behind dev")
    expect(behind(page, "dev")).to_have_count(0)

    site.new_version("5.1.0")
    expect(facts(page, "dev").locator(".ver")).to_have_text("5.1.0")
    expect(behind(page, "qa")).to_have_attribute("aria-label", f"{before + 1} behind dev")
    # What no promotion carries does not count.
    site.commit(DEV_CHART, lambda text: f"{text}# seen by nobody\n")
    site.new_version("5.2.0")
    expect(behind(page, "qa")).to_have_attribute("aria-label", f"{before + 2} behind dev")


def test_resting_on_an_arrow_shows_the_commit_that_it_stands_for(site: Site, signed_in: SignIn) -> None:
    page = signed_in(site)
    open_with_product(page)
    expect(behind(page, "qa")).to_be_visible()
    plus = page.get_by_role("button", name="Arrow from dev to qa")
    at_rest(page)
    plus.hover()
    shown = diff(page, "qa")
    expect(shown).to_be_visible()
    versions = {row["environment"]: row["version"] for row in site.applications()}
    expect(shown).to_contain_text(versions["qa"])
    expect(shown).to_contain_text(versions["dev"])
    expect(shown.locator(".dl.ins").first).to_contain_text(versions["dev"].removeprefix("v"))
    assert page.evaluate("document.activeElement === document.body")
    expect(plus).to_have_css("opacity", "1")
    assert not overlap(shown, plus)
    plus.click()
    expect(page.get_by_role("dialog", name="Insert between dev and qa")).to_be_visible()
    expect(shown).to_be_hidden()

    page.keyboard.press("Escape")
    page.mouse.move(*arrow(page, "qa", "prod"))
    expect(diff(page, "prod")).to_be_visible()
    page.mouse.move(2, 2)
    expect(diff(page, "prod")).to_be_hidden()


def overlap(one: Locator, other: Locator) -> bool:
    a, b = one.bounding_box(), other.bounding_box()
    assert a is not None and b is not None
    beside = a["x"] >= b["x"] + b["width"] or b["x"] >= a["x"] + a["width"]
    return not beside and a["y"] < b["y"] + b["height"] and b["y"] < a["y"] + a["height"]


def test_d_shows_what_the_selected_environment_would_get_and_escape_closes_only_that(
    site: Site, signed_in: SignIn
) -> None:
    page = signed_in(site)
    open_with_product(page)
    expect(behind(page, "prod-eu")).to_be_visible()
    node(page, "prod-eu").focus()
    page.keyboard.press("d")
    expect(diff(page, "prod-eu")).to_be_visible()
    expect(diff(page, "prod-eu").get_by_role("region", name="Change of prod-eu")).to_be_focused()
    expect(page.locator("#announce")).to_contain_text("prod-eu: ")
    page.keyboard.press("Escape")
    expect(diff(page, "prod-eu")).to_be_hidden()
    expect(node(page, "prod-eu")).to_be_focused()
    expect(node(page, "prod-eu")).to_have_attribute("aria-pressed", "true")


def test_a_change_longer_than_its_box_is_read_to_its_end_by_key(site: Site, signed_in: SignIn) -> None:
    # Two files differ, whatever an earlier release has carried to qa.
    tag = uuid4().hex[:7]
    site.commit(DEV_VALUES, lambda text: re.sub(r"(?m)^( +tag:) .*$", rf"\1 main-{tag}", text))
    site.new_version("5.3.0")
    page = signed_in(site, viewport={"width": 1440, "height": 330})
    open_with_product(page)
    expect(behind(page, "qa")).to_be_visible()
    node(page, "qa").focus()
    page.keyboard.press("d")
    expect(diff(page, "qa")).to_contain_text(f"main-{tag}")
    body = diff(page, "qa").get_by_role("region", name="Change of qa")
    expect(body).to_be_focused()
    page.wait_for_function("body => body.scrollHeight - body.clientHeight > 60", arg=body.element_handle())
    page.keyboard.press("ArrowDown")
    expect(body).not_to_have_js_property("scrollTop", 0)
    assert body.evaluate("body => body.scrollWidth - body.clientWidth") == 0
    page.keyboard.press("End")
    expect(diff(page, "qa").locator(".dl").last).to_be_in_viewport(ratio=0.5)
    page.keyboard.press("Home")
    expect(body).to_have_js_property("scrollTop", 0)

    # Tab goes on from the node, and D closes what it opened.
    page.keyboard.press("Tab")
    expect(diff(page, "qa")).to_be_hidden()
    assert page.evaluate("document.querySelector('.chart-canvas').contains(document.activeElement)")
    node(page, "qa").focus()
    page.keyboard.press("d")
    expect(body).to_be_focused()
    page.keyboard.press("d")
    expect(diff(page, "qa")).to_be_hidden()
    expect(node(page, "qa")).to_be_focused()


@pytest.fixture
def empty(site: Site) -> Iterator[None]:
    """An environment without an application, which the other tests' palettes must not show."""
    site.call("POST", "environments/", json={"name": "empty", "kind": "NON_PROD", "targets": []})
    yield
    site.call("DELETE", "environments/empty/")


@pytest.mark.usefixtures("empty")
def test_an_environment_without_an_application_is_marked_and_the_others_keep_their_facts(
    site: Site, signed_in: SignIn
) -> None:
    page = signed_in(site)
    open_with_product(page)
    expect(behind(page, "qa")).to_be_visible()
    count = behind(page, "qa").get_attribute("aria-label")
    # Drawn, not saved: the preview is of the present text.
    write_yaml(page, f"{TEXT}    - environment: empty\n      dependsOn:\n        - qa\n")
    expect(facts(page, "empty")).to_contain_text("No application")
    expect(behind(page, "qa")).to_have_attribute("aria-label", str(count))
    at_rest(page)
    page.get_by_role("button", name="Arrow from qa to empty").hover()
    expect(diff(page, "empty")).to_contain_text(f"{PRODUCT} has no application in empty")
    assert "environment: empty" in yaml_of(page)


def test_what_cannot_be_triggered_is_said_at_its_node_and_all_of_why_beside_the_product(
    site: Site, signed_in: SignIn
) -> None:
    page = signed_in(site)
    open_with_product(page)
    text = TEXT.replace("codefresh.io/v1beta1", "lockstep.dev/v1").replace(
        "spec:\n", "spec:\n  onFailure: revert\n"
    )
    write_yaml(page, text.replace("action: commit", "action: pr", 1))
    mark = facts(page, "qa").get_by_text("Cannot be triggered")
    expect(mark).to_be_visible()
    expect(node(page, "qa")).to_have_accessible_description(
        re.compile(r'qa asks for action: pr \("Pull request"\)')
    )
    at_rest(page)
    # Close below the node's version: what is put in when the node is looked at comes after it.
    version, below = facts(page, "qa").locator(".ver").bounding_box(), mark.bounding_box()
    assert version and below
    assert below["y"] - version["y"] < 2 * version["height"]

    trouble = page.get_by_role("region", name="Chart").get_by_role(
        "button", name="This version cannot run onFailure: revert"
    )
    trouble.click()
    expect(page.get_by_role("dialog", name="What is in the way")).to_contain_text(
        '"Cancel what runs" (halt).'
    )
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="What is in the way")).to_be_hidden()
    # Another product may do: the way to it stays open.
    start = page.get_by_role("button", name="Trigger", exact=True)
    expect(start).to_be_enabled()
    expect(start).to_have_accessible_description(
        re.compile(
            f"^{PRODUCT} would be refused: This version cannot run onFailure: revert .* "
            r"1 more problem is in the way\. Another product or application can be chosen next\.$"
        )
    )
    start.click()
    expect(page.get_by_role("dialog", name="This flow is not saved")).to_be_visible()
    page.keyboard.press("Escape")
    write_yaml(page, TEXT)
    expect(trouble).to_be_hidden()
    expect(start).to_have_accessible_description("")
    expect(start).to_be_enabled()


def test_a_viewer_sees_it_all(people: Site, site: Site, signed_in: SignIn) -> None:
    page = signed_in(people, VIEWER, PASSWORD)
    open_with_product(page)
    expect(behind(page, "qa")).to_be_visible()
