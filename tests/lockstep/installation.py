"""A real installation in processes of its own, for tests that start, kill and stop it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lockstep.processes import before_exec

ROOT = Path(__file__).resolve().parent.parent.parent
START_SECONDS = 240
# For what takes a moment, on a machine that is busy with other things.
PATIENCE = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(true: Callable[[], bool], *, seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.05)


def processes_of(data_dir: Path) -> dict[int, str]:
    """pid -> command of every living process whose environment or arguments name the data directory.

    Or that works in it: the message server writes its title over both.
    """
    found = {}
    mark = os.fsencode(data_dir)
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            command = (entry / "cmdline").read_bytes()
            state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
            environ = (entry / "environ").read_bytes()
            works_in = os.fsencode((entry / "cwd").readlink())
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
        if state != "Z" and (mark in command or mark in environ or mark in works_in):
            found[int(entry.name)] = command.replace(b"\0", b" ").decode(errors="replace")
    return found


def is_alive(pid: int) -> bool:
    """A process that ended and that its parent has not asked about yet is not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


@dataclass
class Installation:
    data_dir: Path
    port: int
    process: subprocess.Popen[str]

    @classmethod
    def start(cls, data_dir: Path, *arguments: str, port: int | None = None, **environ: str) -> Installation:
        """`manage.py up` on the data directory; does not wait."""
        port = port or free_port()
        data_dir.mkdir(parents=True, exist_ok=True)
        clean = {name: value for name, value in os.environ.items() if not name.startswith("LOCKSTEP_")}
        for name in ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE"):
            clean.pop(name, None)
        (data_dir / "up.out").unlink(missing_ok=True)
        process = subprocess.Popen(
            [sys.executable, "manage.py", "up", "--port", str(port), "--data-dir", str(data_dir), *arguments],
            cwd=ROOT,
            env=clean | {"PYTHONUNBUFFERED": "1"} | environ,
            stdin=subprocess.DEVNULL,
            stdout=(data_dir / "up.out").open("a"),
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            # A test run that is killed must not leave installations behind.
            preexec_fn=before_exec(),  # noqa: PLW1509  it only makes two system calls
        )
        return cls(data_dir, port, process)

    def output(self) -> str:
        return (self.data_dir / "up.out").read_text()

    def wait_until_ready(self) -> None:
        def announced() -> bool:
            assert self.process.poll() is None, self.output()
            return "Lockstep runs at" in self.output()

        wait_until(announced, seconds=START_SECONDS, what="the address is printed")

    def pids(self) -> dict[str, int]:
        """Service -> pid, from pids.json."""
        content = json.loads((self.data_dir / "pids.json").read_text())
        return {name: entry["pid"] for name, entry in content.items()}

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def interrupt(self) -> int:
        """Ctrl-C; the exit code, once it has ended."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE)

    def destroy(self) -> None:
        """For the end of a test, whatever happened in it."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
