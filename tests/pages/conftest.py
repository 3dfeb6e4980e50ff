"""Fixtures of the page tests: a person, rows to show, and built pages that are not needed to be built."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.models import Role, User
from tests.pages.scene import Scene, showcase


@pytest.fixture(autouse=True)
def built_pages(settings: Any, tmp_path: Path) -> None:
    """A list of built files, so that pages can be rendered where nothing was built."""
    entries = {
        f"static/{name}/main.ts": {"file": f"assets/{name}.js", "name": name, "isEntry": True}
        for name in ("site", "flow_builder", "release_graph")
    }
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "manifest.json").write_text(json.dumps(entries), encoding="utf-8")
    settings.STATICFILES_DIRS = [tmp_path, *settings.STATICFILES_DIRS]


@pytest.fixture
def person(db: None) -> User:
    return User.objects.create_user("release-engineer", password="let-me-in-please", role=Role.PROMOTER)


@pytest.fixture
def promoter(person: User) -> Client:
    """The browser of a promoter."""
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def administrator(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_user("admin", role=Role.ADMINISTRATOR))
    return client


@pytest.fixture
def viewer(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_user("viewer", role=Role.VIEWER))
    return client


@pytest.fixture
def scene(person: User) -> Scene:
    """Five environments and a runtime, nothing deployed."""
    made = Scene()
    made.places()
    return made


@pytest.fixture
def busy(person: User) -> Scene:
    """An installation in the middle of its day."""
    return showcase(person, history=2, others=("checkout", "ledger"))
