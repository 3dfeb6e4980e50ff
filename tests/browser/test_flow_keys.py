"""The list of the builder's keys: read at a glance, and by key where the window is low."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.builder import open_flow
from tests.browser.conftest import SignIn
from tests.browser.pages import node
from tests.faults.quick_start import PARALLEL, Site

pytestmark = pytest.mark.browser


def test_the_list_of_keys_fills_its_columns_and_scrolls_by_key(
    prepared_site: Site, signed_in: SignIn
) -> None:
    page = signed_in(prepared_site)
    open_flow(page, PARALLEL)
    node(page, "qa").press("?")
    keys_list = page.get_by_role("dialog", name="Keys")
    expect(keys_list).to_be_visible()
    groups = keys_list.get_by_role("region").all()

    def columns() -> list[float]:
        """How far down each of them reaches."""
        ends: dict[float, float] = {}
        for group in groups:
            box = group.bounding_box()
            assert box is not None
            ends[box["x"]] = max(ends.get(box["x"], 0), box["y"] + box["height"])
        return list(ends.values())

    first, second = columns()
    top = min(box["y"] for group in groups if (box := group.bounding_box()))
    assert abs(first - second) < 0.2 * (max(first, second) - top)
    page.set_viewport_size({"width": 1024, "height": 500})
    last = page.get_by_text("Make the YAML pane wider or narrower")
    expect(last).not_to_be_in_viewport()
    page.keyboard.press("End")
    expect(last).to_be_in_viewport(ratio=0.99)
    page.set_viewport_size({"width": 640, "height": 500})
    assert len(columns()) == 1
