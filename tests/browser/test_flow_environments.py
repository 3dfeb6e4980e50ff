"""Which environments there are, for whoever has a flow open while somebody else adds one or takes one away."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.builder import (
    empty_page,
    is_saved_as,
    opened,
    palette_item,
    save,
    told,
)
from tests.browser.conftest import SignIn
from tests.browser.pages import write_yaml, yaml_of
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
