"""Which environments there are, for whoever has a flow open while somebody else adds one or takes one away."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.builder import (
    changed,
    empty_page,
    is_saved_as,
    opened,
    palette_item,
    save,
    told,
)
from tests.browser.conftest import SignIn
from tests.browser.pages import node, write_yaml, yaml_of
from tests.faults.quick_start import Site

pytestmark = pytest.mark.browser


def test_an_environment_that_somebody_adds_can_be_used_without_a_reload(
    prepared_site: Site, signed_in: SignIn
) -> None:
    page, text = opened(prepared_site, signed_in, "uses-a-later-one")
    write_yaml(page, text.replace("environment: prod-eu", "environment: prod-later"))
    save(page)
    expect(told(page, 'There is no environment "prod-later"')).to_be_visible()
    prepared_site.call("POST", "environments/", json={"name": "prod-later", "kind": "PROD", "targets": []})
    try:
        expect(page.get_by_role("button", name="Trigger", exact=True)).to_have_attribute(
            "aria-disabled", "false"
        )
        save(page)
        is_saved_as(page, "uses-a-later-one")
        assert "prod-later" in yaml_of(page)
    finally:
        prepared_site.call("DELETE", "flows/uses-a-later-one/")
        prepared_site.call("DELETE", "environments/prod-later/")


def test_the_palette_of_a_new_flow_follows_what_others_add_and_take_away(
    prepared_site: Site, signed_in: SignIn
) -> None:
    page = empty_page(signed_in(prepared_site))
    prepared_site.call("POST", "environments/", json={"name": "passing", "kind": "NON_PROD", "targets": []})
    expect(palette_item(page, "passing")).to_be_visible()
    prepared_site.call("DELETE", "environments/passing/")
    expect(palette_item(page, "passing")).to_have_count(0)


def test_an_environment_is_made_from_the_builder_and_chosen_at_once(
    prepared_site: Site, signed_in: SignIn
) -> None:
    page, text = opened(prepared_site, signed_in, "grows")
    node(page, "qa").click()
    page.keyboard.press("a")
    menu = page.get_by_role("dialog", name="Add after qa")
    menu.get_by_role("button", name="Add new environment").click()
    dialog = page.get_by_role("dialog", name="Add new environment")
    name = dialog.get_by_label("Name", exact=True)
    name.fill("Prod.US")
    page.keyboard.press("Enter")
    expect(name).to_have_accessible_description(
        re.compile(r"^Name the environment: .* Did you mean prod-us\?$")
    )
    name.fill("prod-us")
    dialog.get_by_role("radio", name="Production", exact=True).check()
    dialog.get_by_label("Namespaces").fill("demo-trioapp-prod-us, more")
    dialog.get_by_label("Cluster").fill("us-1")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("There is no cluster 'us-1'. Known clusters: ")
    dialog.get_by_label("Cluster").fill("eu-1")
    try:
        page.keyboard.press("Enter")
        expect(dialog).to_be_hidden()
        expect(menu.get_by_role("checkbox", name=re.compile("^prod-us"))).to_be_checked()
        menu.get_by_role("button", name="Add", exact=True).click()
        expect(node(page, "prod-us")).to_be_visible()
        assert changed(text, yaml_of(page))[0] == "+     - environment: prod-us"
        made = prepared_site.call("GET", "environments/prod-us/")
        assert made["kind"] == "PROD"
        assert made["targets"] == [{"cluster": "eu-1", "namespaces": ["demo-trioapp-prod-us", "more"]}]
    finally:
        prepared_site.call("DELETE", "environments/prod-us/")
