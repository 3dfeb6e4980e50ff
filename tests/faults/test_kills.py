"""SIGKILL of real processes at named failpoints: the release succeeds, each environment has one commit."""

from __future__ import annotations

import os
import signal

import pytest

from tests.faults.quick_start import Site

pytestmark = pytest.mark.faults

AROUND_THE_PUSH = ["commit.after_claim", "push.after_intent", "push.during_push", "push.after_push"]


@pytest.mark.parametrize("failpoint", [*AROUND_THE_PUSH, "commit.before_record"])
def test_the_git_worker_dies(site: Site, failpoint: str) -> None:
    release = site.trigger_until(failpoint, "kill-group")
    site.assert_complete(site.wait_for_end(release["id"]))


@pytest.mark.parametrize("service", ["worker-control", "web", "valkey"])
@pytest.mark.parametrize("failpoint", AROUND_THE_PUSH)
def test_another_process_dies_while_the_git_worker_stands_at(
    site: Site, failpoint: str, service: str
) -> None:
    release = site.trigger_until(failpoint, "hang")
    pid = site.installation.pids()[service]
    os.killpg(os.getpgid(pid), signal.SIGKILL)
    (site.installation.data_dir / "failpoints" / f"{failpoint}.hit").unlink()
    site.assert_complete(site.wait_for_end(release["id"]))


@pytest.mark.parametrize("failpoint", ["tick.before_commit", "tick.before_publish"])
def test_the_control_worker_dies_in_a_tick(site: Site, failpoint: str) -> None:
    release = site.trigger_until(failpoint, "kill-group")
    site.assert_complete(site.wait_for_end(release["id"]))


def test_the_runtime_worker_dies_with_the_checks_it_had_claimed(site: Site) -> None:
    release = site.trigger_until("await_sync.after_claim", "kill-group")
    site.assert_complete(site.wait_for_end(release["id"]))
