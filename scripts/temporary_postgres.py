"""A PostgreSQL cluster for one test run: in memory, on a Unix socket only, gone afterwards.

Never touches a cluster of the system, and never runs as root (PostgreSQL refuses to).
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lockstep.processes import before_exec

START_SECONDS = 60
STOP_SECONDS = 20
# Nothing here has to survive a power cut.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "100"}


class PostgresFailed(Exception):
    """The cluster could not be made or did not start."""


@contextmanager
def temporary_postgres(programs: Path) -> Iterator[str]:
    """Yields the DATABASE_URL of an empty database; PostgresFailed says why there is none."""
    user = _unprivileged_user()
    memory = Path("/dev/shm")
    parent = str(memory) if os.access(memory, os.W_OK) else None
    place = Path(tempfile.mkdtemp(prefix="lockstep-postgres-", dir=parent))
    if user is not None:
        os.chown(place, user.pw_uid, user.pw_gid)
    try:
        cluster = place / "data"
        _run(
            [programs / "initdb", "-D", cluster, "-U", "lockstep", "-A", "trust", "-E", "UTF8", "--no-sync"],
            user,
            place,
        )
        settings = {"listen_addresses": "", "unix_socket_directories": str(place), **FAST}
        options = [text for name, value in settings.items() for text in ("-c", f"{name}={value}")]
        with (place / "log").open("wb") as log:
            server = subprocess.Popen(
                [programs / "postgres", "-D", cluster, *options],
                cwd=place,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=before_exec(),  # noqa: PLW1509  it only makes two system calls
                **_as(user),
            )
        try:
            _wait_for(server, place, programs)
            _run([programs / "createdb", "-h", place, "-U", "lockstep", "lockstep"], user, place)
            yield f"postgres://lockstep@/lockstep?host={place}"
        finally:
            server.terminate()
            try:
                server.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
    finally:
        shutil.rmtree(place)


def _unprivileged_user() -> pwd.struct_passwd | None:
    """Whom the server runs as when this is root; None when the current user will do."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    user = known.get("postgres") or known.get("nobody")
    if user is None:
        raise PostgresFailed(
            "PostgreSQL does not run as root, and there is neither a user postgres nor nobody"
        )
    return user


def _as(user: pwd.struct_passwd | None) -> dict[str, object]:
    return {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _run(command: list[Path | str], user: pwd.struct_passwd | None, place: Path) -> None:
    done = subprocess.run(
        command,
        cwd=place,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
        check=False,
        **_as(user),
    )
    if done.returncode != 0:
        raise PostgresFailed(f"{Path(command[0]).name} failed: {done.stderr.strip()}")


def _wait_for(server: subprocess.Popen[bytes], place: Path, programs: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    ready = [programs / "pg_isready", "-q", "-h", place, "-U", "lockstep"]
    while subprocess.run(ready, check=False, timeout=START_SECONDS).returncode != 0:
        if server.poll() is not None or time.monotonic() > deadline:
            raise PostgresFailed(f"PostgreSQL did not start: {(place / 'log').read_text().strip()}")
        time.sleep(0.1)
