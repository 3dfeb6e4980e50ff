"""A remote with three places at version 1, its mirror, and an intent store."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from promotions.repos import Mirror
from tests.promotions.repos.git_remotes import Intents, Remote

PLACES = ("qa", "prod-eu", "prod-asia")


@pytest.fixture
def remote(tmp_path: Path) -> Remote:
    remote = Remote(tmp_path / "there")
    remote.outsider_pushes({f"{place}/values.yaml": "version: 1\n" for place in PLACES}, "Start")
    return remote


@pytest.fixture
def mirror(tmp_path: Path, remote: Remote) -> Iterator[Mirror]:
    with Mirror.open(tmp_path / "mirrors", remote.url, allow_file=True) as mirror:
        yield mirror


@pytest.fixture
def intents() -> Intents:
    return Intents()
