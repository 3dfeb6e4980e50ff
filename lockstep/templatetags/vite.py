"""Links a page to what Vite built for it. Never builds anything itself."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()

FOLDER = "dist"


class PagesNotBuilt(Exception):
    """The browser code is not there, or not this entry of it."""


def manifest_file() -> Path:
    """Where vite.config.ts has the list of built files written."""
    return Path(settings.STATICFILES_DIRS[0]) / FOLDER / "manifest.json"


@register.simple_tag
def vite(name: str) -> SafeString:
    """`{% vite "flow_builder" %}`: style sheets, preloads and module script of an entry of vite.config.ts."""
    manifest = _manifest()
    named = (key for key, part in manifest.items() if part.get("isEntry") and part.get("name") == name)
    entry = next(named, None)
    if entry is None:
        raise PagesNotBuilt(
            f"{manifest_file()} has no entry {name}: name it in vite.config.ts, then `make setup`."
        )
    parts = _with_imports(manifest, entry)
    sheets = dict.fromkeys(sheet for part in parts for sheet in manifest[part].get("css", []))
    links = format_html_join("", '<link rel="stylesheet" href="{}">', ((_url(sheet),) for sheet in sheets))
    preloads = format_html_join(
        "", '<link rel="modulepreload" href="{}">', ((_url(manifest[part]["file"]),) for part in parts[:-1])
    )
    script = format_html('<script type="module" src="{}"></script>', _url(manifest[entry]["file"]))
    return links + preloads + script


def _url(file: str) -> str:
    return static(f"{FOLDER}/{file}")


def _with_imports(manifest: dict[str, Any], entry: str) -> list[str]:
    """The entry's static imports, each once and before what imports it, then the entry."""
    order: list[str] = []
    seen: set[str] = set()

    def visit(part: str) -> None:
        if part in seen:
            return
        seen.add(part)
        for needed in manifest[part].get("imports", []):
            visit(needed)
        order.append(part)

    visit(entry)
    return order


def _manifest() -> dict[str, Any]:
    file = manifest_file()
    try:
        changed = file.stat().st_mtime_ns
    except FileNotFoundError as error:
        raise PagesNotBuilt(f"{file} is missing: build the pages with `make setup`.") from error
    return _read(file, changed)


@lru_cache(maxsize=2)
def _read(file: Path, changed: int) -> dict[str, Any]:
    """Read again only when the file changed; `changed` is its modification time."""
    content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return content
