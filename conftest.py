"""How the test suite starts and ends: temporary files on tmpfs, services that are missing. Never fixtures."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from scripts.system_packages import chromium

# Read by pytest when the first tmp_path is made; every run gets a numbered directory of its own.
if os.access("/dev/shm", os.W_OK):
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", "/dev/shm")
# Playwright's event loop runs in the thread of the tests; Django takes that for asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

STRICT = os.environ.get("CI", "").lower() in {"1", "true"}

# A busy machine draws and runs slowly, which says nothing about the code. Where changes are judged, the examples
# are the same each time; whoever writes code hunts on.
hypothesis_settings.register_profile(
    "lockstep", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=STRICT
)
hypothesis_settings.load_profile("lockstep")


def _missing(item: pytest.Item) -> str | None:
    """Why a test's service is not there, or None."""
    from django.db import connection

    if item.get_closest_marker("browser") is not None and chromium() is None:
        return "Chromium is not installed"
    if item.get_closest_marker("postgres") is not None and connection.vendor != "postgresql":
        return "DATABASE_URL names no PostgreSQL server"
    return None


def pytest_runtest_setup(item: pytest.Item) -> None:
    why = _missing(item)
    if why is None:
        return
    # The run on SQLite leaves the PostgreSQL tests to the run on PostgreSQL, also in CI.
    if STRICT and item.get_closest_marker("postgres") is None:
        pytest.fail(f"{why}, and with CI=true nothing may be left out", pytrace=False)
    pytest.skip(why)
