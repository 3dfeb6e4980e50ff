"""What a person does in the Flow Builder, and what it then shows and has saved."""

from __future__ import annotations

import difflib
import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import SignIn
from tests.browser.pages import at_rest, node, yaml_of
from tests.faults.quick_start import EXAMPLES, PARALLEL, Site

# dev -> qa -> {prod, prod-eu, prod-asia}
TEXT = (EXAMPLES / "flows" / f"{PARALLEL}.yaml").read_text()
DESCRIBED = "Production regions together, after qa"
YAML = {"Content-Type": "application/yaml"}

Point = tuple[float, float]


def stored(site: Site, name: str) -> str:
    return site.client.get(f"flows/{name}/", headers={"Accept": "application/yaml"}).text


def new_flow(site: Site, name: str, text: str = TEXT) -> str:
    """Saves a flow under a name of its own; returns its text."""
    text = re.sub(r"(?m)^  name: .*$", f"  name: {name}", text)
    site.call("PUT", f"flows/{name}/", content=text.encode(), headers={**YAML, "If-None-Match": "*"})
    return text


def put(site: Site, name: str, text: str) -> None:
    """Another save of the flow, through the API."""
    etag = site.client.get(f"flows/{name}/").json()["etag"]
    site.call("PUT", f"flows/{name}/", content=text.encode(), headers={**YAML, "If-Match": f'"{etag}"'})


def open_flow(page: Page, name: str) -> None:
    page.goto(f"/flows/{name}/")
    expect(node(page, "qa")).to_be_visible()
    expect(editor(page)).to_contain_text(name)


def opened(site: Site, signed_in: SignIn, name: str, text: str = TEXT, **options: Any) -> tuple[Page, str]:
    """A flow of its own, open in a browser of the administrator's; with its text."""
    text = new_flow(site, name, text)
    page = signed_in(site, **options)
    open_flow(page, name)
    return page, text


def empty_page(page: Page) -> Page:
    page.goto("/flows/new/")
    expect(palette_item(page, "dev")).to_be_visible()
    return page


def save(page: Page) -> None:
    page.get_by_role("main").get_by_role("button", name="Save", exact=True).click()


def describe(page: Page, words: str) -> None:
    settings(page).get_by_label("Description").fill(words)


def is_saved_as(page: Page, name: str) -> None:
    """The address, the title and the heading are the flow's, and reloading shows it as it was saved."""
    expect(page).to_have_url(re.compile(rf"/flows/{re.escape(name)}/$"))
    expect(page).to_have_title(f"{name} · Lockstep")
    expect(page.get_by_text("Not saved", exact=True)).to_be_hidden()
    before = yaml_of(page)
    page.reload()
    expect(page.get_by_role("heading", name=name, level=1, exact=True)).to_be_visible()
    expect(node(page, "qa")).to_be_visible()
    assert yaml_of(page) == before


def changed(before: str, after: str) -> list[str]:
    """The lines that differ, as "- old" and "+ new"."""
    return [one for one in difflib.ndiff(before.split("\n"), after.split("\n")) if one[0] in "+-"]


# -- the panes


def chart(page: Page) -> Locator:
    return page.get_by_role("region", name="Chart")


def settings(page: Page) -> Locator:
    return page.get_by_role("complementary", name="Settings")


def view(page: Page, name: str) -> Locator:
    return page.get_by_role("group", name="View").get_by_role("button", name=name, exact=True)


def yaml_pane(page: Page) -> Locator:
    return page.get_by_role("region", name="YAML")


def editor(page: Page) -> Locator:
    return page.get_by_role("textbox", name="YAML of the flow")


def aided(page: Page) -> None:
    """The editor's completion, help and search have come: they load after the first chart is painted."""
    expect(editor(page)).to_have_attribute("aria-autocomplete", "list")


def line(page: Page, words: str) -> Locator:
    """The line of the editor that says exactly this, apart from its indent."""
    return editor(page).locator(".cm-line", has_text=re.compile(rf"^\s*{re.escape(words)}$"))


def at_end_of(page: Page, words: str) -> None:
    """Put the cursor behind the last letter of the line that says exactly this."""
    line(page, words).click()
    page.keyboard.press("End")


def told(page: Page, words: str) -> Locator:
    """The message about something that was not done."""
    return page.get_by_role("alert").filter(has_text=words)


def dismiss(page: Page, words: str) -> None:
    """A message says it; closed, so that the next one of the same words is another one."""
    message = page.locator("#toasts .toast").filter(has_text=words)
    expect(message).to_be_visible()
    message.get_by_role("button", name="Close").click()


# -- the chart


def arrow(page: Page, source: str, target: str) -> Locator:
    """The place in the middle of an arrow, which is there while the arrow is."""
    return chart(page).get_by_role("button", name=f"Arrow from {source} to {target}", exact=True)


def dock(page: Page, environment: str, setting: str) -> Locator:
    """One of the three settings that stand in front of a node."""
    return chart(page).get_by_role("button", name=re.compile(rf"^{setting} of {re.escape(environment)}: "))


def dock_menu(page: Page, environment: str, setting: str) -> Locator:
    """The choices for one setting, opened."""
    dock(page, environment, setting).click()
    return page.get_by_role("menu", name=f"{setting} of {environment}")


def name_workflow(page: Page, button: Locator, label: str, workflow: str) -> None:
    """Type the name of a workflow that is not registered yet into the menu of that label, which the button opens."""
    button.click()
    popover = page.get_by_role("dialog", name=label, exact=True)
    popover.get_by_label("Name of a workflow").fill(workflow)
    popover.get_by_role("button", name="Set").click()
    expect(popover).to_be_hidden()
    expect(button).to_have_accessible_name(f"{label}: {workflow}")


def set_workflow(page: Page, environment: str, setting: str, workflow: str) -> None:
    """On the chart, in front of the environment's node."""
    name_workflow(page, dock(page, environment, setting), f"{setting} of {environment}", workflow)


def palette_item(page: Page, environment: str) -> Locator:
    return (
        chart(page)
        .locator(".palette")
        .get_by_role("button", name=re.compile(rf"^{re.escape(environment)} (non-)?production$"))
    )


def middle(locator: Locator) -> Point:
    box = locator.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


# Whether a press on its middle and near its corners meets it, or something in it.
IS_MET = """(element) => {
  const { left, top, right, bottom } = element.getBoundingClientRect();
  const points = [[(left + right) / 2, (top + bottom) / 2]];
  for (const x of [left + 4, right - 4]) for (const y of [top + 4, bottom - 4]) points.push([x, y]);
  return points.every(([x, y]) => element.contains(document.elementFromPoint(x, y)));
}"""


def is_met(locator: Locator) -> bool:
    """Nothing lies over it."""
    return bool(locator.evaluate(IS_MET))


def pull(page: Page, start: Point, end: Point) -> None:
    """Press and move in steps as a hand does, without letting go."""
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=12)
    # What is reached with the last step is only entered; one more is needed to be over it.
    page.mouse.move(end[0] + 1, end[1])


def connect(page: Page, source: str, target: str) -> None:
    """Drag from the handle behind a node to another node, which shall depend on it."""
    at_rest(page)
    handle = chart(page).get_by_role("button", name=f"Add environments after {source}", exact=True)
    pull(page, middle(handle), middle(node(page, target)))
    page.mouse.up()


# -- the keyboard


def tab_to(page: Page, target: Locator, *, back: bool = False, most: int = 200) -> None:
    """Press Tab (with Shift: back) until the target has the focus."""
    expect(target).to_be_visible()
    for _ in range(most):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Shift+Tab" if back else "Tab")
    pytest.fail(f"{most} presses of Tab do not reach {target}")
