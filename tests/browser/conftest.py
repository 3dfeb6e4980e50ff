"""Chromium in front of a real installation: who is signed in, and what a page must never do while it is open."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from lockstep.bootstrap import ADMINISTRATOR
from tests.browser.pages import add_user, sign_in
from tests.conftest import PATIENCE_MS
from tests.faults.quick_start import Site

PASSWORD = "what-the-browser-tests-type"

COLLEAGUE = "paula-promoter"
VIEWER = "victor-viewer"

_numbers = itertools.count(1)
NewContext = Callable[..., BrowserContext]


class SignIn(Protocol):
    """A browser of a person's own, signed in."""

    def __call__(
        self, site: Site, name: str = ADMINISTRATOR, password: str = PASSWORD, **options: Any
    ) -> Page: ...


def start_site(data_dir: Path) -> Site:
    return Site.start(data_dir, LOCKSTEP_ADMIN_PASSWORD=PASSWORD)


@pytest.fixture(scope="session")
def prepared_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An installation that has followed the quick start up to the trigger; every file but that one shares it."""
    site = start_site(tmp_path_factory.mktemp("prepared") / "data")
    try:
        site.prepare()
        yield site
    finally:
        site.close()


@pytest.fixture
def site(prepared_site: Site) -> Site:
    """The prepared installation with a new version waiting in dev and every application well behaved."""
    make_ready(prepared_site)
    return prepared_site


def make_ready(site: Site) -> None:
    site.make_ready(f"4.{next(_numbers)}.0")


@pytest.fixture(scope="session")
def people(prepared_site: Site, browser: Browser) -> Site:
    """The prepared installation with a promoter and a viewer, whom the administrator adds on the admin pages."""
    context = browser.new_context(base_url=f"http://127.0.0.1:{prepared_site.installation.port}")
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    sign_in(page, ADMINISTRATOR, PASSWORD)
    for name, role in ((COLLEAGUE, "Promoter"), (VIEWER, "Viewer")):
        add_user(page, name, PASSWORD, role)
    context.close()
    return prepared_site


@pytest.fixture
def browse(new_context: NewContext) -> Iterator[Callable[..., Page]]:
    """A page of a browser of its own; a script that throws on any of them fails the test."""
    thrown: list[str] = []

    def opened(site: Site, **options: Any) -> Page:
        base_url = f"http://127.0.0.1:{site.installation.port}"
        size = {"width": 1440, "height": 900}
        context = new_context(**{"base_url": base_url, "viewport": size, **options})
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.on("pageerror", lambda error: thrown.append(f"{page.url}: {error}"))
        return page

    yield opened
    assert not thrown, thrown


@pytest.fixture
def signed_in(browse: Callable[..., Page]) -> SignIn:
    def made(site: Site, name: str = ADMINISTRATOR, password: str = PASSWORD, **options: Any) -> Page:
        page = browse(site, **options)
        sign_in(page, name, password)
        return page

    return made
