"""What a person does on the pages, by the names that they read there. Never looks behind the pages."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect


def sign_in(page: Page, name: str, password: str) -> None:
    page.goto("/login/")
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Home", level=1)).to_be_visible()


def add_user(page: Page, name: str, password: str, role: str) -> None:
    """On the admin pages; the browser must be an administrator's."""
    page.goto("/admin/accounts/user/add/")
    page.get_by_label("Username:").fill(name)
    page.get_by_label("Password:", exact=True).fill(password)
    page.get_by_label("Password confirmation:").fill(password)
    page.get_by_label("Role:").select_option(label=role)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("was added successfully")).to_be_visible()


def stay(page: Page) -> None:
    """Mark the document, so that `has_stayed` tells whether it was loaded anew since."""
    page.evaluate("document.documentElement.dataset.stayed = 'yes'")


def expect_stayed(page: Page) -> None:
    assert page.evaluate("document.documentElement.dataset.stayed") == "yes", f"{page.url} was loaded anew"


def expect_live(page: Page) -> None:
    """The page does not call itself stale; what it then shows without a reload is for the caller to see."""
    expect(page.locator("#live-mark")).to_have_text("Live")


def column(page: Page, environment: str) -> Locator:
    """The environment's column on the board, or on a product's dashboard."""
    return page.get_by_role("region", name=re.compile(rf"^{re.escape(environment)}, (non-)?production$"))


def add_environment(page: Page, name: str, *, kind: str, cluster: str, namespaces: str) -> None:
    """The Environments page's dialog, from its button to the new column."""
    page.get_by_role("main").get_by_role("button", name="Add environment").click()
    dialog = page.get_by_role("dialog", name="Add environment")
    dialog.get_by_label("Name", exact=True).fill(name)
    dialog.get_by_label("Kind").select_option(kind)
    dialog.get_by_label("Cluster", exact=True).select_option(cluster)
    dialog.get_by_label("Namespaces").fill(namespaces)
    dialog.get_by_role("button", name="Add environment").click()
    expect(dialog).to_be_hidden()


def node(page: Page, environment: str) -> Locator:
    """The environment on the Flow Builder's chart."""
    return page.get_by_role("region", name="Chart").get_by_role(
        "button", name=re.compile(rf"^{re.escape(environment)}(, trigger environment)?$")
    )


# Resolves once the chart has stood still for longer than it waits before it moves new environments into view.
CHART_STANDS_STILL = """() => new Promise((done) => {
  const viewport = document.querySelector(".react-flow__viewport");
  let before = "";
  let frames = 0;
  const look = () => {
    frames = viewport.style.transform === before ? frames + 1 : 0;
    before = viewport.style.transform;
    if (frames < 15) requestAnimationFrame(look);
    else done();
  };
  look();
})"""


def at_rest(page: Page) -> None:
    """Nothing on the chart moves any more, so that the mouse meets what it aims at."""
    page.evaluate(CHART_STANDS_STILL)


def add_after(page: Page, environment: str, names: list[str]) -> None:
    """Mouse over the node's right side, press the + that comes up, choose, add."""
    here = node(page, environment)
    expect(here).to_be_visible()
    at_rest(page)
    box = here.bounding_box()
    assert box is not None
    plus = page.get_by_role("button", name=f"Add environments after {environment}")
    page.mouse.move(box["x"] + box["width"] - 3, box["y"] + box["height"] / 2)
    expect(plus).to_have_css("opacity", "1")
    plus.click()
    menu = page.get_by_role("dialog", name=f"Add after {environment}")
    for name in names:
        menu.get_by_text(name, exact=True).click()
        expect(menu.get_by_role("checkbox", name=re.compile(rf"^{re.escape(name)} "))).to_be_checked()
    words = f"Add {len(names)} environments" if len(names) > 1 else "Add"
    menu.get_by_role("button", name=words, exact=True).click()
    expect(menu).to_be_hidden()


def yaml_of(page: Page) -> str:
    """The text in the Flow Builder's editor, which must be short enough to be drawn whole."""
    editor = page.get_by_role("textbox", name="YAML of the flow")
    expect(editor.locator(".cm-line").first).to_be_attached()
    # What the chart has changed already, the editor shows with the frame after the next one.
    page.evaluate(
        "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"
    )
    return "\n".join(editor.locator(".cm-line").all_text_contents())


def write_yaml(page: Page, text: str) -> None:
    """Replace the whole text in the editor, as by pasting it."""
    editor = page.get_by_role("textbox", name="YAML of the flow")
    editor.click()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.insert_text(text)


def choose_more(page: Page, words: str | re.Pattern[str], *, refused: bool = False) -> None:
    """Open the Flow Builder's menu and choose from it, even what looks as it cannot be chosen."""
    page.get_by_role("main").get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menu", name="More").get_by_role("menuitem", name=words).click(
        no_wait_after=True, force=refused
    )


def card(page: Page, environment: str, state: str) -> Locator:
    """The environment's card on a release's page, once it is in that state."""
    return page.get_by_role("article", name=f"{environment}: {state}", exact=True)


def trigger(page: Page, *, product: str, application: str) -> Locator:
    """Open the trigger dialog and choose; returns the dialog once the preview is there."""
    page.get_by_role("button", name="Trigger", exact=True).click()
    dialog = page.get_by_role("dialog", name=re.compile("^Trigger "))
    dialog.get_by_label("Product").select_option(product)
    chooser = dialog.get_by_label(re.compile("^Application in "))
    option = chooser.get_by_role("option", name=re.compile(rf"^{re.escape(application)}\b"))
    expect(option).to_be_attached()
    chooser.select_option(label=option.text_content())
    expect(dialog.get_by_role("tab").first).to_be_visible()
    return dialog


def overall(page: Page) -> Locator:
    """The release's state at the top of its page."""
    return page.locator("#overall")
