"""Ties a process's life to its parent's. Never starts or stops anything."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(parent: int) -> None:
    """Have the kernel SIGKILL this process when the process `parent`, which started it, ends.

    On systems other than Linux there is no such request, and the call does nothing.
    """
    if _libc is None:
        return
    if _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) was refused")
    # The parent may have ended between the fork and the request; then no signal would ever come.
    if os.getppid() != parent:
        os._exit(1)


def before_exec() -> Callable[[], None]:
    """A `preexec_fn` for subprocess.Popen that ties the child to the calling process.

    The signal follows the THREAD that started the child, so call Popen from the main thread.
    """
    parent = os.getpid()
    return lambda: die_with_parent(parent)
