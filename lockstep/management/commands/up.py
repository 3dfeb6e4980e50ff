"""`manage.py up`: everything that one machine needs, until Ctrl-C. Never serves requests itself."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from pathlib import Path
from types import FrameType
from typing import Any

import redis
from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import OperationalError, connection, connections
from django.db.migrations.executor import MigrationExecutor

from lockstep import bootstrap, checks, environ, valkey
from lockstep.commandline import DEFAULT_PORT, DEMO_MARK
from lockstep.supervisor import POLL_SECONDS, AlreadyRunning, DirectoryLock, Service, Supervisor

VALKEY_START_SECONDS = 30.0
# Generous: on a machine that is busy with something else, imports alone take a minute.
WEB_START_SECONDS = 180.0
# Ctrl-C, a service manager, a terminal that is closed.
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class _Stop(Exception):
    """One of STOP_SIGNALS arrived."""


def _stop(number: int, frame: FrameType | None) -> None:
    # Once is enough: a second Ctrl-C must not interrupt the orderly end.
    for each in STOP_SIGNALS:
        signal.signal(each, signal.SIG_IGN)
    raise _Stop


class Command(BaseCommand):
    help = "Start the web server, the workers and the scheduler, and stop them on Ctrl-C."
    # Settings are checked below, in this command's own words and order.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--demo", action="store_true", help="set up the product of the quick start")
        parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="default: %(default)s")
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on, default: %(default)s")
        parser.add_argument("--data-dir", help="default: LOCKSTEP_DATA_DIR, or .data beside manage.py")
        parser.add_argument("--console", action="store_true", help="show the logs here, not in DATA_DIR/logs")

    def handle(self, *args: Any, **options: Any) -> None:
        for number in STOP_SIGNALS:
            signal.signal(number, _stop)
        data_dir: Path = settings.DATA_DIR
        problem = checks.first_error()
        if problem is not None:
            raise CommandError(problem)
        try:
            data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            with DirectoryLock(data_dir), _listen(options["host"], options["port"]) as listener:
                supervisor = Supervisor(
                    data_dir, environ=_child_environ(), say=self._say, logs_to_console=options["console"]
                )
                try:
                    self._run(supervisor, listener, demo=options["demo"])
                finally:
                    supervisor.stop()
        except AlreadyRunning as error:
            raise CommandError(str(error)) from error
        except _Stop:
            self._say("Stopped.")

    def _run(self, supervisor: Supervisor, listener: socket.socket, *, demo: bool) -> None:
        _start_broker(supervisor)
        self._prepare_database()
        # Forked children must not share a connection.
        connections.close_all()
        web, *others = _services(listener)
        # The slowest to start, while this process sets up the demo.
        supervisor.start(web)
        if demo:
            self._prepare_demo()
            connections.close_all()
        # Workers would only take the processor from the web server, for which a person waits.
        self._wait_for_web(supervisor, listener)
        for service in others:
            supervisor.start(service)
        self._say(f"Lockstep runs at {settings.PUBLIC_URL}/ (stop it with Ctrl-C)")
        while True:
            supervisor.check()
            time.sleep(POLL_SECONDS)

    def _prepare_database(self) -> None:
        try:
            connection.ensure_connection()
        except OperationalError as error:
            raise CommandError(
                f"The database does not answer: {str(error).strip()}. Check DATABASE_URL."
            ) from error
        executor = MigrationExecutor(connection)
        # Django's command takes a second or two even when there is nothing to do.
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0, interactive=False)
        password = bootstrap.first_administrator_create(password=environ.read("LOCKSTEP_ADMIN_PASSWORD"))
        if password is not None:
            self._say(f"The administrator is {bootstrap.ADMINISTRATOR!r} with the password {password}")
            self._say("It is shown only this once.")
        token = environ.read("LOCKSTEP_ADMIN_TOKEN")
        if token is not None:
            bootstrap.administrator_token_ensure(token=token)

    def _prepare_demo(self) -> None:
        # Later starts without --demo, and other commands, see by this file that local repositories are meant.
        (settings.DATA_DIR / DEMO_MARK).touch()
        call_command("demo_setup", verbosity=0)

    def _wait_for_web(self, supervisor: Supervisor, listener: socket.socket) -> None:
        host, port = listener.getsockname()[:2]
        address = f"http://{_reachable(host)}:{port}/healthz"
        deadline = time.monotonic() + WEB_START_SECONDS
        while not _answers(address):
            supervisor.check()
            if time.monotonic() > deadline:
                raise CommandError(
                    f"The web server did not answer within {WEB_START_SECONDS:g} s: "
                    f"see {supervisor.log_file('web')}."
                )
            time.sleep(POLL_SECONDS)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _services(listener: socket.socket) -> list[Service]:
    python = [sys.executable, "-m"]
    celery = [*python, "celery", "-A", "lockstep"]

    def worker(queue: str, processes: int) -> Service:
        return Service(
            f"worker-{queue}",
            [
                *celery,
                "worker",
                *("--queues", queue),
                *("--concurrency", str(processes)),
                *("--hostname", f"{queue}@%h"),
                *("--loglevel", "INFO"),
                "--without-gossip",
                "--without-mingle",
                "--without-heartbeat",
            ],
        )

    descriptor = listener.fileno()
    schedule = str(settings.DATA_DIR / "beat-schedule")
    return [
        Service("web", [*python, "lockstep.web", str(descriptor)], pass_fds=(descriptor,)),
        worker("control", 1),
        worker("git", 2),
        worker("runtime", 2),
        Service("beat", [*celery, "beat", "--schedule", schedule, "--pidfile=", "--loglevel", "INFO"]),
    ]


def _start_broker(supervisor: Supervisor) -> None:
    if not settings.EMBEDDED_VALKEY:
        try:
            redis.Redis.from_url(settings.REDIS_URL, socket_timeout=3, socket_connect_timeout=3).ping()
        except redis.RedisError as error:
            raise CommandError(f"The server of REDIS_URL does not answer: {error}.") from error
        return
    data_dir, socket_file = settings.DATA_DIR, settings.VALKEY_SOCKET
    supervisor.start(
        Service(
            "valkey",
            valkey.command(data_dir, socket_file),
            last=True,
            before_start=lambda: valkey.prepare(data_dir, socket_file),
        )
    )
    if not valkey.wait_until_answers(socket_file, timeout=VALKEY_START_SECONDS):
        raise CommandError(
            f"The embedded message server did not start: see {supervisor.log_file('valkey')}, "
            "or set REDIS_URL to a server of your own."
        )


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(512)
    except (OSError, OverflowError) as error:
        listener.close()
        reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
        raise CommandError(
            f"Lockstep cannot listen on {host} port {port} ({reason}): choose another with --port."
        ) from error
    return listener


def _child_environ() -> dict[str, str]:
    # Children may be started from any directory: they get the package's place and an absolute data directory.
    paths = [str(settings.BASE_DIR), *filter(None, [os.environ.get("PYTHONPATH")])]
    child = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(paths),
        "PYTHONUNBUFFERED": "1",
        "LOCKSTEP_DATA_DIR": str(settings.DATA_DIR),
        # Celery would load every page of the web server to check it, in each worker.
        "CELERY_SKIP_CHECKS": "1",
    }
    child.pop("LOCKSTEP_DATA_DIR_FILE", None)
    # Needed only for the first start; no child has a use for them.
    for name in ("LOCKSTEP_ADMIN_PASSWORD", "LOCKSTEP_ADMIN_TOKEN"):
        child.pop(name, None)
        child.pop(f"{name}_FILE", None)
    return child


def _reachable(host: str) -> str:
    if host in {"0.0.0.0", ""}:  # noqa: S104  not bound here, only translated
        return "127.0.0.1"
    if host == "::":
        return "[::1]"
    return f"[{host}]" if ":" in host else host


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as response:  # noqa: S310  our own http address
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False
