"""Keeps the processes of one installation running and ends them together. Never knows what they do.

Every child is the leader of a process group of its own and is killed by the kernel when the
supervisor ends, however it ends. A child that dies is started again, later each time.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO

from lockstep.processes import before_exec

POLL_SECONDS = 0.1
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 10.0
# A child that lived this long starts afresh with the shortest pause.
STEADY_SECONDS = 30.0
STOP_SECONDS = 7.0
LAST_STOP_SECONDS = 2.0
LOG_LIMIT_BYTES = 10 * 1024 * 1024


class AlreadyRunning(Exception):
    """Another supervisor holds this data directory."""


class DirectoryLock:
    """An exclusive lock on a data directory that ends with the process, even when it is killed."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / "up.lock"
        self._file: IO[str] | None = None

    def __enter__(self) -> DirectoryLock:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = self._path.open("a+", encoding="ascii")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            file.close()
            raise AlreadyRunning(
                f"Lockstep already runs on {self._path.parent} (process {holder}): "
                "stop it, or choose another --data-dir."
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        self._file = file
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()


@dataclass(frozen=True)
class Service:
    """One process to keep running. `last` services end only after all others have ended."""

    name: str
    command: Sequence[str]
    pass_fds: tuple[int, ...] = ()
    last: bool = False
    before_start: Callable[[], None] | None = None


@dataclass
class _Child:
    service: Service
    process: subprocess.Popen[bytes]
    started: float
    pause: float = FIRST_PAUSE_SECONDS
    start_again: float | None = None

    @property
    def alive(self) -> bool:
        return self.start_again is None and self.process.poll() is None


class Supervisor:
    """Starts, watches and stops services; writes `pids.json` (service -> pid and pgid) at every change.

    Use it from the main thread only: the kernel ties the children to the thread that starts them.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        environ: Mapping[str, str],
        say: Callable[[str], None],
        logs_to_console: bool = False,
    ) -> None:
        self._data_dir = data_dir
        self._environ = dict(environ)
        self._say = say
        self._logs_to_console = logs_to_console
        self._children: dict[str, _Child] = {}

    def start(self, service: Service) -> None:
        self._children[service.name] = _Child(service, self._spawn(service), time.monotonic())
        self._write_pids()

    def running(self, name: str) -> bool:
        child = self._children.get(name)
        return child is not None and child.alive

    def log_file(self, name: str) -> Path:
        return self._data_dir / "logs" / f"{name}.log"

    def check(self) -> None:
        """Look at every child once: notice deaths, and start again those whose pause is over."""
        changed = False
        now = time.monotonic()
        for child in self._children.values():
            if child.start_again is not None:
                if now >= child.start_again:
                    child.process, child.started, child.start_again = self._spawn(child.service), now, None
                    changed = True
            elif (code := child.process.poll()) is not None:
                # What its group still holds (a worker's own children) must not run beside its successor.
                _signal_group(child.process, signal.SIGKILL)
                if now - child.started >= STEADY_SECONDS:
                    child.pause = FIRST_PAUSE_SECONDS
                self._say(
                    f"{child.service.name} ended ({_how(code)}); it starts again in {child.pause:g} s."
                    f"{self._where(child.service.name)}"
                )
                child.start_again = now + child.pause
                child.pause = min(child.pause * 2, LONGEST_PAUSE_SECONDS)
                changed = True
        if changed:
            self._write_pids()

    def stop(self) -> None:
        """End all services: first all but the `last` ones, politely and then by force, then those."""
        self._stop([c for c in self._children.values() if not c.service.last], STOP_SECONDS)
        self._stop([c for c in self._children.values() if c.service.last], LAST_STOP_SECONDS)
        self._children.clear()
        (self._data_dir / "pids.json").unlink(missing_ok=True)

    def _stop(self, children: Sequence[_Child], seconds: float) -> None:
        running = [child for child in children if child.alive]
        for child in running:
            child.process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + seconds
        while any(child.alive for child in running) and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS / 2)
        for child in running:
            _signal_group(child.process, signal.SIGKILL)
            child.process.wait()

    def _spawn(self, service: Service) -> subprocess.Popen[bytes]:
        if service.before_start is not None:
            service.before_start()
        log = None if self._logs_to_console else self._open_log(service.name)
        try:
            return subprocess.Popen(
                list(service.command),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT if log is not None else None,
                env=self._environ,
                pass_fds=service.pass_fds,
                process_group=0,
                preexec_fn=before_exec(),  # noqa: PLW1509  it only makes two system calls
            )
        finally:
            if log is not None:
                log.close()

    def _open_log(self, name: str) -> IO[bytes]:
        file = self.log_file(name)
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.exists() and file.stat().st_size > LOG_LIMIT_BYTES:
            file.replace(file.with_suffix(".log.old"))
        return file.open("ab")

    def _where(self, name: str) -> str:
        return "" if self._logs_to_console else f" Its log: {self.log_file(name)}"

    def _write_pids(self) -> None:
        """For operators and fault tests; replaced in one step, so that a reader never sees half of it."""
        pids = {"supervisor": {"pid": os.getpid(), "pgid": os.getpgrp()}}
        for name, child in self._children.items():
            if child.start_again is None:
                pids[name] = {"pid": child.process.pid, "pgid": child.process.pid}
        new = self._data_dir / "pids.json.new"
        new.write_text(json.dumps(pids, indent=2) + "\n", encoding="ascii")
        new.replace(self._data_dir / "pids.json")


def _signal_group(process: subprocess.Popen[bytes], number: int) -> None:
    # The group outlives its leader while any member runs; once it is empty there is nobody to signal.
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return


def _how(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
