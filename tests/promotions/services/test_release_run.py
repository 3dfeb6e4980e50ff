"""A release from trigger to end, on real repositories: what the remote's log and the rows say."""

from __future__ import annotations

import pytest

from promotions.models import Release, Step

from .conftest import Demo

pytestmark = pytest.mark.django_db(transaction=True)


def lines_since(demo: Demo, start: str) -> list[str]:
    return demo.git("log", "--reverse", "--format=%s", f"{start}..main").splitlines()


def test_the_parallel_flow_promotes_every_environment_once(demo: Demo) -> None:
    #        ┌─ prod
    # dev ─ qa ─ prod-eu
    #        └─ prod-asia
    start = demo.git("rev-parse", "main")
    release = demo.settle(demo.trigger())
    assert (release.status, release.reason) == ("SUCCEEDED", "SUCCEEDED"), release.message
    states = {env.name: env.status for env in release.environments.all()}
    assert states == dict.fromkeys(["dev", "qa", "prod", "prod-eu", "prod-asia"], "SUCCEEDED")
    assert lines_since(demo, start) == [
        f"Promote demo-trioapp {release.version} to {name}" for name in ("qa", "prod", "prod-eu", "prod-asia")
    ]
