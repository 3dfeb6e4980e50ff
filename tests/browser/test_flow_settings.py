"""The builder's settings pane: what it sets in the text, of the flow, of one environment and of several."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.builder import (
    TEXT,
    changed,
    dock,
    name_workflow,
    opened,
    settings,
)
from tests.browser.conftest import SignIn
from tests.browser.pages import node, yaml_of
from tests.faults.quick_start import Site

pytestmark = pytest.mark.browser


def workflow_of(page: Page, label: str) -> Locator:
    return settings(page).get_by_role("button", name=f"{label}: ")


def test_a_workflow_that_is_still_to_come_is_typed_in_the_settings_as_on_the_chart(
    prepared_site: Site, signed_in: SignIn
) -> None:
    page, before = opened(prepared_site, signed_in, "workflows-to-come")
    name_workflow(page, workflow_of(page, "On fail of the flow"), "On fail of the flow", "page-on-call")
    node(page, "qa").click()
    for label in ("Pre-action of qa", "On start of qa"):
        name_workflow(page, workflow_of(page, label), label, "smoke")
        expect(workflow_of(page, label)).to_be_focused()
    expect(dock(page, "qa", "Pre-action")).to_have_accessible_name("Pre-action of qa: smoke")
    node(page, "dev").click()
    name_workflow(page, workflow_of(page, "Validate dev with"), "Validate dev with", "probe")
    node(page, "prod").click()
    node(page, "prod-eu").click(modifiers=["Shift"])
    label = "Post-action of 2 environments"
    name_workflow(page, workflow_of(page, label), label, "report")
    assert changed(before, yaml_of(page)) == [
        "+   postTrigger: probe",
        "+         preAction: smoke",
        "+       hooks:",
        "+         onStart: smoke",
        "+         postAction: report",
        "+         postAction: report",
        "+   hooks:",
        "+     onFail: page-on-call",
    ]


def test_a_workflow_is_taken_out_again_and_of_several_environments_one_is_set_for_all(
    prepared_site: Site, signed_in: SignIn
) -> None:
    page, before = opened(prepared_site, signed_in, "workflows-taken-out")
    node(page, "prod").click()
    name_workflow(page, workflow_of(page, "Pre-action of prod"), "Pre-action of prod", "smoke")
    node(page, "prod-eu").click(modifiers=["Shift"])
    several = workflow_of(page, "Pre-action of 2 environments")
    expect(several).to_have_accessible_name("Pre-action of 2 environments: Different")
    several.press("Enter")
    menu = page.get_by_role("menu", name="Pre-action of 2 environments")
    expect(menu.get_by_role("menuitemradio", checked=True)).to_have_count(0)
    expect(menu.get_by_role("menuitemradio", name="smoke")).to_be_focused()
    page.keyboard.press("Enter")
    expect(several).to_have_accessible_name("Pre-action of 2 environments: smoke")
    several.click()
    menu.get_by_role("menuitemradio", name="Account-level policy").click()
    expect(menu).to_be_hidden()
    assert yaml_of(page) == before


def test_what_is_wrong_with_a_field_is_told_there_to_those_who_do_not_see_it_too(
    prepared_site: Site, signed_in: SignIn
) -> None:
    page, _ = opened(prepared_site, signed_in, "wrong-fields")
    name, timeout = (settings(page).get_by_label(label) for label in ("Name", "Timeout"))
    expect(name).to_have_accessible_description("")
    for field, wrong, words in (
        (name, "Wrong Name", "Name the flow: "),
        (timeout, "0", "From 1 to 525600 minutes."),
    ):
        field.fill(wrong)
        expect(field).to_have_accessible_description(re.compile(re.escape(words)))
        expect(field).to_have_attribute("aria-invalid", "true")
    timeout.fill("90")
    expect(timeout).to_have_accessible_description("")


def test_the_api_version_comes_and_goes_with_what_needs_it_and_is_told_both_times(
    prepared_site: Site, signed_in: SignIn
) -> None:
    page, before = opened(prepared_site, signed_in, "halting")
    failing = settings(page).get_by_label("When an environment fails")
    failing.select_option("Cancel what runs")
    expect(page.get_by_text("apiVersion is lockstep.dev/v1 now")).to_be_visible()
    failing.select_option("Finish what runs")
    expect(page.get_by_text("apiVersion is codefresh.io/v1beta1 now")).to_be_visible()
    expect(page.get_by_text("apiVersion is lockstep.dev/v1 now")).to_be_hidden()
    assert yaml_of(page) == before


def test_a_block_of_text_stays_one_while_its_description_is_typed(
    prepared_site: Site, signed_in: SignIn
) -> None:
    text = re.sub(r"description: .*", "description: |\n      Why\n      so", TEXT)
    page, before = opened(prepared_site, signed_in, "described", text)
    settings(page).get_by_label("Description").press("ControlOrMeta+End")
    page.keyboard.type("\nthat: # is\n\n\N{GRINNING FACE}")
    assert changed(before, yaml_of(page)) == [
        "-     description: |",
        "+     description: |-",
        "+ ",
        "+       that: # is",
        "+ ",
        "+       \N{GRINNING FACE}",
    ]
