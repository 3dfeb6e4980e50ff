"""Pages link to what was built, or say how to build it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.template import Context, Template

from lockstep.templatetags.vite import PagesNotBuilt

MANIFEST = {
    "static/a/main.tsx": {
        "file": "assets/a-11111111.js",
        "name": "a",
        "isEntry": True,
        "css": ["assets/a-22222222.css"],
        "imports": ["_shared.js", "_more.js"],
    },
    "_shared.js": {"file": "assets/shared-33333333.js", "css": ["assets/shared-44444444.css"]},
    "_more.js": {"file": "assets/more-55555555.js", "imports": ["_shared.js"]},
}


@pytest.fixture
def built(tmp_path: Path, settings: Any) -> Path:
    settings.STATICFILES_DIRS = [tmp_path]
    (tmp_path / "dist").mkdir()
    file = tmp_path / "dist/manifest.json"
    file.write_text(json.dumps(MANIFEST))
    return file


def _render(name: str) -> str:
    return Template(f'{{% load vite %}}{{% vite "{name}" %}}').render(Context())


def test_an_entry_brings_its_style_sheets_and_what_it_imports_each_once(built: Path) -> None:
    assert _render("a") == (
        '<link rel="stylesheet" href="/static/dist/assets/shared-44444444.css">'
        '<link rel="stylesheet" href="/static/dist/assets/a-22222222.css">'
        '<link rel="modulepreload" href="/static/dist/assets/shared-33333333.js">'
        '<link rel="modulepreload" href="/static/dist/assets/more-55555555.js">'
        '<script type="module" src="/static/dist/assets/a-11111111.js"></script>'
    )


def test_pages_built_again_are_linked_without_a_restart(built: Path) -> None:
    _render("a")
    changed = json.loads(built.read_text())
    changed["static/a/main.tsx"]["file"] = "assets/a-99999999.js"
    before = built.stat().st_mtime_ns
    built.write_text(json.dumps(changed))
    # Some kernels give files that are written within one tick the same time.
    os.utime(built, ns=(before + 1_000_000, before + 1_000_000))
    assert "a-99999999.js" in _render("a")


def test_an_unknown_entry_names_the_place_to_add_it(built: Path) -> None:
    with pytest.raises(PagesNotBuilt, match="no entry nothing: name it in vite"):
        _render("nothing")


def test_pages_that_were_never_built_say_how_to_build_them(built: Path) -> None:
    built.unlink()
    with pytest.raises(PagesNotBuilt, match="is missing: build the pages with `make setup`"):
        _render("a")
