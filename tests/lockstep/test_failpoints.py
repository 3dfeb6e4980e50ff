"""Failpoints end a process at a named place, once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from lockstep.failpoints import UnknownFailpoint, failpoint
from tests.lockstep.installation import PATIENCE, wait_until

PASS_THROUGH = """
import sys
from django.conf import settings
settings.configure(FAILPOINTS_DIR=sys.argv[1])
from lockstep.failpoints import failpoint
failpoint("place")
print("went on")
"""


def _pass_through(directory: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PASS_THROUGH, str(directory)],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        process_group=0,
    )


@pytest.mark.parametrize("order", ["kill", "kill-group"])
def test_a_process_is_killed_at_the_named_place_once(order: str, tmp_path: Path) -> None:
    (tmp_path / "place").write_text(order)

    assert _pass_through(tmp_path).returncode == -signal.SIGKILL
    assert (tmp_path / "place.hit").exists()
    assert _pass_through(tmp_path).stdout == "went on\n"


def test_kill_group_takes_the_parent_along(tmp_path: Path) -> None:
    (tmp_path / "place").write_text("kill-group\n")
    parent = subprocess.Popen(
        [
            "sh",
            "-c",
            'trap "" TERM; "$@"; echo survived',
            "sh",
            sys.executable,
            "-c",
            PASS_THROUGH,
            str(tmp_path),
        ],
        stdout=subprocess.PIPE,
        text=True,
        process_group=0,
    )
    output, _ = parent.communicate(timeout=PATIENCE)
    assert (parent.returncode, output) == (-signal.SIGKILL, "")


def test_a_process_hangs_until_it_is_released(failpoints: Path) -> None:
    (failpoints / "place").write_text("hang")
    thread = threading.Thread(target=failpoint, args=("place",))
    thread.start()
    hit = failpoints / "place.hit"
    wait_until(hit.exists, seconds=PATIENCE, what="the place is reached")
    time.sleep(0.2)
    assert thread.is_alive()
    hit.unlink()
    thread.join(PATIENCE)
    assert not thread.is_alive()


def test_a_hit_that_is_taken_away_as_soon_as_it_is_seen_releases(
    failpoints: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (failpoints / "place").write_text("hang")
    rename = Path.rename

    def seen(file: Path, hit: Path) -> None:
        rename(file, hit).unlink()

    monkeypatch.setattr(Path, "rename", seen)
    assert not failpoint("place")


def test_other_places_are_passed(failpoints: Path) -> None:
    (failpoints / "elsewhere").write_text("kill")
    failpoint("place")
    assert os.listdir(failpoints) == ["elsewhere"]


def test_an_unknown_order_is_an_error_and_not_a_pass(failpoints: Path) -> None:
    (failpoints / "place").write_text("explode")
    with pytest.raises(UnknownFailpoint, match="says 'explode'"):
        failpoint("place")
