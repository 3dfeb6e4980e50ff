"""Every page in light and dark, wide and narrow: nothing that keeps people out, and nothing beyond its edge."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from lockstep.bootstrap import ADMINISTRATOR
from tests.browser.conftest import PASSWORD, make_ready
from tests.browser.pages import card, column, node, overall, sign_in, trigger
from tests.faults.quick_start import PARALLEL, Site
from tests.lockstep.installation import ROOT

pytestmark = pytest.mark.browser

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = {"serious", "critical"}
SIZES = {1440: 900, 1024: 768}
SCHEMES = ("light", "dark")
PRODUCT = "/products/demo-trioapp/"


@pytest.fixture(scope="module")
def releases(prepared_site: Site) -> dict[str, str]:
    """Addresses of a release that failed and one that succeeded, on its page and on the builder's canvas."""
    addresses = {}
    for status, failure in (("SUCCEEDED", "none"), ("FAILED", "degraded")):
        make_ready(prepared_site)
        prepared_site.behave("demo-trioapp-eu", "--failure", failure, "--message", "ctrlr crashes")
        release = prepared_site.wait_for_end(prepared_site.trigger()["id"])
        assert release["status"] == status
        addresses[status] = release["url"]
        addresses[f"{status} in the builder"] = f"/flows/{PARALLEL}/?release={release['id']}"
    return addresses


def grave_problems(page: Page) -> list[str]:
    """What axe-core finds serious or critical, as "rule: element"."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    found: dict[str, Any] = page.evaluate("axe.run({resultTypes: ['violations']})")
    return [
        f"{problem['id']}: {part['target']} {part['failureSummary']}"
        for problem in found["violations"]
        if problem["impact"] in GRAVE
        for part in problem["nodes"]
    ]


def overflow(page: Page) -> int:
    """Pixels by which the page is wider or higher than its window: its parts scroll, never the whole."""
    return int(
        page.evaluate(
            """({ scrollWidth, scrollHeight }) => Math.max(scrollWidth - innerWidth, scrollHeight - innerHeight)""",
            page.evaluate_handle("document.documentElement"),
        )
    )


def walk(page: Page, releases: dict[str, str]) -> Iterator[str]:
    """Every page and dialog, one after the other; yields its name when it is drawn."""
    main = page.get_by_role("main")
    for path in ("/", "/products/", "/flows/", f"{PRODUCT}settings/", f"{PRODUCT}releases/", "/nowhere/"):
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        yield path
    for path in ("/environments/", PRODUCT):
        page.goto(path)
        expect(column(page, "prod-asia")).to_be_visible()
        yield path
    page.goto("/environments/")
    main.get_by_role("button", name="Detailed").click()
    yield "/environments/ detailed"
    main.get_by_role("button", name="Compact").click()
    for button in ("Add environment", "Add applications"):
        main.get_by_role("button", name=button).first.click()
        expect(page.get_by_role("dialog", name=button)).to_be_visible()
        yield f"/environments/ {button}"
        page.keyboard.press("Escape")
    page.goto("/flows/new/")
    expect(page.get_by_role("textbox", name="YAML of the flow")).to_be_visible()
    yield "/flows/new/"
    page.goto(f"/flows/{PARALLEL}/")
    expect(node(page, "prod-asia")).to_be_visible()
    yield "/flows/NAME/"
    node(page, "prod").click()
    expect(node(page, "prod")).to_have_attribute("aria-pressed", "true")
    yield "/flows/NAME/ selected"
    trigger(page, product="demo-trioapp", application="demo-trioapp-dev")
    yield "/flows/NAME/ trigger"
    page.goto(releases["FAILED in the builder"])
    expect(page.get_by_role("group", name="prod-eu: Failed")).to_be_visible()
    yield "/flows/NAME/ release"
    page.goto(releases["SUCCEEDED"])
    expect(overall(page)).to_contain_text("Succeeded")
    expect(card(page, "prod-asia", "Succeeded")).to_be_visible()
    yield "release, succeeded"
    page.goto(f"{releases['FAILED']}#environment=prod-eu")
    expect(page.get_by_role("complementary", name="prod-eu")).to_be_visible()
    yield "release, failed, opened"


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", SIZES)
def test_every_page_is_accessible_and_stays_inside_its_window(
    prepared_site: Site, releases: dict[str, str], browse: Callable[..., Page], width: int, scheme: str
) -> None:
    size = {"width": width, "height": SIZES[width]}
    # Nothing moves: a colour halfway through its change is no colour of the page.
    page = browse(prepared_site, viewport=size, color_scheme=scheme, reduced_motion="reduce")
    page.goto("/login/")
    found = [f"/login/: {problem}" for problem in grave_problems(page)]
    sign_in(page, ADMINISTRATOR, PASSWORD)
    for name in walk(page, releases):
        found += [f"{name}: {problem}" for problem in grave_problems(page)]
        if overflow(page) > 0:
            found.append(f"{name}: {overflow(page)} pixels beyond the window")
    assert not found, "\n".join(found)
