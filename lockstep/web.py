"""Serves HTTP and WebSocket on a socket that the supervisor opened. Never opens a port itself.

Run as `python -m lockstep.web FD`. The supervisor keeps the socket, so while this process is
restarted, callers wait in the socket's queue and are not refused.
"""

from __future__ import annotations

import socket
import sys

import uvicorn

# Open WebSockets and long polls get this many seconds to end when the server stops.
GRACE_SECONDS = 3


def main(descriptor: int) -> None:
    listener = socket.socket(fileno=descriptor)
    config = uvicorn.Config(
        "lockstep.asgi:application",
        lifespan="off",
        log_config=None,
        log_level="info",
        access_log=False,
        proxy_headers=True,
        timeout_graceful_shutdown=GRACE_SECONDS,
        ws_ping_interval=20,
        ws_ping_timeout=20,
    )
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main(int(sys.argv[1]))
