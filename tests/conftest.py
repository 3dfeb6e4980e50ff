"""Fixtures that several folders of tests share."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async
from django.db import connections

from lockstep import valkey
from lockstep.processes import before_exec
from scripts.system_packages import chromium

# The machine that runs the tests may be busy with other things: a page is given time, never a sleep.
PATIENCE_MS = 30_000


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium, which needs no download; without a sandbox, as tests may run as root."""
    from playwright.sync_api import expect

    expect.set_options(timeout=PATIENCE_MS)
    program = chromium()
    if program is None:
        return browser_type_launch_args
    return browser_type_launch_args | {
        "executable_path": str(program),
        "args": ["--no-sandbox", "--disable-dev-shm-usage"],
    }


@pytest.fixture(scope="session")
def valkey_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The unix:// URL of a real, empty Valkey server that lives as long as the test run."""
    data_dir = tmp_path_factory.mktemp("valkey")
    socket_file = valkey.socket_path(data_dir)
    valkey.prepare(data_dir, socket_file)
    server = subprocess.Popen(
        valkey.command(data_dir, socket_file),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        preexec_fn=before_exec(),  # noqa: PLW1509  it only makes two system calls
    )
    assert valkey.wait_until_answers(socket_file, timeout=60)
    yield f"unix://{socket_file}"
    server.terminate()
    server.wait(60)


@pytest_asyncio.fixture
async def database_thread(transactional_db: None) -> AsyncIterator[None]:
    """For asynchronous tests: what they left running ends, and so does the connection of the thread that it asked in.

    Else the tables are emptied beneath a question, and PostgreSQL keeps the database for that connection.
    """
    yield
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    await sync_to_async(connections.close_all)()


@pytest.fixture
def failpoints(tmp_path: Path, settings: Any) -> Path:
    """An empty directory of failpoint files for code that runs in this process."""
    directory = tmp_path / "failpoints"
    directory.mkdir()
    settings.FAILPOINTS_DIR = str(directory)
    return directory
