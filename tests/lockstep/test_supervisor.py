"""The supervisor with small real processes: restarts, groups, order of the end, the lock."""

from __future__ import annotations

import json
import os
import re
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lockstep import supervisor as supervisor_module
from lockstep.supervisor import AlreadyRunning, DirectoryLock, Service, Supervisor
from tests.lockstep.installation import PATIENCE, is_alive, wait_until

SLEEP = (sys.executable, "-c", "import time; time.sleep(600)")
# Ignores SIGTERM and says when it does.
STUBBORN = (
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)",
)
# Has a child in its group and ends at once.
LEAVES_A_CHILD = ("sh", "-c", "sleep 600 & echo $! ; exit 3")


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(tmp_path: Path, said: list[str]) -> Iterator[Supervisor]:
    made = Supervisor(tmp_path, environ=os.environ, say=said.append)
    yield made
    made.stop()


def _pids(directory: Path) -> dict[str, dict[str, int]]:
    content: dict[str, dict[str, int]] = json.loads((directory / "pids.json").read_text())
    return content


def _check_until(supervisor: Supervisor, directory: Path, name: str) -> int:
    def there() -> bool:
        supervisor.check()
        return name in _pids(directory)

    wait_until(there, seconds=PATIENCE, what=f"{name} runs again")
    return _pids(directory)[name]["pid"]


def test_a_killed_service_starts_again_and_operators_read_its_new_pid(
    supervisor: Supervisor, tmp_path: Path, said: list[str]
) -> None:
    supervisor.start(Service("sleeper", SLEEP))
    first = _pids(tmp_path)["sleeper"]
    assert first["pid"] == first["pgid"] == os.getpgid(first["pid"])

    os.kill(first["pid"], signal.SIGKILL)
    wait_until(lambda: not is_alive(first["pid"]), seconds=PATIENCE, what="the service is dead")
    supervisor.check()
    assert "sleeper" not in _pids(tmp_path), "a dead process must not be offered to operators"
    second = _check_until(supervisor, tmp_path, "sleeper")

    assert second != first["pid"]
    assert said[0].startswith("sleeper ended (signal SIGKILL); it starts again in 0.5 s.")


def test_pauses_between_restarts_double(supervisor: Supervisor, tmp_path: Path, said: list[str]) -> None:
    supervisor.start(Service("failing", (sys.executable, "-c", "raise SystemExit(3)")))

    def died_three_times() -> bool:
        supervisor.check()
        return len(said) >= 3

    wait_until(died_three_times, seconds=PATIENCE, what="three deaths")
    assert [line.split("it starts again in ")[1].split(" s.")[0] for line in said[:3]] == ["0.5", "1", "2"]
    assert "(exit code 3)" in said[0]


def test_what_a_dead_service_left_in_its_group_is_killed_before_the_restart(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    supervisor.start(Service("parent", LEAVES_A_CHILD))
    log = supervisor.log_file("parent")
    wait_until(lambda: log.read_text().strip() != "", seconds=PATIENCE, what="the child's pid is printed")
    orphan = int(log.read_text().split()[0])

    def dead() -> bool:
        supervisor.check()
        return not is_alive(orphan)

    wait_until(dead, seconds=PATIENCE, what="the orphan is dead")


def test_the_end_is_bounded_and_the_last_service_ends_last(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path, environ=os.environ, say=print)
    supervisor.start(Service("server", SLEEP, last=True))
    supervisor.start(Service("stubborn", STUBBORN))
    log = supervisor.log_file("stubborn")
    wait_until(lambda: "deaf" in log.read_text(), seconds=PATIENCE, what="it ignores SIGTERM")
    pids = {name: entry["pid"] for name, entry in _pids(tmp_path).items()}
    observed: list[bool] = []
    killed = os.killpg

    def watch(group: int, number: int) -> None:
        if group == pids["stubborn"]:
            observed.append(is_alive(pids["server"]))
        killed(group, number)

    began = time.monotonic()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "killpg", watch)
        patch.setattr(supervisor_module, "STOP_SECONDS", 0.5)
        supervisor.stop()

    assert time.monotonic() - began < PATIENCE, "the stubborn one would go on for longer"
    assert observed == [True], "the server outlives its clients"
    assert not any(is_alive(pids[name]) for name in ("server", "stubborn"))
    assert not (tmp_path / "pids.json").exists()


def test_operators_wait_less_than_ten_seconds_for_the_end() -> None:
    assert supervisor_module.STOP_SECONDS + supervisor_module.LAST_STOP_SECONDS < 10


def test_a_data_directory_belongs_to_one_supervisor(tmp_path: Path) -> None:
    words = re.escape(f"already runs on {tmp_path} (process {os.getpid()})")
    with DirectoryLock(tmp_path), pytest.raises(AlreadyRunning, match=words):
        DirectoryLock(tmp_path).__enter__()
    with DirectoryLock(tmp_path):
        pass
