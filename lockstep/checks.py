"""System checks of what an installation needs around it. Never repairs anything."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

# `git fast-import` and `push --porcelain` behave as needed from here on (merge-tree, safe.directory).
OLDEST_GIT = (2, 31)
GIT_SECONDS = 10


@register()
def git_is_there(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    program = shutil.which("git")
    if program is None:
        return [Error("There is no `git` on PATH: install Git.", id="lockstep.E001")]
    done = subprocess.run(
        [program, "--version"], capture_output=True, text=True, timeout=GIT_SECONDS, check=True
    )
    numbers = tuple(int(part) for part in done.stdout.split()[2].split(".")[:2])
    if numbers < OLDEST_GIT:
        needed = ".".join(map(str, OLDEST_GIT))
        return [
            Error(
                f"{program} is version {done.stdout.split()[2]}: {needed} or newer is needed.",
                id="lockstep.E002",
            )
        ]
    return []


@register()
def data_directory_is_usable(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    directory: Path = settings.DATA_DIR
    # settings.py may have made it for the secret key; with a given key it appears at the first start.
    existing = next(place for place in (directory, *directory.parents) if place.exists())
    if not existing.is_dir() or not os.access(existing, os.W_OK | os.X_OK):
        text = f"The data directory {directory} cannot be written to: change its owner, or LOCKSTEP_DATA_DIR."
        return [Error(text, id="lockstep.E003")]
    return []


@register()
def pages_are_built(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    from lockstep.templatetags.vite import manifest_file

    if not manifest_file().exists():
        return [
            Warning(f"{manifest_file()} is missing: build the pages with `make setup`.", id="lockstep.W001")
        ]
    return []


def first_error() -> str | None:
    """The sentence of the first error, for commands that must not start then."""
    for check in (git_is_there, data_directory_is_usable):
        for message in check(None):
            return message.msg
    return None
