"""Finds programs of the system that tests need, and installs them with apt where that is possible.

Never installs anything unless the caller asks for it by name, and always says what it did.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

APT_SECONDS = 900
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> Path | None:
    """The Chromium that LOCKSTEP_CHROMIUM names, or the first on PATH."""
    named = os.environ.get("LOCKSTEP_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    return Path(found) if found else None


def postgres_programs() -> Path | None:
    """The directory of the newest PostgreSQL server's programs (initdb, postgres)."""
    places = [Path(found).resolve().parent for found in [shutil.which("initdb")] if found]
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    places += sorted(Path("/usr").glob("pgsql-*/bin"), reverse=True)
    complete = (place for place in places if (place / "initdb").exists() and (place / "postgres").exists())
    return next(complete, None)


def _version(directory: Path) -> int:
    name = directory.parent.name
    return int(name) if name.isdigit() else 0


def apt_install(package: str) -> str:
    """Try to install a package without questions; says in one line what came of it."""
    if shutil.which("apt-get") is None:
        return f"{package} is not installed, and there is no apt-get to install it with"
    if os.geteuid() != 0:
        return f"{package} is not installed; install it with: sudo apt-get install {package}"
    print(f"Installing {package} with apt-get ...", flush=True)
    environ = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    problem = _update_once() or _apt(["install", "-y", "--no-install-recommends", package], environ)
    return (
        f"apt-get could not install {package}: {problem}" if problem else f"installed {package} with apt-get"
    )


@cache
def _update_once() -> str | None:
    return _apt(["update"], dict(os.environ))


def _apt(arguments: list[str], environ: dict[str, str]) -> str | None:
    """The last line of its complaint, or None when it worked."""
    try:
        done = subprocess.run(
            ["apt-get", "-q", *arguments],
            env=environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=APT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"not done after {APT_SECONDS} s"
    if done.returncode == 0:
        return None
    return next(reversed((done.stderr or done.stdout).strip().splitlines()), f"exit code {done.returncode}")
