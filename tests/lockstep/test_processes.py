"""A process that asked for it is ended by the kernel when its parent ends, however busy it is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from tests.lockstep.installation import PATIENCE, ROOT, is_alive, wait_until

# Each prints the pid of a child that neither reads anything nor minds a hangup, and waits.
PLAIN = """
import os, signal, time
from lockstep.processes import die_with_parent
parent = os.getpid()
child = os.fork()
if child == 0:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    die_with_parent(parent)
    os.write(1, f"{os.getpid()}\\n".encode())
time.sleep(600)
"""
# The same through the signals that Celery sends in a prefork worker and in its children.
CELERY = """
import os, signal, time
from celery.signals import worker_init, worker_process_init
import lockstep.celery
worker_init.send(sender=None)
if os.fork() == 0:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    worker_process_init.send(sender=None)
    os.write(1, f"{os.getpid()}\\n".encode())
time.sleep(600)
"""
TOO_LATE = """
import os
from lockstep.processes import die_with_parent
die_with_parent(os.getpid())
print("went on")
"""


def _start(script: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True
    )


@pytest.mark.skipif(sys.platform != "linux", reason="other kernels have no such request")
@pytest.mark.parametrize("script", [PLAIN, CELERY], ids=["a child", "a Celery worker's child"])
def test_a_busy_child_dies_with_its_parent(script: str) -> None:
    parent = _start(script)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    try:
        parent.kill()
        parent.wait()
        wait_until(lambda: not is_alive(child), seconds=PATIENCE, what="the child is dead")
    finally:
        if is_alive(child):
            os.kill(child, signal.SIGKILL)
        parent.stdout.close()


@pytest.mark.skipif(sys.platform != "linux", reason="other kernels have no such request")
def test_a_child_whose_parent_is_gone_already_ends_at_once() -> None:
    late = _start(TOO_LATE)
    output, _ = late.communicate(timeout=PATIENCE)
    assert (late.returncode, output) == (1, "")
