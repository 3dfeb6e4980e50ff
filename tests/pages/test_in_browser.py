"""The pages in a real Chromium against a real server: keyboard, live changes, staleness, accessibility.

The server is a process of its own with its own data; pages must have been built.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from lockstep.processes import before_exec
from lockstep.templatetags.vite import manifest_file
from tests.lockstep.installation import PATIENCE, wait_until

ROOT = Path(__file__).resolve().parent.parent.parent
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PASSWORD = "let-me-in-please"
SEED = f"""
from accounts.models import Role, User
from tests.pages.scene import showcase
person = User.objects.create_user("release-engineer", password={PASSWORD!r}, role=Role.ADMINISTRATOR)
scene = showcase(person, others=("checkout", "ledger"))
from environments.models import Environment
from products.models import Product
for position, name in enumerate(("i-alert", "main"), 20):
    scene.environments[name] = Environment.objects.create(name=name, kind="NON_PROD", position=position)
odd = Product.objects.create(name="odd-names")
said = {{"main": ("STEP_FAILED", "It failed")}}
scene.release(odd, 1, {{"i-alert": "SUCCEEDED", "main": "FAILED"}}, "FAILED", messages=said)
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
session = SessionStore()
session[SESSION_KEY] = str(person.pk)
session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
session[HASH_SESSION_KEY] = person.get_session_auth_hash()
session.create()
print(session.session_key)
"""
CHANGE = """
from django.db import transaction
from feeds.services import BOARD, event_append
from products.models import Application
with transaction.atomic():
    Application.objects.filter(name="ledger-qa").update(health_status="Degraded", version="v9.9.9")
    event_append(feeds=[BOARD], kind="application.changed", subject="local/argocd/ledger-qa")
"""
PAGES = (
    "/",
    "/environments/",
    "/products/",
    "/products/demo-trioapp/",
    "/products/demo-trioapp/releases/",
    "/products/demo-trioapp/settings/",
    "/flows/",
)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not AXE.is_file() or not manifest_file().is_file(), reason="the pages are not built"),
]


class Site:
    """A web process with its own data directory, which can be stopped and started again."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("LOCKSTEP_", "DJANGO_", "PYTEST_"))}
        self.environment = kept | {
            "LOCKSTEP_DATA_DIR": str(folder),
            "LOCKSTEP_PUBLIC_URL": self.url,
            "DJANGO_SETTINGS_MODULE": "lockstep.settings",
        }
        self.session = ""
        self.process: subprocess.Popen[bytes] | None = None

    def run(self, *command: str) -> str:
        """What the command printed last."""
        done = subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env=self.environment,
            check=True,
            timeout=2 * PATIENCE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return done.stdout.strip().rpartition("\n")[2]

    def shell(self, code: str) -> str:
        return self.run("-c", f"import django\ndjango.setup()\n{code}")

    def start(self) -> None:
        serve = [sys.executable, "-m", "uvicorn", "lockstep.asgi:application", "--port", str(self.port)]
        quiet = ["--log-level", "error", "--timeout-graceful-shutdown", "1"]
        self.process = subprocess.Popen(
            [*serve, *quiet],
            cwd=ROOT,
            env=self.environment,
            preexec_fn=before_exec(),  # noqa: PLW1509  it only makes two system calls
        )
        wait_until(self.answers, seconds=PATIENCE, what="the server answers")

    def answers(self) -> bool:
        try:
            urllib.request.urlopen(f"{self.url}/healthz", timeout=PATIENCE)
        except OSError:
            return False
        return True

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(PATIENCE)
            self.process = None


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    made = Site(tmp_path_factory.mktemp("site"))
    made.run("manage.py", "migrate", "--verbosity", "0")
    made.session = made.shell(SEED)
    try:
        made.start()
        yield made
    finally:
        made.stop()


@pytest.fixture
def at(page: Page, site: Site) -> Page:
    """A page of somebody who is signed in."""
    page.context.add_cookies([{"name": "sessionid", "value": site.session, "url": site.url}])
    return page


def serious(page: Page) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']}).then((r) => r.violations)")
    return [
        f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in found if v["impact"] in {"serious", "critical"}
    ]


def test_signing_in_leads_home(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/login/")
    assert serious(page) == []
    page.get_by_label("User name").fill("release-engineer")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Home")).to_be_visible()


def test_nothing_seriously_inaccessible_is_on_any_page(at: Page, site: Site) -> None:
    problems: dict[tuple[str, str], list[str]] = {}
    at.emulate_media(reduced_motion="reduce")  # colours that fade into the other theme have no contrast yet
    for path in PAGES:
        at.goto(site.url + path)
        for theme in ("light", "dark"):
            at.evaluate("(theme) => { document.documentElement.dataset.theme = theme }", theme)
            problems[path, theme] = serious(at)
    at.goto(f"{site.url}/environments/")
    at.get_by_role("button", name="Add environment").click()
    expect(at.get_by_role("dialog")).to_be_visible()
    problems["dialog", "light"] = serious(at)
    assert {where: found for where, found in problems.items() if found} == {}


def test_a_dialog_is_used_by_keyboard_and_focus_returns(at: Page, site: Site) -> None:
    at.goto(f"{site.url}/environments/")
    button = at.get_by_role("button", name="Add environment")
    button.focus()
    at.keyboard.press("Enter")
    expect(at.get_by_label("Name", exact=True)).to_be_focused()
    at.keyboard.press("Enter")
    expect(at.get_by_text("Give the environment a name.")).to_be_visible()
    at.keyboard.press("Escape")
    expect(at.get_by_role("dialog")).to_have_count(0)
    expect(button).to_be_focused()


def test_an_environment_is_added_and_deleted_without_a_reload(at: Page, site: Site) -> None:
    at.goto(f"{site.url}/environments/")
    at.evaluate("window.stays = true")
    at.get_by_role("button", name="Add environment").click()
    at.get_by_label("Name", exact=True).fill("staging")
    at.get_by_label("Cluster", exact=True).select_option("in-cluster")
    at.get_by_label("Namespaces", exact=True).fill("demo-staging")
    at.get_by_role("dialog").get_by_role("button", name="Add environment").click()
    expect(at.get_by_role("region", name="staging, non-production")).to_be_visible()
    at.get_by_role("button", name="staging: more").click()
    at.get_by_role("menuitem", name="Delete environment").click()
    expect(at.get_by_role("button", name="Keep staging")).to_be_focused()
    at.get_by_label("Type staging to confirm").fill("staging")
    at.get_by_role("button", name="Delete environment").click()
    expect(at.get_by_role("region", name="staging, non-production")).to_have_count(0)
    assert at.evaluate("window.stays") is True


def test_the_filter_is_one_key_away_and_stands_in_the_address(at: Page, site: Site) -> None:
    at.goto(f"{site.url}/environments/")
    at.keyboard.press("/")
    at.keyboard.type("ledger eu")
    rows = at.locator("[data-row]:visible")
    expect(rows).to_have_count(1)
    expect(at).to_have_url(re.compile(r"q=ledger(\+|%20)eu"))
    at.reload()
    expect(rows).to_have_count(1)
    at.keyboard.press("/")
    at.keyboard.press("Escape")
    expect(rows.nth(5)).to_be_visible()


def test_a_change_shows_in_its_column_alone_without_a_reload(at: Page, site: Site) -> None:
    at.goto(f"{site.url}/environments/")
    expect(at.locator("#live-mark")).to_have_text("Live")
    at.locator("#column-dev [data-health-filter=Healthy]").click()
    at.evaluate("window.other = document.querySelector('#column-prod')")
    site.shell(CHANGE)
    qa = at.get_by_role("region", name="qa, non-production")
    expect(qa.get_by_text("v9.9.9")).to_be_visible()
    expect(at.locator("#announce")).to_contain_text("ledger-qa is Degraded")
    assert at.evaluate("window.other === document.querySelector('#column-prod')")
    expect(at.locator("#column-dev [data-health-filter=Healthy]")).to_have_attribute("aria-pressed", "true")


def test_an_environment_called_like_a_part_of_the_page_is_shown_and_is_not_that_part(
    at: Page, site: Site
) -> None:
    at.goto(f"{site.url}/products/odd-names/releases/1/")
    panel = at.get_by_role("complementary", name="main")
    expect(at.get_by_role("article", name="i-alert: Succeeded")).to_be_visible()
    at.get_by_role("link", name="Show the cause").click()
    expect(panel).to_be_focused()
    expect(at).to_have_url(re.compile(r"#environment=main$"))
    at.reload()
    expect(panel).to_be_visible()
    at.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    skip = at.get_by_role("link", name="Skip to the page")
    skip.focus()
    at.keyboard.press("Enter")
    expect(at).to_have_url(re.compile(r"#main$"))
    expect(at.get_by_role("main")).to_be_focused()
    expect(panel).to_be_hidden()


def test_a_lost_server_is_said_and_found_again(at: Page, site: Site) -> None:
    at.goto(f"{site.url}/environments/")
    expect(at.locator("#live-mark")).to_have_text("Live")
    site.stop()
    expect(at.locator("#live-mark")).to_contain_text("Stale since")
    expect(at.locator("#stale-text")).to_contain_text("Connection lost.")
    site.start()
    expect(at.locator("#live-mark")).to_have_text("Live")
    expect(at.locator("#stale-strip")).to_be_hidden()
