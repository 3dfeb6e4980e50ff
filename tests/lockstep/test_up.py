"""`manage.py up` as operators know it: real processes, real signals."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lockstep.installation import PATIENCE, Installation, free_port, processes_of, wait_until

TOKEN = "a-token-for-the-operator"
SERVICES = {"supervisor", "valkey", "web", "worker-control", "worker-git", "worker-runtime", "beat"}


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One that is up; the tests that use it leave it running."""
    data_dir = tmp_path_factory.mktemp("up")
    made = Installation.start(data_dir, LOCKSTEP_ADMIN_TOKEN=TOKEN)
    made.wait_until_ready()
    yield made
    made.destroy()
    wait_until(lambda: not processes_of(data_dir), seconds=PATIENCE, what="nothing is left running")


def test_it_answers_and_shows_the_password_once(installation: Installation) -> None:
    assert installation.get("/healthz") == (200, "ok\n")
    status, body = installation.get("/readyz")
    assert (status, body) == (200, '{"database": "ok", "broker": "ok", "disk": "ok"}')
    assert installation.output().count("with the password") == 1
    assert set(installation.pids()) == SERVICES


def test_metrics_count_releases_and_steps(installation: Installation) -> None:
    status, body = installation.get("/metrics")
    assert status == 200
    assert 'lockstep_releases{status="RUNNING"} 0' in body
    assert 'lockstep_steps{status="WAITING"} 0' in body
    assert "lockstep_oldest_due_tick_age_seconds 0" in body


def test_the_operators_token_opens_the_api(installation: Installation) -> None:
    assert installation.get("/api/flows/", Authorization=f"Bearer {TOKEN}")[0] == 200
    assert installation.get("/api/flows/", Authorization="Bearer another-token-entirely")[0] == 401


def test_a_second_start_on_the_same_data_is_refused_in_one_sentence(installation: Installation) -> None:
    second = Installation.start(installation.data_dir)
    assert second.process.wait(120) == 1
    refusal = second.output()
    assert f"already runs on {installation.data_dir}" in refusal
    assert len(refusal.strip().splitlines()) == 1
    assert installation.get("/healthz")[0] == 200


def test_a_killed_worker_comes_back_and_leaves_no_child_behind(installation: Installation) -> None:
    wait_until(lambda: "worker-git" in installation.pids(), seconds=PATIENCE, what="the worker runs")
    worker = installation.pids()["worker-git"]
    wait_until(lambda: len(_children_of(worker)) == 2, seconds=PATIENCE, what="its two children run")
    children = _children_of(worker)

    os.kill(worker, signal.SIGKILL)

    wait_until(
        lambda: not children & set(processes_of(installation.data_dir)),
        seconds=PATIENCE,
        what="its children are dead",
    )
    wait_until(
        lambda: installation.pids().get("worker-git", worker) != worker,
        seconds=PATIENCE,
        what="the worker is back",
    )


def test_a_port_in_use_is_said_in_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = Installation.start(tmp_path / "data", port=port)
        assert refused.process.wait(120) == 1
    assert f"cannot listen on 127.0.0.1 port {port} (Address already in use)" in refused.output()
    assert len(refused.output().strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("DATABASE_URL", "mysql://db/x", "DATABASE_URL starts with mysql"),
        ("REDIS_URL", "redis://127.0.0.1:1", "The server of REDIS_URL does not answer"),
        ("LOCKSTEP_SECRET_KEY", "short", "LOCKSTEP_SECRET_KEY is shorter than 32 characters"),
        ("LOCKSTEP_PUBLIC_URL", "nowhere", "LOCKSTEP_PUBLIC_URL is 'nowhere'"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_one_sentence(
    name: str, value: str, words: str, tmp_path: Path
) -> None:
    refused = Installation.start(tmp_path / "data", **{name: value})
    assert refused.process.wait(120) == 1
    assert words in refused.output()
    assert len(refused.output().strip().splitlines()) == 1
    assert not processes_of(tmp_path / "data")


def test_ctrl_c_stops_everything_and_the_next_start_shows_no_password(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    first = Installation.start(data_dir, LOCKSTEP_ADMIN_PASSWORD="chosen by the operator")
    try:
        first.wait_until_ready()
        assert first.interrupt() == 0
        assert first.output().rstrip().endswith("Stopped.")
        assert "with the password" not in first.output()
        wait_until(lambda: not processes_of(data_dir), seconds=PATIENCE, what="nothing is left running")
        assert not (data_dir / "pids.json").exists()
    finally:
        first.destroy()
    second = Installation.start(data_dir)
    try:
        second.wait_until_ready()
        assert "with the password" not in second.output()
    finally:
        second.destroy()


def test_nothing_outlives_a_supervisor_that_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A path too long for a socket: the message server listens in a short directory instead.
    monkeypatch.setenv("TMPDIR", "/tmp")
    data_dir = tmp_path / ("deep" * 25)
    victim = Installation.start(data_dir, port=free_port())
    try:
        victim.wait_until_ready()
        # The last one may just be replacing itself with its program: it names nothing at that moment.
        wait_until(
            lambda: len(processes_of(data_dir)) >= len(SERVICES),
            seconds=PATIENCE,
            what="every service is seen",
        )
        victim.process.kill()
        wait_until(lambda: not processes_of(data_dir), seconds=PATIENCE, what="every process is gone")
    finally:
        victim.destroy()


def _children_of(parent: int) -> set[int]:
    children = set()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[1]) == parent and fields[0] != "Z":
            children.add(int(entry.name))
    return children
