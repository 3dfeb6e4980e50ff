"""Named places where fault tests end or hold a process. Does nothing unless FAILPOINTS_DIR is set."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from django.conf import settings

HANG_SECONDS = 60.0


class UnknownFailpoint(Exception):
    """A failpoint file asks for something that is not known."""


def failpoint(name: str) -> bool:
    """Fire once when a file `name` stands in FAILPOINTS_DIR; its content says what happens.

    `kill` ends this process with SIGKILL; `kill-group` ends its whole process group, so that a
    prefork worker goes with its parent; `hang` sleeps for up to a minute, or until the file
    `NAME.hit` is removed; `lose` answers True: the caller throws away what it was about to send.
    """
    directory = settings.FAILPOINTS_DIR
    if not directory:
        return False
    file = Path(directory) / name
    hit = file.with_name(f"{name}.hit")
    try:
        # Read first: whoever sees the hit may take it away at once.
        order = file.read_text(encoding="ascii").strip()
        # The rename is the claim: of several processes that pass here, one alone goes on.
        file.rename(hit)
    except FileNotFoundError:
        return False
    if order == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif order == "kill-group":
        os.killpg(os.getpgrp(), signal.SIGKILL)
    elif order == "hang":
        deadline = time.monotonic() + HANG_SECONDS
        while hit.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
    elif order == "lose":
        return True
    else:
        raise UnknownFailpoint(f"{hit} says {order!r}: write kill, kill-group, hang or lose.")
    return False
