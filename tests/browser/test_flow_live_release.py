"""A release that is triggered in the Flow Builder runs on the builder's own canvas, and editing comes back after it."""

from __future__ import annotations

import re
from functools import partial

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.builder import dismiss, dock, settings
from tests.browser.conftest import SignIn
from tests.browser.pages import expect_stayed, node, stay, trigger, write_yaml, yaml_of
from tests.faults.quick_start import PARALLEL, TARGETS, Site

pytestmark = pytest.mark.browser

PRODUCT = "demo-trioapp"
WAVE = ("prod", "prod-eu", "prod-asia")
CAUSE = "ctrlr exceeded its progress deadline"


def open_builder(page: Page) -> str:
    """Opens the flow; returns its text as it stands in the editor."""
    page.goto(f"/flows/{PARALLEL}/")
    expect(node(page, "prod-asia")).to_be_visible()
    expect(page.get_by_role("textbox", name="YAML of the flow")).to_contain_text("prod-asia")
    return yaml_of(page)


def trigger_release(page: Page) -> Locator:
    """From the builder's button to the release; returns the strip that is its sign."""
    dialog = trigger(page, product=PRODUCT, application="demo-trioapp-dev")
    dialog.get_by_role("button", name=f"Trigger {len(TARGETS)} environments").click()
    expect(dialog).to_be_hidden()
    strip = page.get_by_role("region", name=re.compile(rf"^Release \d+ of {PRODUCT}$"))
    expect(strip).to_be_visible()
    return strip


def state(page: Page, environment: str, word: str) -> Locator:
    """What stands under the environment's node, once it is in that state."""
    chart = page.get_by_role("region", name="Chart")
    return chart.get_by_role("group", name=f"{environment}: {word}", exact=True)


def states(page: Page, word: str) -> Locator:
    return page.get_by_role("region", name="Chart").get_by_role("group", name=re.compile(rf": {word}$"))


def moving(page: Page) -> Locator:
    """The arrows along which the release goes now."""
    return page.get_by_role("region", name="Chart").locator(".is-moving + [data-edge]")


def action(page: Page, environment: str, status: str) -> Locator:
    """What is done in front of the environment's node, once its step is in that state."""
    name = f"Action of {environment}: commit, {status}"
    return page.get_by_role("region", name="Chart").get_by_role("button", name=name, exact=True)


def release_in_address(page: Page) -> str:
    found = re.search(r"[?&]release=([^&]+)", page.url)
    assert found, f"{page.url} names no release"
    return found.group(1)


def expect_open(page: Page) -> None:
    """Nothing on the chart or in its settings is locked."""
    expect(page.get_by_label("Preview policies for", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name="Release", exact=True)).to_be_hidden()
    expect(dock(page, "qa", "Pre-action")).to_be_enabled()
    node(page, "qa").click()
    expect(settings(page).get_by_text("The chart shows a release.")).to_be_hidden()
    expect(settings(page).get_by_label("Action", exact=True)).to_be_enabled()


def expect_editing(page: Page, text: str) -> None:
    """No trace of a release; the text is untouched."""
    expect(page.get_by_role("button", name="Back to editing")).to_be_hidden()
    expect(states(page, ".*")).to_have_count(0)
    expect(action(page, "qa", "succeeded")).to_have_count(0)
    expect(page).to_have_url(re.compile(rf"/flows/{PARALLEL}/(\?product={PRODUCT})?$"))
    assert yaml_of(page) == text


def test_the_canvas_shows_the_release_that_was_triggered_until_it_has_succeeded_and_survives_a_reload(
    site: Site, signed_in: SignIn
) -> None:
    site.hold(*(f"demo-trioapp-{name}" for name in ("qa", "prod", "eu", "asia")))
    page = signed_in(site)
    text = open_builder(page)
    stay(page)
    strip = trigger_release(page)
    expect(strip).to_be_focused()
    release = release_in_address(page)

    # dev -> qa -> (prod, prod-eu, prod-asia)
    expect(state(page, "qa", "Running")).to_be_visible()
    expect(state(page, "dev", "Succeeded")).to_be_visible()
    expect(states(page, "Pending")).to_have_count(len(WAVE))
    expect(strip).to_contain_text("0 of 4 environments promoted")
    expect(moving(page)).to_have_count(1)
    expect(action(page, "prod", "pending")).to_be_visible()
    site.let_go("demo-trioapp-qa")
    for name in WAVE:
        expect(state(page, name, "Running")).to_be_visible()
    expect(moving(page)).to_have_count(len(WAVE))
    expect(strip).to_contain_text("1 of 4 environments promoted")
    expect(node(page, "prod-eu")).to_have_accessible_description(re.compile(r"^Running"))
    site.let_go()
    expect(states(page, "Succeeded")).to_have_count(5)
    for name in TARGETS:
        expect(action(page, name, "succeeded")).to_have_attribute("title", "Action: commit, succeeded")
    expect(strip).to_contain_text("Succeeded")
    expect(strip).to_contain_text("4 of 4 environments promoted")
    expect(strip.get_by_role("status")).to_contain_text("succeeded, 4 of 4 environments promoted.")
    expect(strip.get_by_role("button", name="Terminate")).to_be_hidden()
    expect_stayed(page)
    assert yaml_of(page) == text
    site.assert_complete(site.release(release))

    page.reload()
    expect(states(page, "Succeeded")).to_have_count(5)
    expect(strip).to_contain_text("4 of 4 environments promoted")
    assert release_in_address(page) == release
    strip.get_by_role("button", name="Back to editing").click()
    expect_editing(page, text)
    page.reload()
    expect(node(page, "prod-asia")).to_be_visible()
    expect_editing(page, text)


def test_a_failing_application_shows_its_sentence_on_its_node_and_the_way_to_the_cause(
    site: Site, signed_in: SignIn
) -> None:
    site.behave("demo-trioapp-eu", "--failure", "degraded", "--message", CAUSE)
    page = signed_in(site)
    text = open_builder(page)
    strip = trigger_release(page)
    expect(state(page, "prod-eu", "Failed")).to_contain_text(CAUSE)
    for name in ("qa", "prod", "prod-asia"):
        expect(state(page, name, "Succeeded")).to_be_visible()
    expect(strip).to_contain_text("Failed")
    expect(strip).to_contain_text("prod-eu failed.")
    expect(strip).to_contain_text("3 of 4 environments promoted")

    # In the editor Esc is the editor's; on the chart it first lets go of the node, then of the release.
    page.get_by_role("textbox", name="YAML of the flow").click()
    page.keyboard.press("Escape")
    expect(strip).to_be_visible()
    node(page, "qa").click()
    page.keyboard.press("Escape")
    expect(node(page, "qa")).to_have_attribute("aria-pressed", "false")
    expect(strip).to_be_visible()
    page.keyboard.press("Escape")
    expect_editing(page, text)


def test_a_failed_release_can_be_retried_from_the_strip_and_goes_on_there(
    site: Site, signed_in: SignIn
) -> None:
    site.hold("demo-trioapp-eu")
    page = signed_in(site)
    open_builder(page)
    stay(page)
    strip = trigger_release(page)
    retry = strip.get_by_role("button", name="Retry")
    expect(state(page, "prod-eu", "Running")).to_be_visible()
    expect(retry).to_be_hidden()
    site.behave("demo-trioapp-eu", "--failure", "degraded", "--message", CAUSE)
    expect(state(page, "prod-eu", "Failed")).to_be_visible()
    retry.click()
    question = page.get_by_role("alertdialog", name=re.compile(r"^Retry release \d+\?$"))
    expect(question).to_contain_text("prod-eu goes on from the step that did not succeed")
    site.let_go("demo-trioapp-eu")
    question.get_by_role("button", name="Retry release").click()
    expect(question).to_be_hidden()
    expect(states(page, "Succeeded")).to_have_count(5)
    expect(strip).to_contain_text("4 of 4 environments promoted")
    expect(retry).to_be_hidden()
    expect_stayed(page)


def test_a_running_release_can_be_terminated_from_the_strip_and_its_page_is_one_press_away(
    site: Site, signed_in: SignIn
) -> None:
    site.hold("demo-trioapp-qa")
    page = signed_in(site)
    open_builder(page)
    strip = trigger_release(page)
    expect(state(page, "qa", "Running")).to_be_visible()
    strip.get_by_role("button", name="Terminate").click()
    question = page.get_by_role("alertdialog", name=re.compile(r"^Terminate release \d+\?$"))
    expect(question).to_contain_text("qa stops after the running step")
    expect(question.get_by_role("button", name="Keep running")).to_be_focused()
    page.keyboard.press("Escape")
    expect(question).to_be_hidden()
    expect(strip).to_be_visible()

    strip.get_by_role("button", name="Terminate").click()
    question.get_by_role("button", name="Terminate release").click()
    expect(question).to_be_hidden()
    expect(state(page, "qa", "Terminated")).to_be_visible()
    expect(strip).to_contain_text("Terminated")
    expect(strip.get_by_role("button", name="Terminate")).to_be_hidden()
    strip.get_by_role("link", name="View release details").click()
    expect(page).to_have_url(re.compile(rf"/products/{PRODUCT}/releases/\d+/$"))


def test_the_canvas_says_that_it_is_stale_reconnects_and_catches_up(site: Site, signed_in: SignIn) -> None:
    site.hold("demo-trioapp-qa")
    page = signed_in(site)
    open_builder(page)
    stay(page)
    strip = trigger_release(page)
    expect(strip).to_contain_text("Live")
    expect(state(page, "qa", "Running")).to_be_visible()
    lost = page.get_by_role("status").filter(has_text="Connection lost.")
    with site.without_web():
        expect(strip).to_contain_text(re.compile(r"Stale since \d\d:\d\d:\d\d"))
        expect(lost).to_have_text(re.compile(r"^Connection lost\. You see the state of \d\d:\d\d:\d\d\.$"))
        expect(page.get_by_role("button", name="Reconnect now")).to_be_visible()
        site.let_go()
    expect(states(page, "Succeeded")).to_have_count(5)
    expect(strip).to_contain_text("Live")
    expect(lost).to_be_hidden()
    expect(page.get_by_role("button", name="Reconnect now")).to_be_hidden()
    expect_stayed(page)


def test_an_address_that_names_no_release_says_so_and_editing_is_one_press_away(
    prepared_site: Site, signed_in: SignIn
) -> None:
    page = signed_in(prepared_site)
    page.goto(f"/flows/{PARALLEL}/?release=no-such-release")
    strip = page.get_by_role("region", name="Release", exact=True)
    expect(strip.get_by_role("alert")).to_contain_text("The release cannot be shown.")
    expect(node(page, "qa")).to_be_visible()
    text = yaml_of(page)
    # No release is on the chart: it is the text's, open to every change, and stale where that cannot be read.
    expect_open(page)
    write_yaml(page, text.replace("steps:", "steps: x: y"))
    expect(page.locator(".chart-canvas.is-stale-data")).to_have_count(1)
    expect(page.get_by_role("button", name=re.compile("cannot be read"))).to_be_visible()
    write_yaml(page, text)
    strip.get_by_role("button", name="Back to editing").click()
    expect_editing(page, text)


def test_a_release_that_is_loading_locks_nothing_and_closes_the_menu_that_it_comes_over(
    site: Site, signed_in: SignIn
) -> None:
    page = signed_in(site)
    text = open_builder(page)
    strip = trigger_release(page)
    expect(states(page, "Succeeded")).to_have_count(5)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile(rf"/api/releases/{release_in_address(page)}/"), hold)
    page.reload()
    expect(page.get_by_text("The release is loading")).to_be_visible()
    expect(node(page, "qa")).to_be_visible()
    expect_open(page)
    dock(page, "qa", "Pre-action").click()
    menu = page.locator(".popover.floating")
    expect(menu).to_be_visible()
    for route in held:
        route.continue_()
    expect(states(page, "Succeeded")).to_have_count(5)
    expect(menu).to_be_hidden()
    strip.get_by_role("button", name="Back to editing").click()
    expect_editing(page, text)
    expect(menu).to_be_hidden()


def test_nothing_is_changed_on_the_chart_while_it_shows_a_release(site: Site, signed_in: SignIn) -> None:
    page = signed_in(site)
    open_builder(page)
    strip = trigger_release(page)
    expect(states(page, "Succeeded")).to_have_count(5)
    write_yaml(page, yaml_of(page).replace("Production", "All production"))
    text = yaml_of(page)

    # What would change it is not offered.
    chart = page.get_by_role("region", name="Chart")
    expect(dock(page, "qa", "Pre-action")).to_be_disabled()
    offers = re.compile("^(Arrow from|Add environments)")
    expect(chart.get_by_role("button", name=offers)).to_have_count(0)
    expect(page.get_by_role("heading", name="Environments not in this flow")).to_be_hidden()
    for name in ("Undo", "Redo"):
        expect(chart.get_by_role("button", name=name)).to_be_disabled()
    node(page, "prod").click()
    expect(settings(page).get_by_text("The chart shows a release.")).to_be_visible()
    expect(settings(page).get_by_label("Action", exact=True)).to_be_disabled()

    # Keys and the right button tell why, at once.
    def press(key: str) -> None:
        node(page, "prod").click()
        page.keyboard.press(key)

    acts = [partial(press, key) for key in ("Delete", "a", "b", "d", "Alt+ArrowUp", "Control+z")]
    for act in (*acts, lambda: node(page, "prod").click(button="right")):
        act()
        dismiss(page, "The chart shows a release")
        expect(page.locator(".popover.floating, .edge-diff")).to_have_count(0)
        assert yaml_of(page) == text, act
    press("Delete")
    message = page.locator("#toasts .toast").filter(has_text="The chart shows a release")
    expect(message).to_be_visible()
    strip.get_by_role("button", name="Back to editing").click()
    # What was said goes when the chart is the flow's again.
    expect(message).to_be_hidden()
    expect(settings(page).get_by_label("Action", exact=True)).to_be_enabled()
    expect(dock(page, "qa", "Pre-action")).to_be_enabled()
    page.get_by_role("button", name="Undo").click()
    assert yaml_of(page) != text


def test_what_is_written_while_a_release_is_shown_does_not_change_its_chart(
    site: Site, signed_in: SignIn
) -> None:
    page = signed_in(site)
    text = open_builder(page)
    trigger_release(page)
    expect(states(page, "Succeeded")).to_have_count(5)
    write_yaml(page, text.replace("prod-asia", "staging"))
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_visible()
    expect(states(page, "Succeeded")).to_have_count(5)
    expect(node(page, "prod-asia")).to_be_visible()
    expect(node(page, "staging")).to_be_hidden()
    node(page, "prod-asia").click()
    expect(settings(page).get_by_text("The text in the editor has no prod-asia.")).to_be_visible()
    page.get_by_role("button", name="Back to editing").click()
    expect(node(page, "staging")).to_be_visible()
    expect(node(page, "prod-asia")).to_be_hidden()


def test_a_release_on_the_chart_does_not_fade_over_a_text_that_cannot_be_read(
    site: Site, signed_in: SignIn
) -> None:
    page = signed_in(site)
    text = open_builder(page)
    strip = trigger_release(page)
    expect(states(page, "Succeeded")).to_have_count(5)
    write_yaml(page, text.replace("steps:", "steps: x: y"))
    fault = page.get_by_role("region", name="YAML").get_by_text(re.compile(r"^1 problem$"))
    expect(fault).to_be_visible()
    faded = page.locator(".chart-canvas.is-stale-data")
    expect(faded).to_have_count(0)
    strip.get_by_role("button", name="Back to editing").click()
    expect(faded).to_have_count(1)
    expect(page.get_by_role("button", name=re.compile("cannot be read"))).to_be_visible()
