"""Git children are bounded in time, never outlive their worker, and two workers may push at once."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from promotions.mirrors import FetchedMirrors
from promotions.repos import (
    GitTimeout,
    Mirror,
    NotLanded,
    RepositoryUnreachable,
    process,
    push_wave,
    resolve_intent,
)
from tests.lockstep.installation import wait_until
from tests.promotions.repos.git_remotes import Intents, Remote, version_edit

ROOT = Path(__file__).parents[3]
PATIENCE = 60

WORKER = """
import sys
from pathlib import Path
from tests.promotions.repos.git_remotes import Intents, version_edit
from promotions.repos import Mirror, push_wave

root, url, base, *places = sys.argv[1:]
with Mirror.open(Path(root), url, allow_file=True) as mirror:
    mirror.fetch(["main"])
    print("ready", flush=True)
    sys.stdin.readline()
    edits = [version_edit(place, "2") for place in places]
    for result in push_wave(mirror, "main", base, edits, Intents(), timeout=60):
        print(type(result).__name__, flush=True)
"""


def start_worker(root: Path, remote: Remote, *places: str) -> "subprocess.Popen[str]":
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(root), remote.url, remote.tip(), *places],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert worker.stdout is not None and worker.stdout.readline() == "ready\n"
    return worker


def test_two_workers_pushing_to_one_branch_both_land(remote: Remote, tmp_path: Path) -> None:
    more = [f"region-{number}" for number in range(8)]
    remote.outsider_pushes({f"{place}/values.yaml": "version: 1\n" for place in more})
    waves = [more[:4], more[4:]]
    workers = [start_worker(tmp_path / "mirrors", remote, *wave) for wave in waves]
    outputs = [worker.communicate("go\n", timeout=60)[0] for worker in workers]

    assert outputs == ["Committed\n" * 4] * 2
    assert {remote.read(f"{place}/values.yaml") for place in more} == {"version: 2"}
    assert len(remote.subjects()) == 2 + 8
    assert remote.pushes() == 2 + 2  # each wave is one push, however often it had to be made anew


def processes_mentioning(text: str) -> list[int]:
    found = []
    for directory in Path("/proc").glob("[0-9]*"):
        try:
            command = (directory / "cmdline").read_bytes()
        except OSError:
            continue  # it ended meanwhile
        if text.encode() in command:
            found.append(int(directory.name))
    return found


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="looks processes up in /proc")
def test_a_killed_workers_push_dies_with_it_and_does_not_land(
    remote: Remote, mirror: Mirror, tmp_path: Path, intents: Intents
) -> None:
    base = remote.tip()
    in_hook = tmp_path / "in-hook"
    remote.hook("pre-receive", f"touch {in_hook}; sleep {2 * PATIENCE}; exit 0")
    worker = start_worker(tmp_path / "mirrors", remote, "qa")
    assert worker.stdin is not None
    worker.stdin.write("go\n")
    worker.stdin.flush()
    wait_until(in_hook.exists, seconds=PATIENCE, what="the push has come to the hook")
    assert processes_mentioning(str(remote.path))

    os.kill(worker.pid, signal.SIGKILL)
    worker.communicate()

    # Nobody waits until the hook ends by itself.
    wait_until(lambda: not processes_mentioning(str(remote.path)), seconds=PATIENCE, what="the push is dead")
    assert remote.tip() == base

    # Nothing is left locked: another worker goes on.
    remote.hook("pre-receive", "exit 0")
    push_wave(mirror, "main", base, [version_edit("qa", "2")], intents, timeout=30)
    assert remote.read("qa/values.yaml") == "version: 2"


def test_a_remote_that_never_answers_is_unreachable_within_the_timeout(tmp_path: Path) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"https://127.0.0.1:{silent.getsockname()[1]}/app.git"
        with Mirror.open(tmp_path, url, timeout=1.0) as mirror:
            started = time.monotonic()
            with pytest.raises(RepositoryUnreachable) as caught:
                mirror.fetch(["main"])
            assert time.monotonic() - started < PATIENCE  # the remote is silent for ever
    assert isinstance(caught.value, GitTimeout) and caught.value.retryable
    wait_until(lambda: not processes_mentioning(url), seconds=PATIENCE, what="its helpers are gone")


def test_a_remote_that_never_answers_takes_nothing_from_the_others(
    remote: Remote, tmp_path: Path, settings: Any
) -> None:
    settings.REPOSITORIES_DIR = tmp_path
    settings.ALLOW_FILE_REPOSITORIES = True
    settings.GIT_TIMEOUT_SECONDS = 60.0
    with socket.socket() as silent, ExitStack() as stack:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"https://127.0.0.1:{silent.getsockname()[1]}/app.git"
        mirrors = FetchedMirrors(stack, [(url, "main"), (remote.url, "main")], ask_timeout=5.0)
        with pytest.raises(GitTimeout, match=rf"^{url} did not finish git ls-remote within 5.0 seconds"):
            mirrors.tip(url, "main")
        assert mirrors.tip(remote.url, "main") == remote.tip()


def test_a_user_name_in_the_url_is_told_to_nobody(remote: Remote, tmp_path: Path) -> None:
    with Mirror.open(tmp_path / "mirrors", remote.url, allow_file=True) as mirror:
        assert mirror.name == remote.url
    with Mirror.open(tmp_path / "mirrors", "https://ghp_0123456789@example.test/app.git") as mirror:
        assert mirror.name == "https://***@example.test/app.git"


def test_a_transfer_has_longer_than_what_the_remote_is_asked(
    remote: Remote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = tmp_path / "slow"
    slow.write_text('#!/bin/sh\nsleep 6\nexec "$@"\n')
    slow.chmod(0o755)
    (tmp_path / "gitconfig").write_text(f"[uploadpack]\n\tpackObjectsHook = {slow}\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    with Mirror.open(tmp_path / "mirrors", remote.url, allow_file=True, ask_timeout=5.0) as mirror:
        assert mirror.fetch(["main"]) == {"main": remote.tip()}


def test_a_remote_that_refuses_connections_is_unreachable_at_once(tmp_path: Path) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # bound, so that nobody else takes it, but not listening
        url = f"https://127.0.0.1:{nobody.getsockname()[1]}/app.git"
        with Mirror.open(tmp_path, url) as mirror, pytest.raises(RepositoryUnreachable) as caught:
            mirror.probe()
    assert not isinstance(caught.value, GitTimeout)


def test_children_leave_no_process_and_no_descriptor_behind(remote: Remote, mirror: Mirror) -> None:
    mirror.fetch(["main"])
    before = set(os.listdir("/proc/self/fd"))
    for _ in range(3):
        mirror.probe()
        mirror.resolve("HEAD")

    # What an earlier test left to be collected may go meanwhile; nothing may come.
    assert set(os.listdir("/proc/self/fd")) <= before
    assert not processes_mentioning(remote.url)


def test_a_local_command_that_hangs_is_ended(
    remote: Remote, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "_SECONDS_TO_END", 600)
    started = time.monotonic()
    with pytest.raises(GitTimeout, match="longer than 0"):
        mirror.git.local("hang", timeout=0.5, configuration=("alias.hang=!sleep 600; true",))
    assert time.monotonic() - started < PATIENCE  # at the first signal, which reached the sleep too


def test_an_intent_whose_worker_died_is_resolved_against_the_remote(
    remote: Remote, mirror: Mirror, intents: Intents
) -> None:
    base = remote.tip()

    def crash(name: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        push_wave(mirror, "main", base, [version_edit("qa", "2")], intents, timeout=30, failpoint=crash)
    [[intent]] = intents.recorded
    assert resolve_intent(mirror, intent) == NotLanded(base)
