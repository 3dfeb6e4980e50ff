"""The parallel wave in real processes: together in time and in one push, or failing as it should."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

import pytest
import redis

from lockstep import valkey
from tests.faults.quick_start import TARGETS, Site

pytestmark = pytest.mark.faults
WAVE = ("prod", "prod-eu", "prod-asia")
EU_CHART = "demo-applications/trioapp-prod-eu/Chart.yaml"


def environment(release: dict[str, Any], name: str) -> dict[str, Any]:
    return next(env for env in release["environments"] if env["name"] == name)


def moment(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def test_three_regions_that_take_three_seconds_each_take_them_at_once(site: Site) -> None:
    for name in ("prod", "eu", "asia"):
        site.behave(f"demo-trioapp-{name}", "--latency", "3")
    before = len(site.git("reflog", "show", "main").splitlines())
    release = site.wait_for_end(site.trigger()["id"])
    site.assert_complete(release)
    wave = [environment(release, name) for name in WAVE]
    started = [moment(env["startedAt"]) for env in wave]
    finished = [moment(env["finishedAt"]) for env in wave]
    assert all(end - start >= 3 for start, end in zip(started, finished, strict=True))
    # None waited for another, however slow the machine is: before the first was done, the last had begun.
    assert max(started) < min(finished)
    assert moment(release["finishedAt"]) >= max(finished)
    # The remote's own word: qa was one push, the three together another.
    assert len(site.git("reflog", "show", "main").splitlines()) - before == 2


def test_a_degraded_region_fails_the_release_and_the_others_finish(site: Site) -> None:
    site.behave(
        "demo-trioapp-eu", "--failure", "degraded", "--message", "ctrlr exceeded its progress deadline"
    )
    release = site.wait_for_end(site.trigger()["id"])
    assert release["status"] == "FAILED"
    states = {env["name"]: env["status"] for env in release["environments"]}
    assert states == {
        "dev": "SUCCEEDED", "qa": "SUCCEEDED", "prod": "SUCCEEDED", "prod-eu": "FAILED", "prod-asia": "SUCCEEDED",
    }  # fmt: skip
    assert "demo-trioapp-eu is Degraded" in release["message"]
    assert "ctrlr exceeded its progress deadline" in release["message"]
    site.behave("demo-trioapp-eu", "--failure", "none")
    site.call("POST", f"releases/{release['id']}/retry/", json={"reason": "mended"})
    site.assert_complete(site.wait_for_end(release["id"]))


def let_go(site: Site, failpoint: str) -> None:
    (site.installation.data_dir / "failpoints" / f"{failpoint}.hit").unlink()


def test_an_outsider_who_pushes_during_the_wave_keeps_their_work(site: Site) -> None:
    release = site.trigger_until("push.after_intent", "hang")
    theirs = site.commit("README.md", lambda text: f"{text}\nOutside {time.time()}\n")
    let_go(site, "push.after_intent")
    site.assert_complete(site.wait_for_end(release["id"]))
    site.git("merge-base", "--is-ancestor", theirs, "main")


def test_an_outsider_who_changes_the_value_fails_that_environment_until_retry(site: Site) -> None:
    release = site.trigger_until("commit.after_base", "hang")
    theirs = site.commit(EU_CHART, lambda text: text.replace("appVersion: ", "appVersion: 99"))
    let_go(site, "commit.after_base")
    ended = site.wait_for_end(release["id"])
    assert (ended["status"], ended["reason"]) == ("FAILED", "CONFLICT")
    assert theirs[:7] in ended["message"]
    assert "Olive Outsider" in ended["message"]
    assert {n: environment(ended, n)["status"] for n in WAVE} == {
        "prod": "SUCCEEDED", "prod-eu": "FAILED", "prod-asia": "SUCCEEDED",
    }  # fmt: skip
    site.call("POST", f"releases/{release['id']}/retry/", json={"reason": ""})
    site.assert_complete(site.wait_for_end(release["id"]))


def test_one_idempotency_key_makes_one_release(site: Site) -> None:
    first, second = site.trigger(key="deploy-42"), site.trigger(key="deploy-42")
    assert first["id"] == second["id"]
    site.assert_complete(site.wait_for_end(first["id"]))


def test_a_release_whose_wake_up_was_thrown_away_goes_on_within_half_a_minute(site: Site) -> None:
    lost = site.arm("publish.send", "lose")
    release = site.trigger()
    site.wait(lost.exists, what="the wake-up is thrown away")
    site.wait(
        lambda: site.release(release["id"])["status"] != "QUEUED", seconds=30, what="the release goes on"
    )
    site.assert_complete(site.wait_for_end(release["id"]))
    assert set(site.commits_of(release["id"])) == set(TARGETS)


def test_a_broker_that_forgets_everything_costs_seconds(site: Site) -> None:
    site.behave("demo-trioapp-qa", "--latency", "1.5")
    release = site.trigger()
    broker = redis.Redis(unix_socket_path=str(valkey.socket_path(site.installation.data_dir)))
    for _ in range(20):
        broker.delete("control", "git", "runtime")
        time.sleep(0.1)
    site.assert_complete(site.wait_for_end(release["id"]))
